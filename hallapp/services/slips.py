"""One turn of a printer: take the oldest job, build its slip, send it, write down what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from drivers.escpos import PrinterProfile
from hallapp.documents.notice_slip import notice_slip
from hallapp.documents.test_slip import test_slip
from hallapp.documents.ticket_slip import ticket_slip
from hallapp.domain.errors import PrintFailed, WrongState
from hallapp.domain.events import By
from hallapp.domain.printing import DeviceState, DeviceStatus, JobState, PrintJob, Trouble
from hallapp.domain.ticket import Ticket
from hallapp.services import printing
from hallapp.services.hall import Hall
from hallapp.services.printing import NoticeContent, TicketContent

Leave = Callable[[], bool]  # waits if need be; nothing is sent without it
AT_ONCE, SOON, RARELY = 0.0, 2.0, 30.0  # seconds to the next look
LONGEST = 120.0  # seconds; a slip still being sent then was lost with its process, or with the answer to its number


class Printer(Protocol):
    """What a turn needs of a printer (devices.printers.HallPrinter)."""

    name: str
    profile: PrinterProfile

    def status(self) -> DeviceStatus: ...
    def print(self, slip: bytes, leave: Leave) -> DeviceStatus: ...


def take_turn(hall: Hall, by: By, printer: Printer, report: Callable[[DeviceStatus], None]) -> float:
    """Serve at most one job; seconds until the next look is due (sooner when something is committed)."""
    job = printing.next_job(hall, printer.name)
    if job is None:
        if printing.being_sent(hall, printer.name):
            # a slip is being handed over, or another process sends it: no questions in between
            printing.doubt_interrupted(hall, by, printer.name, LONGEST)
            return RARELY
        report(status := printer.status())
        return RARELY if status.state is not DeviceState.DOWN else SOON
    if job.state is JobState.FAILED:  # it could not print last time: ask before trying again
        report(status := printer.status())
        if status.state is DeviceState.DOWN:
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
    return _send(hall, by, printer, job, slip, report, _granted)


def print_issued(
    hall: Hall, by: By, printer: Printer, report: Callable[[DeviceStatus], None], job: PrintJob, ticket: Ticket,
    committed: Leave,
) -> None:
    """Send the slip of a number being issued, whose job is recorded as being sent (services.kiosk.issue).

    It is built and the printer asked while the number is committed; ``committed`` waits for that and tells whether it
    is. Without it nothing is sent and there is no job."""
    try:
        slip = _ticket_slip(hall, ticket, job, printer.profile)
    except Exception:  # a bug: nothing was sent, so the turns try it again and again, as with any other slip
        if committed():
            printing.failed(hall, by, job.id, Trouble.FAULT, unknown=False)
        raise
    _send(hall, by, printer, job, slip, report, committed)


def _send(
    hall: Hall, by: By, printer: Printer, job: PrintJob, slip: bytes, report: Callable[[DeviceStatus], None],
    leave: Leave,
) -> float:
    try:
        report(printer.print(slip, leave))
    except PrintFailed as failure:
        if leave():
            printing.failed(hall, by, job.id, failure.trouble, unknown=failure.unknown)
        report(DeviceStatus(printer.name, "printer", DeviceState.DOWN, failure.trouble))
        return SOON
    if leave():
        printing.printed(hall, by, job.id)
    return AT_ONCE


def _granted() -> bool:
    return True


def build(hall: Hall, job: PrintJob, profile: PrinterProfile) -> bytes:
    """The bytes of a job's slip for a printer of that profile. Raises NotFound."""
    content = printing.content(hall, job)
    if isinstance(content, TicketContent):
        return _ticket_slip(hall, content.ticket, job, profile)
    if isinstance(content, NoticeContent):
        item = hall.catalogue.find_item(content.notice.item_code)
        return notice_slip(content.notice, item, hall.info, content.staff, hall.rules, profile, copy=job.copy)
    return test_slip(hall.info, profile, hall.clock.now().astimezone(hall.rules.zone))


def _ticket_slip(hall: Hall, ticket: Ticket, job: PrintJob, profile: PrinterProfile) -> bytes:
    group = hall.catalogue.find_group(ticket.group)
    item = hall.catalogue.find_item(ticket.item_code) if ticket.item_code else None
    return ticket_slip(ticket, group, item, hall.info, hall.rules, profile, copy=job.copy)
