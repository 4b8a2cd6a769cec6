"""The day's copy of a store's file, and bringing one back: what is lost is said, and no number is issued again."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.command import downgrade

from hallapp.domain.errors import Misplaced, StoreDamaged, StoreReadOnly
from hallapp.domain.events import By, Kind
from hallapp.domain.upkeep import BackupRefused, BackupStopped
from hallapp.services import kiosk
from hallapp.services.backups import Backups, back_up, restore
from hallapp.services.hall import Hall, look
from hallapp.store import log, queue
from hallapp.store.backup import checked
from hallapp.store.opening import open_sqlite
from tests.services.replay import check_store, rows
from tests.store.test_migrations import migrate

RESTORE = By("restore")
PAGE = 4096


def go_on():
    return True


@pytest.fixture
def store(store_path):
    """SQLite only, unlike this folder's: there is no file to copy on a server."""
    made = open_sqlite(store_path, "h1")
    yield made
    made.close()


@pytest.fixture
def backups(store_path):
    return Backups(store_path, "h1", store_path.with_name("backups"))


@pytest.fixture
def issue(hall, clock):
    def take(count=1, group="enrol", priority=False, of=None):
        clock.advance(1)
        wish = kiosk.Wish(group, priority=priority)
        return [kiosk.issue(of or hall, By("kiosk"), wish, "kiosk").ticket.number for _ in range(count)]

    return take


@pytest.fixture
def hall_in(hall):
    """``hall_in(path)``: the hall in another file."""

    def opened(path):
        return replace(hall, store=open_sqlite(path, "h1"))

    return opened


@pytest.fixture
def back(backups, hall, hall_in):
    """``back(damage)``: today's copy brought back after the store was closed and damaged; what restore says, and the
    hall as it goes on."""
    opened = []

    def bring(damage=None, file=None):
        hall.store.close()
        if damage:
            damage(backups.store)
        done = restore(backups, file or backups.of_day(hall.today()), hall_in, RESTORE)
        opened.append(hall_in(backups.store))
        return done, opened[-1]

    yield bring
    for one in opened:
        one.store.close()


def rubbish(path):
    path.write_bytes(b"\x55" * path.stat().st_size)


def test_the_days_copy_is_there_whole_under_its_name_and_nothing_else(hall, backups, issue):
    issue(3)
    made = back_up(backups, hall.today(), go_on)
    assert made == backups.store.with_name("backups") / "hall-2026-11-23.db"
    assert [file.name for file in backups.folder.iterdir()] == ["hall-2026-11-23.db"]
    assert checked(made, "h1").numbers == 3
    assert backups.newest() == made
    assert backups.last() == datetime.fromtimestamp(made.stat().st_mtime, UTC)


def test_a_copy_that_was_broken_off_never_counts_and_is_thrown_away(hall, backups, issue):
    issue(2)
    with pytest.raises(BackupStopped):
        back_up(backups, hall.today(), lambda: False)
    assert (list(backups.folder.iterdir()), backups.days(), backups.newest()) == ([], [], None)


def test_a_damaged_store_is_noticed_and_yesterdays_copy_stands(hall, backups, issue):
    issue(40)
    yesterday = back_up(backups, hall.today() - timedelta(days=1), go_on)
    before = yesterday.read_bytes()
    hall.store.close()
    data = bytearray(backups.store.read_bytes())
    data[30 * PAGE:31 * PAGE] = b"\x55" * PAGE
    backups.store.write_bytes(data)
    with pytest.raises(StoreDamaged) as told:
        back_up(backups, hall.today(), go_on)
    assert told.value.where == str(backups.store)
    assert [file.read_bytes() for file in backups.folder.iterdir()] == [before]


def test_the_newest_good_copy_is_an_older_one_if_the_newest_is_damaged(hall, backups, issue):
    issue(2)
    good = back_up(backups, hall.today() - timedelta(days=1), go_on)
    rubbish(back_up(backups, hall.today(), go_on))
    assert backups.newest() == good


def test_a_fortnight_and_a_years_firsts_are_kept_and_what_is_not_ours_is_left_alone(hall, backups):
    first = back_up(backups, date(2026, 1, 1), go_on)
    for back_days in range(40):
        shutil.copyfile(first, backups.of_day(date(2026, 3, 1) + timedelta(days=back_days)))
    for foreign in ("hall-2026-02-30.db", "hall-2026-01-02.db.old", "photo.jpg"):
        (backups.folder / foreign).write_bytes(b"x")
    back_up(backups, date(2026, 4, 10), go_on)
    assert backups.days() == [date(2026, 4, 10) - timedelta(days=n) for n in range(10)] + [
        date(2026, 3, 31) - timedelta(days=n) for n in range(4)] + [date(2026, 3, 1), date(2026, 1, 1)]
    assert {"hall-2026-02-30.db", "hall-2026-01-02.db.old", "photo.jpg"} < {f.name for f in backups.folder.iterdir()}


