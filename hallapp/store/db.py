"""Opening the store and its two kinds of transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from hallapp.domain.errors import StoreAway, StoreDamaged, StoreError, StoreFull, StoreReadOnly
from hallapp.store.prepared import Prepared

BUSY_SECONDS = 5.0
GENESIS = bytes(32)  # what the first event's hash follows


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """An open store of one hall. Threads may share it; every transaction takes its own connection."""

    engine: Engine
    hall_id: str
    where: str
    _listeners: list[Event] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def listen(self) -> Event:
        """An event that is set after every commit of this process."""
        poked = Event()
        with self._lock:
            self._listeners.append(poked)
        return poked

    def poke(self) -> None:
        with self._lock:
            for poked in self._listeners:
                poked.set()

    def close(self) -> None:
        self.engine.dispose()


@dataclass(slots=True)
class Write:
    """A write transaction, the seq that its one event carries, and the hash of the event before."""

    db: Connection
    hall_id: str
    seq: int
    head: bytes
    recorded: bool = False


def sqlite_engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _tune_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _tune_sqlite(raw: sqlite3.Connection, _record: Any) -> None:
    raw.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver's guess
    # FULL: a number on paper must survive a power cut
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(db: Connection) -> None:
    options = db.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        driver = db.connection.driver_connection
        assert driver is not None
        driver.execute("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN").close()


# in text, because SQLAlchemy would drop the table names that keep the two seq apart
_NEXT_SEQ = Prepared(text(
    "UPDATE hall SET seq = seq + 1 WHERE hall_id = :hall "
    "RETURNING seq, (SELECT last.hash FROM event AS last WHERE last.hall_id = :hall AND last.seq = hall.seq - 1)"
))


@contextmanager
def writing(store: Store) -> Iterator[Write]:
    """One write transaction, which must record exactly one event.

    The hall's row is bumped first, so writers queue up behind one another on
    every engine and seq order is commit order. Raises StoreError kinds.
    """
    with translated(store.where):
        with store.engine.connect().execution_options(writes=True) as db, db.begin():
            seq, head = _NEXT_SEQ.run(db, {"hall": store.hall_id}).fetchone()
            write = Write(db, store.hall_id, seq, head or GENESIS)
            yield write
            if not write.recorded:
                raise AssertionError("a write transaction must record an event")
        store.poke()


@contextmanager
def reading(store: Store) -> Iterator[Connection]:
    """One read transaction: all its reads see the same moment. Raises StoreError kinds."""
    with translated(store.where), store.engine.connect() as db, db.begin():
        yield db


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Database failures as StoreError kinds; broken constraints stay IntegrityError (a bug elsewhere)."""
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise store_error(where, error.orig or error) from error
    except sqlite3.Error as error:
        raise store_error(where, error) from error


def store_error(where: str, error: BaseException) -> StoreError:
    """The expected failure behind a database error, by SQLite's result code where there is one."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    kinds: dict[int, type[StoreError]] = {
        sqlite3.SQLITE_READONLY: StoreReadOnly, sqlite3.SQLITE_CANTOPEN: StoreReadOnly,
        sqlite3.SQLITE_PERM: StoreReadOnly, sqlite3.SQLITE_FULL: StoreFull, sqlite3.SQLITE_CORRUPT: StoreDamaged,
        sqlite3.SQLITE_NOTADB: StoreDamaged,
    }
    return kinds.get(code, StoreAway)(where, str(error))
