"""The two kinds of transaction: whole or not at all, and failures as store errors."""

import sqlite3
from contextlib import closing, suppress
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, func, select

from hallapp.domain.errors import HallError, StoreAway, StoreFull
from hallapp.domain.events import By, Kind
from hallapp.domain.staff import Staff
from hallapp.store import log, people, tables
from hallapp.store.db import reading, writing
from hallapp.store.rows import added

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)


def add(store, number, name="somebody"):
    with writing(store) as write:
        log.record(write, Kind.STAFF_ADDED, By("setup"), NOW, DAY, [added(Staff(number, name))])
        return write.seq


def counts(store):
    with reading(store) as db:
        events = db.execute(select(func.count()).select_from(tables.event)).scalar_one()
        return log.last_seq(db, "h1"), events, len(people.all_staff(db, "h1"))


def test_every_write_takes_the_next_seq(store):
    assert [add(store, str(n)) for n in range(3)] == [1, 2, 3]


def test_a_refused_step_leaves_no_trace_and_no_gap(store):
    add(store, "1")
    with suppress(HallError), writing(store) as write:
        log.record(write, Kind.STAFF_ADDED, By("setup"), NOW, DAY, [added(Staff("2", "x"))])
        raise HallError
    assert counts(store) == (1, 1, 1)
    assert add(store, "2") == 2


def test_a_write_without_an_event_is_a_bug(store):
    with pytest.raises(AssertionError), writing(store):
        pass
    assert counts(store) == (0, 0, 0)


def test_a_write_with_two_events_is_a_bug(store):
    with writing(store) as write:
        log.record(write, Kind.STAFF_ADDED, By("setup"), NOW, DAY, [added(Staff("1", "x"))])
        with pytest.raises(AssertionError):
            log.record(write, Kind.STAFF_ADDED, By("setup"), NOW, DAY, [added(Staff("2", "x"))])
    assert counts(store) == (1, 1, 1)


def test_a_full_disk_is_said_and_leaves_nothing_half_written(store):
    add(store, "0")
    with store.engine.connect() as db:  # the pool hands this connection out again
        db.exec_driver_sql("PRAGMA max_page_count = 1")
    written, refused = 1, None
    while refused is None:
        try:
            add(store, str(written), "long name " * 100)
            written += 1
        except StoreFull as error:
            refused = error
    assert refused.where == store.where
    assert counts(store) == (written, written, written)
    with store.engine.connect() as db:
        db.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert add(store, "again") == written + 1
    with reading(store) as db:
        assert list(log.broken_links(db, "h1")) == []


def test_a_store_that_another_program_holds_is_away(store, store_path):
    event.listen(store.engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout = 50").close())
    store.engine.dispose()
    with closing(sqlite3.connect(store_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreAway):
            add(store, "1")
        other.execute("ROLLBACK")
    assert add(store, "1") == 1


def test_a_reader_sees_one_moment_while_others_write(store):
    add(store, "1")
    with reading(store) as db:
        before = people.all_staff(db, "h1")
        add(store, "2")
        assert people.all_staff(db, "h1") == before


def test_listeners_are_told_of_commits_only(store):
    poked = store.listen()
    with pytest.raises(HallError), writing(store):
        raise HallError
    assert not poked.is_set()
    add(store, "1")
    assert poked.is_set()
