"""The halls of a server: adding, listing and closing them, and the database roles of their stations."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from hallapp.domain.errors import BadInput
from hallapp.domain.rules import HALL_ID, LONGEST_NAME
from hallapp.domain.upkeep import HallUnknown
from hallapp.store import tables
from hallapp.store.opening import owned
from hallapp.store.rights import RoleKind, give_rights, has_role

_hall = tables.hall


@dataclass(frozen=True, slots=True)
class Listed:
    """A hall of the server; ``seq``: how many events it has."""

    hall_id: str
    name: str
    seq: int
    closed_on: date | None
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewRole:
    """A role and its password, which is not kept anywhere; ``renewed``: the one it had before is no good any more."""

    kind: RoleKind
    role: str
    password: str
    renewed: bool


def halls(url: str) -> tuple[Listed, ...]:
    """All of a server's halls, as its owner sees them. Raises StoreForbidden for others, and StoreError kinds."""
    with owned(url) as db:
        roles: dict[str, list[str]] = {}
        for hall_id, role in db.execute(text("SELECT hall_id, role FROM station_role ORDER BY role")):
            roles.setdefault(hall_id, []).append(role)
        return tuple(Listed(row.hall_id, row.name, row.seq, row.closed_on, tuple(roles.get(row.hall_id, ())))
                     for row in db.execute(select(_hall).order_by(_hall.c.hall_id)))


def add_hall(url: str, hall_id: str, name: str) -> tuple[NewRole, ...]:
    """Make a hall, or open a closed one again, with a desk and a kiosk role; roles that are there get new passwords.

    Raises BadInput for an id or a name, StoreForbidden or StoreError kinds.
    """
    if not HALL_ID.fullmatch(hall_id):
        raise BadInput("hall_id")
    if len(name) > LONGEST_NAME:
        raise BadInput("hall_name")
    with owned(url) as db:
        give_rights(db)
        given = {"name": name, "closed_on": None} if name else {"closed_on": None}
        if db.execute(update(_hall).where(_hall.c.hall_id == hall_id).values(given)).rowcount == 0:
            db.execute(insert(_hall), {"hall_id": hall_id, "seq": 0, "name": name})
        return tuple(_role(db, kind, f"{hall_id}_{kind}", hall_id) for kind in (RoleKind.DESK, RoleKind.KIOSK))


def add_county(url: str) -> NewRole:
    """Make the role that reads all halls of the database, or give it a new password. Raises as ``add_hall``."""
    with owned(url) as db:
        give_rights(db)
        database = db.execute(text("SELECT current_database()")).scalar_one()
        return _role(db, RoleKind.COUNTY, f"{database}_county", None)


def close_hall(url: str, hall_id: str, day: date) -> None:
    """From now on the hall opens no more; what it did stays, and the day of an earlier closing. Raises HallUnknown,
    StoreForbidden or StoreError kinds."""
    from hallapp.store import bounded

    with owned(url) as db:
        mine = update(_hall).where(_hall.c.hall_id == hall_id)
        if db.execute(mine.values(closed_on=func.coalesce(_hall.c.closed_on, day))).rowcount == 0:
            raise HallUnknown(bounded.shown(url), hall_id)


def _role(db: Connection, kind: RoleKind, role: str, hall_id: str | None) -> NewRole:
    password = secrets.token_urlsafe(12)
    driver: Any = db.connection.driver_connection
    # the server, its log and its list of statements see the verifier only
    verifier = driver.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    known = db.execute(text("SELECT hall_id FROM station_role WHERE role = :role"), {"role": role}).scalar()
    renewed = has_role(db, role)
    if renewed:
        if hall_id is not None and known != hall_id:
            raise BadInput("hall_id")  # another database's hall of that id, or somebody else's role
        db.exec_driver_sql(f'ALTER ROLE "{role}" LOGIN PASSWORD \'{verifier}\'')
    else:
        db.exec_driver_sql(f'CREATE ROLE "{role}" LOGIN NOCREATEROLE NOCREATEDB PASSWORD \'{verifier}\'')
    db.execute(text(f'GRANT {kind.group} TO "{role}"'))
    if hall_id is not None and known is None:
        db.execute(text("INSERT INTO station_role (hall_id, role, kind) VALUES (:hall, :role, :kind)"),
                   {"hall": hall_id, "role": role, "kind": kind.value})
    return NewRole(kind, role, password, renewed)
