"""Whether a server can hold this PC's hall, asked before anything is written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import inspect, select, text

from hallapp.store import tables
from hallapp.store.db import translated
from hallapp.store.opening import OLDEST_POSTGRES


@dataclass(frozen=True, slots=True)
class ServerCheck:
    """``clock_seconds``: how far this PC's clock is ahead of the server's. ``halls``: the ids of those it holds."""

    version: str
    new_enough: bool
    clock_seconds: float
    may_write: bool
    halls: tuple[str, ...]


def check_server(url: str, now: datetime) -> ServerCheck:
    """Raises StoreAway, for a wrong password too."""
    from hallapp.store import bounded, postgres

    engine, kind = postgres.engine_of(url), postgres.Postgres()
    try:
        with translated(kind, bounded.shown(url)), engine.connect() as db:
            version = engine.dialect.server_version_info or ()
            ahead = (now - db.execute(text("SELECT now()")).scalar_one()).total_seconds()
            made = inspect(db).has_table("hall")
            rights = ("has_table_privilege('hall', 'UPDATE')" if made
                      else "has_schema_privilege('public', 'CREATE')")
            may_write = bool(db.execute(text(f"SELECT {rights}")).scalar_one())
            halls = tuple(db.execute(select(tables.hall.c.hall_id)).scalars()) if made and may_write else ()
    finally:
        engine.dispose()
    return ServerCheck(".".join(map(str, version)), version >= OLDEST_POSTGRES, ahead, may_write, halls)
