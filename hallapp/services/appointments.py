"""Appointments: booked and withdrawn at a counter, found again by their code. Whoever comes gets a number
(services.kiosk)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from hallapp.domain import appointment as way
from hallapp.domain.appointment import Appointment, AppointmentRefused, AppointmentTimes, Refusal, Slot, free_place
from hallapp.domain.codes import AppointmentCode
from hallapp.domain.errors import BadInput
from hallapp.domain.events import Clerk, Kind
from hallapp.domain.printing import PrintJob, SlipKind
from hallapp.domain.ticket import Ticket
from hallapp.services.counter import signed_in
from hallapp.services.hall import Hall, Known, Step, look, step
from hallapp.store import appointments as stored
from hallapp.store import queue
from hallapp.store.rows import added, changed


@dataclass(frozen=True, slots=True)
class OpenSlot:
    """A slot that has not begun, with the places ``left`` in it: one at least."""

    day: date
    slot: Slot
    left: int


@dataclass(frozen=True, slots=True)
class Book:
    """What a clerk sees of appointments: what can be booked now, in order, and today's as they stand."""

    open: tuple[OpenSlot, ...]
    today: tuple[Appointment, ...]


@dataclass(frozen=True, slots=True)
class Booking:
    """What the clerk chose. ``starts_at`` is the slot's."""

    starts_at: datetime
    group: str
    item_code: str | None = None


@dataclass(frozen=True, slots=True)
class FoundAppointment:
    """``ticket`` is what it was checked in for, if it was."""

    appointment: Appointment
    ticket: Ticket | None


def book_of(hall: Hall) -> Book:
    """Nothing is open in a hall that takes no appointments."""
    with look(hall) as db:
        return Book(_open(db, hall, hall.clock.now(), hall.today()), stored.of_day(db, hall.id, hall.today()))


def _open(db: Connection, hall: Hall, now: datetime, today: date) -> tuple[OpenSlot, ...]:
    times = hall.appointment_times
    days = times.days(today) if times else []
    if times is None or not days:
        return ()
    taken = stored.places(db, hall.id, days[0], days[-1])
    slots = [(day, slot) for day in days for slot in times.slots(day, hall.rules.zone) if slot.starts_at > now]
    found = [OpenSlot(day, slot, times.per_slot - len(taken.get(slot.starts_at, ()))) for day, slot in slots]
    return tuple(one for one in found if one.left > 0)


def book(
    hall: Hall, by: Clerk, booking: Booking, printer: str | None = None, request: str | None = None
) -> Appointment:
    """A place in that slot, with a slip for ``printer``. ``request``: twice the same books once.

    Raises BadInput for an unknown business or item, AppointmentRefused (FULL, NOT_OPEN), NotSignedIn.
    """
    if hall.catalogue.find_group(booking.group) is None:
        raise BadInput("group")
    if booking.item_code is not None and hall.catalogue.find_item(booking.item_code) is None:
        raise BadInput("item_code")
    if hall.appointment_times is None:
        raise AppointmentRefused(Refusal.NOT_OPEN)
    try:
        with step(hall) as doing:
            doing.require_new(request)
            signed_in(doing, by)
            booked = _booked(doing, hall.appointment_times, booking)
            slip = [added(PrintJob(doing.id, doing.day, printer, SlipKind.APPOINTMENT, booked.id, doing.now))
                    ] if printer else []
            doing.record(Kind.BOOKED, by, [added(booked), *slip], data={"appointment": str(booked.code)},
                         request=request)
            return booked
    except Known as known:
        with look(hall) as db:
            before = stored.appointment(db, hall.id, known.event.seq)
        assert before  # never taken back
        return before


def _booked(doing: Step, times: AppointmentTimes, booking: Booking) -> Appointment:
    hall = doing.hall
    for day in times.days(doing.day):
        for slot in times.slots(day, hall.rules.zone):
            if slot.starts_at == booking.starts_at > doing.now:
                taken = stored.places(doing.db, hall.id, day, day).get(slot.starts_at, set())
                place = free_place(taken, times.per_slot)
                if place is None:
                    raise AppointmentRefused(Refusal.FULL)
                serial = stored.last_serial(doing.db, hall.id, day) + 1
                return Appointment(doing.id, day, serial, place, slot.starts_at, slot.ends_at,
                                   times.holds_until(slot), booking.group, booking.item_code, doing.now)
    raise AppointmentRefused(Refusal.NOT_OPEN)


def withdraw(hall: Hall, by: Clerk, code: AppointmentCode) -> Appointment:
    """撤销预约: its place is free again. Raises AppointmentRefused (UNKNOWN, CAME, WITHDRAWN, LATE), NotSignedIn."""
    with step(hall) as doing:
        signed_in(doing, by)
        booked = appointment_of(doing.db, hall, code)
        gone = way.withdraw(booked, doing.now)
        doing.record(Kind.WITHDRAWN, by, [changed(booked, gone)], data={"appointment": str(code)})
        return gone


def find_appointment(hall: Hall, code: AppointmentCode) -> FoundAppointment:
    """Raises AppointmentRefused (UNKNOWN)."""
    with look(hall) as db:
        found = appointment_of(db, hall, code)
        return FoundAppointment(found, queue.ticket(db, hall.id, found.ticket_id) if found.ticket_id else None)


def appointment_of(db: Connection, hall: Hall, code: AppointmentCode) -> Appointment:
    """Raises AppointmentRefused (UNKNOWN)."""
    found = stored.by_code(db, hall.id, code)
    if found is None:
        raise AppointmentRefused(Refusal.UNKNOWN)
    return found
