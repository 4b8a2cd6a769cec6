"""The event log: appending, applying to the tables, reading, checking, replaying."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    union,
    update,
)

from hallapp.domain.events import By, HallEvent, Kind
from hallapp.store import tables
from hallapp.store.db import GENESIS, Write
from hallapp.store.prepared import Prepared
from hallapp.store.rows import KEY_OF, Change, reversed_change, typed

_event = tables.event
_FIELDS = [field.name for field in fields(HallEvent)]
_INSERTS = {
    table.name: Prepared(insert(table), [column.name for column in table.c])
    for table in tables.STATE_TABLES
}


_EMPTY = {table.name: dict.fromkeys(column.name for column in table.c) for table in tables.STATE_TABLES}
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def record(
    write: Write, kind: Kind, by: By, at: datetime, day: date, changes: Sequence[Change], *,
    ticket_id: int | None = None, visit_id: int | None = None, number: str | None = None,
    data: dict[str, Any] | None = None, request: str | None = None,
) -> None:
    """Append the transaction's one event and make its changes to the tables.

    ``request`` is the caller's id of the wish; a second event with the same id breaks the unique key.
    """
    if write.recorded:
        raise AssertionError("a write transaction records one event only")
    write.recorded = True
    change(write, changes)
    row = {
        "seq": write.seq, "kind": kind.value, "at": at, "day": day, "station": by.station, "staff": by.staff,
        "window": by.window, "ticket_id": ticket_id, "visit_id": visit_id, "number": number, "data": data or {},
        "changes": [one.plain() for one in write.changes], "request": request,
    }
    write.kind.hasten(write.db, answers=False)
    write.kind.append(write.db, {"hall_id": write.hall_id, **row, "hash": chained(write.head, row)})


def change(write: Write, changes: Sequence[Change]) -> None:
    """Make changes of the transaction's event, which is still to be recorded, to the tables."""
    apply(write.db, write.hall_id, changes)
    write.changes += changes


def chained(previous: bytes, row: dict[str, Any]) -> bytes:
    """The hash of an event row: SHA-256 over the row before it and this one as canonical JSON."""
    plain = {**row, "at": row["at"].astimezone(UTC).isoformat(), "day": row["day"].isoformat()}
    return hashlib.sha256(previous + _CANONICAL.encode(plain).encode()).digest()


def apply(db: Connection, hall_id: str, changes: Iterable[Change]) -> None:
    """Make recorded changes to the tables. The only code that writes them."""
    for change in changes:
        table = tables.metadata.tables[change.table]
        if change.before is None:
            # an older program's rows lack the columns that came later
            _INSERTS[change.table].run(
                db, {**_EMPTY[change.table], "hall_id": hall_id, **typed(table, change.after or {})})
        elif change.after is None:
            _delete(change.table).run(db, {"k_hall": hall_id, "k": change.key})
        elif change.after:
            values = typed(table, change.after)
            _update(change.table, tuple(values)).run(db, {"k_hall": hall_id, "k": change.key, **values})


def _key(table: Table) -> ColumnElement[bool]:
    return and_(table.c.hall_id == bindparam("k_hall"), table.c[KEY_OF.get(table.name, "id")] == bindparam("k"))


@cache
def _delete(name: str) -> Prepared:
    table = tables.metadata.tables[name]
    return Prepared(delete(table).where(_key(table)))


@cache
def _update(name: str, columns: tuple[str, ...]) -> Prepared:
    table = tables.metadata.tables[name]
    return Prepared(update(table).where(_key(table)).values({column: bindparam(column) for column in columns}))


def undo_changes(event: HallEvent) -> list[Change]:
    """What takes an event's changes back, last first."""
    return [reversed_change(Change(*plain)) for plain in reversed(event.changes)]


_LAST = Prepared(select(tables.hall.c.seq, tables.hall.c.head).where(tables.hall.c.hall_id == bindparam("hall")))


