"""Reading ratings, and which visits have none yet."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from hallapp.domain.handling import Visit, VisitState
from hallapp.domain.rating import Rating
from hallapp.store import tables
from hallapp.store.rows import every, first

_rating, _visit = tables.rating, tables.visit


def rating(db: Connection, hall_id: str, visit_id: int) -> Rating | None:
    return first(db, Rating, select(_rating).where(_rating.c.hall_id == hall_id, _rating.c.visit_id == visit_id))


def ratings_of_day(db: Connection, hall_id: str, day: date) -> tuple[Rating, ...]:
    query = select(_rating).where(_rating.c.hall_id == hall_id, _rating.c.day == day).order_by(_rating.c.visit_id)
    return every(db, Rating, query)


def last_closed(db: Connection, hall_id: str, day: date, window: int) -> Visit | None:
    """The day's visit that ended last at the window; one closed afterwards (void) is none, its visitor is long gone."""
    query = select(_visit).where(
        _visit.c.hall_id == hall_id, _visit.c.day == day, _visit.c.window == window,
        _visit.c.state == VisitState.CLOSED.value, _visit.c.void_reason.is_(None),
    ).order_by(_visit.c.closed_at.desc(), _visit.c.id.desc()).limit(1)
    return first(db, Visit, query)


def open_at(db: Connection, hall_id: str, day: date, window: int) -> Visit | None:
    """The visit whose visitor is at the window."""
    query = select(_visit).where(
        _visit.c.hall_id == hall_id, _visit.c.day == day, _visit.c.window == window,
        _visit.c.state == VisitState.OPEN.value,
    )
    return first(db, Visit, query)
