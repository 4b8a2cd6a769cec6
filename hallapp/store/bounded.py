"""A connection to PostgreSQL that waits no longer than it is told to: psycopg waits without end for a server that is
frozen or behind a cut cable, because nothing ever says that no answer will come."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from time import monotonic
from typing import Any, Self

from psycopg import Connection, OperationalError, ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from hallapp.domain.errors import BadInput
from hallapp.store.db import STEP_SECONDS

# For each answer while connecting, of which there are half a dozen: on a slow line a connection takes longer than that,
# and a host that is gone does not. Of hosts an address has two at most: a server and its standby.
CONNECT_SECONDS = 1.0
PROGRAM = "hallapp"  # what a session is called at the server, with a sign behind it or without
_FILES = {"sslrootcert": "PGSSLROOTCERT", "passfile": "PGPASSFILE"}


class Bounded(Connection[Any]):
    """Raises OperationalError once a wait goes past what was allowed last, and is closed then: whether the server did
    what it was asked is not known."""

    until: float

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._answered = monotonic()
        self.allow(STEP_SECONDS)

    @classmethod
    def _connect_gen(cls, *arguments: Any, **more: Any) -> Generator[Any, Any, Self]:
        """As psycopg, whose own ``connect_timeout`` knows whole seconds from 2 on only."""
        made: Self = yield from _within(
            super()._connect_gen(*arguments, **more), monotonic() + CONNECT_SECONDS, CONNECT_SECONDS)
        return made

    def allow(self, seconds: float) -> None:
        """From now on, for all waits together."""
        self.until = monotonic() + seconds

    def idle(self) -> float:
        """Seconds since it last answered."""
        return monotonic() - self._answered

    def wait(self, gen: Any, *arguments: Any, **more: Any) -> Any:
        try:
            found = super().wait(_within(gen, self.until), *arguments, **more)
        except _Silent:
            self.close()
            raise
        self._answered = monotonic()
        return found


class _Silent(OperationalError):
    """The server did not answer in time."""


def _within(waiting: Generator[Any, Any, Any], until: float, more: float = 0.0) -> Generator[Any, Any, Any]:
    """psycopg's own generator, given up when nothing came by ``until``, or, if ``more``, for so many seconds since
    something came; what is there already is always taken."""
    try:
        wish = next(waiting)
        while True:
            ready = yield wish
            if not ready and monotonic() >= until:
                waiting.close()
                raise _Silent("the server did not answer in time")
            if ready and more:
                until = monotonic() + more
            wish = waiting.send(ready)
    except StopIteration as done:
        return done.value


def connection_settings(url: str, seconds: float) -> dict[str, Any]:
    """An address as libpq takes it, with a list of hosts too; of several the one that may be written to is meant.

    After ``seconds`` the server lets go as well: a station whose cable is out, or that waits no more, must not hold the
    hall's row.
    """
    options = [f"-c {name}={1000 * seconds:.0f}" for name in ("lock_timeout", "idle_in_transaction_session_timeout")]
    options.append("-c TimeZone=UTC")  # moments come as they are kept here
    if seconds <= STEP_SECONDS:  # for a read of one month, to plan it anew costs twice the read; reports are worth it
        options.append("-c plan_cache_mode=force_generic_plan")
        options.append("-c random_page_cost=1.1")  # a day's rows lie in memory: to look all through is never quicker
    settings = {"application_name": PROGRAM, "options": " ".join(options), **conninfo_to_dict(url)}
    if "," in str(settings.get("host", "")):
        settings.setdefault("target_session_attrs", "read-write")
    if sys.platform == "win32":
        os.environ.update(by_environment(settings))
    return settings


def by_environment(settings: dict[str, Any]) -> dict[str, str]:
    """Take the files with Chinese in their path out of the settings, to be named in the environment instead. On Windows
    libpq opens a file by its name in the system's own code page: an address gives it UTF-8, the environment does not.
    """
    chinese = [name for name in _FILES if not str(settings.get(name, "")).isascii()]
    return {_FILES[name]: str(settings.pop(name)) for name in chinese}


def shown(url: str) -> str:
    """The address for people to read, without its password."""
    settings = conninfo_to_dict(url)
    who = f"{settings.get('user', '')}{':***' if 'password' in settings else ''}"
    return f"postgresql://{who}@{place(url)}"


def place(url: str) -> str:
    """Of an address the server and the database, and nothing of who goes there. Raises BadInput for what is none."""
    try:
        settings = conninfo_to_dict(url)
    except ProgrammingError:
        raise BadInput("url") from None
    return f"{_places(settings)}/{settings.get('dbname', '')}"


def _places(settings: dict[str, Any]) -> str:
    hosts = str(settings.get("host", "")).split(",")
    ports = str(settings.get("port") or "").split(",")
    ports = ports if len(ports) == len(hosts) else ports * len(hosts)
    return ",".join(f"{host}:{port}" if port else host for host, port in zip(hosts, ports, strict=True))
