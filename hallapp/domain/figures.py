"""The figures of one business day, worked out from its records.

Handling time of an item is the sum of its intervals, suspended time left out;
an item that stands for n cases counts n times with an n-th of it. Items of
visits with void timing are cases, but in no time figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from statistics import fmean, median
from typing import TypeVar

from hallapp.domain.appointment import Appointment, AppointmentState
from hallapp.domain.handling import HandledItem, Interval, ItemState, Outcome, Visit, VisitState
from hallapp.domain.notice import Notice, Situation
from hallapp.domain.rating import Rating, RatingFigures, rating_figures
from hallapp.domain.rules import TEN_MINUTES, Rules
from hallapp.domain.ticket import Call, CallResult, Ticket, TicketState

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DayRecords:
    """All rows of one business day, each kind in the order it came about.

    ``others`` are visits of other days, such as the night before, in which items of this day were handled.
    """

    tickets: tuple[Ticket, ...] = ()
    calls: tuple[Call, ...] = ()
    visits: tuple[Visit, ...] = ()
    items: tuple[HandledItem, ...] = ()
    intervals: tuple[Interval, ...] = ()
    notices: tuple[Notice, ...] = ()
    others: tuple[Visit, ...] = ()
    ratings: tuple[Rating, ...] = ()
    appointments: tuple[Appointment, ...] = ()


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds of ``n`` things: mean, median, 90th percentile (nearest rank) and the longest."""

    n: int
    mean: float
    median: float
    p90: float
    longest: float


@dataclass(frozen=True, slots=True)
class Handling:
    """Cases and their handling times. ``times`` is ``None`` without a single valid timing; ``over`` counts timed
    cases above the target, ``void`` the cases whose timing is void."""

    cases: int
    times: Spread | None
    over: int
    void: int

    @property
    def over_share(self) -> float | None:
        return self.over / self.times.n if self.times else None


@dataclass(frozen=True, slots=True)
class ItemFigures:
    code: str
    handling: Handling
    outcomes: dict[Outcome, int]


@dataclass(frozen=True, slots=True)
class ClerkFigures:
    staff: str
    visits: int
    handling: Handling
    way: Spread | None
    ratings: RatingFigures = field(default_factory=RatingFigures)


@dataclass(frozen=True, slots=True)
class HourFigures:
    """An hour of hall time: numbers issued, visits opened, cases ended; those that ended on a later day are in none."""

    hour: int
    issued: int
    visits: int
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What happened in a hall on a day, or in some halls over some days. Times in seconds, ``None`` where there is
    nothing to measure.

    ``estimate_error`` is the mean difference in minutes, whatever its sign, between the wait a visitor was told and
    the one that came, over ``estimates`` tickets. ``without_items`` are visits with no case; those of ``by_caller``
    were called at a hardware caller, and nobody noted their arrival. ``booked`` are the appointments for the day that
    were not withdrawn, ``kept`` those of them that were checked in.
    """

    issued: int = 0
    priority: int = 0
    visits: int = 0
    walk_ins: int = 0
    open_visits: int = 0
    void_visits: int = 0
    handling: Handling = Handling(0, None, 0, 0)
    immediate: Handling = Handling(0, None, 0, 0)
    items: tuple[ItemFigures, ...] = ()
    waiting: Spread | None = None
    way: Spread | None = None
    recalls: int = 0
    missed: int = 0
    returned: int = 0
    abandoned: int = 0
    notices: dict[Situation, int] = field(default_factory=dict)
    estimates: int = 0
    estimate_error: float | None = None
    target: float = TEN_MINUTES
    without_items: int = 0
    by_caller: int = 0
    ratings: RatingFigures = field(default_factory=RatingFigures)
    booked: int = 0
    kept: int = 0

    @property
    def meets_target(self) -> bool | None:
        """The ten-minute verdict: the mean over immediate cases is within the target; ``None`` without data."""
        return meets(self.immediate, self.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures(Figures):
    """Everything the daily report says."""

    day: date
    clerks: tuple[ClerkFigures, ...]
    hours: tuple[HourFigures, ...]


def spread(seconds: Sequence[float]) -> Spread | None:
    """``None`` of nothing."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    return Spread(len(ordered), fmean(ordered), median(ordered), ordered[ceil(0.9 * len(ordered)) - 1], ordered[-1])


