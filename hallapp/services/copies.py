"""A further copy of a slip, by the number that is on it."""

from __future__ import annotations

from hallapp.domain.codes import typed_appointment
from hallapp.domain.errors import NotFound
from hallapp.domain.events import By
from hallapp.domain.printing import PrintJob, SlipKind
from hallapp.services import printing
from hallapp.services.hall import Hall, look
from hallapp.services.notices import find_notice
from hallapp.store import appointments, queue


def reprint_number(hall: Hall, by: By, number: str, printer: str, request: str | None = None) -> PrintJob:
    """A copy of today's ticket, of an appointment, or of any day's notice of that number. ``request`` as in
    ``printing.reprint``.

    Raises NotFound.
    """
    code = typed_appointment(number, hall.today())
    with look(hall) as db:
        booked = code and appointments.by_code(db, hall.id, code)
        ticket = queue.ticket_by_number(db, hall.id, hall.today(), number)
    if ticket is not None:
        return printing.reprint(hall, by, SlipKind.TICKET, ticket.id, printer, request)
    if booked:
        return printing.reprint(hall, by, SlipKind.APPOINTMENT, booked.id, printer, request)
    try:
        return printing.reprint(hall, by, SlipKind.NOTICE, find_notice(hall, number).id, printer, request)
    except NotFound:
        raise NotFound(number) from None
