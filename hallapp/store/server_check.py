"""Whether a server can hold this PC's hall, asked before anything is written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, inspect, select, text

from hallapp.store import tables
from hallapp.store.db import STEP_SECONDS, translated
from hallapp.store.opening import OLDEST_POSTGRES, require_head, server_of
from hallapp.store.rights import is_owner


@dataclass(frozen=True, slots=True)
class ServerCheck:
    """``clock_seconds``: how far this PC's clock is ahead of the server's. ``lacking``: rights that the role would need
    and has not, as ``ticket INSERT``. ``halls``: those it sees by id, with the day of their end; ``names``: what they
    are called. ``owner``: it owns the tables, or may make them."""

    version: str
    new_enough: bool
    clock_seconds: float
    lacking: tuple[str, ...]
    halls: Mapping[str, date | None]
    owner: bool = True
    names: Mapping[str, str] = field(default_factory=dict)


# what a station of either kind needs (store.rights)
_NEEDED = {
    "alembic_version": "SELECT", "hall": "SELECT", "event": "SELECT, INSERT", "ticket": "SELECT, INSERT",
    "print_job": "SELECT, INSERT", "call": "SELECT", "visit": "SELECT", "session": "SELECT", "notice": "SELECT",
    "staff": "SELECT", "appointment": "SELECT",
}


def check_server(url: str, now: datetime) -> ServerCheck:
    """Raises BadInput for an address, StoreAway, for a wrong password too, StoreOutdated or StoreTooNew."""
    from hallapp.store import postgres

    engine, where = server_of(url, STEP_SECONDS)
    try:
        with translated(postgres.Postgres(), where), engine.connect() as db:
            version = engine.dialect.server_version_info or ()
            ahead = (now - db.execute(text("SELECT now()")).scalar_one()).total_seconds()
            made = inspect(db).has_table("hall")
            lacking = _lacking(db) if made else _lacking_to_make(db)
            halls: dict[str, date | None] = {}
            names: dict[str, str] = {}
            if made and not lacking:
                require_head(db, where)
                for row in db.execute(select(tables.hall).order_by(tables.hall.c.hall_id)):
                    halls[row.hall_id], names[row.hall_id] = row.closed_on, row.name
            owner = is_owner(db) if made else not lacking
    finally:
        engine.dispose()
    return ServerCheck(".".join(map(str, version)), version >= OLDEST_POSTGRES, ahead, lacking, halls, owner, names)


def _lacking(db: Connection) -> tuple[str, ...]:
    needed = [(table, right) for table, rights in _NEEDED.items() for right in rights.split(", ")]
    asked = text("SELECT has_table_privilege(to_regclass(:table), :right)")
    lacking = [f"{table} {right}" for table, right in needed
               if not db.execute(asked, {"table": table, "right": right}).scalar()]
    if not db.execute(text("SELECT has_column_privilege('hall', 'seq', 'UPDATE')")).scalar():
        lacking.append("hall UPDATE")
    return tuple(lacking)


def _lacking_to_make(db: Connection) -> tuple[str, ...]:
    may = db.execute(text("SELECT has_schema_privilege(current_schema(), 'CREATE')")).scalar()
    return () if may else ("CREATE",)
