"""The turn of the day: what was left over is closed, nothing is deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from hallapp.domain import ticket as way
from hallapp.domain.clock import business_day
from hallapp.domain.events import By, Kind
from hallapp.domain.printing import JobState, PrintJob, SlipKind
from hallapp.domain.staff import Session
from hallapp.domain.ticket import Ticket
from hallapp.services.hall import Hall, look, step
from hallapp.store import jobs, log, people, queue, visits
from hallapp.store.rows import changed, removed

DAYS = 3  # of work, until they are taken for what the hall's calendar says


def close_past_days(hall: Hall, by: By) -> int:
    """Abandon tickets of earlier days that still wait, are held or missed; how many there were. Sign out whoever forgot
    to: a window without anybody must not be shown as open in the morning. Give up the slips of earlier days' numbers:
    with the morning's paper nobody wants them; a notice or an appointment is still good.

    A ticket with an unclosed visit stays: the visit is shown as forgotten and closed with a reason. So does a clerk
    with one, or with an open call.
    """
    with look(hall) as db:
        if not any(left(db, hall, hall.today()) for left in (_left_over, _left_seats, _left_slips)):
            return 0
    with step(hall) as doing:
        tickets = [changed(t, way.abandon(t, doing.now)) for t in _left_over(doing.db, hall, doing.day)]
        seats = [removed(session) for session in _left_seats(doing.db, hall, doing.day)]
        slips = [changed(job, replace(job, state=JobState.CANCELLED, changed_at=doing.now))
                 for job in _left_slips(doing.db, hall, doing.day)]
        data = {"abandoned": len(tickets), "signed_out": len(seats), "slips": len(slips)}
        doing.record(Kind.DAY_CLOSED, by, [*tickets, *seats, *slips], data=data)
        return len(tickets)


def clock_behind(hall: Hall) -> bool:
    """Whether the hall has worked on three days after today: a PC whose battery is flat starts years back, and what
    it records would lie in the reports of those days. Not if it has worked on three days since then: those after today
    are of a clock that was wrong the other way."""
    with look(hall) as db:
        last = log.last_days(db, hall.id, DAYS)
        behind = len(last) == DAYS and last[-1] > hall.today()
        return behind and log.days_since(db, hall.id, last[0], DAYS) < DAYS


def _left_over(db: Connection, hall: Hall, day: date) -> list[Ticket]:
    in_visit = {visit.ticket_id for visit in visits.unclosed(db, hall.id)}
    return [ticket for ticket in queue.unclosed_before(db, hall.id, day) if ticket.id not in in_visit]


def _left_slips(db: Connection, hall: Hall, day: date) -> list[PrintJob]:
    return [job for job in jobs.open_jobs(db, hall.id)
            if job.kind is SlipKind.TICKET and job.day < day and job.state is not JobState.SENDING]


def _left_seats(db: Connection, hall: Hall, day: date) -> list[Session]:
    return [
        session for session in people.sessions(db, hall.id)
        if business_day(session.since, hall.rules.zone) < day
        and not queue.open_call_at(db, hall.id, session.window)
        and not visits.open_visit_of(db, hall.id, session.staff)
    ]
