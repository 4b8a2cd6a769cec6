"""What the kinds of database roles may do: a hall's desk (counters, supervisor), its kiosk (kiosk and board), and the
county, which reads all halls.

Rights are given to one group role a kind, and the halls' own roles (store.halls) are members of it; which rows they
see follows from who they are (``own_hall()``).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import Connection, text

from hallapp.store import tables


class RoleKind(StrEnum):
    DESK = "desk"
    KIOSK = "kiosk"
    COUNTY = "county"

    @property
    def group(self) -> str:
        return f"hallapp_{self}"


READ = "SELECT"
_COMMON = {"alembic_version": READ, "hall": f"{READ}, UPDATE (seq, head)", "event": f"{READ}, INSERT"}
_UNDONE = f"{READ}, INSERT, UPDATE, DELETE"  # what an undo takes away again
RIGHTS: Mapping[RoleKind, Mapping[str, str]] = {
    RoleKind.DESK: {
        **_COMMON,
        **dict.fromkeys(("call", "visit", "item", "interval", "session"), _UNDONE),
        **dict.fromkeys(("ticket", "print_job", "staff", "rating", "appointment"), f"{READ}, INSERT, UPDATE"),
        "notice": f"{READ}, INSERT",
        "archive": READ,
        "credential": f"{READ}, INSERT, DELETE",
    },
    RoleKind.KIOSK: {
        **_COMMON,
        "ticket": f"{READ}, INSERT",
        "print_job": f"{READ}, INSERT, UPDATE (state, problem, changed_at)",
        "appointment": f"{READ}, UPDATE (state, ticket_id)",  # it checks in, and books nothing
        # of the staff the name: it is printed on a one-time notice
        **dict.fromkeys(("call", "visit", "session", "notice", "staff"), READ),
    },
    RoleKind.COUNTY: {
        "alembic_version": READ,
        **{name: READ for name in tables.metadata.tables if name != "credential"},
    },
}
# What the rows that a kiosk writes must be, beside of its own hall. An event's seq is the one that the hall's row just
# gave out: an event of tomorrow's seq would stop the hall.
_KIOSK_ROWS = {
    "event": "kind IN ('issued', 'print_started', 'printed', 'print_failed', 'device_changed') "
             "AND staff IS NULL AND \"window\" IS NULL "
             "AND seq = (SELECT given.seq FROM hall AS given WHERE given.hall_id = (SELECT own_hall()))",
    "ticket": "state = 'waiting' AND \"window\" IS NULL AND id = (SELECT given.seq FROM hall AS given "
              "WHERE given.hall_id = (SELECT own_hall()))",
    "appointment": "state = 'came' AND ticket_id = (SELECT given.seq FROM hall AS given "
                   "WHERE given.hall_id = (SELECT own_hall()))",
    "print_job": "state IN ('queued', 'sending', 'printed', 'failed', 'unknown')",
}
_LARGE_OBJECTS = ("lo_creat(integer)", "lo_create(oid)", "lo_from_bytea(oid, bytea)")  # else anybody fills the disk


def give_rights(db: Connection) -> None:
    """Make the group roles and give each exactly its rights, whatever it had before. The owner's work.

    Raises DBAPIError if the role at ``db`` may not make roles.
    """
    database, schema = db.execute(text("SELECT quote_ident(current_database()), quote_ident(current_schema())")).one()
    db.execute(text(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC"))
    db.execute(text(f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"))
    for function in _LARGE_OBJECTS:
        db.execute(text(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC"))
    for kind, rights in RIGHTS.items():
        if not has_role(db, kind.group):
            db.execute(text(f"CREATE ROLE {kind.group} NOLOGIN"))
        db.execute(text(f"GRANT CONNECT ON DATABASE {database} TO {kind.group}"))
        db.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {kind.group}"))
        db.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {kind.group}"))
        for table, allowed in rights.items():
            db.execute(text(f"GRANT {allowed} ON {table} TO {kind.group}"))
    _policies(db)


def _policies(db: Connection) -> None:
    for table in tables.metadata.tables:
        db.execute(text(f"DROP POLICY IF EXISTS every_hall ON {table}"))
        if table in RIGHTS[RoleKind.COUNTY]:
            db.execute(text(f"CREATE POLICY every_hall ON {table} FOR SELECT TO {RoleKind.COUNTY.group} USING (true)"))
    for table, condition in _KIOSK_ROWS.items():
        db.execute(text(f"DROP POLICY IF EXISTS station ON {table}"))
        db.execute(text(f"CREATE POLICY station ON {table} AS RESTRICTIVE TO {RoleKind.KIOSK.group} "
                        f"USING (true) WITH CHECK ({condition})"))


def has_role(db: Connection, name: str) -> bool:
    return db.execute(text("SELECT FROM pg_roles WHERE rolname = :name"), {"name": name}).first() is not None


def is_owner(db: Connection) -> bool:
    """Whether the role at ``db`` owns the store's tables."""
    return bool(db.execute(text("SELECT pg_has_role((SELECT relowner FROM pg_class WHERE oid = to_regclass('hall')), "
                                "'USAGE')")).scalar())
