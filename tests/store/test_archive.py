"""Old months of a server's event log go into files and come back; what is left is still whole."""

import gzip
import os
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from hallapp.domain.county import Period
from hallapp.domain.errors import StoreReadOnly
from hallapp.domain.events import Clerk, Kind
from hallapp.domain.rules import HallInfo, Rules
from hallapp.domain.staff import Session
from hallapp.domain.upkeep import ArchiveRefused, CannotMove
from hallapp.services import county, kiosk, reports, visits
from hallapp.services.hall import Hall, look, step
from hallapp.store import log
from hallapp.store.archive import archive_before, bring_back
from hallapp.store.moving import move
from hallapp.store.opening import beside, open_postgres, open_sqlite
from hallapp.store.rows import added
from tests.services.conftest import KIOSK

FEBRUARY = date(2025, 2, 1)


@pytest.fixture
def halls(database, catalogue, windows, clock):
    """Two halls: three numbers each on a day of November, December, January and February."""
    store = open_postgres(database, "h1")
    made = [Hall(one, HallInfo(one.hall_id, "大厅"), Rules(), windows, catalogue, clock)
            for one in (store, beside(store, "h2"))]
    for year, month in ((2024, 11), (2024, 12), (2025, 1), (2025, 2)):
        clock.set_wall(datetime(year, month, 15, 2, tzinfo=UTC))
        for hall in made:
            for turn in range(3):
                kiosk.issue(hall, KIOSK, kiosk.Wish("enrol", request=f"{month}-{turn}"), "kiosk")
    yield made
    store.close()


def seqs(hall):
    with look(hall) as db:
        assert list(log.broken_links(db, hall.id)) == []
        return [event.seq for event in log.events_after(db, hall.id, 0)]


def partitions(hall):
    with look(hall) as db:
        return set(db.execute(text("SELECT inhrelid::regclass::text FROM pg_inherits "
                                   "WHERE inhparent = 'event'::regclass")).scalars())


def tamper(hall, statement):
    with hall.store.engine.connect().execution_options(writes=True) as db, db.begin():
        db.execute(text(statement))


def test_old_months_lie_in_files_and_what_is_left_is_whole_and_goes_on(halls, database, tmp_path):
    before = [reports.figures(hall, day) for hall in halls for day in reports.days(hall)]
    done = list(archive_before(database, FEBRUARY, tmp_path / "old"))
    assert [(one.month, one.file.name, one.halls, one.events) for one in done] == [
        (date(2024, 11, 1), "event-2024-11.jsonl.gz", 2, 6), (date(2024, 12, 1), "event-2024-12.jsonl.gz", 2, 6),
        (date(2025, 1, 1), "event-2025-01.jsonl.gz", 2, 6)]
    assert [seqs(hall) for hall in halls] == [[10, 11, 12]] * 2
    assert not {"event_2024_11", "event_2024_12", "event_2025_01"} & partitions(halls[0])
    assert [reports.figures(hall, day) for hall in halls for day in reports.days(hall)] == before
    assert len(before) == 8
    kiosk.issue(halls[0], KIOSK, kiosk.Wish("enrol"))
    assert seqs(halls[0]) == [10, 11, 12, 13]
    assert list(archive_before(database, FEBRUARY, tmp_path / "old")) == []
    assert os.name != "posix" or {one.file.stat().st_mode & 0o077 for one in done} == {0}


def test_a_countys_months_are_the_same_with_their_events_in_files(halls, database, tmp_path, clock):
    clock.set_wall(datetime(2025, 1, 20, 2, tzinfo=UTC))
    without_tickets, without_visitors = (
        replace(halls[0], store=one, info=HallInfo(one.hall_id, "大厅"))
        for one in (beside(halls[0].store, "h3"), beside(halls[0].store, "h4")))
    by = Clerk("window-1", "0312", 1)
    for hall in (without_tickets, without_visitors):
        with step(hall) as doing:
            doing.record(Kind.SIGNED_IN, by, [added(Session(1, by.staff, doing.now))])
    visits.walk_in(without_tickets, by)
    months = [Period.month(date(year, month, 1)) for year, month in ((2024, 12), (2025, 1), (2025, 2))]

    def told():
        found = [county.figures(halls[0].store, month) for month in months]
        return [(one.total, sorted(hall.hall_id for hall in one.silent()), [hall.hall_id for hall in one.league()],
                 one.halls[2].last_day) for one in found]

    before = told()
    assert before[1][1:] == ([], ["h1", "h2", "h3", "h4"], date(2025, 1, 20))
    assert before[2][1:3] == (["h3", "h4"], ["h1", "h2"])
    list(archive_before(database, FEBRUARY, tmp_path))
    assert told() == before


def test_a_change_of_what_is_left_is_still_found(halls, database, tmp_path):
    list(archive_before(database, FEBRUARY, tmp_path))
    tamper(halls[0], "UPDATE event SET station = 'elsewhere' WHERE hall_id = 'h1' AND seq = 10")
    with look(halls[0]) as db:
        assert list(log.broken_links(db, "h1")) == [10]


