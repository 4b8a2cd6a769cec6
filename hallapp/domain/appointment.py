"""Appointments (预约): the times that are open, and the way of a booked one: booked -> came, or withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hallapp.domain.codes import AppointmentCode
from hallapp.domain.errors import HallError

MOST_DAYS_AHEAD = 60


class AppointmentState(StrEnum):
    BOOKED = "booked"
    CAME = "came"  # checked in: it has its ticket
    WITHDRAWN = "withdrawn"


class Refusal(StrEnum):
    """Why an appointment is not given, checked in or withdrawn."""

    UNKNOWN = "unknown"
    OTHER_DAY = "other_day"
    LATE = "late"
    CAME = "came"
    WITHDRAWN = "withdrawn"
    FULL = "full"  # somebody else took the last place meanwhile
    NOT_OPEN = "not_open"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A place in a slot; whose it is nobody writes down.

    ``id`` is the seq of the event that booked it, ``place`` one of the slot's, the first is 1, ``None`` once it is
    withdrawn. ``holds_until`` is the moment up to which it can be checked in; ``ticket_id`` the ticket it got then.
    """

    id: int
    day: date
    serial: int
    place: int | None
    starts_at: datetime
    ends_at: datetime
    holds_until: datetime
    group: str
    item_code: str | None
    booked_at: datetime
    state: AppointmentState = AppointmentState.BOOKED
    ticket_id: int | None = None

    @property
    def code(self) -> AppointmentCode:
        return AppointmentCode(self.day, self.serial)


class AppointmentRefused(HallError):
    """Attributes:
        why: The reason.
        appointment: The one it is about, if there is one.
    """

    def __init__(self, why: Refusal, appointment: Appointment | None = None) -> None:
        super().__init__(f"{appointment.code}: {why}" if appointment else str(why))
        self.why, self.appointment = why, appointment


@dataclass(frozen=True, slots=True)
class Slot:
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class AppointmentTimes:
    """What a hall takes: ``per_slot`` visitors every ``slot_minutes`` within ``hours`` (hall time) on ``weekdays``
    (Monday is 1) and the ``workdays`` that holidays are made up for with, not on ``closed_days``, up to ``days_ahead``
    days before; they may be ``late_minutes`` late after the slot's end."""

    hours: tuple[tuple[time, time], ...]
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    slot_minutes: int = 30
    per_slot: int = 2
    days_ahead: int = 7
    late_minutes: int = 10
    closed_days: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def days(self, today: date) -> list[date]:
        """Those that can be booked now."""
        ahead = (today + timedelta(days=turn) for turn in range(self.days_ahead + 1))
        return [day for day in ahead
                if day not in self.closed_days and (day.isoweekday() in self.weekdays or day in self.workdays)]

    def slots(self, day: date, zone: ZoneInfo) -> list[Slot]:
        """The day's whole slots in order; a remainder at the end of the hours is none."""
        length, found = timedelta(minutes=self.slot_minutes), []
        for opens, closes in self.hours:
            start, end = datetime.combine(day, opens), datetime.combine(day, closes)
            while start + length <= end:
                found.append(Slot(*(at.replace(tzinfo=zone).astimezone(UTC) for at in (start, start + length))))
                start += length
        return found

    def holds_until(self, slot: Slot) -> datetime:
        return slot.ends_at + timedelta(minutes=self.late_minutes)


def free_place(taken: Collection[int], per_slot: int) -> int | None:
    """The first place of a slot that nobody has; ``None``: it is full, be it of places there were more of."""
    if len(taken) >= per_slot:
        return None
    return next(place for place in range(1, per_slot + 1) if place not in taken)


def come(appointment: Appointment, ticket_id: int, now: datetime, today: date) -> Appointment:
    """Checked in, early or in time: it gets that ticket, and no second one. Raises AppointmentRefused."""
    if appointment.day != today:
        raise AppointmentRefused(Refusal.OTHER_DAY, appointment)
    _require_booked(appointment)
    _require_in_time(appointment, now)
    return replace(appointment, state=AppointmentState.CAME, ticket_id=ticket_id)


def withdraw(appointment: Appointment, now: datetime) -> Appointment:
    """Given up: its place is free again. One whose time is over stays as it is, kept or not."""
    _require_booked(appointment)
    _require_in_time(appointment, now)
    return replace(appointment, state=AppointmentState.WITHDRAWN, place=None)


def _require_booked(appointment: Appointment) -> None:
    if appointment.state is AppointmentState.CAME:
        raise AppointmentRefused(Refusal.CAME, appointment)
    if appointment.state is AppointmentState.WITHDRAWN:
        raise AppointmentRefused(Refusal.WITHDRAWN, appointment)


def _require_in_time(appointment: Appointment, now: datetime) -> None:
    if now > appointment.holds_until:
        raise AppointmentRefused(Refusal.LATE, appointment)