def day_figures(day: date, records: DayRecords, rules: Rules) -> DayFigures:
    """The figures of ``day``, whose records are given."""
    ended = [item for item in records.items if item.state is ItemState.ENDED]
    measure = Measure(records, rules)
    closed = [visit for visit in records.visits if visit.state is VisitState.CLOSED]
    waits = _waits(records)
    itemised = {item.visit_id for item in records.items}
    came = {call.ticket_id for call in records.calls if call.result is CallResult.CAME}
    errors = [abs(waits[t.id] / 60 - t.expected_minutes) for t in records.tickets
              if t.id in waits and t.expected_minutes is not None]
    return DayFigures(
        day=day,
        issued=len(records.tickets),
        priority=sum(ticket.priority for ticket in records.tickets),
        visits=len(closed),
        walk_ins=sum(visit.ticket_id is None for visit in closed),
        open_visits=len(records.visits) - len(closed),
        void_visits=sum(visit.void_reason is not None for visit in closed),
        handling=measure.handling(ended),
        immediate=measure.handling(item for item in ended if item.immediate),
        items=_by_item(ended, measure),
        waiting=spread(list(waits.values())),
        way=spread(_ways(records.calls)),
        recalls=sum(call.calls - 1 for call in records.calls),
        missed=sum(call.result is CallResult.MISSED for call in records.calls),
        returned=sum(ticket.returns for ticket in records.tickets),
        abandoned=sum(ticket.state is TicketState.ABANDONED for ticket in records.tickets),
        notices=_counted(notice.situation for notice in records.notices),
        clerks=_by_clerk(records, closed, ended, measure),
        hours=_by_hour(day, records, ended, rules),
        estimates=len(errors),
        estimate_error=fmean(errors) if errors else None,
        target=float(rules.target_seconds),
        without_items=sum(visit.id not in itemised for visit in closed),
        by_caller=sum(visit.ticket_id in came for visit in closed),
        ratings=rating_figures(records.ratings),
        booked=sum(one.state is not AppointmentState.WITHDRAWN for one in records.appointments),
        kept=sum(one.state is AppointmentState.CAME for one in records.appointments),
    )


def meets(immediate: Handling, target: float) -> bool | None:
    """The verdict of ``Figures.meets_target``."""
    return None if immediate.times is None else round(immediate.times.mean, 3) <= target


class Measure:
    """Handling times of items: which count, and how long each case took."""

    def __init__(self, records: DayRecords, rules: Rules) -> None:
        self._void = {visit.id for visit in (*records.others, *records.visits) if visit.void_reason is not None}
        self._target = rules.target_seconds
        self._seconds: defaultdict[int, float] = defaultdict(float)
        for interval in records.intervals:
            self._seconds[interval.item_id] += interval.seconds or 0.0

    def handling(self, items: Iterable[HandledItem]) -> Handling:
        cases, void, seconds = 0, 0, list[float]()
        for item in items:
            cases += item.quantity
            if item.visit_id in self._void:
                void += item.quantity
            else:
                # a sum of milliseconds must not be over the target by a rounding
                seconds += [round(self._seconds[item.id], 3) / item.quantity] * item.quantity
        return Handling(cases, spread(seconds), sum(one > self._target for one in seconds), void)


def _waits(records: DayRecords) -> dict[int, float]:
    """Seconds from issue to first call, by ticket; of those called the same day."""
    first: dict[int, datetime] = {}
    for call in records.calls:
        first.setdefault(call.ticket_id, call.called_at)
    return {t.id: _between(t.issued_at, first[t.id]) for t in records.tickets if t.id in first}


def _ways(calls: Iterable[Call]) -> list[float]:
    """Seconds from the call to the window, of those whose arrival was noted."""
    return [_between(call.called_at, call.ended_at) for call in calls
            if call.result is CallResult.ARRIVED and call.ended_at is not None]


def _between(start: datetime, end: datetime) -> float:
    """Seconds; none rather than less if the clock was set back between."""
    return max(0.0, (end - start).total_seconds())


def _by_item(ended: Sequence[HandledItem], measure: Measure) -> tuple[ItemFigures, ...]:
    found = []
    for code in dict.fromkeys(item.item_code for item in ended):
        mine = [item for item in ended if item.item_code == code]
        outcomes: dict[Outcome, int] = {}
        for item in mine:
            if item.outcome is not None:
                outcomes[item.outcome] = outcomes.get(item.outcome, 0) + item.quantity
        found.append(ItemFigures(code, measure.handling(mine), outcomes))
    return tuple(found)


def _by_clerk(
    records: DayRecords, closed: Sequence[Visit], ended: Sequence[HandledItem], measure: Measure
) -> tuple[ClerkFigures, ...]:
    staff = sorted({visit.staff for visit in closed} | {item.staff for item in ended})
    return tuple(
        ClerkFigures(
            one, sum(visit.staff == one for visit in closed),
            measure.handling(item for item in ended if item.staff == one),
            spread(_ways(call for call in records.calls if call.staff == one)),
            rating_figures(rating for rating in records.ratings if rating.staff == one),
        ) for one in staff
    )


def _by_hour(
    day: date, records: DayRecords, ended: Sequence[HandledItem], rules: Rules
) -> tuple[HourFigures, ...]:
    """From the first hour in which anything happened to the last."""
    zone = rules.zone
    issued = _counted(ticket.issued_at.astimezone(zone).hour for ticket in records.tickets)
    visits = _counted(visit.opened_at.astimezone(zone).hour for visit in records.visits)
    cases: dict[int, int] = {}
    for item in ended:
        if item.ended_at is not None and item.ended_at.astimezone(zone).date() == day:
            hour = item.ended_at.astimezone(zone).hour
            cases[hour] = cases.get(hour, 0) + item.quantity
    seen = issued.keys() | visits.keys() | cases.keys()
    if not seen:
        return ()
    return tuple(HourFigures(hour, issued.get(hour, 0), visits.get(hour, 0), cases.get(hour, 0))
                 for hour in range(min(seen), max(seen) + 1))


def _counted(things: Iterable[T]) -> dict[T, int]:
    counts: dict[T, int] = {}
    for thing in things:
        counts[thing] = counts.get(thing, 0) + 1
    return counts
