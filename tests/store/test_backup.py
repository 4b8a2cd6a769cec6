"""A copy of a store in use: whole, of one moment, in nobody's way; and what a damaged file still tells."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from hallapp.domain.errors import StoreDamaged, StoreReadOnly, StoreTooNew
from hallapp.domain.events import By
from hallapp.domain.upkeep import BackupStopped
from hallapp.services import kiosk
from hallapp.store import backup, log
from hallapp.store.backup import checked, copy, salvage
from hallapp.store.db import reading
from hallapp.store.opening import open_sqlite
from tests.services.replay import check_store, rows

PAGE = 4096


def issue(hall, count=1):
    return [kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol"), "kiosk").ticket.number for _ in range(count)]


def go_on():
    return True


@pytest.fixture
def copied(hall, store_path, tmp_path):
    """A copy made after three numbers."""
    issue(hall, 3)
    target = tmp_path / "copy.db"
    copy(store_path, target, go_on)
    return target


def test_a_copy_holds_what_was_committed_even_if_only_in_the_write_ahead_log(hall, copied, tmp_path):
    found = checked(copied, "h1")
    assert (found.seq, found.numbers, found.day) == (3, 3, hall.today())
    assert found.at == hall.clock.now()
    again = open_sqlite(copied, "h1")
    assert rows(again) == rows(hall.store)
    check_store(again, tmp_path / "replayed.db")
    again.close()


def test_numbers_are_issued_between_all_steps_and_the_copy_is_of_the_moment_it_began(
        hall, store_path, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "STEP", 4)
    issue(hall, 40)
    issued, pages = [], store_path.stat().st_size // PAGE

    def rest():
        issued.extend(issue(hall))  # waits in vain, and fails, if the copying holds a lock
        assert len(issued) < 900, "it begins anew with every number"
        return True

    copy(store_path, tmp_path / "copy.db", rest)
    assert checked(tmp_path / "copy.db", "h1").seq == 40
    assert len(issued) >= pages // 4
    assert len(issued) <= (tmp_path / "copy.db").stat().st_size // PAGE // 4 + 2
    assert issued == [f"A{serial:03d}" for serial in range(41, 41 + len(issued))]
    with reading(hall.store) as db:
        assert list(log.broken_links(db, "h1")) == []


def test_a_copy_is_given_up_when_the_program_ends(hall, store_path, tmp_path):
    with pytest.raises(BackupStopped):
        copy(store_path, tmp_path / "copy.db", lambda: False)


def test_checking_writes_nothing_beside_the_copy(copied):
    before = {file.name for file in copied.parent.iterdir()}
    checked(copied, "h1")
    assert {file.name for file in copied.parent.iterdir()} == before


def tampered(path, statement):
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(statement)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    return path


@pytest.mark.parametrize("statement", [
    "DELETE FROM event WHERE seq = 3", "UPDATE hall SET seq = 2", "UPDATE hall SET head = zeroblob(32)",
    "DELETE FROM hall", "UPDATE event SET hash = zeroblob(32) WHERE seq = 3"])
def test_a_copy_whose_log_does_not_end_where_its_hall_says_is_none(copied, statement):
    with pytest.raises(StoreDamaged):
        checked(tampered(copied, statement), "h1")


@pytest.mark.parametrize("statement", [
    "UPDATE event SET at = 'x' WHERE seq = 3", "UPDATE event SET day = '2026-13-01'"])
def test_a_copy_with_a_moment_that_is_none_is_damaged(copied, statement):
    with pytest.raises(StoreDamaged):
        checked(tampered(copied, statement), "h1")


def test_a_copy_of_another_hall_is_none(copied):
    with pytest.raises(StoreDamaged):
        checked(copied, "h2")


def test_a_copy_of_a_newer_program_is_said_to_be_one(copied):
    with pytest.raises(StoreTooNew):
        checked(tampered(copied, "UPDATE alembic_version SET version_num = '9999'"), "h1")


def test_half_a_copy_and_one_with_a_page_of_rubbish_are_none(copied, tmp_path):
    data = copied.read_bytes()
    half = tmp_path / "half.db"
    half.write_bytes(data[:len(data) // 2])
    with pytest.raises(StoreDamaged):
        checked(half, "h1")
    half.write_bytes(data[:20 * PAGE] + b"\x55" * PAGE + data[21 * PAGE:])
    with pytest.raises(StoreDamaged):
        checked(half, "h1")
    with pytest.raises(StoreDamaged):
        checked(tmp_path / "gone.db", "h1")


def test_a_place_that_cannot_be_written_is_said(hall, store_path, tmp_path):
    with pytest.raises(StoreReadOnly):
        copy(store_path, tmp_path / "gone" / "copy.db", go_on)


def damaged_after(store_path, tmp_path):
    """The store's files as they are now, for a test to damage."""
    old = tmp_path / "old.db"
    for side in ("", "-wal"):
        if (path := store_path.with_name(f"hall.db{side}")).exists():
            shutil.copyfile(path, old.with_name(f"old.db{side}"))
    return old


