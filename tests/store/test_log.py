"""The event log: its hashes, its reading, and replaying it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, text, update

from hallapp.domain.events import By, Clerk, Kind
from hallapp.domain.staff import Role, Staff
from hallapp.store import log, people, tables
from hallapp.store.db import reading, writing
from hallapp.store.rows import Change, added, changed, removed, reversed_change

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)


@pytest.fixture
def filled(store):
    for number in range(1, 6):
        with writing(store) as write:
            by = Clerk("window-1", "0312", 1) if number == 3 else By("setup")
            log.record(write, Kind.STAFF_ADDED, by, NOW + timedelta(seconds=number), DAY,
                       [added(Staff(str(number), f"员工{number}"))], data={"n": number, "share": 0.1}, ticket_id=number)
    return store


def broken(store):
    with reading(store) as db:
        return list(log.broken_links(db, "h1"))


def tamper(store, statement):
    with store.engine.connect() as db, db.begin():
        db.execute(statement)


def test_an_untouched_log_holds(filled):
    assert broken(filled) == []


@pytest.mark.parametrize("column", ["kind", "station", "staff", "number", "request", "window", "visit_id"])
def test_a_changed_row_is_found(filled, column):
    value = 9 if column in ("window", "visit_id") else "voided"
    tamper(filled, update(tables.event).where(tables.event.c.seq == 3).values({column: value}))
    assert broken(filled) == [3]


@pytest.mark.parametrize("values", [{"data": {"n": 4}}, {"changes": []}, {"at": NOW}, {"day": date(2026, 11, 22)}])
def test_changed_contents_are_found(filled, values):
    tamper(filled, update(tables.event).where(tables.event.c.seq == 2).values(values))
    assert broken(filled) == [2]


def test_a_removed_row_is_found(filled):
    tamper(filled, delete(tables.event).where(tables.event.c.seq == 3))
    assert broken(filled) == [4]


def test_a_log_whose_end_is_cut_off_is_found(filled):
    tamper(filled, delete(tables.event).where(tables.event.c.seq > 3))
    assert broken(filled) == [4]


@pytest.mark.parametrize("values", [{"seq": 6}, {"head": b"x" * 32}, {"head": None}])
def test_a_halls_row_that_does_not_follow_from_the_log_is_found(filled, values):
    tamper(filled, update(tables.hall).values(values))
    assert broken(filled) == [6]


def test_the_halls_row_keeps_the_last_events_hash(filled):
    with reading(filled) as db:
        last = db.execute(select(tables.event.c.hash).order_by(tables.event.c.seq.desc()).limit(1)).scalar_one()
        assert log.head(db, "h1") == (5, last)


def test_events_are_read_in_order_after_a_seq(filled):
    with reading(filled) as db:
        assert [e.seq for e in log.events_after(db, "h1", 2)] == [3, 4, 5]
        assert [e.seq for e in log.events_after(db, "h1", 0, limit=2)] == [1, 2]
        assert [e.seq for e in log.events_of_day(db, "h1", DAY)] == [1, 2, 3, 4, 5]
        assert [e.seq for e in log.last_of_kinds(db, "h1", DAY, [Kind.STAFF_ADDED], 2)] == [5, 4]
        assert log.events_of_day(db, "h1", date(2026, 11, 24)) == ()


def test_the_last_event_of_a_window_is_found(filled):
    with reading(filled) as db:
        assert log.last_of_window(db, "h1", 1).seq == 3
        assert log.last_of_window(db, "h1", 2) is None


def test_a_later_event_of_the_same_ticket_is_noticed(filled):
    with writing(filled) as write:
        log.record(write, Kind.STAFF_CHANGED, By("x"), NOW, DAY, [], ticket_id=2)
    with reading(filled) as db:
        events = log.events_after(db, "h1", 0)
        assert [log.touched_since(db, "h1", event) for event in events] == [False, True, False, False, False, False]


def test_another_halls_events_stay_out_of_sight(filled):
    with reading(filled) as db:
        assert log.events_after(db, "h2", 0) == ()


def test_a_change_holds_only_what_differs():
    before = Staff("1", "王芳")
    after = Staff("1", "王芳", Role.SUPERVISOR)
    assert changed(before, after) == Change("staff", "1", {"role": "clerk"}, {"role": "supervisor"})


def test_changes_taken_back_in_reverse_leave_what_was(store):
    one, two = Staff("1", "王芳"), Staff("1", "王芳", phone="5551234")
    changes = [added(one), changed(one, two), removed(two)]
    with store.engine.connect() as db, db.begin():
        for upto in range(1, 4):
            log.apply(db, "h1", changes[:upto])
            for change in reversed(changes[:upto]):
                log.apply(db, "h1", [reversed_change(change)])
            assert people.all_staff(db, "h1") == ()


def test_the_hash_covers_the_row_before(filled):
    with filled.engine.connect() as db:
        hashes = db.execute(text("SELECT hash FROM event ORDER BY seq")).scalars().all()
    assert len(set(hashes)) == 5
    assert all(len(one) == 32 for one in hashes)
