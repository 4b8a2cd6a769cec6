"""Everything a counter shows, read in one look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from hallapp.domain.figures import DayRecords, day_figures
from hallapp.domain.handling import HandledItem, Interval, Visit, VisitState, elapsed
from hallapp.domain.notice import Notice
from hallapp.domain.printing import JobState, PrintJob
from hallapp.domain.queue import NextUp, explain
from hallapp.domain.staff import Session, Staff
from hallapp.domain.ticket import Call, Ticket
from hallapp.services.hall import Hall, look
from hallapp.store import jobs, log, people, queue, ratings, visits


@dataclass(frozen=True, slots=True)
class RunningItem:
    """An item of the visit with its intervals; ``seconds`` up to the moment of the look."""

    item: HandledItem
    intervals: tuple[Interval, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts and means of the day. The mean is seconds over immediate items' cases and ``meets_target`` the ten-minute
    verdict on it, both ``None`` without any."""

    my_visits: int
    my_cases: int
    hall_cases: int
    hall_mean: float | None
    meets_target: bool | None


@dataclass(frozen=True, slots=True)
class LastVisit:
    """Who was served last at the window today. ``number`` is empty for a walk-in; ``answered``: rated (True), asked in
    vain (False), or neither yet. Which level it was is not for the clerk's eyes."""

    number: str
    closed_at: datetime
    answered: bool | None


@dataclass(frozen=True, slots=True)
class Desk:
    """One counter at one moment.

    ``session`` is ``None`` when nobody is signed in. ``call`` and ``ticket`` are set from the call on,
    ``visit`` from the arrival on. ``forgotten`` are visits that nobody works on: of earlier days, or of clerks
    who are not signed in. ``troubled`` are print jobs that failed or whose fate a person must decide.
    """

    session: Session | None
    staff: Staff | None
    ticket: Ticket | None
    call: Call | None
    visit: Visit | None
    items: tuple[RunningItem, ...]
    notice: Notice | None
    next_up: NextUp | None
    waiting: tuple[Ticket, ...]
    aside: tuple[Ticket, ...]
    forgotten: tuple[Visit, ...]
    tally: Tally
    troubled: tuple[PrintJob, ...]
    seq: int
    last: LastVisit | None = None


def desk(hall: Hall, window: int) -> Desk:
    """What the counter at ``window`` shows now."""
    day, now = hall.today(), hall.clock.now()
    with look(hall) as db:
        session = people.session_at(db, hall.id, window)
        call = queue.open_call_at(db, hall.id, window)
        visit = visits.open_visit_of(db, hall.id, session.staff) if session else None
        ticket_id = call.ticket_id if call else visit.ticket_id if visit else None
        waiting = queue.waiting(db, hall.id, day)
        return Desk(
            session=session,
            staff=people.staff(db, hall.id, session.staff) if session else None,
            ticket=queue.ticket(db, hall.id, ticket_id) if ticket_id else None,
            call=call,
            visit=visit,
            items=_items(db, hall, visit) if visit else (),
            notice=visits.notice(db, hall.id, visit.notice_id) if visit and visit.notice_id else None,
            next_up=explain(waiting, hall.window(window), now),
            waiting=waiting,
            aside=queue.aside(db, hall.id, day),
            forgotten=_forgotten(db, hall),
            tally=_tally(db, hall, session),
            troubled=tuple(j for j in jobs.open_jobs(db, hall.id) if j.state in (JobState.FAILED, JobState.UNKNOWN)),
            seq=log.last_seq(db, hall.id),
            last=_last(db, hall, window),
        )


def _last(db: Connection, hall: Hall, window: int) -> LastVisit | None:
    visit = ratings.last_closed(db, hall.id, hall.today(), window)
    if visit is None or visit.closed_at is None:
        return None
    ticket = queue.ticket(db, hall.id, visit.ticket_id) if visit.ticket_id else None
    rating = ratings.rating(db, hall.id, visit.id)
    answered = None if rating is None else rating.level is not None
    return LastVisit(ticket.number if ticket else "", visit.closed_at, answered)


def _items(db: Connection, hall: Hall, visit: Visit) -> tuple[RunningItem, ...]:
    intervals = visits.intervals_of(db, hall.id, visit.id)
    found = []
    for item in visits.items_of(db, hall.id, visit.id):
        mine = tuple(i for i in intervals if i.item_id == item.id)
        found.append(RunningItem(item, mine, sum(elapsed(i, hall.clock) for i in mine)))
    return tuple(found)


def _forgotten(db: Connection, hall: Hall) -> tuple[Visit, ...]:
    day = hall.today()
    seated = {session.staff for session in people.sessions(db, hall.id)}
    return tuple(
        visit for visit in visits.unclosed(db, hall.id)
        if visit.day < day or (visit.state is VisitState.OPEN and visit.staff not in seated)
    )


def _tally(db: Connection, hall: Hall, session: Session | None) -> Tally:
    """Counted as the daily report counts."""
    day = hall.today()
    found = day_figures(day, DayRecords(
        visits=visits.visits_of_day(db, hall.id, day), items=visits.items_of_day(db, hall.id, day),
        intervals=visits.intervals_of_day(db, hall.id, day), others=visits.carried_into(db, hall.id, day),
    ), hall.rules)
    mine = next((clerk for clerk in found.clerks if session and clerk.staff == session.staff), None)
    return Tally(
        my_visits=mine.visits if mine else 0,
        my_cases=mine.handling.cases if mine else 0,
        hall_cases=found.handling.cases,
        hall_mean=found.immediate.times.mean if found.immediate.times else None,
        meets_target=found.meets_target,
    )
