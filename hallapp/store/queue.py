"""Reading tickets and calls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select, text

from hallapp.domain.ticket import Call, Ticket
from hallapp.store import tables
from hallapp.store.rows import every, first

_ticket, _call = tables.ticket, tables.call


def _waiting(hall_id: str, day: date) -> Select[Any]:
    # literal states, here and below, let both engines use the partial indexes
    return select(_ticket).where(_ticket.c.hall_id == hall_id, text("state = 'waiting'"), _ticket.c.day == day)


def waiting(db: Connection, hall_id: str, day: date) -> tuple[Ticket, ...]:
    """All waiting tickets of the day in queue order."""
    query = _waiting(hall_id, day).order_by(_ticket.c.rank_at, _ticket.c.id)
    return every(db, Ticket, query)


def next_for(db: Connection, hall_id: str, day: date, window: int, groups: Iterable[str]) -> Ticket | None:
    """The smallest rank that ``window`` may call: one indexed read."""
    mine = or_(
        _ticket.c.target_window == window,
        _ticket.c.target_window.is_(None) & _ticket.c.group.in_(sorted(groups)),
    )
    query = _waiting(hall_id, day).where(mine).order_by(_ticket.c.rank_at, _ticket.c.id).limit(1)
    return first(db, Ticket, query)


def last_serial(db: Connection, hall_id: str, day: date, prefix: str) -> int:
    """The highest serial issued under ``prefix`` on ``day``; 0 before the first."""
    query = select(func.max(_ticket.c.serial)).where(
        _ticket.c.hall_id == hall_id, _ticket.c.day == day, _ticket.c.prefix == prefix
    )
    return db.execute(query).scalar() or 0


def ahead_by_group(db: Connection, hall_id: str, day: date, rank_at: datetime) -> dict[str, int]:
    """How many waiting tickets of each business group have a rank up to ``rank_at``."""
    query = (
        select(_ticket.c.group, func.count()).where(
            _ticket.c.hall_id == hall_id, text("state = 'waiting'"), _ticket.c.day == day, _ticket.c.rank_at <= rank_at
        ).group_by(_ticket.c.group)
    )
    return {row[0]: row[1] for row in db.execute(query)}


def busy_windows(db: Connection, hall_id: str) -> frozenset[int]:
    """Windows with a called ticket or an open visit."""
    called = select(_call.c.window).where(_call.c.hall_id == hall_id, text("result IS NULL"))
    visit = tables.visit
    serving = select(visit.c.window).where(visit.c.hall_id == hall_id, text("state = 'open'"))
    return frozenset(db.execute(called.union_all(serving)).scalars())


def ticket(db: Connection, hall_id: str, ticket_id: int) -> Ticket | None:
    return first(db, Ticket, select(_ticket).where(_ticket.c.hall_id == hall_id, _ticket.c.id == ticket_id))


def ticket_by_number(db: Connection, hall_id: str, day: date, number: str) -> Ticket | None:
    query = select(_ticket).where(_ticket.c.hall_id == hall_id, _ticket.c.day == day, _ticket.c.number == number)
    return first(db, Ticket, query)


def aside(db: Connection, hall_id: str, day: date) -> tuple[Ticket, ...]:
    """Held and missed tickets of the day, oldest first."""
    query = select(_ticket).where(
        _ticket.c.hall_id == hall_id, text("state IN ('held', 'missed')"), _ticket.c.day == day
    ).order_by(_ticket.c.id)
    return every(db, Ticket, query)


def unclosed_before(db: Connection, hall_id: str, day: date) -> tuple[Ticket, ...]:
    """Tickets of earlier days still waiting, held or missed, for the closing of the day."""
    earlier = select(_ticket).where(_ticket.c.hall_id == hall_id, _ticket.c.day < day)
    return every(db, Ticket, earlier.where(text("state = 'waiting'"))) + every(
        db, Ticket, earlier.where(text("state IN ('held', 'missed')")))


def open_call_at(db: Connection, hall_id: str, window: int) -> Call | None:
    query = select(_call).where(
        _call.c.hall_id == hall_id, _call.c.window == window, text("result IS NULL")
    )
    return first(db, Call, query)


def open_call_of(db: Connection, hall_id: str, ticket_id: int) -> Call | None:
    query = select(_call).where(
        _call.c.hall_id == hall_id, _call.c.ticket_id == ticket_id, text("result IS NULL")
    )
    return first(db, Call, query)


def calls_of_day(db: Connection, hall_id: str, day: date) -> tuple[Call, ...]:
    query = select(_call).where(_call.c.hall_id == hall_id, _call.c.day == day).order_by(_call.c.id)
    return every(db, Call, query)


def tickets_of_day(db: Connection, hall_id: str, day: date) -> tuple[Ticket, ...]:
    query = select(_ticket).where(_ticket.c.hall_id == hall_id, _ticket.c.day == day).order_by(_ticket.c.id)
    return every(db, Ticket, query)
