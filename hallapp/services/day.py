"""The turn of the day: what was left over is closed, nothing is deleted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from hallapp.domain import ticket as way
from hallapp.domain.events import By, Kind
from hallapp.domain.ticket import Ticket
from hallapp.services.hall import Hall, look, step
from hallapp.store import queue, visits
from hallapp.store.rows import changed


def close_past_days(hall: Hall, by: By) -> int:
    """Abandon tickets of earlier days that still wait, are held or missed; how many there were.

    A ticket with an unclosed visit stays: the visit is shown as forgotten and closed with a reason.
    """
    with look(hall) as db:
        if not _left_over(db, hall, hall.today()):
            return 0
    with step(hall) as doing:
        changes = [changed(t, way.abandon(t, doing.now)) for t in _left_over(doing.db, hall, doing.day)]
        doing.record(Kind.DAY_CLOSED, by, changes, data={"abandoned": len(changes)})
        return len(changes)


def _left_over(db: Connection, hall: Hall, day: date) -> list[Ticket]:
    in_visit = {visit.ticket_id for visit in visits.unclosed(db, hall.id)}
    return [ticket for ticket in queue.unclosed_before(db, hall.id, day) if ticket.id not in in_visit]
