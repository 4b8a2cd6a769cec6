"""One turn of a printer: take the oldest job, build its slip, send it, write down what became of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from drivers.escpos import PrinterProfile
from hallapp.documents.appointment_slip import appointment_slip
from hallapp.documents.notice_slip import notice_slip
from hallapp.documents.test_slip import test_slip
from hallapp.documents.ticket_slip import ticket_slip
from hallapp.domain.catalogue import Item
from hallapp.domain.errors import PrintFailed, StoreError, WrongState
from hallapp.domain.events import By
from hallapp.domain.printing import DeviceState, DeviceStatus, JobState, PrintJob, Trouble
from hallapp.domain.ticket import Ticket
from hallapp.services import printing
from hallapp.services.hall import Hall
from hallapp.services.handover import Handover
from hallapp.services.printing import AppointmentContent, NoticeContent, TicketContent

AT_ONCE, SOON, RARELY = 0.0, 2.0, 30.0  # seconds to the next look
LONGEST = 120.0  # seconds; a slip still being sent then was lost with its process, or with the answer to its number


class Printer(Protocol):
    """What a turn needs of a printer (devices.printers.HallPrinter)."""

    name: str
    profile: PrinterProfile

    def status(self) -> DeviceStatus: ...
    def print(self, slip: bytes) -> DeviceStatus: ...
    def print_next(self, next_slip: Callable[[], bytes]) -> DeviceStatus: ...


def take_turn(hall: Hall, by: By, printer: Printer, report: Callable[[DeviceStatus], None]) -> float:
    """Serve at most one job; seconds until the next look is due (sooner when something is committed)."""
    try:
        return _turn(hall, by, printer, report)
    except StoreError:
        raise
    except Exception:  # a bug, which may come again with every turn
        report(DeviceStatus(printer.name, "printer", DeviceState.DOWN, Trouble.PROGRAM))
        raise


def _turn(hall: Hall, by: By, printer: Printer, report: Callable[[DeviceStatus], None]) -> float:
    job = printing.next_job(hall, printer.name)
    if job is None:
        if printing.being_sent(hall, printer.name):
            # a slip is being handed over, or another process sends it: no questions in between
            printing.doubt_interrupted(hall, by, printer.name, LONGEST)
            return RARELY
        report(status := printer.status())
        return RARELY if status.state is not DeviceState.DOWN else SOON
    if job.state is JobState.FAILED:  # it could not print last time: ask before trying again
        status = printer.status()
        if status.state is DeviceState.DOWN:
            report(status)
            if job.problem != status.trouble:
                try:
                    printing.blocked(hall, by, job.id, status.trouble)
                except WrongState:  # somebody gave it up meanwhile
                    return AT_ONCE
            return SOON
    slip = build(hall, job, printer.profile)
    try:
        printing.start(hall, by, job.id)
    except WrongState:  # another process took it
        return AT_ONCE
    status, failure = _tried(printer, partial(printer.print, slip))
    _write_down(hall, by, job, failure)
    report(status)
    return SOON if failure else AT_ONCE


def print_issued(
    hall: Hall, by: By, printer: Printer, report: Callable[[DeviceStatus], None], handover: Handover
) -> None:
    """Send the slip of a number being issued (services.kiosk.issue), if one is given and its number becomes valid."""
    try:
        status, failure = _tried(
            printer, partial(printer.print_next, partial(_valid_slip, hall, printer.profile, handover)))
    except Exception:  # a bug: nothing was sent, so the turns try it again and again, as with any other slip
        if valid := handover.valid_slip():
            printing.failed(hall, by, valid[0].id, Trouble.PROGRAM, unknown=False)
        raise
    finally:
        handover.end()
    if valid := handover.valid_slip():
        _write_down(hall, by, valid[0], failure)
    report(status)


def _valid_slip(hall: Hall, profile: PrinterProfile, handover: Handover) -> bytes:
    """The slip that was given, built while its number is committed; nothing if there is none."""
    given = handover.slip()
    if given is None:
        return b""
    job, ticket = given
    slip = _ticket_slip(hall, ticket, job, profile)
    return slip if handover.valid_slip() else b""


def _tried(printer: Printer, send: Callable[[], DeviceStatus]) -> tuple[DeviceStatus, PrintFailed | None]:
    try:
        return send(), None
    except PrintFailed as failure:
        return DeviceStatus(printer.name, "printer", DeviceState.DOWN, failure.trouble), failure


def _write_down(hall: Hall, by: By, job: PrintJob, failure: PrintFailed | None) -> None:
    if failure:
        printing.failed(hall, by, job.id, failure.trouble, unknown=failure.unknown)
    else:
        printing.printed(hall, by, job.id)


def build(hall: Hall, job: PrintJob, profile: PrinterProfile) -> bytes:
    """The bytes of a job's slip for a printer of that profile. Raises NotFound."""
    content = printing.content(hall, job)
    if isinstance(content, TicketContent):
        return _ticket_slip(hall, content.ticket, job, profile)
    if isinstance(content, AppointmentContent):
        booked = content.appointment
        return appointment_slip(booked, hall.catalogue.find_group(booked.group), _item(hall, booked.item_code),
                                hall.info, hall.rules, profile, copy=job.copy)
    if isinstance(content, NoticeContent):
        item = hall.catalogue.known_item(content.notice.item_code)
        return notice_slip(content.notice, item, hall.info, content.staff, hall.rules, profile, copy=job.copy)
    return test_slip(hall.info, profile, hall.clock.now().astimezone(hall.rules.zone))


def _ticket_slip(hall: Hall, ticket: Ticket, job: PrintJob, profile: PrinterProfile) -> bytes:
    group = hall.catalogue.find_group(ticket.group)
    return ticket_slip(ticket, group, _item(hall, ticket.item_code), hall.info, hall.rules, profile, copy=job.copy)


def _item(hall: Hall, code: str | None) -> Item | None:
    return hall.catalogue.find_item(code) if code else None
