"""Reading tickets and calls."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, text, union_all

from hallapp.domain.ticket import Call, Ticket
from hallapp.store import tables
from hallapp.store.prepared import Prepared
from hallapp.store.rows import every, first

_ticket, _call, _visit = tables.ticket, tables.call, tables.visit


# literal states, here and below, let both engines use the partial indexes
_OF_DAY = select(_ticket).where(_ticket.c.hall_id == bindparam("hall"), _ticket.c.day == bindparam("on"))
_WAITING = Prepared(_OF_DAY.where(text("state = 'waiting'")).order_by(_ticket.c.rank_at, _ticket.c.id))


def waiting(db: Connection, hall_id: str, day: date) -> tuple[Ticket, ...]:
    """All waiting tickets of the day in queue order."""
    return every(db, Ticket, _WAITING, {"hall": hall_id, "on": day})


@cache
def _next(groups: int) -> Prepared:
    names: list[Any] = [bindparam(f"group_{place}") for place in range(groups)]
    return Prepared(select(_ticket).where(
        _ticket.c.hall_id == bindparam("hall"), text("state = 'waiting'"), _ticket.c.day == bindparam("on"),
        or_(_ticket.c.target_window == bindparam("at"),
            _ticket.c.target_window.is_(None) & _ticket.c.group.in_(names)),
    ).order_by(_ticket.c.rank_at, _ticket.c.id).limit(1))


def next_for(db: Connection, hall_id: str, day: date, window: int, groups: Collection[str]) -> Ticket | None:
    """The smallest rank that ``window`` may call: one indexed read."""
    names = {f"group_{place}": group for place, group in enumerate(groups)}
    return first(db, Ticket, _next(len(groups)), {"hall": hall_id, "on": day, "at": window, **names})


_TICKET = Prepared(select(_ticket).where(_ticket.c.hall_id == bindparam("hall"), _ticket.c.id == bindparam("ticket")))


def ticket(db: Connection, hall_id: str, ticket_id: int) -> Ticket | None:
    return first(db, Ticket, _TICKET, {"hall": hall_id, "ticket": ticket_id})


def ticket_by_number(db: Connection, hall_id: str, day: date, number: str) -> Ticket | None:
    query = select(_ticket).where(_ticket.c.hall_id == hall_id, _ticket.c.day == day, _ticket.c.number == number)
    return first(db, Ticket, query)


_ASIDE = Prepared(_OF_DAY.where(text("state IN ('held', 'missed')")).order_by(_ticket.c.id))


def aside(db: Connection, hall_id: str, day: date) -> tuple[Ticket, ...]:
    """Held and missed tickets of the day, oldest first."""
    return every(db, Ticket, _ASIDE, {"hall": hall_id, "on": day})


def unclosed_before(db: Connection, hall_id: str, day: date) -> tuple[Ticket, ...]:
    """Tickets of earlier days still waiting, held or missed, for the closing of the day."""
    earlier = select(_ticket).where(_ticket.c.hall_id == hall_id, _ticket.c.day < day)
    return every(db, Ticket, earlier.where(text("state = 'waiting'"))) + every(
        db, Ticket, earlier.where(text("state IN ('held', 'missed')")))


_OPEN = select(_call).where(_call.c.hall_id == bindparam("hall"), text("result IS NULL"))
_OPEN_AT, _OPEN_OF = (Prepared(_OPEN.where(_call.c[name] == bindparam("at"))) for name in ("window", "ticket_id"))


def open_call_at(db: Connection, hall_id: str, window: int) -> Call | None:
    return first(db, Call, _OPEN_AT, {"hall": hall_id, "at": window})


def open_call_of(db: Connection, hall_id: str, ticket_id: int) -> Call | None:
    return first(db, Call, _OPEN_OF, {"hall": hall_id, "at": ticket_id})


_OF_HALL = select(_ticket).where(_ticket.c.hall_id == bindparam("hall"))
_CALLED_TO = Prepared(_OF_HALL.where(_ticket.c.id == select(_call.c.ticket_id).where(
    _call.c.hall_id == bindparam("hall"), _call.c.window == bindparam("at"), text("result IS NULL")
).scalar_subquery()))
_SERVED_BY = Prepared(_OF_HALL.where(_ticket.c.id == select(_visit.c.ticket_id).where(
    _visit.c.hall_id == bindparam("hall"), _visit.c.staff == bindparam("at"), text("visit.state = 'open'")
).scalar_subquery()))


def called_to(db: Connection, hall_id: str, window: int) -> Ticket | None:
    """The ticket of ``open_call_at``."""
    return first(db, Ticket, _CALLED_TO, {"hall": hall_id, "at": window})


def served_by(db: Connection, hall_id: str, staff: str) -> Ticket | None:
    """The ticket of the clerk's open visit (visits.open_visit_of)."""
    return first(db, Ticket, _SERVED_BY, {"hall": hall_id, "at": staff})


_OPEN_CALLS = Prepared(_OPEN.where(_call.c.day == bindparam("on")))
_CALLED_OR_SERVED = Prepared(_OF_DAY.where(_ticket.c.id.in_(union_all(
    select(_call.c.ticket_id).where(_call.c.hall_id == bindparam("hall"), text("result IS NULL")),
    select(_visit.c.ticket_id).where(_visit.c.hall_id == bindparam("hall"), text("visit.state = 'open'"))))))


def open_calls(db: Connection, hall_id: str, day: date) -> tuple[Call, ...]:
    """The day's calls to which nobody came yet."""
    return every(db, Call, _OPEN_CALLS, {"hall": hall_id, "on": day})


def called_or_served(db: Connection, hall_id: str, day: date) -> tuple[Ticket, ...]:
    """The day's tickets whose visitors are called or at a window: a few, however many the day has."""
    return every(db, Ticket, _CALLED_OR_SERVED, {"hall": hall_id, "on": day})


def calls_of_day(db: Connection, hall_id: str, day: date) -> tuple[Call, ...]:
    query = select(_call).where(_call.c.hall_id == hall_id, _call.c.day == day).order_by(_call.c.id)
    return every(db, Call, query)


def tickets_of_day(db: Connection, hall_id: str, day: date) -> tuple[Ticket, ...]:
    query = select(_ticket).where(_ticket.c.hall_id == hall_id, _ticket.c.day == day).order_by(_ticket.c.id)
    return every(db, Ticket, query)
