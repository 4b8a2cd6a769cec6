"""PostgreSQL: one server for a hall's PCs, or for many halls."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from threading import Event
from time import monotonic
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, bindparam, create_engine, event, insert, text, update
from sqlalchemy.exc import DBAPIError, InvalidatePoolError

from hallapp.domain.clock import Heard
from hallapp.domain.errors import StoreAway, StoreDamaged, StoreError, StoreForbidden, StoreFull, StoreReadOnly
from hallapp.domain.presence import Sign, read_sign
from hallapp.store import tables
from hallapp.store.bounded import PROGRAM, Bounded, connection_settings
from hallapp.store.db import NEXT, STEP_SECONDS
from hallapp.store.prepared import Prepared
from hallapp.store.wire import LOOK, STEP, Wire

_NOTIFY = b"SELECT pg_notify($1, '')"
LOOK_SECONDS = 1.0  # a wake-up may get lost with its sender: then this look finds what was committed
ASK_SECONDS = 0.5  # for an idle connection to show that it is alive; else there is time left for a new one
FRESH_SECONDS = 0.5  # since its last answer: then it needs no asking
BEAT_SECONDS = 1.5  # for the server's answer while nothing happens; with LOOK_SECONDS, how soon silence is noticed
SIGN_SECONDS = 15  # that a sign holds: the session of a PC without power lingers at the server
_NOW = "extract(epoch FROM clock_timestamp())::bigint"
_SIGNS = (f"SELECT application_name, {_NOW} FROM pg_stat_activity "
          f"WHERE datname = current_database() AND starts_with(application_name, '{PROGRAM} ')")

_FAILURES: dict[str, type[StoreError]] = {
    "53100": StoreFull, "25006": StoreReadOnly, "42501": StoreForbidden, "XX001": StoreDamaged, "XX002": StoreDamaged,
}
_NEXT, _NEXT_AT = Prepared(text(NEXT)), Prepared(text(f"{NEXT}, clock_timestamp()"))
_HEAD = update(tables.hall).where(tables.hall.c.hall_id == bindparam("hall_id")).values(head=bindparam("hash"))
_APPEND = Prepared(insert(tables.event).values({
    column.name: bindparam(column.name) for column in tables.event.c}).add_cte(_HEAD.cte("headed")))


class Postgres:
    """As store.db.Kind. ``heard`` is told the server's time whenever it is learnt, with this process's monotonic clock
    before and after (domain.clock.ServerClock).

    ``sign``: what this program tells those of other PCs of itself, without its place. It stands in the name of its
    session, which every role may read, with the time of the last beat: nothing is written for it."""

    def __init__(self, heard: Heard | None = None, sign: Sign | None = None) -> None:
        self._heard, self._sign = heard, sign

    def begin(self, db: Connection, hall_id: str) -> tuple[int, bytes | None, datetime | None]:
        """The moment is taken when the row is held: time follows seq, though each PC guesses the server's time a
        little differently."""
        if self._heard is None:
            seq, head = _NEXT.first(db, {"hall": hall_id})
            return seq, head, None
        seq, head, moment = _NEXT_AT.first(db, {"hall": hall_id})
        return seq, head, moment.astimezone(UTC)

    def hasten(self, db: Connection, answers: bool) -> None:
        driver: Any = db.connection.driver_connection
        try:
            driver.hasten(answers)
        except psycopg.Error as error:
            raise DBAPIError("hasten", None, error) from error

    def append(self, db: Connection, row: dict[str, Any]) -> None:
        _APPEND.run(db, row)

    def committing(self, db: Connection, hall_id: str) -> None:
        """Told behind the commit and not in it: a commit that notifies makes all others of the database wait.

        The step is done whether or not this gets through; who misses it has LOOK_SECONDS."""
        driver: Any = db.connection.driver_connection
        driver.afterwards(_NOTIFY, (channel(hall_id),))

    def wakeups(self, engine: Engine, hall_id: str, poked: Event, stopped: Event) -> Iterator[None]:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            db.exec_driver_sql(f'LISTEN "{channel(hall_id)}"')
            heard = self._hear(db)
            yield
            while not stopped.is_set():
                _await_news(db)
                if monotonic() - heard >= LOOK_SECONDS:
                    heard = self._hear(db)
                poked.clear()
                yield

    def hear(self, engine: Engine) -> None:
        """Learn the server's time. Raises DBAPIError."""
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            self._hear(db)

    def signs(self, engine: Engine) -> tuple[Sign, ...]:
        if self._sign is None:
            return ()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            self._hear(db)  # of two that start at the same time one at least sees the other
            own = self._sign.at(_address(db))
            told = [(read_sign(name.removeprefix(f"{PROGRAM} ")), now) for name, now in db.exec_driver_sql(_SIGNS)]
        return own, *(one[0] for one, now in told if one and abs(now - one[1]) <= SIGN_SECONDS)

    def _hear(self, db: Connection) -> float:
        """Ask the server what time it is, which shows too that it is alive, and renew the sign; when that was. Raises
        DBAPIError."""
        driver: Any = db.connection.driver_connection
        driver.allow(BEAT_SECONDS)
        asking = "SELECT clock_timestamp()"
        if self._sign is not None:
            said = f"'{PROGRAM} {self._sign.at(_address(db)).text()} ' || to_hex({_NOW})"
            asking = f"{asking}, set_config('application_name', {said}, false)"
        asked = monotonic()
        moment = db.exec_driver_sql(asking).scalar_one()
        answered = monotonic()
        if self._heard is not None:
            self._heard(moment, asked, answered)
        return answered

    def failure(self, error: BaseException) -> type[StoreError]:
        return _FAILURES.get(getattr(error, "sqlstate", None) or "", StoreAway)


