"""Where a number stands: for the visitor who shows a slip at the kiosk, and the clerk who scans it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from hallapp.domain.codes import TicketCode
from hallapp.domain.errors import NotFound, NotToday
from hallapp.domain.queue import place_of, return_rank, rivals
from hallapp.domain.ticket import Ticket, TicketState, may_come_back
from hallapp.services.hall import Hall, look
from hallapp.store import queue


@dataclass(frozen=True, slots=True)
class Standing:
    """A ticket; ``ahead`` people are called before it while it waits. ``return_place``: the place it gets if a missed
    one returns now, ``None`` if it may not."""

    ticket: Ticket
    ahead: int
    return_place: int | None


def standing(hall: Hall, code: TicketCode) -> Standing:
    """How the number on a slip stands now. Raises NotToday and NotFound."""
    day = hall.today()
    if code.day != day:
        raise NotToday(code.number, code.day)
    with look(hall) as db:
        ticket = queue.ticket_by_number(db, hall.id, day, code.number)
        if ticket is None:
            raise NotFound(code.number)
        return _standing(db, hall, ticket)


def ticket_standing(hall: Hall, ticket_id: int) -> Standing:
    """Raises NotFound."""
    with look(hall) as db:
        ticket = queue.ticket(db, hall.id, ticket_id)
        if ticket is None:
            raise NotFound(f"ticket {ticket_id}")
        return _standing(db, hall, ticket)


def _standing(db: Connection, hall: Hall, ticket: Ticket) -> Standing:
    waiting = queue.waiting(db, hall.id, ticket.day)
    ahead = place_of(ticket, rivals(ticket, waiting, hall.windows)) - 1 if ticket.state is TicketState.WAITING else 0
    return Standing(ticket, ahead, return_place(hall, ticket, waiting))


def return_place(hall: Hall, ticket: Ticket, waiting: Sequence[Ticket]) -> int | None:
    """The place that a missed ticket gets if it returns now among ``waiting`` (in queue order); ``None``: it may not,
    or it was not missed."""
    now = hall.clock.now()
    if ticket.state is not TicketState.MISSED or not may_come_back(ticket, hall.rules, now):
        return None
    others = rivals(ticket, waiting, hall.windows)
    return place_of(replace(ticket, rank_at=return_rank(others, hall.rules.return_places, now)), others)
