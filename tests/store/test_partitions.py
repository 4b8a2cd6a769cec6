"""The event log on a server, in months."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from hallapp.domain.errors import StoreOutdated
from hallapp.domain.events import By, Kind
from hallapp.domain.staff import Staff
from hallapp.store import log, opening, partitions
from hallapp.store.db import reading, writing
from hallapp.store.opening import open_postgres, upgrade_postgres
from hallapp.store.rows import added


@pytest.fixture
def store(database):
    opened = open_postgres(database, "h1")
    yield opened
    opened.close()


def record(store, day, number):
    with writing(store) as write:
        log.record(write, Kind.STAFF_ADDED, By("setup"), datetime(2026, 11, 23, tzinfo=UTC), day,
                   [added(Staff(number, "王芳"))], request=number)


def places(store):
    """The partition of each event, in order."""
    with reading(store) as db:
        return db.execute(text("SELECT tableoid::regclass::text FROM event ORDER BY seq")).scalars().all()


def made(store):
    with reading(store) as db:
        return db.execute(text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'event'::regclass "
                               "ORDER BY 1")).scalars().all()


def test_the_owner_makes_this_month_and_a_year_of_months_ahead(store, database):
    found = made(store)
    assert len(found) == partitions.MONTHS_AHEAD + 2
    assert found[-1] == "event_default"
    with reading(store) as db:
        today = db.execute(text("SELECT current_date")).scalar_one()
    assert found[0] == partitions.partition(today)
    open_postgres(database, "h2").close()
    assert made(store) == found


def test_an_event_lies_in_its_month_and_one_of_no_month_in_the_default(store):
    with reading(store) as db:
        today = db.execute(text("SELECT current_date")).scalar_one()
    for number, day in enumerate((today, date(1999, 12, 31), today)):
        record(store, day, str(number))
    assert places(store) == [partitions.partition(today), "event_default", partitions.partition(today)]
    with reading(store) as db:
        assert list(log.broken_links(db, "h1")) == []


def test_a_month_made_late_fetches_its_events_from_the_default(store):
    for number, day in enumerate((date(1999, 11, 30), date(1999, 12, 1), date(1999, 12, 31), date(2000, 1, 1))):
        record(store, day, str(number))
    with store.engine.connect().execution_options(writes=True) as db, db.begin():
        assert partitions.make_month(db, date(1999, 12, 1)) == "event_1999_12"
    assert places(store) == ["event_default", "event_1999_12", "event_1999_12", "event_default"]
    with reading(store) as db:
        assert list(log.broken_links(db, "h1")) == []
        assert log.by_request(db, "h1", "1", date(1999, 12, 2)).seq == 2


def test_a_server_of_an_earlier_version_is_upgraded_only_when_its_owner_says_so(database, store, monkeypatch):
    store.close()
    monkeypatch.setattr(opening, "HEAD", "9998")  # this program is newer than the server's tables
    with pytest.raises(StoreOutdated) as refused:
        open_postgres(database, "h1")
    assert ":***@" in refused.value.where
    called = []
    monkeypatch.setattr(opening, "_upgrade", called.append)
    upgrade_postgres(database)
    assert len(called) == 1


def test_a_read_of_one_month_is_not_planned_anew_each_time(store):
    day = date(2026, 11, 23)
    with reading(store) as db:
        for turn in range(20):
            log.by_request(db, "h1", str(turn), day)
        plans = db.execute(text("SELECT generic_plans, custom_plans FROM pg_prepared_statements "
                                "WHERE statement LIKE '%event.request =%'")).all()
    assert len(plans) == 1
    assert plans[0].generic_plans > 10
    assert plans[0].custom_plans == 0
