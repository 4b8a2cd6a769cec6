"""The turn of the day: what was left over is closed, nothing is deleted."""

from __future__ import annotations

from hallapp.domain import ticket as way
from hallapp.domain.events import By, Kind
from hallapp.domain.handling import VisitState
from hallapp.domain.ticket import TicketState
from hallapp.services.hall import Hall, look, step
from hallapp.store import queue, visits
from hallapp.store.rows import changed


def close_past_days(hall: Hall, by: By) -> int:
    """Abandon tickets of earlier days that still wait, are held or missed; how many there were.

    A held ticket with an open visit stays: the visit is shown as forgotten and closed with a reason.
    """
    with look(hall) as db:
        if not queue.unclosed_before(db, hall.id, hall.today()):
            return 0
    with step(hall) as doing:
        in_visit = {v.ticket_id for v in visits.unclosed(doing.db, hall.id) if v.state is not VisitState.CLOSED}
        left = [t for t in queue.unclosed_before(doing.db, hall.id, doing.day) if t.id not in in_visit]
        changes = [changed(t, way.abandon(t, doing.now)) for t in left if t.state is not TicketState.CALLED]
        doing.record(Kind.DAY_CLOSED, by, changes, data={"abandoned": len(changes)})
        return len(changes)