def last_seq(db: Connection, hall_id: str) -> int:
    return head(db, hall_id)[0]


def head(db: Connection, hall_id: str) -> tuple[int, bytes]:
    """The last event's seq and hash."""
    seq, hashed = _LAST.first(db, {"hall": hall_id})
    return int(seq), GENESIS if hashed is None else bytes(hashed)


_LATER = select(_event).where(_event.c.hall_id == bindparam("hall"), _event.c.seq > bindparam("last"))
_AFTER = Prepared(_LATER.order_by(_event.c.seq).limit(bindparam("most")))
_SINCE = Prepared(_LATER.where(_event.c.day >= bindparam("since")).order_by(_event.c.seq).limit(bindparam("most")))


def events_after(
    db: Connection, hall_id: str, seq: int, limit: int = 500, since: date | None = None
) -> tuple[HallEvent, ...]:
    """Up to ``limit`` events after ``seq``, in order.

    ``since``: the day of the event ``seq``. Only the months from there on are looked through then; an event that bears
    an earlier day, because a clock was set back, is noticed by the gap that it leaves.
    """
    given = {"hall": hall_id, "last": seq, "most": limit, "since": since}
    if since is not None:
        found = _SINCE.rows(db, given)
        if (found[-1]["seq"] if found else last_seq(db, hall_id)) == seq + len(found):
            return tuple(_value(row) for row in found)
    return tuple(_value(row) for row in _AFTER.rows(db, given))


def rows_after(db: Connection, hall_id: str, seq: int, limit: int) -> Iterator[dict[str, Any]]:
    """Up to ``limit`` rows of the event table after ``seq``, in order, as they are stored."""
    query = select(_event).where(_event.c.hall_id == hall_id, _event.c.seq > seq).order_by(_event.c.seq).limit(limit)
    return (dict(row) for row in db.execute(query).mappings())


def events_of_day(db: Connection, hall_id: str, day: date) -> tuple[HallEvent, ...]:
    query = select(_event).where(_event.c.hall_id == hall_id, _event.c.day == day).order_by(_event.c.seq)
    return tuple(_value(row) for row in db.execute(query).mappings())


def last_days(db: Connection, hall_id: str, most: int) -> list[date]:
    """The last days on which anything happened, newest first; a step in the index each."""
    found: list[date] = []
    before = date.max
    while len(found) < most:
        query = select(func.max(_event.c.day)).where(_event.c.hall_id == hall_id, _event.c.day < before)
        day: date | None = db.execute(query).scalar()
        if day is None:
            break
        found.append(day)
        before = day
    return found


def days_since(db: Connection, hall_id: str, day: date, most: int) -> int:
    """On how many days, counted up to ``most``, anything happened after the last that happened on ``day``."""
    last = select(func.max(_event.c.seq)).where(_event.c.hall_id == hall_id, _event.c.day == day).scalar_subquery()
    query = select(_event.c.day).where(_event.c.hall_id == hall_id, _event.c.seq > last).distinct().limit(most)
    return len(db.execute(query).all())


def days(db: Connection, hall_id: str, limit: int = 400) -> tuple[date, ...]:
    """The days on which anything happened, newest first; those too whose events are archived."""
    query = union(*(
        select(table.c.day).where(table.c.hall_id == hall_id) for table in (_event, tables.ticket, tables.visit)))
    return tuple(db.execute(query.order_by(query.selected_columns.day.desc()).limit(limit)).scalars())


@cache
def _newest(kinds: int) -> Prepared:
    names: list[Any] = [bindparam(f"kind_{place}") for place in range(kinds)]
    return Prepared(select(_event).where(
        _event.c.hall_id == bindparam("hall"), _event.c.day == bindparam("on"), _event.c.kind.in_(names)
    ).order_by(_event.c.seq.desc()).limit(bindparam("most")))


