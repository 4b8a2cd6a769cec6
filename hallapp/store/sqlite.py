"""SQLite: one file, for a hall on one PC."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, text
from sqlalchemy.exc import DBAPIError

from hallapp.domain.errors import StoreAway, StoreDamaged, StoreError, StoreFull, StoreReadOnly
from hallapp.domain.presence import Sign
from hallapp.store import tables
from hallapp.store.db import NEXT
from hallapp.store.prepared import Prepared

BUSY_SECONDS = 5.0
POLL_SECONDS = 0.05

_FAILURES: dict[int, type[StoreError]] = {
    sqlite3.SQLITE_READONLY: StoreReadOnly, sqlite3.SQLITE_CANTOPEN: StoreReadOnly,
    sqlite3.SQLITE_PERM: StoreReadOnly, sqlite3.SQLITE_FULL: StoreFull, sqlite3.SQLITE_CORRUPT: StoreDamaged,
    sqlite3.SQLITE_NOTADB: StoreDamaged,
    sqlite3.SQLITE_IOERR_SHMSIZE: StoreFull,  # no room for what lies beside a file in use
}
_NEXT = Prepared(text(NEXT))
_HEAD = Prepared(text("UPDATE hall SET head = :hash WHERE hall_id = :hall_id"))
_APPEND = Prepared(insert(tables.event), [column.name for column in tables.event.c])


class Sqlite:
    """As store.db.Kind."""

    def begin(self, db: Connection, hall_id: str) -> tuple[int, bytes | None, datetime | None]:
        seq, head = _NEXT.first(db, {"hall": hall_id})
        return seq, head, None

    def hasten(self, db: Connection, answers: bool) -> None:
        """All is done as it is told."""

    def append(self, db: Connection, row: dict[str, Any]) -> None:
        _APPEND.run(db, row)
        _HEAD.run(db, row)

    def committing(self, db: Connection, hall_id: str) -> None:
        """Nobody has to be told: others look at the file's version."""

    def wakeups(self, engine: Engine, hall_id: str, poked: Event, stopped: Event) -> Iterator[None]:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            seen = db.exec_driver_sql("PRAGMA data_version").scalar()
            yield
            while not stopped.is_set():
                poked.wait(POLL_SECONDS)
                version = db.exec_driver_sql("PRAGMA data_version").scalar()
                if poked.is_set() or version != seen:
                    poked.clear()
                    seen = version
                    yield

    def signs(self, engine: Engine) -> tuple[Sign, ...]:
        return ()

    def failure(self, error: BaseException) -> type[StoreError]:
        code = getattr(error, "sqlite_errorcode", None) or 0
        return _FAILURES.get(code, _FAILURES.get(code & 0xFF, StoreAway))


def engine_of(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _tune)
    event.listen(engine, "begin", _begin)
    return engine


def _tune(raw: sqlite3.Connection, _record: Any) -> None:
    raw.isolation_level = None  # transactions are begun by _begin, not by the driver's guess
    # FULL: a number on paper must survive a power cut
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {pragma}").close()


def _begin(db: Connection) -> None:
    options = db.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        driver = db.connection.driver_connection
        assert driver is not None
        try:
            driver.execute("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN").close()
        except sqlite3.Error as error:  # SQLAlchemy does not look after what its listeners let out
            raise DBAPIError("BEGIN", None, error) from error
