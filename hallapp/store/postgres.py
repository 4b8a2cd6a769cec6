"""PostgreSQL: one server for a hall's PCs, or for many halls."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from threading import Event
from typing import Any

from psycopg import IsolationLevel
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from hallapp.domain.errors import StoreAway, StoreDamaged, StoreError, StoreFull, StoreReadOnly
from hallapp.store.prepared import Prepared

CONNECT_SECONDS = 3
LOOK_SECONDS = 1.0  # a wake-up may get lost with its sender: then this look finds what was committed

_FAILURES: dict[str, type[StoreError]] = {
    "53100": StoreFull, "25006": StoreReadOnly, "42501": StoreReadOnly, "XX001": StoreDamaged, "XX002": StoreDamaged,
}
_NEXT_SEQ = Prepared(text("UPDATE hall SET seq = seq + 1 WHERE hall_id = :hall RETURNING seq"))
_HEAD = Prepared(text("SELECT hash FROM event WHERE hall_id = :hall AND seq = :before"))


class Postgres:
    """As store.db.Kind."""

    def next_seq(self, db: Connection, hall_id: str) -> tuple[int, bytes | None]:
        (seq,) = _NEXT_SEQ.run(db, {"hall": hall_id}).fetchone()
        # a statement of its own: one that waited for the row sees the log as it was before it waited
        head = _HEAD.run(db, {"hall": hall_id, "before": seq - 1}).fetchone()
        return seq, head and bytes(head[0])

    def committed(self, db: Connection, hall_id: str) -> None:
        """Told after the commit and not with it: a commit that notifies makes all others of the database wait.

        The step is done whether or not this gets through; who misses it has LOOK_SECONDS."""
        driver: Any = db.connection.driver_connection
        try:
            driver.autocommit = True  # known to the client only: no round trip
            driver.execute("SELECT pg_notify(%s, '')", (channel(hall_id),))
            driver.autocommit = False
        except db.dialect.loaded_dbapi.Error:
            db.invalidate()

    def wakeups(self, engine: Engine, hall_id: str, poked: Event, stopped: Event) -> Iterator[None]:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            driver: Any = db.connection.driver_connection
            db.exec_driver_sql(f'LISTEN "{channel(hall_id)}"')
            yield
            while not stopped.is_set():
                try:
                    list(driver.notifies(timeout=LOOK_SECONDS, stop_after=1))
                except db.dialect.loaded_dbapi.Error as error:
                    raise DBAPIError("LISTEN", None, error) from error
                poked.clear()
                yield

    def failure(self, error: BaseException) -> type[StoreError]:
        return _FAILURES.get(getattr(error, "sqlstate", None) or "", StoreAway)


def channel(hall_id: str) -> str:
    """A hall's own, so that others do not wake up; hashed, for an id may be longer than a channel's name."""
    return f"hall_{hashlib.sha256(hall_id.encode()).hexdigest()[:16]}"


def engine_of(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"), pool_size=4, max_overflow=8,
        pool_pre_ping=True,  # after a restart of the server nobody's first step may fail on an old connection
        connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "hallapp"},
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(db: Connection) -> None:
    """A look sees one moment and writes nothing; a step sees what those it waited for have done."""
    options = db.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        writes = bool(options.get("writes"))
        driver: Any = db.connection.driver_connection
        driver.isolation_level = IsolationLevel.READ_COMMITTED if writes else IsolationLevel.REPEATABLE_READ
        driver.read_only = not writes
