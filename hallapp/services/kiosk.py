"""What a visitor does at the kiosk: see how long it takes, take a number, check in an appointment; that also a clerk
does for whoever comes straight to the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import IntegrityError

from hallapp.domain.appointment import Appointment, come
from hallapp.domain.clock import business_day
from hallapp.domain.codes import AppointmentCode
from hallapp.domain.errors import BadInput
from hallapp.domain.events import By, Kind
from hallapp.domain.printing import JobState, PrintJob, SlipKind
from hallapp.domain.queue import number, rank_at
from hallapp.domain.ticket import Ticket, TicketState
from hallapp.services.appointments import appointment_of, find_appointment
from hallapp.services.hall import Hall, Known, Step, look, step
from hallapp.services.handover import Handover
from hallapp.services.waits import ahead_and_minutes
from hallapp.store import jobs, log, queue
from hallapp.store.rows import Change, added, changed
from hallapp.store.situation import Situation, situation

WISH = timedelta(minutes=10)  # a kiosk's page has long gone back to the start by then, and its wish with it
Hand = Callable[[], Handover]
"""Tells the thread of the printer served here that a slip may come."""


@dataclass(frozen=True, slots=True)
class GroupWait:
    """A business group on the home page: how many go before a newcomer, as the slip will say (all who wait for the same
    windows), and the minutes to expect, ``None`` while no window is open for it."""

    group: str
    ahead: int
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What the visitor chose. ``request`` is the kiosk's id of this tap: twice the same issues one number. Whoever
    checks in an ``appointment`` chose business and item when it was booked."""

    group: str = ""
    item_code: str | None = None
    priority: bool = False
    notice_id: int | None = None
    request: str | None = None
    appointment: AppointmentCode | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A number, valid from this moment; ``job_id`` is its slip's print job, if a printer is set."""

    ticket: Ticket
    job_id: int | None


def group_waits(hall: Hall, priority: bool = False) -> tuple[GroupWait, ...]:
    """Every business group with what a newcomer, or one of the priority lane, would be told now."""
    rank, day = rank_at(hall.clock.now(), priority, hall.rules), hall.today()
    with look(hall) as db:
        found = situation(db, hall.id, day, rank)
    return tuple(GroupWait(group.code, *ahead_and_minutes(found, hall, group.code)) for group in hall.catalogue.groups)


def issue(hall: Hall, by: By, wish: Wish, printer: str | None = None, hand: Hand | None = None) -> Issued:
    """Issue the next number of the wish's business, with a print job for ``printer``.

    ``hand`` is given if this very process serves that printer. If nothing is before the slip there, its job is
    recorded as being sent together with the number, and handed over: one commit lies between tap and paper, not two.
    Raises BadInput for an unknown group or item, AppointmentRefused for an appointment that gets no ticket (now).
    """
    if wish.appointment:
        wish = _booked_wish(hall, wish, wish.appointment)
    letter = _letter(hall, wish)
    handover = hand() if hand else None
    try:
        return _issue(hall, by, wish, letter, printer, handover)
    except (Known, IntegrityError):
        before = issued_before(hall, wish)
        if before is None:
            raise
        return before
    finally:
        if handover:
            handover.settle(False)


def _issue(
    hall: Hall, by: By, wish: Wish, letter: str, printer: str | None, handover: Handover | None
) -> Issued:
    """Raises Known, or IntegrityError: the event's unique key forbids a second number for a wish, but on one day only,
    and costs no read."""
    with step(hall) as doing:
        booked = appointment_of(doing.db, hall, wish.appointment) if wish.appointment else None
        rank = rank_at(booked.starts_at if booked else doing.now, wish.priority, hall.rules)
        found = doing.ask(situation, doing.day, rank, letter)
        doing.hasten()
        job = _slip_job(doing, printer, handover) if printer else None
        if job:
            doing.change(added(job))
        if booked or business_day(doing.now - WISH, hall.rules.zone) != doing.day:
            doing.require_new(wish.request)
        checked_in = _checked_in(doing, booked) if booked else []
        ticket = _next_ticket(doing, by, wish, letter, rank, found())
        if booked:
            ticket = replace(ticket, booked_for=booked.starts_at)
        changes = [added(ticket), *checked_in]
        if handover:
            if job and job.state is JobState.SENDING:
                handover.give(job, ticket)
            doing.write.then = partial(handover.settle, True)
        data = {"appointment": str(wish.appointment)} if booked else None
        doing.record(Kind.ISSUED, by, changes, ticket=ticket, data=data, request=wish.request)
    return Issued(ticket, job.id if job else None)


def _booked_wish(hall: Hall, wish: Wish, code: AppointmentCode) -> Wish:
    """With what was booked; an item that the catalogue has no more is left out."""
    booked = find_appointment(hall, code).appointment
    item = booked.item_code and hall.catalogue.find_item(booked.item_code)
    return replace(wish, group=booked.group, item_code=item.code if item else None)


def _checked_in(doing: Step, booked: Appointment) -> list[Change]:
    return [changed(booked, come(booked, doing.id, doing.now, doing.day))]


def _slip_job(doing: Step, printer: str, handover: Handover | None) -> PrintJob:
    """The job of this step's ticket, to be sent at once if there is a ``handover`` and no other slip before it."""
    at_once = handover is not None and not jobs.open_jobs(doing.db, doing.hall.id, printer)
    state = JobState.SENDING if at_once else JobState.QUEUED
    return PrintJob(doing.id, doing.day, printer, SlipKind.TICKET, doing.id, doing.now, state)


def _letter(hall: Hall, wish: Wish) -> str:
    group = hall.catalogue.find_group(wish.group)
    if group is None:
        raise BadInput("group")
    if wish.item_code is not None and hall.catalogue.find_item(wish.item_code) is None:
        raise BadInput("item_code")
    return hall.catalogue.priority_letter if wish.priority else group.letter


def _next_ticket(doing: Step, by: By, wish: Wish, letter: str, rank: datetime, found: Situation) -> Ticket:
    ahead, minutes = ahead_and_minutes(found, doing.hall, wish.group)
    serial = found.serial + 1
    return Ticket(
        doing.id, doing.day, number(letter, serial), letter, serial, wish.group, wish.item_code, wish.priority,
        TicketState.WAITING, doing.now, rank, by.station, ahead, minutes, notice_id=wish.notice_id,
    )


def issued_before(hall: Hall, wish: Wish) -> Issued | None:
    """The number that an earlier try of the same wish got, its answer lost on the way; ``None``: it got none."""
    with look(hall) as db:
        event = wish.request and log.by_request(db, hall.id, wish.request, hall.today())
        ticket = event and event.ticket_id and queue.ticket(db, hall.id, event.ticket_id)
    if not event or not ticket:
        return None
    return Issued(ticket, event.seq if any(change[0] == "print_job" for change in event.changes) else None)
