"""Turning rows into domain values and values into recorded changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table, TypeDecorator
from sqlalchemy import Date as DateType

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
    Session: tables.session, Rating: tables.rating,
}
KEY_OF: Mapping[str, str] = {"staff": "number", "session": "window", "rating": "visit_id"}

_LINES = lambda raw: tuple(NoticeLine(**line) for line in raw)  # noqa: E731
_READ: Mapping[type[Any], Mapping[str, Any]] = {
    Ticket: {"state": TicketState, "hold_kind": HoldKind},
    Call: {"result": CallResult},
    Visit: {"state": VisitState},
    HandledItem: {"state": ItemState, "outcome": Outcome},
    Interval: {},
    Notice: {"situation": Situation, "missing": _LINES, "received": _LINES, "conditions": tuple},
    PrintJob: {"kind": SlipKind, "state": JobState},
    Staff: {"role": Role},
    Session: {},
    Rating: {"level": Level, "reasons": tuple, "channel": Channel},
}


def value(kind: type[V], row: Mapping[Any, Any]) -> V:
    """The domain value of one row of its table."""
    data = dict(row)
    del data["hall_id"]
    for name, convert in _READ[kind].items():
        if data[name] is not None:
            data[name] = convert(data[name])
    return kind(**data)


def first(
    db: Connection, kind: type[V], query: Select[Any] | Prepared, given: Mapping[str, Any] | None = None
) -> V | None:
    """The value of the query's first row, or ``None``; ``given`` fills the query's parameters."""
    return next(iter(every(db, kind, query, given)), None)


def every(
    db: Connection, kind: type[V], query: Select[Any] | Prepared, given: Mapping[str, Any] | None = None
) -> tuple[V, ...]:
    if isinstance(query, Prepared):
        return tuple(value(kind, row) for row in query.rows(db, given or {}))
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
    was, now = _columns(old), _columns(new)
    names = [name for name in now if now[name] != was[name]]
    return Change(table.name, _key(table, new), {n: was[n] for n in names}, {n: now[n] for n in names})


def reversed_change(change: Change) -> Change:
    return Change(change.table, change.key, change.after, change.before)


def _key(table: Table, of: object) -> Any:
    return getattr(of, KEY_OF.get(table.name, "id"))


def _columns(of: Any) -> dict[str, Any]:
    return {f.name: _plain(getattr(of, f.name)) for f in fields(of)}


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
    return {name: _typed(table.c[name].type, raw) for name, raw in plain.items()}


def _typed(kind: Any, raw: Any) -> Any:
    if raw is None:
        return None
    if isinstance(kind, TypeDecorator):
        return datetime.fromisoformat(raw)
    if isinstance(kind, DateType):
        return date.fromisoformat(raw)
    return raw
