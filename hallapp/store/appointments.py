"""Reading appointments."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, select, union_all

from hallapp.domain.appointment import MOST_DAYS_AHEAD, Appointment
from hallapp.domain.codes import AppointmentCode
from hallapp.store import tables
from hallapp.store.rows import every, first

_appointment = tables.appointment


def appointment(db: Connection, hall_id: str, appointment_id: int) -> Appointment | None:
    return first(db, Appointment, select(_appointment).where(
        _appointment.c.hall_id == hall_id, _appointment.c.id == appointment_id))


def by_code(db: Connection, hall_id: str, code: AppointmentCode) -> Appointment | None:
    return first(db, Appointment, select(_appointment).where(
        _appointment.c.hall_id == hall_id, _appointment.c.day == code.day, _appointment.c.serial == code.serial))


def of_day(db: Connection, hall_id: str, day: date) -> tuple[Appointment, ...]:
    """In the order of their times."""
    query = select(_appointment).where(_appointment.c.hall_id == hall_id, _appointment.c.day == day)
    return every(db, Appointment, query.order_by(_appointment.c.starts_at, _appointment.c.serial))


def places(db: Connection, hall_id: str, first_day: date, last_day: date) -> dict[datetime, set[int]]:
    """The places taken, by the start of their slot."""
    query = select(_appointment.c.starts_at, _appointment.c.place).where(
        _appointment.c.hall_id == hall_id, _appointment.c.day >= first_day, _appointment.c.day <= last_day,
        _appointment.c.place.is_not(None))
    found: dict[datetime, set[int]] = {}
    for row in db.execute(query):
        found.setdefault(row.starts_at, set()).add(row.place)
    return found


def last_serial(db: Connection, hall_id: str, day: date) -> int:
    """What the day's next appointment comes after: 0 before the first; or a later serial where a restore may have lost
    some that people hold the slips of."""
    hall = tables.hall
    query = union_all(
        select(func.max(_appointment.c.serial)).where(_appointment.c.hall_id == hall_id, _appointment.c.day == day),
        select(hall.c.serials_after).where(
            hall.c.hall_id == hall_id, hall.c.restored_on <= day,
            hall.c.restored_on >= day - timedelta(days=MOST_DAYS_AHEAD)))
    return max(serial or 0 for serial in db.execute(query).scalars())
