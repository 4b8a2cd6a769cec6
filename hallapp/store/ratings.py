"""Reading ratings, and which visits have none yet."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, bindparam, select, text

from hallapp.domain.handling import Visit, VisitState
from hallapp.domain.rating import Rating
from hallapp.store import tables
from hallapp.store.prepared import Prepared
from hallapp.store.rows import every, first

_rating, _visit = tables.rating, tables.visit


_RATING = Prepared(select(_rating).where(
    _rating.c.hall_id == bindparam("hall"), _rating.c.visit_id == bindparam("of")))
_LAST_CLOSED = Prepared(select(_visit).where(
    _visit.c.hall_id == bindparam("hall"), _visit.c.day == bindparam("on"), _visit.c.window == bindparam("at"),
    text("state = 'closed'"), _visit.c.void_reason.is_(None),
).order_by(_visit.c.closed_at.desc(), _visit.c.id.desc()).limit(1))


def rating(db: Connection, hall_id: str, visit_id: int) -> Rating | None:
    return first(db, Rating, _RATING, {"hall": hall_id, "of": visit_id})


def ratings_of_day(db: Connection, hall_id: str, day: date) -> tuple[Rating, ...]:
    query = select(_rating).where(_rating.c.hall_id == hall_id, _rating.c.day == day).order_by(_rating.c.visit_id)
    return every(db, Rating, query)


def last_closed(db: Connection, hall_id: str, day: date, window: int) -> Visit | None:
    """The day's visit that ended last at the window; one closed afterwards (void) is none, its visitor is long gone."""
    return first(db, Visit, _LAST_CLOSED, {"hall": hall_id, "on": day, "at": window})


def open_at(db: Connection, hall_id: str, day: date, window: int) -> Visit | None:
    """The visit whose visitor is at the window."""
    query = select(_visit).where(
        _visit.c.hall_id == hall_id, _visit.c.day == day, _visit.c.window == window,
        _visit.c.state == VisitState.OPEN.value,
    )
    return first(db, Visit, query)
