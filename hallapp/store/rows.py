"""Turning rows into domain values and values into recorded changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table, TypeDecorator
from sqlalchemy import Date as DateType

from hallapp.domain.appointment import Appointment, AppointmentState
from hallapp.domain.handling import HandledItem, Interval, ItemState, Outcome, Visit, VisitState
from hallapp.domain.notice import Notice, NoticeLine, Situation
from hallapp.domain.printing import JobState, PrintJob, SlipKind
from hallapp.domain.rating import Channel, Level, Rating
from hallapp.domain.staff import Role, Session, Staff
from hallapp.domain.ticket import Call, CallResult, HoldKind, Ticket, TicketState
from hallapp.store import tables
from hallapp.store.prepared import Prepared

V = TypeVar("V")

TABLE_OF: Mapping[type[Any], Table] = {
    Ticket: tables.ticket, Call: tables.call, Visit: tables.visit, HandledItem: tables.item,
    Interval: tables.interval, Notice: tables.notice, PrintJob: tables.print_job, Staff: tables.staff,
    Session: tables.session, Rating: tables.rating, Appointment: tables.appointment,
}
KEY_OF: Mapping[str, str] = {"staff": "number", "session": "window", "rating": "visit_id", "hall": "hall_id"}

_AS_THEY_ARE = (str, int, type(None), bool, float)
_LINES = lambda raw: tuple(NoticeLine(**line) for line in raw)  # noqa: E731
_MEANT: Mapping[type[Any], Mapping[str, Any]] = {
    Ticket: {"state": TicketState, "hold_kind": HoldKind},
    Call: {"result": CallResult},
    Visit: {"state": VisitState},
    HandledItem: {"state": ItemState, "outcome": Outcome},
    Interval: {},
    Notice: {"situation": Situation, "missing": _LINES, "received": _LINES, "conditions": tuple},
    PrintJob: {"kind": SlipKind, "state": JobState},
    Staff: {"role": Role},
    Session: {},
    Appointment: {"state": AppointmentState},
    Rating: {"level": Level, "reasons": tuple, "channel": Channel},
}
_READ = {kind: [(field.name, meant.get(field.name)) for field in fields(kind)] for kind, meant in _MEANT.items()}


def value(kind: type[V], row: Mapping[Any, Any]) -> V:
    """The domain value of one row of its table."""
    return kind(*[
        row[name] if meant is None or row[name] is None else meant(row[name]) for name, meant in _READ[kind]])


@cache
def _places(kind: type[Any], query: Prepared, engine: str) -> list[tuple[int, Callable[[Any], Any] | None]]:
    """For each field of ``kind``: which column of the query it is, and what makes it from the driver's value."""
    found = {name: (place, read) for place, (name, read) in enumerate(query.found(engine))}
    return [(found[name][0], _after(found[name][1], meant)) for name, meant in _READ[kind]]


def _after(read: Callable[[Any], Any] | None, meant: Callable[[Any], Any] | None) -> Callable[[Any], Any] | None:
    if read is None or meant is None:
        return read or meant
    return lambda raw: meant(read(raw))


def first(
    db: Connection, kind: type[V], query: Select[Any] | Prepared, given: Mapping[str, Any] | None = None
) -> V | None:
    """The value of the query's first row, or ``None``; ``given`` fills the query's parameters."""
    return next(iter(every(db, kind, query, given)), None)


def every(
    db: Connection, kind: type[V], query: Select[Any] | Prepared, given: Mapping[str, Any] | None = None
) -> tuple[V, ...]:
    if isinstance(query, Prepared):
        rows = query.fetched(db, given or {})
        made: Any = kind  # mypy takes no class for hashable
        places = _places(made, query, db.dialect.name)
        return tuple(
            kind(*[row[at] if make is None or row[at] is None else make(row[at]) for at, make in places])
            for row in rows)
    return tuple(value(kind, row) for row in db.execute(query, given).mappings())


@dataclass(frozen=True, slots=True)
class Change:
    """What one write does to one row, ready for JSON.

    ``before`` is ``None`` for a new row, ``after`` for a removed one; of a
    changed row both hold the changed columns only.
    """

    table: str
    key: int | str
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    def plain(self) -> list[Any]:
        return [self.table, self.key, self.before, self.after]


def added(new: object) -> Change:
    table = TABLE_OF[type(new)]
    return Change(table.name, _key(table, new), None, _columns(new))


def removed(old: object) -> Change:
    table = TABLE_OF[type(old)]
    return Change(table.name, _key(table, old), _columns(old), None)


def changed(old: V, new: V) -> Change:
    """The columns in which two values of one row differ."""
    table = TABLE_OF[type(old)]
    names = [name for name, _ in _READ[type(old)] if getattr(old, name) != getattr(new, name)]
    was, now = ({name: _plain(getattr(one, name)) for name in names} for one in (old, new))
    return Change(table.name, _key(table, new), was, now)


def reversed_change(change: Change) -> Change:
    return Change(change.table, change.key, change.after, change.before)


def _key(table: Table, of: object) -> Any:
    return getattr(of, KEY_OF.get(table.name, "id"))


def _columns(of: Any) -> dict[str, Any]:
    kind: Any = type(of)  # mypy takes no class for hashable
    return {
        name: raw if type(raw := getattr(of, name)) in _AS_THEY_ARE else _plain(raw)  # most are
        for name in _names(kind)
    }


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _plain(raw: Any) -> Any:
    if isinstance(raw, Enum):
        return raw.value
    if isinstance(raw, datetime):
        return raw.astimezone(UTC).isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, tuple):
        return [_columns(one) if isinstance(one, NoticeLine) else one for one in raw]
    return raw


def typed(table: Table, plain: Mapping[str, Any]) -> dict[str, Any]:
    """JSON values back into what the columns take."""
    values = dict(plain)
    for name, read in _MOMENTS[table.name].items():
        if values.get(name) is not None:
            values[name] = read(values[name])
    return values


def _moment(kind: Any) -> Any:
    """How a column's moments or dates come back from JSON; ``None``: it has none."""
    if isinstance(kind, TypeDecorator):
        return datetime.fromisoformat
    return date.fromisoformat if isinstance(kind, DateType) else None


_MOMENTS = {
    table.name: {column.name: read for column in table.c if (read := _moment(column.type))}
    for table in (tables.hall, *TABLE_OF.values())
}