def _await_news(db: Connection) -> None:
    """Until somebody notifies, or LOOK_SECONDS. Raises DBAPIError."""
    driver: Any = db.connection.driver_connection
    driver.allow(LOOK_SECONDS + BEAT_SECONDS)
    try:
        list(driver.notifies(timeout=LOOK_SECONDS, stop_after=1))
    except psycopg.Error as error:
        raise DBAPIError("LISTEN", None, error) from error


def _address(db: Connection) -> str:
    """This PC's own on the line to the server. Raises DBAPIError."""
    driver: Any = db.connection.driver_connection
    try:
        with socket.fromfd(driver.fileno(), socket.AF_INET, socket.SOCK_STREAM) as line:
            return str(line.getsockname()[:1])  # without the port; a socket that is a file has none
    except (OSError, psycopg.Error) as error:
        raise DBAPIError("getsockname", None, error) from error


@cache
def channel(hall_id: str) -> str:
    """A hall's own, so that others do not wake up; hashed, for an id may be longer than a channel's name."""
    return f"hall_{hashlib.sha256(hall_id.encode()).hexdigest()[:16]}"


def engine_of(url: str, seconds: float = STEP_SECONDS) -> Engine:
    """``seconds``: how long a step or look may wait for the server in all, from its begin to its commit."""
    settings = connection_settings(url, seconds)
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: Wire.connect(prepare_threshold=None, **settings),
        pool_size=4, max_overflow=8,
        pool_reset_on_return=None,  # every transaction here has its end; one more rollback would only take time
        use_native_hstore=False,  # asking for its type would be one more round trip at each connecting
    )

    def ask(driver: Bounded, _record: object, _proxy: object) -> None:
        """After a restart of the server nobody's first step may fail on an old connection.

        One that was just used is only looked at, which costs no round trip and shows whether it was closed since."""
        try:
            if driver.idle() < FRESH_SECONDS:
                driver.pgconn.consume_input()
            else:
                driver.allow(ASK_SECONDS)
                engine.dialect.do_ping(driver)  # type: ignore[arg-type]
        except psycopg.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkout", ask)
    event.listen(engine, "begin", _begin)
    return engine.execution_options(seconds=seconds)


def _begin(db: Connection) -> None:
    options = db.get_execution_options()
    driver: Any = db.connection.driver_connection
    driver.allow(options["seconds"])
    if options.get("isolation_level") != "AUTOCOMMIT":
        driver.begin(STEP if options.get("writes") else LOOK)