def test_everything_after_the_copy_comes_over_from_a_file_that_can_be_read(hall, copied, store_path, tmp_path):
    issue(hall, 520)
    restored = open_sqlite(copied, "h1")
    found = salvage(damaged_after(store_path, tmp_path), restored)
    assert (found.events, found.complete) == (520, True)
    assert rows(restored) == rows(hall.store)
    check_store(restored, tmp_path / "replayed.db")
    restored.close()


def test_of_a_damaged_file_the_events_before_the_damage_come_over(hall, copied, store_path, tmp_path):
    issue(hall, 200)
    hall.store.close()  # the write-ahead log goes into the file
    old = damaged_after(store_path, tmp_path)
    with closing(sqlite3.connect(old)) as raw:
        leaves = [page for (page,) in raw.execute(
            "SELECT pageno FROM dbstat WHERE name = 'event' AND pagetype = 'leaf' ORDER BY pageno")] \
            if has_dbstat(raw) else None
    if leaves is None:
        pytest.skip("this SQLite does not tell where its pages are")
    with old.open("r+b") as file:
        file.seek((leaves[len(leaves) // 2] - 1) * PAGE)
        file.write(b"\x55" * PAGE)
    restored = open_sqlite(copied, "h1")
    found = salvage(old, restored)
    assert 20 < found.events < 180
    assert not found.complete
    assert checked_again(restored, tmp_path) == 3 + found.events
    restored.close()


def has_dbstat(raw):
    return ("ENABLE_DBSTAT_VTAB",) in raw.execute("PRAGMA compile_options").fetchall()


def checked_again(store, tmp_path):
    check_store(store, tmp_path / "replayed.db")
    with reading(store) as db:
        return log.last_seq(db, "h1")


def test_an_event_that_was_changed_and_all_after_it_stay_out(hall, copied, store_path, tmp_path):
    issue(hall, 10)
    hall.store.close()
    old = tampered(damaged_after(store_path, tmp_path), "UPDATE event SET number = 'A999' WHERE seq = 9")
    restored = open_sqlite(copied, "h1")
    found = salvage(old, restored)
    assert (found.events, found.complete) == (5, False)
    assert checked_again(restored, tmp_path) == 8
    restored.close()


@pytest.mark.parametrize("content", [b"", b"no store at all" * 900, b"\x00" * 3 * PAGE])
def test_a_file_that_tells_nothing_is_no_obstacle(copied, tmp_path, content):
    old = tmp_path / "old.db"
    old.write_bytes(content)
    restored = open_sqlite(copied, "h1")
    found = salvage(old, restored)
    assert (found.events, found.complete) == (0, False)
    assert checked_again(restored, tmp_path) == 3
    restored.close()


def test_a_store_with_another_history_gives_nothing_and_takes_no_password(hall, copied, tmp_path, signed_in):
    other = tmp_path / "old.db"
    open_sqlite(other, "h1").close()
    with closing(sqlite3.connect(copied)) as raw, raw:
        raw.execute("INSERT INTO credential VALUES ('h1', '0312', 'kept')")
    restored = open_sqlite(copied, "h1")
    assert not salvage(other, restored).complete
    restored.close()
    with closing(sqlite3.connect(copied)) as raw:
        assert raw.execute("SELECT number, password FROM credential").fetchall() == [("0312", "kept")]