def last_of_kinds(
    db: Connection, hall_id: str, day: date, kinds: Sequence[Kind], limit: int
) -> tuple[HallEvent, ...]:
    """The day's newest events of some kinds, newest first."""
    names = {f"kind_{place}": kind.value for place, kind in enumerate(kinds)}
    given = {"hall": hall_id, "on": day, "most": limit, **names}
    return tuple(_value(row) for row in _newest(len(kinds)).rows(db, given))


def last_of_window(db: Connection, hall_id: str, window: int) -> HallEvent | None:
    """The newest event a clerk caused at ``window``."""
    return _last(db, hall_id, _event.c.window == window)


def last_sign_in(db: Connection, hall_id: str, window: int) -> HallEvent | None:
    """The newest event by which a clerk sat down at ``window``."""
    return _last(db, hall_id, _event.c.window == window, _event.c.kind == Kind.SIGNED_IN.value)


def last_parking(db: Connection, hall_id: str, ticket_id: int) -> HallEvent | None:
    """The newest event after which the ticket's visitor was to come to a window again."""
    kinds = (Kind.HELD.value, Kind.TRANSFERRED.value, Kind.FINISHED.value)
    return _last(db, hall_id, _event.c.ticket_id == ticket_id, _event.c.kind.in_(kinds))


def _last(db: Connection, hall_id: str, *such: ColumnElement[bool]) -> HallEvent | None:
    query = select(_event).where(_event.c.hall_id == hall_id, *such).order_by(_event.c.seq.desc()).limit(1)
    row = db.execute(query).mappings().first()
    return None if row is None else _value(row)


def touched_since(db: Connection, hall_id: str, event: HallEvent) -> bool:
    """Whether a later event concerns the same ticket or visit."""
    same = [_event.c[name] == getattr(event, name)
            for name in ("ticket_id", "visit_id") if getattr(event, name) is not None]
    if not same:
        return False
    clause = same[0] if len(same) == 1 else same[0] | same[1]
    later = select(func.count()).where(_event.c.hall_id == hall_id, _event.c.seq > event.seq, clause)
    return bool(db.execute(later).scalar_one())


_OF_REQUEST = Prepared(select(_event).where(
    _event.c.hall_id == bindparam("hall"), _event.c.day.in_([bindparam("today"), bindparam("yesterday")]),
    _event.c.request == bindparam("asked")))


def by_request(db: Connection, hall_id: str, request: str, day: date) -> HallEvent | None:
    """The event an earlier try of the same wish left behind, on ``day`` or, midnight having come, the day before."""
    given = {"hall": hall_id, "asked": request, "today": day, "yesterday": day - timedelta(days=1)}
    return next((_value(row) for row in _OF_REQUEST.rows(db, given)), None)


def broken_links(db: Connection, hall_id: str) -> Iterator[int]:
    """The seqs whose hash does not follow from the row before, or that are cut off: none in an untouched log.

    Of a log whose old months are archived, what is left is looked at, from the last archived event's hash on.
    """
    seen, previous = archived(db, hall_id)
    names = [c.name for c in _event.c if c.name not in ("hall_id", "hash")]
    for row in db.execute(select(_event).where(_event.c.hall_id == hall_id).order_by(_event.c.seq)):
        plain = {name: row._mapping[name] for name in names}
        if chained(previous, plain) != row.hash:
            yield row.seq
        previous, seen = row.hash, row.seq
    if (seen, previous) != head(db, hall_id):
        yield seen + 1


def archived(db: Connection, hall_id: str) -> tuple[int, bytes]:
    """The last archived event's seq and hash."""
    query = select(tables.archive.c.last_seq, tables.archive.c.head).where(tables.archive.c.hall_id == hall_id)
    row = db.execute(query.order_by(tables.archive.c.last_seq.desc()).limit(1)).first()
    return (0, GENESIS) if row is None else (row.last_seq, bytes(row.head))


def _value(row: Mapping[Any, Any]) -> HallEvent:
    return HallEvent(**{name: row[name] for name in _FIELDS if name != "kind"}, kind=Kind(row["kind"]))