def test_a_folder_named_in_hall_toml_that_is_not_there_is_not_made(hall, backups, tmp_path):
    stick = replace(backups, folder=tmp_path / "stick", given=True)
    with pytest.raises(BackupRefused) as told:
        back_up(stick, hall.today(), go_on)
    assert (told.value.why, told.value.where) == ("folder", str(tmp_path / "stick"))
    assert not (tmp_path / "stick").exists()


def test_a_folder_of_ones_own_that_cannot_be_made_is_no_missing_disk(hall, backups, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Misplaced) as told:
        back_up(replace(backups, folder=tmp_path / "file" / "backups"), hall.today(), go_on)
    assert told.value.where == str(tmp_path / "file" / "backups")


def test_a_folder_that_takes_no_file_is_said(hall, backups, tmp_path):
    if not Path("/proc/self").exists():
        pytest.skip("only Linux has a folder in which nobody may write")
    with pytest.raises(StoreReadOnly):
        back_up(replace(backups, folder=Path("/proc/self"), given=True), hall.today(), go_on)


def test_nothing_is_lost_if_the_replaced_file_can_be_read(hall, backups, issue, back, tmp_path):
    issue(3)
    back_up(backups, hall.today(), go_on)
    issue(4)
    before = rows(hall.store)
    done, again = back()
    assert (done.contents.numbers, done.salvaged.events, done.salvaged.complete) == (3, 4, True)
    assert done.serials_after is None
    assert rows(again.store) == before
    assert issue(of=again) == ["A008"]
    check_store(again.store, tmp_path / "replayed.db")


def test_numbers_that_people_may_hold_are_not_issued_again_if_the_file_tells_nothing(
        hall, backups, issue, back, tmp_path):
    issue(3)
    back_up(backups, hall.today(), go_on)
    held = issue(20) + issue(5, priority=True)
    done, again = back(rubbish)
    assert (done.salvaged.events, done.serials_after) == (0, 500)
    issued = issue(2, of=again) + issue(1, priority=True, of=again) + issue(1, group="claim", of=again)
    assert not set(held) & set(issued)
    assert [number[1:] for number in issued] == ["501", "502", "501", "501"]
    check_store(again.store, tmp_path / "replayed.db")


def page_lost(number):
    def damage(path):
        data = bytearray(path.read_bytes())
        data[(number - 1) * PAGE:number * PAGE] = b"\x55" * PAGE
        path.write_bytes(data)

    return damage


def test_with_the_first_page_lost_all_that_follows_the_copy_is_read_by_the_copys_own(
        hall, backups, issue, back, tmp_path, signed_in):
    issue(3)
    back_up(backups, hall.today(), go_on)
    signed_in(1)
    issue(400)
    before = rows(hall.store)
    done, again = back(page_lost(1))
    assert (done.salvaged.events, done.salvaged.complete, done.serials_after) == (402, True, None)
    assert rows(again.store) == before
    with closing(sqlite3.connect(backups.store)) as raw:
        assert [number for (number,) in raw.execute("SELECT number FROM credential")] == ["0312"]
    assert issue(of=again) == ["A404"]
    check_store(again.store, tmp_path / "replayed.db")


def test_the_first_page_of_a_copy_with_other_tables_is_not_believed(hall, backups, issue, back):
    issue(3)
    migrate(back_up(backups, hall.today(), go_on), downgrade, "0005")
    issue(4)
    done, again = back(page_lost(1))
    assert (done.salvaged.events, done.salvaged.complete, done.serials_after) == (0, False, 500)
    assert issue(of=again) == ["A501"]


