"""Carrying a hall from one store to another, by its event log: whole, verified, to be taken up again after a break."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, func, insert, inspect, select, update

from hallapp.domain.errors import BadInput
from hallapp.domain.upkeep import CannotMove
from hallapp.store import log, tables
from hallapp.store.db import GENESIS, LONG_SECONDS, Kind, Store, reading, translated
from hallapp.store.opening import server_of
from hallapp.store.rows import Change
from hallapp.store.sqlite import Sqlite, engine_of

BATCH = 500

_event, _hall = tables.event, tables.hall
_COPIED = (*tables.STATE_TABLES, tables.credential)


@dataclass(frozen=True, slots=True)
class Moved:
    """How many events arrived, the last one's hash, and how many rows of each table."""

    events: int
    head: bytes
    rows: dict[str, int]


def halls_at(address: str) -> dict[str, int]:
    """The halls that a store holds, file or server, and the last seq of each; nothing is made or changed there.

    Raises BadInput for an address or a file that is not there, and StoreError kinds.
    """
    engine, kind, where = _looked_into(address)
    try:
        with translated(kind, where), engine.connect() as db, db.begin():
            if not inspect(db).has_table("hall"):
                return {}
            return dict(db.execute(select(_hall.c.hall_id, _hall.c.seq)).tuples().all())
    finally:
        engine.dispose()


def _looked_into(address: str) -> tuple[Engine, Kind, str]:
    if address.startswith("sqlite:///"):
        path = Path(address.removeprefix("sqlite:///"))
        if not path.is_file():
            raise BadInput(address)  # opening it would make an empty one
        return engine_of(path), Sqlite(), str(path)
    from hallapp.store import postgres

    engine, where = server_of(address, LONG_SECONDS)
    return engine, postgres.Postgres(), where


def move(source: Store, target: Store, told: Callable[[int, int], None]) -> Moved:
    """Bring ``target`` to where ``source`` is; ``told(done, all)`` after each batch of events.

    Every batch is one transaction that leaves the target a true earlier moment of the hall, so a broken move goes on
    where it stopped. Raises CannotMove: ``mixed`` if the target holds another history, ``archived`` if a part of the
    source's log lies in files, ``broken`` if it was changed, ``differs`` if the tables do not agree in the end; and
    StoreError kinds.
    """
    if source.hall_id != target.hall_id:
        raise CannotMove("mixed", target.where)
    with reading(source) as db:
        if log.archived(db, source.hall_id)[0]:
            raise CannotMove("archived", source.where)
        broken = next(log.broken_links(db, source.hall_id), None)
        end = log.last_seq(db, source.hall_id)
    if broken is not None:
        raise CannotMove("broken", str(broken))
    done = _common(source, target)
    while done < end:
        done = _batch(source, target, done)
        told(done, end)
    copy_passwords(source, target)
    return _verified(source, target)


def _common(source: Store, target: Store) -> int:
    """Up to where the target has the source's own history. Raises CannotMove if it has another one."""
    with reading(target) as there:
        seq, theirs = log.head(there, target.hall_id)
    with reading(source) as here:
        ours = _hash(here, source.hall_id, seq)
    if theirs != ours:
        raise CannotMove("mixed", target.where)
    return seq


def _batch(source: Store, target: Store, done: int) -> int:
    with reading(source) as here:
        rows = list(log.rows_after(here, source.hall_id, done, BATCH))
    append(target, done, rows)
    last: int = rows[-1]["seq"]
    return last


def append(target: Store, done: int, rows: Sequence[dict[str, Any]]) -> None:
    """Events that follow the target's last one, ``done``, with all that they changed, in one transaction.

    Raises CannotMove: ``mixed`` if ``done`` is not the target's last one, and StoreError kinds.
    """
    with translated(target.kind, target.where), target.engine.connect().execution_options(writes=True) as there, \
            there.begin():
        mine = _hall.c.hall_id == target.hall_id
        taken = there.execute(update(_hall).where(mine, _hall.c.seq == done).values(
            seq=rows[-1]["seq"], head=rows[-1]["hash"]))
        if taken.rowcount != 1:  # somebody began to work there
            raise CannotMove("mixed", target.where)
        there.execute(insert(_event), rows)
        for row in rows:
            log.apply(there, target.hall_id, [Change(*plain) for plain in row["changes"]])


def copy_passwords(source: Store, target: Store) -> None:
    """These stay out of the log on purpose, so they are copied as they are."""
    table = tables.credential
    with reading(source) as here:
        rows = [dict(row._mapping) for row in here.execute(select(table).where(table.c.hall_id == source.hall_id))]
    with translated(target.kind, target.where), target.engine.connect().execution_options(writes=True) as there, \
            there.begin():
        there.execute(delete(table).where(table.c.hall_id == target.hall_id))
        if rows:
            there.execute(insert(table), rows)


def _verified(source: Store, target: Store) -> Moved:
    with reading(source) as here, reading(target) as there:
        if next(log.broken_links(there, target.hall_id), None) is not None:
            raise CannotMove("differs", "event")
        for table in _COPIED:
            if _rows(here, table, source.hall_id) != _rows(there, table, target.hall_id):
                raise CannotMove("differs", table.name)
        counts = {table.name: _count(there, table, target.hall_id) for table in _COPIED}
        return Moved(*log.head(there, target.hall_id), counts)


def _hash(db: Connection, hall_id: str, seq: int) -> bytes | None:
    if seq == 0:
        return GENESIS
    found = db.execute(select(_event.c.hash).where(_event.c.hall_id == hall_id, _event.c.seq == seq)).scalar()
    return None if found is None else bytes(found)


def _count(db: Connection, table: Table, hall_id: str) -> int:
    return int(db.execute(select(func.count()).select_from(table).where(table.c.hall_id == hall_id)).scalar_one())


def _rows(db: Connection, table: Table, hall_id: str) -> list[tuple[Any, ...]]:
    """In the order of the key, moments as moments whatever the engine."""
    key = [column for column in table.primary_key.columns if column.name != "hall_id"]
    found = db.execute(select(table).where(table.c.hall_id == hall_id).order_by(*key))
    return [tuple(one.timestamp() if isinstance(one, datetime) else one for one in row) for row in found]