def test_months_come_back_from_the_youngest_on_and_are_what_they_were(halls, database, tmp_path):
    with look(halls[0]) as db:
        before = log.events_after(db, "h1", 0)
    files = [one.file for one in archive_before(database, FEBRUARY, tmp_path)]
    with pytest.raises(ArchiveRefused) as refused:
        bring_back(database, files[0])
    assert refused.value.why == "order"
    for file in reversed(files):
        assert bring_back(database, file).events == 6
        assert all(len(seqs(hall)) for hall in halls)
    with look(halls[0]) as db:
        assert log.events_after(db, "h1", 0) == before
    with pytest.raises(ArchiveRefused):
        bring_back(database, files[0])
    again = [one.file.read_bytes() for one in archive_before(database, FEBRUARY, tmp_path / "again")]
    assert again == [file.read_bytes() for file in files], "the same events make the same file"


@pytest.mark.parametrize("line", [0, 2, 5])
def test_a_file_that_was_changed_does_not_come_back(halls, database, tmp_path, line):
    [*_, last] = archive_before(database, FEBRUARY, tmp_path)
    lines = gzip.decompress(last.file.read_bytes()).decode().splitlines()
    lines[line] = lines[line].replace('"station":"kiosk-1"', '"station":"kiosk-2"')
    last.file.write_bytes(gzip.compress("\n".join(lines).encode()))
    with pytest.raises(ArchiveRefused) as refused:
        bring_back(database, last.file)
    assert refused.value.why == "chain"
    assert seqs(halls[0]) == [10, 11, 12]


@pytest.mark.parametrize("cut", [0, 40, -20])
def test_a_damaged_file_does_not_come_back(halls, database, tmp_path, cut):
    [*_, last] = archive_before(database, FEBRUARY, tmp_path)
    last.file.write_bytes(last.file.read_bytes()[:cut])
    with pytest.raises(ArchiveRefused):
        bring_back(database, last.file)
    assert seqs(halls[0]) == [10, 11, 12]


@pytest.mark.parametrize("place", range(0, 400, 40))
def test_a_file_with_a_flipped_byte_does_not_come_back(halls, database, tmp_path, place):
    [*_, last] = archive_before(database, FEBRUARY, tmp_path)
    data = bytearray(last.file.read_bytes())
    data[10 + place] ^= 0x55  # behind gzip's head, whose time and system mean nothing
    last.file.write_bytes(bytes(data))
    with pytest.raises(ArchiveRefused):
        bring_back(database, last.file)
    assert seqs(halls[0]) == [10, 11, 12]


def test_a_log_that_was_changed_is_not_archived(halls, database, tmp_path):
    tamper(halls[1], "UPDATE event SET station = 'elsewhere' WHERE hall_id = 'h2' AND seq = 5")
    months = archive_before(database, FEBRUARY, tmp_path)
    assert next(months).month == date(2024, 11, 1)
    with pytest.raises(ArchiveRefused) as refused:
        next(months)
    assert (refused.value.why, refused.value.where) == ("chain", "h2 5")
    assert [file.name for file in tmp_path.iterdir()] == ["event-2024-11.jsonl.gz"]
    assert seqs(halls[0]) == list(range(4, 13))


def test_an_old_day_amid_later_ones_is_not_torn_out_of_the_chain(halls, database, tmp_path, clock):
    clock.set_wall(datetime(2024, 12, 20, 2, tzinfo=UTC))  # somebody set the clock back
    kiosk.issue(halls[0], KIOSK, kiosk.Wish("enrol"))
    months = archive_before(database, FEBRUARY, tmp_path)
    assert next(months).month == date(2024, 11, 1)
    with pytest.raises(ArchiveRefused):
        next(months)
    assert seqs(halls[0]) == list(range(4, 14))


def test_another_databases_file_is_not_written_over(halls, database, tmp_path):
    theirs = tmp_path / "event-2024-11.jsonl.gz"
    theirs.write_bytes(b"theirs")
    with pytest.raises(ArchiveRefused) as refused:
        next(archive_before(database, FEBRUARY, tmp_path))
    assert refused.value.why == "exists"
    assert theirs.read_bytes() == b"theirs"
    assert len(seqs(halls[0])) == 12


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_taken_out(halls, database, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreReadOnly):
        next(archive_before(database, FEBRUARY, tmp_path / "file"))
    assert len(seqs(halls[0])) == 12


def test_a_hall_whose_log_is_partly_archived_is_not_moved_by_halves(halls, database, tmp_path):
    list(archive_before(database, FEBRUARY, tmp_path))
    target = open_sqlite(tmp_path / "hall.db", "h1")
    with pytest.raises(CannotMove) as refused:
        move(halls[0].store, target, print)
    assert refused.value.why == "archived"
    target.close()
