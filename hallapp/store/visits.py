"""Reading visits, items, their intervals, and notices."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, select, text

from hallapp.domain.handling import HandledItem, Interval, Visit
from hallapp.domain.notice import Notice
from hallapp.store import tables
from hallapp.store.rows import every, first

_visit, _item, _interval, _notice = tables.visit, tables.item, tables.interval, tables.notice


def visit(db: Connection, hall_id: str, visit_id: int) -> Visit | None:
    return first(db, Visit, select(_visit).where(_visit.c.hall_id == hall_id, _visit.c.id == visit_id))


def visit_of_ticket(db: Connection, hall_id: str, ticket_id: int) -> Visit | None:
    return first(db, Visit, select(_visit).where(_visit.c.hall_id == hall_id, _visit.c.ticket_id == ticket_id))


def open_visit_of(db: Connection, hall_id: str, staff: str) -> Visit | None:
    query = select(_visit).where(
        _visit.c.hall_id == hall_id, _visit.c.staff == staff, text("state = 'open'")
    )
    return first(db, Visit, query)


def unclosed(db: Connection, hall_id: str) -> tuple[Visit, ...]:
    """Visits open or parked, of whatever day."""
    query = select(_visit).where(_visit.c.hall_id == hall_id, text("state <> 'closed'")).order_by(_visit.c.id)
    return every(db, Visit, query)


def items_of(db: Connection, hall_id: str, visit_id: int) -> tuple[HandledItem, ...]:
    query = select(_item).where(_item.c.hall_id == hall_id, _item.c.visit_id == visit_id).order_by(_item.c.id)
    return every(db, HandledItem, query)


def item(db: Connection, hall_id: str, item_id: int) -> HandledItem | None:
    return first(db, HandledItem, select(_item).where(_item.c.hall_id == hall_id, _item.c.id == item_id))


def intervals_of(db: Connection, hall_id: str, visit_id: int) -> tuple[Interval, ...]:
    query = (
        select(_interval).join(_item, (_item.c.hall_id == _interval.c.hall_id) & (_item.c.id == _interval.c.item_id))
        .where(_item.c.hall_id == hall_id, _item.c.visit_id == visit_id).order_by(_interval.c.id)
    )
    return every(db, Interval, query)


def open_interval(db: Connection, hall_id: str, item_id: int) -> Interval | None:
    query = select(_interval).where(
        _interval.c.hall_id == hall_id, _interval.c.item_id == item_id, text("seconds IS NULL")
    )
    return first(db, Interval, query)


def visits_of_day(db: Connection, hall_id: str, day: date) -> tuple[Visit, ...]:
    query = select(_visit).where(_visit.c.hall_id == hall_id, _visit.c.day == day).order_by(_visit.c.id)
    return every(db, Visit, query)


def carried_into(db: Connection, hall_id: str, day: date) -> tuple[Visit, ...]:
    """Visits of other days in which items of the day were handled."""
    handled = select(_item.c.visit_id).where(_item.c.hall_id == hall_id, _item.c.day == day)
    query = select(_visit).where(_visit.c.hall_id == hall_id, _visit.c.day != day, _visit.c.id.in_(handled))
    return every(db, Visit, query.order_by(_visit.c.id))


def items_of_day(db: Connection, hall_id: str, day: date) -> tuple[HandledItem, ...]:
    query = select(_item).where(_item.c.hall_id == hall_id, _item.c.day == day).order_by(_item.c.id)
    return every(db, HandledItem, query)


def intervals_of_day(db: Connection, hall_id: str, day: date) -> tuple[Interval, ...]:
    query = (
        select(_interval).join(_item, (_item.c.hall_id == _interval.c.hall_id) & (_item.c.id == _interval.c.item_id))
        .where(_item.c.hall_id == hall_id, _item.c.day == day).order_by(_interval.c.id)
    )
    return every(db, Interval, query)


def notice_by_number(db: Connection, hall_id: str, number: str) -> Notice | None:
    return first(db, Notice, select(_notice).where(_notice.c.hall_id == hall_id, _notice.c.number == number))


def notice(db: Connection, hall_id: str, notice_id: int) -> Notice | None:
    return first(db, Notice, select(_notice).where(_notice.c.hall_id == hall_id, _notice.c.id == notice_id))


def notices_of_day(db: Connection, hall_id: str, day: date) -> tuple[Notice, ...]:
    query = select(_notice).where(_notice.c.hall_id == hall_id, _notice.c.day == day).order_by(_notice.c.serial)
    return every(db, Notice, query)


def last_notice_serial(db: Connection, hall_id: str, day: date) -> int:
    query = select(func.max(_notice.c.serial)).where(_notice.c.hall_id == hall_id, _notice.c.day == day)
    return db.execute(query).scalar() or 0
