"""Everything a counter shows, read in one look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from hallapp.domain.clock import Clock
from hallapp.domain.figures import DayRecords
from hallapp.domain.handling import HandledItem, Interval, Visit, VisitState, elapsed
from hallapp.domain.notice import Notice
from hallapp.domain.printing import JobState, PrintJob
from hallapp.domain.queue import NextUp, explain
from hallapp.domain.staff import Session, Staff
from hallapp.domain.tally import Tally, tally
from hallapp.domain.ticket import Call, Ticket
from hallapp.services.hall import Hall, look
from hallapp.store import jobs, log, people, queue, ratings, visits
from hallapp.store.together import Together


@dataclass(frozen=True, slots=True)
class RunningItem:
    """An item of the visit with its intervals; ``seconds`` up to the moment of the look."""

    item: HandledItem
    intervals: tuple[Interval, ...]
    seconds: float


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
    open_windows: frozenset[int] = frozenset()  # where somebody is signed in


def desk(hall: Hall, window: int) -> Desk:
    """What the counter at ``window`` shows now."""
    day = hall.today()
    with look(hall) as db:
        ask = Together(db, hall.id)
        called, queued, aside = ask(queue.open_call_at, window), ask(queue.waiting, day), ask(queue.aside, day)
        sessions, unclosed, open_jobs = ask(people.sessions), ask(visits.unclosed), ask(jobs.open_jobs)
        records, last, seq = ask(_records, day), ask(_last, day, window), ask(log.last_seq)
        call, session = called(), next((one for one in sessions() if one.window == window), None)
        visit = next((one for one in unclosed() if session and _at_window(one, session)), None)
        ticket_id = call.ticket_id if call else visit.ticket_id if visit else None
        staff = ask(people.staff, session.staff) if session else None
        ticket = ask(queue.ticket, ticket_id) if ticket_id else None
        notice = ask(visits.notice, visit.notice_id) if visit and visit.notice_id else None
        items = ask(_items, visit.id, hall.clock) if visit else None
        return Desk(
            session=session,
            staff=staff and staff(),
            ticket=ticket and ticket(),
            call=call,
            visit=visit,
            items=items() if items else (),
            notice=notice and notice(),
            next_up=explain(queued(), hall.window(window)),
            waiting=queued(),
            aside=aside(),
            forgotten=_forgotten(unclosed(), sessions(), day),
            tally=tally(records(), session.staff if session else None, hall.rules),
            troubled=tuple(job for job in open_jobs() if job.state in (JobState.FAILED, JobState.UNKNOWN)),
            seq=seq(),
            last=last(),
            open_windows=frozenset(one.window for one in sessions()),
        )


def _last(db: Connection, hall_id: str, day: date, window: int) -> LastVisit | None:
    visit = ratings.last_closed(db, hall_id, day, window)
    if visit is None or visit.closed_at is None:
        return None
    ask = Together(db, hall_id)
    ticket = ask(queue.ticket, visit.ticket_id) if visit.ticket_id else None
    rating = ratings.rating(db, hall_id, visit.id)
    called = ticket and ticket()
    answered = None if rating is None else rating.level is not None
    return LastVisit(called.number if called else "", visit.closed_at, answered)


def _items(db: Connection, hall_id: str, visit_id: int, clock: Clock) -> tuple[RunningItem, ...]:
    ask = Together(db, hall_id)
    intervals, items = ask(visits.intervals_of, visit_id), ask(visits.items_of, visit_id)
    found = []
    for item in items():
        mine = tuple(i for i in intervals() if i.item_id == item.id)
        found.append(RunningItem(item, mine, sum(elapsed(i, clock) for i in mine)))
    return tuple(found)


def _at_window(visit: Visit, session: Session) -> bool:
    return visit.state is VisitState.OPEN and visit.staff == session.staff


def _forgotten(unclosed: Iterable[Visit], sessions: Iterable[Session], day: date) -> tuple[Visit, ...]:
    seated = {session.staff for session in sessions}
    return tuple(visit for visit in unclosed
                 if visit.day < day or (visit.state is VisitState.OPEN and visit.staff not in seated))


def _records(db: Connection, hall_id: str, day: date) -> DayRecords:
    """What the tally is counted from."""
    ask = Together(db, hall_id)
    seen, items = ask(visits.visits_of_day, day), ask(visits.items_of_day, day)
    intervals, others = ask(visits.intervals_of_day, day), ask(visits.carried_into, day)
    return DayRecords(visits=seen(), items=items(), intervals=intervals(), others=others())
