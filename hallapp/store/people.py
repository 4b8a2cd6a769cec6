"""Reading staff and sessions; keeping password hashes."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, insert, select

from hallapp.domain.staff import Session, Staff
from hallapp.store import tables
from hallapp.store.prepared import Prepared
from hallapp.store.rows import every, first

_staff, _session, _credential = tables.staff, tables.session, tables.credential
_SESSIONS = select(_session).where(_session.c.hall_id == bindparam("hall"))
_STAFF = Prepared(select(_staff).where(_staff.c.hall_id == bindparam("hall"), _staff.c.number == bindparam("who")))
_AT, _OF = (Prepared(_SESSIONS.where(_session.c[name] == bindparam("at"))) for name in ("window", "staff"))
_ALL = Prepared(_SESSIONS.order_by(_session.c.window))


def staff(db: Connection, hall_id: str, number: str) -> Staff | None:
    return first(db, Staff, _STAFF, {"hall": hall_id, "who": number})


def all_staff(db: Connection, hall_id: str) -> tuple[Staff, ...]:
    return every(db, Staff, select(_staff).where(_staff.c.hall_id == hall_id).order_by(_staff.c.number))


def password_hash(db: Connection, hall_id: str, number: str) -> str | None:
    query = select(_credential.c.password).where(
        _credential.c.hall_id == hall_id, _credential.c.number == number
    )
    return db.execute(query).scalar()


def keep_password(db: Connection, hall_id: str, number: str, hashed: str) -> None:
    """Replace the hash; part of the transaction that records the change of staff."""
    db.execute(delete(_credential).where(_credential.c.hall_id == hall_id, _credential.c.number == number))
    db.execute(insert(_credential), {"hall_id": hall_id, "number": number, "password": hashed})


def session_at(db: Connection, hall_id: str, window: int) -> Session | None:
    return first(db, Session, _AT, {"hall": hall_id, "at": window})


def session_of(db: Connection, hall_id: str, number: str) -> Session | None:
    return first(db, Session, _OF, {"hall": hall_id, "at": number})


def sessions(db: Connection, hall_id: str) -> tuple[Session, ...]:
    return every(db, Session, _ALL, {"hall": hall_id})
