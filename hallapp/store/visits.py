"""Reading visits, items, their intervals, and notices."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    TextClause,
    bindparam,
    func,
    select,
    text,
    union_all,
)

from hallapp.domain.handling import HandledItem, Interval, Visit
from hallapp.domain.notice import Notice
from hallapp.store import tables
from hallapp.store.prepared import Prepared
from hallapp.store.rows import every, first

_visit, _item, _interval, _notice = tables.visit, tables.item, tables.interval, tables.notice


def _at(table: Table, column: str, *conditions: ColumnElement[bool] | TextClause) -> Select[Any]:
    """The hall's rows with a given value in that column, and more."""
    return select(table).where(table.c.hall_id == bindparam("hall"), table.c[column] == bindparam("at"), *conditions)


# literal states let both engines use the partial indexes
_VISIT, _OF_TICKET = Prepared(_at(_visit, "id")), Prepared(_at(_visit, "ticket_id"))
_OPEN_OF = Prepared(_at(_visit, "staff", text("state = 'open'")))
_UNCLOSED = Prepared(select(_visit).where(
    _visit.c.hall_id == bindparam("hall"), text("state <> 'closed'")).order_by(_visit.c.id))
_ITEMS_OF, _ITEM = Prepared(_at(_item, "visit_id").order_by(_item.c.id)), Prepared(_at(_item, "id"))
_OPEN_INTERVAL = Prepared(_at(_interval, "item_id", text("seconds IS NULL")))
_VISITS_OF_DAY = Prepared(_at(_visit, "day").order_by(_visit.c.id))
_ITEMS_OF_DAY = Prepared(_at(_item, "day").order_by(_item.c.id))
_WITH_ITEM = select(_interval).join(
    _item, (_item.c.hall_id == _interval.c.hall_id) & (_item.c.id == _interval.c.item_id)
).where(_item.c.hall_id == bindparam("hall")).order_by(_interval.c.id)
_INTERVALS_OF = Prepared(_WITH_ITEM.where(_item.c.visit_id == bindparam("at")))
_INTERVALS_OF_DAY = Prepared(_WITH_ITEM.where(_item.c.day == bindparam("at")))
_CARRIED_INTO = Prepared(select(_visit).where(
    _visit.c.hall_id == bindparam("hall"), _visit.c.day != bindparam("at"),
    _visit.c.id.in_(select(_item.c.visit_id).where(
        _item.c.hall_id == bindparam("hall"), _item.c.day == bindparam("at"))),
).order_by(_visit.c.id))


def visit(db: Connection, hall_id: str, visit_id: int) -> Visit | None:
    return first(db, Visit, _VISIT, {"hall": hall_id, "at": visit_id})


def visit_of_ticket(db: Connection, hall_id: str, ticket_id: int) -> Visit | None:
    return first(db, Visit, _OF_TICKET, {"hall": hall_id, "at": ticket_id})


def open_visit_of(db: Connection, hall_id: str, staff: str) -> Visit | None:
    return first(db, Visit, _OPEN_OF, {"hall": hall_id, "at": staff})


def unclosed(db: Connection, hall_id: str) -> tuple[Visit, ...]:
    """Visits open or parked, of whatever day."""
    return every(db, Visit, _UNCLOSED, {"hall": hall_id})


def items_of(db: Connection, hall_id: str, visit_id: int) -> tuple[HandledItem, ...]:
    return every(db, HandledItem, _ITEMS_OF, {"hall": hall_id, "at": visit_id})


def item(db: Connection, hall_id: str, item_id: int) -> HandledItem | None:
    return first(db, HandledItem, _ITEM, {"hall": hall_id, "at": item_id})


def intervals_of(db: Connection, hall_id: str, visit_id: int) -> tuple[Interval, ...]:
    return every(db, Interval, _INTERVALS_OF, {"hall": hall_id, "at": visit_id})


def open_interval(db: Connection, hall_id: str, item_id: int) -> Interval | None:
    return first(db, Interval, _OPEN_INTERVAL, {"hall": hall_id, "at": item_id})


def visits_of_day(db: Connection, hall_id: str, day: date) -> tuple[Visit, ...]:
    return every(db, Visit, _VISITS_OF_DAY, {"hall": hall_id, "at": day})


def carried_into(db: Connection, hall_id: str, day: date) -> tuple[Visit, ...]:
    """Visits of other days in which items of the day were handled."""
    return every(db, Visit, _CARRIED_INTO, {"hall": hall_id, "at": day})


def items_of_day(db: Connection, hall_id: str, day: date) -> tuple[HandledItem, ...]:
    return every(db, HandledItem, _ITEMS_OF_DAY, {"hall": hall_id, "at": day})


def intervals_of_day(db: Connection, hall_id: str, day: date) -> tuple[Interval, ...]:
    return every(db, Interval, _INTERVALS_OF_DAY, {"hall": hall_id, "at": day})


def notice_by_number(db: Connection, hall_id: str, number: str) -> Notice | None:
    return first(db, Notice, select(_notice).where(_notice.c.hall_id == hall_id, _notice.c.number == number))


def notice(db: Connection, hall_id: str, notice_id: int) -> Notice | None:
    return first(db, Notice, select(_notice).where(_notice.c.hall_id == hall_id, _notice.c.id == notice_id))


def notices_of_day(db: Connection, hall_id: str, day: date) -> tuple[Notice, ...]:
    query = select(_notice).where(_notice.c.hall_id == hall_id, _notice.c.day == day).order_by(_notice.c.serial)
    return every(db, Notice, query)


def last_notice_serial(db: Connection, hall_id: str, day: date) -> int:
    """What the day's next notice comes after: 0 before the first, or a later serial after a restore."""
    hall = tables.hall
    query = union_all(
        select(func.max(_notice.c.serial)).where(_notice.c.hall_id == hall_id, _notice.c.day == day),
        select(hall.c.serials_after).where(hall.c.hall_id == hall_id, hall.c.restored_on == day))
    return max(serial or 0 for serial in db.execute(query).scalars())
