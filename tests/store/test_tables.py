"""The unique keys that stand behind the rules, tried by direct inserts."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from hallapp.domain.catalogue_file import LONGEST_CODE
from hallapp.domain.handling import HandledItem, Interval, ItemState, Visit, VisitState
from hallapp.domain.notice import Notice, Situation
from hallapp.domain.rules import LONGEST_NAME
from hallapp.domain.staff import Session
from hallapp.domain.ticket import Call, CallResult, Ticket, TicketState
from hallapp.store import tables
from hallapp.store.log import apply
from hallapp.store.rows import added

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DAY, NEXT_DAY = date(2026, 11, 23), date(2026, 11, 24)


def ticket(id, number="A001", serial=1, day=DAY):
    return Ticket(id, day, number, "A", serial, "enrol", None, False, TicketState.WAITING, NOW, NOW, "kiosk-1")


def call(id, ticket_id=1, window=1, result=None):
    return Call(id, DAY, ticket_id, window, "0312", NOW, NOW, result=result)


def visit(id, ticket_id=None, staff="0312", state=VisitState.OPEN):
    return Visit(id, DAY, ticket_id, 1, staff, NOW, state)


def item(id, state=ItemState.RUNNING):
    return HandledItem(id, DAY, 1, "NT01", 1, 1, "0312", True, "direct", NOW, state)


def interval(id, seconds=None):
    return Interval(id, 1, NOW, "c", 1.0, None, seconds)


def notice(id, number="20261123001"):
    return Notice(id, DAY, number, 1, 1, 1, "NT01", Situation.CONSULTATION, (), (), (), "", "", "0312", 1, NOW)


def both(store, first, second):
    with store.engine.connect() as db, db.begin():
        apply(db, "h1", [added(first), added(second)])


@pytest.mark.parametrize(("first", "second"), [
    pytest.param(ticket(1), ticket(2, serial=2), id="two equal numbers a day"),
    pytest.param(ticket(1), ticket(2, number="A002"), id="two equal serials a day"),
    pytest.param(call(1, window=1), call(2, window=2), id="two open calls of one ticket"),
    pytest.param(call(1, ticket_id=1), call(2, ticket_id=2), id="two open calls at one window"),
    pytest.param(visit(1), visit(2), id="two open visits of one clerk"),
    pytest.param(visit(1, 7), visit(2, 7, "0313"), id="two visits of one ticket"),
    pytest.param(item(1), item(2), id="two running items of one visit"),
    pytest.param(interval(1), interval(2), id="two open intervals of one item"),
    pytest.param(notice(1), notice(2), id="two equal notice numbers"),
    pytest.param(Session(1, "0312", NOW), Session(1, "0313", NOW), id="two clerks at one window"),
    pytest.param(Session(1, "0312", NOW), Session(2, "0312", NOW), id="one clerk at two windows"),
])
def test_the_store_refuses(store, first, second):
    with pytest.raises(IntegrityError):
        both(store, first, second)


@pytest.mark.parametrize(("first", "second"), [
    pytest.param(ticket(1), ticket(2, day=NEXT_DAY), id="the same number on another day"),
    pytest.param(call(1, result=CallResult.MISSED), call(2), id="a call after one that ended"),
    pytest.param(visit(1, 7, state=VisitState.PARKED), visit(2, 8), id="a visit beside a parked one"),
    pytest.param(visit(1, state=VisitState.CLOSED), visit(2, state=VisitState.CLOSED), id="many walk-ins"),
    pytest.param(item(1, ItemState.SUSPENDED), item(2), id="a running item beside a suspended one"),
    pytest.param(interval(1, seconds=3.0), interval(2), id="an interval after one that ended"),
])
def test_the_store_takes(store, first, second):
    both(store, first, second)


def test_two_events_of_one_wish_are_refused(store):
    row = {"hall_id": "h1", "kind": "issued", "at": NOW, "day": DAY, "station": "kiosk-1", "data": {}, "changes": [],
           "request": "tap-1", "hash": bytes(32)}
    with pytest.raises(IntegrityError), store.engine.connect() as db, db.begin():
        db.execute(insert(tables.event), [{**row, "seq": 1}, {**row, "seq": 2}])


PLANS = {
    "next waiting": ("SELECT * FROM ticket WHERE hall_id = 'h1' AND state = 'waiting' AND day = '2026-11-23' "
                     "ORDER BY rank_at, id LIMIT 1", "ix_ticket_waiting"),
    "aside": ("SELECT * FROM ticket WHERE hall_id = 'h1' AND state IN ('held', 'missed') AND day = '2026-11-23' "
              "ORDER BY id", "ix_ticket_aside"),
    "last serial": ("SELECT max(serial) FROM ticket WHERE hall_id = 'h1' AND day = '2026-11-23' AND prefix = 'A'",
                    "COVERING INDEX sqlite_autoindex_ticket_3 (hall_id=? AND day=? AND prefix=?)"),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_read_of_the_queue_uses_its_index(store, name):
    query, index = PLANS[name]
    with store.engine.connect() as db:
        plan = " ".join(str(row) for row in db.execute(text(f"EXPLAIN QUERY PLAN {query}")))
    assert index in plan
    assert "TEMP B-TREE" not in plan


def test_the_name_of_a_hall_fits_its_column():
    assert tables.hall.c.name.type.length == LONGEST_NAME


def test_the_codes_of_a_catalogue_fit_their_columns():
    columns = (tables.item.c.item_code, tables.ticket.c.item_code, tables.ticket.c.group, tables.notice.c.item_code)
    assert {column.type.length for column in columns} == {LONGEST_CODE}