def test_with_any_other_page_lost_too_what_is_read_is_true(hall, backups, issue, back, tmp_path):
    """Whichever page it is, of which every seventh is tried."""
    issue(3)
    back_up(backups, hall.today(), go_on)
    held = [f"A{serial:03d}" for serial in range(1, 4)] + issue(60)
    hall.store.close()
    whole = backups.store.read_bytes()
    for page in range(2, len(whole) // PAGE + 1, 7):
        backups.store.write_bytes(whole)
        for each in (1, page):
            page_lost(each)(backups.store)
        hall.clock.advance(1)
        _done, again = back()
        check_store(again.store, tmp_path / f"replayed-{page}.db")
        assert issue(of=again)[0] not in held
        again.store.close()


def test_on_the_day_after_numbers_begin_at_one_again(hall, backups, issue, back, clock):
    back_up(backups, hall.today(), go_on)
    _done, again = back(rubbish)
    clock.advance(minutes=24 * 60)
    assert issue(of=again) == ["A001"]


def test_a_second_restore_on_a_day_leaps_over_the_first(hall, backups, hall_in, issue, back):
    morning = back_up(backups, hall.today(), go_on)
    done, again = back(rubbish)
    held = issue(30, of=again)
    again.store.close()
    rubbish(backups.store)
    hall.clock.advance(minutes=1)
    done = restore(backups, morning, hall_in, RESTORE)
    third = hall_in(backups.store)
    assert done.serials_after == 600
    assert issue(of=third) == ["A601"]
    assert "A601" not in held
    third.store.close()


def test_the_leap_is_an_event_so_a_later_restore_that_reads_it_keeps_it(hall, backups, hall_in, issue, back):
    morning = back_up(backups, hall.today(), go_on)
    _done, again = back(rubbish)
    again.store.close()
    hall.clock.advance(minutes=1)
    done = restore(backups, morning, hall_in, RESTORE)
    assert (done.salvaged.events, done.salvaged.complete) == (1, True)
    third = hall_in(backups.store)
    assert issue(of=third) == ["A501"]
    third.store.close()


def test_a_restore_is_in_the_log_with_what_it_brought(hall, backups, issue, back):
    issue(3)
    back_up(backups, hall.today(), go_on)
    issue(1)
    _done, again = back()
    with look(again) as db:
        last = log.events_after(db, "h1", 0)[-1]
    assert (last.kind, last.station) == (Kind.RESTORED, "restore")
    assert last.data == {"backup": "hall-2026-11-23.db", "salvaged": 1, "complete": True}


def test_the_replaced_file_stays_beside_as_it_was_with_its_write_ahead_log(hall, backups, hall_in, issue):
    issue(3)
    back_up(backups, hall.today(), go_on)
    issue(2)
    wal = backups.store.with_name("hall.db-wal")
    before = backups.store.read_bytes(), wal.read_bytes()  # as a power cut leaves them
    left = backups.store.with_name("left")
    left.mkdir()
    for name in ("hall.db", "hall.db-wal"):
        shutil.copyfile(backups.store.with_name(name), left / name)
    cut = replace(backups, store=left / "hall.db")
    done = restore(cut, backups.of_day(hall.today()), hall_in, RESTORE)
    assert done.aside == left / "hall-replaced-20261123-090002.db"
    assert done.salvaged.events == 2
    assert (done.aside.read_bytes(), done.aside.with_name(f"{done.aside.name}-wal").read_bytes()) == before
    assert {file.name for file in left.iterdir()} == {
        "hall.db", "hall-replaced-20261123-090002.db", "hall-replaced-20261123-090002.db-wal"}


def test_the_old_write_ahead_log_is_not_taken_for_the_new_files(hall, backups, hall_in, issue, tmp_path):
    issue(3)
    back_up(backups, hall.today(), go_on)
    issue(2)
    left = tmp_path / "left"
    left.mkdir()
    shutil.copyfile(backups.store.with_name("hall.db-wal"), left / "hall.db-wal")
    (left / "hall.db").write_bytes(b"\x55" * 8 * PAGE)
    cut = replace(backups, store=left / "hall.db")
    restore(cut, backups.of_day(hall.today()), hall_in, RESTORE)
    again = hall_in(left / "hall.db")
    check_store(again.store, tmp_path / "replayed.db")
    with look(again) as db:
        assert len(queue.tickets_of_day(db, "h1", hall.today())) == 3
    again.store.close()


def test_without_any_file_a_copy_comes_back_too(hall, backups, issue, back):
    issue(3)
    back_up(backups, hall.today(), go_on)
    done, again = back(lambda path: path.unlink())
    assert (done.aside, done.serials_after) == (None, 500)
    assert issue(of=again) == ["A501"]


def test_a_damaged_copy_changes_nothing(hall, backups, issue, back):
    issue(3)
    rubbish(back_up(backups, hall.today(), go_on))
    hall.store.close()
    before = {file.name: file.read_bytes() for file in backups.store.parent.iterdir() if file.is_file()}
    with pytest.raises(StoreDamaged) as told:
        back()
    assert told.value.where == str(backups.of_day(hall.today()))
    assert {file.name: file.read_bytes() for file in backups.store.parent.iterdir() if file.is_file()} == before


def test_passwords_set_after_the_copy_come_over_with_the_rest(hall, backups, back, signed_in):
    back_up(backups, hall.today(), go_on)
    signed_in(1)
    _done, again = back()
    with closing(sqlite3.connect(backups.store)) as raw:
        assert [number for (number,) in raw.execute("SELECT number FROM credential")] == ["0312"]
    assert isinstance(again, Hall)


def test_a_copy_of_an_earlier_version_is_brought_up_to_this_one(hall, backups, issue, back, tmp_path):
    issue(3)
    made = back_up(backups, hall.today(), go_on)
    migrate(made, downgrade, "0005")
    before = made.read_bytes()
    issue(2)
    done, again = back()
    assert (done.contents.numbers, done.salvaged.events) == (3, 2)
    assert issue(of=again) == ["A006"]
    check_store(again.store, tmp_path / "replayed.db")
    assert made.read_bytes() == before


def test_what_a_killed_restore_left_is_in_nobodys_way(hall, backups, issue, back):
    issue(3)
    back_up(backups, hall.today(), go_on)
    left = backups.store.with_name(".restoring")
    left.mkdir()
    (left / "hall.db").write_bytes(b"\x55" * 9000)
    (left / "hall.db-wal").write_bytes(b"\x55" * 9000)
    _done, again = back()
    assert not left.exists()
    assert issue(of=again) == ["A004"]
