"""Ratings: whom to ask at a window, what was answered, and that nobody answered.

The events of this module carry no window column: they are the visitor's, and must not stand between a clerk and the
undoing of the clerk's own last step. They carry the visit, so a finished visit cannot be reopened once it is rated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hallapp.domain.clock import business_day
from hallapp.domain.errors import AlreadyRated, NotFound, WrongState
from hallapp.domain.events import By, Kind
from hallapp.domain.handling import Visit, VisitState
from hallapp.domain.rating import Answer, Channel, Level, Rating, checked, require_open
from hallapp.services.hall import Hall, Step, look, step
from hallapp.store import queue, ratings, visits
from hallapp.store.rows import added, changed


@dataclass(frozen=True, slots=True)
class BadRating:
    """A rating to be followed up; ``number`` is the ticket's, empty for a walk-in."""

    rating: Rating
    number: str


def to_rate(hall: Hall, window: int) -> Visit | None:
    """The visit whose visitor may be asked at the window now: the last one that ended there today, as long as nobody
    has answered for it and nobody else is at the window."""
    day = hall.today()
    with look(hall) as db:
        if ratings.open_at(db, hall.id, day, window) is not None:
            return None
        visit = ratings.last_closed(db, hall.id, day, window)
        return visit if visit and ratings.rating(db, hall.id, visit.id) is None else None


def time_left(hall: Hall, visit: Visit, now: datetime) -> float:
    """Seconds for which the visitor of an ended visit is still asked; 0 and less: gone."""
    assert visit.closed_at is not None
    return hall.rules.rating_seconds - (now - visit.closed_at).total_seconds()


def give(hall: Hall, answer: Answer) -> Rating:
    """Keep an answer as of the moment when it was given, be it another day by now. Raises as ``rate`` and
    ``not_rated``."""
    by = By(f"rater-{answer.window}")
    if answer.level is None:
        return not_rated(hall, by, answer.visit_id, answer.channel, answer.at)
    return rate(hall, by, answer.visit_id, answer.level, answer.reasons, answer.channel, answer.at)


def rate(
    hall: Hall, by: By, visit_id: int, level: int, reasons: tuple[str, ...] = (), channel: Channel = Channel.SCREEN,
    at: datetime | None = None,
) -> Rating:
    """Keep the visitor's answer, given at that moment or now. Raises AlreadyRated, BadInput (level, reasons), NotFound,
    or WrongState for a visit that had not ended on that day by then."""
    known, codes = checked(level, reasons)
    with step(hall) as doing:
        return _answered(doing, by, Kind.RATED, visit_id, known, codes, channel, at)


def not_rated(
    hall: Hall, by: By, visit_id: int, channel: Channel = Channel.SCREEN, at: datetime | None = None
) -> Rating:
    """未评价: the visitor was asked and did not answer in time. Raises as ``rate`` does, also where 未评价 is noted."""
    with step(hall) as doing:
        if ratings.rating(doing.db, hall.id, visit_id) is not None:
            raise AlreadyRated(visit_id)
        return _answered(doing, by, Kind.NOT_RATED, visit_id, None, (), channel, at)


def bad_today(hall: Hall) -> tuple[BadRating, ...]:
    """Today's 差评, newest first."""
    day = hall.today()
    with look(hall) as db:
        found = [rating for rating in ratings.ratings_of_day(db, hall.id, day) if rating.level and rating.level.bad]
        numbers = {ticket.id: ticket.number for ticket in queue.tickets_of_day(db, hall.id, day)}
        seen = {visit.id: numbers.get(visit.ticket_id or 0, "") for visit in visits.visits_of_day(db, hall.id, day)}
    found.sort(key=lambda rating: rating.at, reverse=True)
    return tuple(BadRating(rating, seen.get(rating.visit_id, "")) for rating in found)


def _ended(visit: Visit, moment: datetime, hall: Hall) -> bool:
    """Earlier that day: after a restore from a backup another visit may bear the id of the one that was rated."""
    assert visit.closed_at is not None
    return visit.closed_at <= moment and visit.day == business_day(moment, hall.rules.zone)


def _answered(
    doing: Step, by: By, kind: Kind, visit_id: int, level: Level | None, reasons: tuple[str, ...], channel: Channel,
    at: datetime | None,
) -> Rating:
    hall, moment = doing.hall, at or doing.now
    visit = visits.visit(doing.db, hall.id, visit_id)
    if visit is None:
        raise NotFound(f"visit {visit_id}")
    if visit.state is not VisitState.CLOSED or visit.void_reason is not None or not _ended(visit, moment, hall):
        raise WrongState(f"visit {visit_id}", visit.state)
    before = ratings.rating(doing.db, hall.id, visit_id)
    require_open(before)
    new = Rating(visit_id, visit.day, visit.window, visit.staff, level, reasons, channel, moment)
    change = added(new) if before is None else changed(before, new)
    ticket = doing.ticket_of(visit)
    by = By(by.station)
    doing.record(kind, by, [change], ticket=ticket, visit_id=visit_id,
                 data={"level": level and int(level), "reasons": list(reasons), "channel": channel.value})
    return new
