"""The figures of a day told from its event log alone, another way than the program reckons them from its tables.

A step taken back counts for nothing. The log is read by its kinds and moments; only what no kind tells (the row of a
new ticket, an item's being immediate, the tickets a day's end closes, the visit that a hardware caller's key ends by
the way) is read from the recorded changes.
"""

from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from inspect import getmembers

import pytest

from hallapp.domain.events import Kind
from hallapp.domain.figures import ClerkFigures, DayFigures, Handling, HourFigures, ItemFigures, Spread
from hallapp.domain.handling import Outcome
from hallapp.domain.notice import Situation
from hallapp.domain.rating import Level, RatingFigures
from hallapp.services.hall import look
from hallapp.store import log


@dataclass
class ToldCall:
    day: object
    at: datetime
    staff: str
    recalls: int = 0
    missed: bool = False
    arrived: datetime | None = None


@dataclass
class ToldTicket:
    day: object
    at: datetime
    number: str
    expected: int | None
    first_call: ToldCall | None = None
    returns: int = 0
    abandoned: bool = False
    back_to: int | None = None


@dataclass
class ToldVisit:
    day: object
    at: datetime
    ticket: int | None
    staff: str
    running: int | None = None
    closed: bool = False
    void: bool = False


@dataclass
class ToldItem:
    day: object
    visit: int
    code: str
    quantity: int
    immediate: bool
    staff: str
    since: float
    seconds: float = 0.0
    outcome: Outcome | None = None
    ended: datetime | None = None


@dataclass
class Told:
    """A hall's story, event by event. ``ticks`` gives each event's true seconds; without it its moment is believed."""

    ticks: dict
    tickets: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)
    at_ticket: dict = field(default_factory=dict)
    visits: dict = field(default_factory=dict)
    items: dict = field(default_factory=dict)
    notices: list = field(default_factory=list)
    called: dict = field(default_factory=dict)
    by_caller: set = field(default_factory=set)
    ratings: dict = field(default_factory=dict)
    booked: dict = field(default_factory=dict)
    kept: set = field(default_factory=set)

    def hear(self, event):
        tick = self.ticks.get(event.seq, event.at.timestamp())
        if event.kind in (Kind.CALLED, Kind.FINISHED, Kind.HELD):
            self._hear_caller(event)
        visit = self.visits.get(event.visit_id)
        match event.kind:
            case Kind.ISSUED:
                row = _row(event, "ticket")
                self.tickets[event.ticket_id] = ToldTicket(event.day, event.at, event.number, row["expected_minutes"])
                if "appointment" in event.data:
                    self.kept.add(event.data["appointment"])
            case Kind.BOOKED:  # the day stands in the code, after its letter
                code = event.data["appointment"]
                self.booked[code] = date.fromisoformat(code[1:9])
            case Kind.WITHDRAWN:
                del self.booked[event.data["appointment"]]
            case Kind.CALLED:
                self.calls.append(ToldCall(event.day, event.at, event.staff))
                self.called[event.seq] = event.ticket_id
                self.at_ticket[event.ticket_id] = self.calls[-1]
                ticket = self.tickets[event.ticket_id]
                ticket.first_call = ticket.first_call or self.calls[-1]
            case Kind.RECALLED:
                self.at_ticket[event.ticket_id].recalls += 1
            case Kind.MISSED:
                self.at_ticket[event.ticket_id].missed = True
            case Kind.RETURNED:
                self.tickets[event.ticket_id].returns += 1
            case Kind.ABANDONED:
                self.tickets[event.ticket_id].abandoned = True
            case Kind.DAY_CLOSED:
                for table, key, _, after in event.changes:
                    if table == "ticket":  # the others are seats given up
                        self.tickets[key].abandoned = after["state"] == "abandoned"
            case Kind.ARRIVED | Kind.WALKED_IN:
                if event.kind is Kind.ARRIVED:
                    self.at_ticket[event.ticket_id].arrived = event.at
                new = ToldVisit(event.day, event.at, event.ticket_id, event.staff)
                visit = self.visits.setdefault(event.visit_id, new)
                visit.staff = event.staff
                if "item" in event.data:  # goes on after a hold
                    self._go_on(visit, event, tick)
            case Kind.ITEM_STARTED:
                self._stop(visit, tick)
                self.items[event.data["item"]] = ToldItem(
                    event.day, event.visit_id, event.data["item_code"], event.data["quantity"],
                    _row(event, "item")["immediate"], event.staff, tick)
                visit.running = event.data["item"]
            case Kind.ITEM_RESUMED:
                self._stop(visit, tick)
                self._go_on(visit, event, tick)
            case Kind.ITEM_CHANGED:
                self.items[event.data["item"]].quantity = event.data["quantity"]
                if "outcome" in event.data:
                    self.items[event.data["item"]].outcome = Outcome(event.data["outcome"])
            case Kind.ITEM_SUSPENDED | Kind.HELD:
                self._stop(visit, tick)
            case Kind.TRANSFERRED:
                if event.data["back"]:
                    self.tickets[event.ticket_id].back_to = event.window
                if visit:
                    self._stop(visit, tick)
            case Kind.ITEM_FINISHED:
                self._end(event.data["item"], Outcome(event.data["outcome"]), event, tick)
            case Kind.NOTICE_GIVEN:
                self.notices.append((event.day, Situation(event.data["situation"])))
                if self.items[event.data["item"]].outcome is None:
                    self._end(event.data["item"], Outcome.NOTICE, event, tick)
            case Kind.FINISHED:
                self._stop(visit, tick)
                ticket = self.tickets.get(visit.ticket)
                goes_back = ticket is not None and ticket.back_to not in (None, event.window)
                visit.closed = not goes_back
                if ticket:
                    ticket.back_to = None
            case Kind.RATED | Kind.NOT_RATED:
                self.ratings[event.visit_id] = event.data["level"]
            case Kind.VOIDED:
                visit.closed = visit.void = True
                for key, item in self.items.items():
                    if item.visit == event.visit_id and item.outcome is None:
                        self._end(key, Outcome.COMPLETED, event, tick)

    def _go_on(self, visit, event, tick):
        visit.running = event.data["item"]
        self.items[visit.running].since, self.items[visit.running].staff = tick, event.staff

    def _hear_caller(self, event):
        """Whoever was called is gone with the next call: the visit has no event of its own."""
        for table, key, before, after in event.changes:
            if table == "call" and after.get("result") == "came":
                self.by_caller.add(self.called[key])
            if table != "visit":
                continue
            if before is None:
                day, at = date.fromisoformat(after["day"]), datetime.fromisoformat(after["opened_at"])
                self.visits[key] = ToldVisit(day, at, after["ticket_id"], after["staff"])
            self.visits[key].staff = after.get("staff", self.visits[key].staff)
            if after.get("state") == "closed" and event.kind is Kind.CALLED:
                self.visits[key].closed = True

    def _stop(self, visit, tick):
        if visit.running is not None:
            self.items[visit.running].seconds += tick - self.items[visit.running].since
            visit.running = None

    def _end(self, key, outcome, event, tick):
        item = self.items[key]
        if self.visits[item.visit].running == key:
            self._stop(self.visits[item.visit], tick)
        item.outcome, item.ended = outcome, event.at


def _row(event, table):
    """The row that an event added to a table."""
    return next(after for name, _, before, after in event.changes if name == table and before is None)


def told(hall, ticks=None):
    """The story of all days of a hall."""
    with look(hall) as db:
        events = [event for day in reversed(log.days(db, hall.id)) for event in log.events_of_day(db, hall.id, day)]
    undone = {event.data["of"] for event in events if event.kind is Kind.UNDONE}
    story = Told(ticks or {})
    for event in sorted(events, key=lambda event: event.seq):
        if event.seq not in undone:
            story.hear(event)
    return story


@dataclass
class ToldDay:
    """What of a story belongs to one business day."""

    story: Told
    day: object
    hall: object

    def of(self, things):
        return [thing for thing in things if thing.day == self.day]

    @property
    def tickets(self):
        return self.of(self.story.tickets.values())

    @property
    def calls(self):
        return self.of(self.story.calls)

    @property
    def visits(self):
        return self.of(self.story.visits.values())

    @property
    def closed(self):
        return [visit for visit in self.visits if visit.closed]

    @property
    def ended(self):
        return [item for item in self.of(self.story.items.values()) if item.outcome]

    @property
    def waits(self):
        """Of tickets called on their day; a night is no wait."""
        return [(ticket, seconds_between(ticket.at, ticket.first_call.at)) for ticket in self.tickets
                if ticket.first_call and ticket.first_call.day == self.day]

    @property
    def errors(self):
        """Minutes by which each told wait was wrong."""
        return [abs(wait / 60 - ticket.expected) for ticket, wait in self.waits if ticket.expected is not None]

    def ways(self, staff=None):
        return [seconds_between(call.at, call.arrived) for call in self.calls
                if call.arrived and staff in (None, call.staff)]

    def handling(self, items):
        """Cases one by one, each with its share of its item's seconds."""
        target, times, void = self.hall.rules.target_seconds, [], 0
        for item in items:
            for _ in range(item.quantity):
                if self.story.visits[item.visit].void:
                    void += 1
                else:
                    times.append(round(item.seconds, 3) / item.quantity)
        return Handling(len(times) + void, spread(times), len([one for one in times if one > target]), void)

    def hour(self, at):
        local = at.astimezone(self.hall.rules.zone)
        return local.hour if local.date() == self.day else None


def seconds_between(start, end):
    return max(0.0, end.timestamp() - start.timestamp())


def spread(times):
    """Nearest rank by its definition: the least of them that nine in ten do not exceed."""
    if not times:
        return None
    n, ranked = len(times), sorted(times)
    p90 = next(one for one in ranked if 10 * len([other for other in times if other <= one]) >= 9 * n)
    return Spread(n, sum(times) / n, (ranked[(n - 1) // 2] + ranked[n // 2]) / 2, p90, max(times))


def _items(day):
    found = []
    for code in dict.fromkeys(item.code for item in day.ended):
        mine = [item for item in day.ended if item.code == code]
        ends = [item.outcome for item in mine for _ in range(item.quantity)]
        found.append(ItemFigures(code, day.handling(mine), {one: ends.count(one) for one in dict.fromkeys(ends)}))
    return tuple(found)


def _clerks(day):
    return tuple(
        ClerkFigures(staff, len([visit for visit in day.closed if visit.staff == staff]),
                     day.handling([item for item in day.ended if item.staff == staff]), spread(day.ways(staff)),
                     _ratings(day, staff))
        for staff in sorted({one.staff for one in (*day.closed, *day.ended)})
    )


def _hours(day):
    issued = [day.hour(ticket.at) for ticket in day.tickets]
    opened = [day.hour(visit.at) for visit in day.visits]
    cases = [day.hour(item.ended) for item in day.ended for _ in range(item.quantity)]
    busy = [hour for hour in range(24) if hour in (*issued, *opened, *cases)]
    return tuple(HourFigures(hour, issued.count(hour), opened.count(hour), cases.count(hour))
                 for hour in range(24) if busy and busy[0] <= hour <= busy[-1])


def _meets_target(day):
    times = day.handling([item for item in day.ended if item.immediate]).times
    return times and round(times.mean, 3) <= day.hall.rules.target_seconds


def _notices(day):
    given = [situation for on, situation in day.story.notices if on == day.day]
    return {one: given.count(one) for one in set(given)}


def _booked(day):
    return [code for code, on in day.story.booked.items() if on == day.day]


def _ratings(day, staff=None):
    given = [level for key, level in day.story.ratings.items() if (visit := day.story.visits[key]) in day.visits
             and staff in (None, visit.staff)]
    levels = {level: len([one for one in given if one == level]) for level in Level if given}
    return RatingFigures(levels, len([one for one in given if one is None]))


FIGURES = {
    "booked": lambda day: len(_booked(day)),
    "kept": lambda day: len([code for code in _booked(day) if code in day.story.kept]),
    "ratings": _ratings,
    "day": lambda day: day.day,
    "issued": lambda day: len(day.tickets),
    "priority": lambda day: len([t for t in day.tickets if t.number[0] == day.hall.catalogue.priority_letter]),
    "visits": lambda day: len(day.closed),
    "walk_ins": lambda day: len([visit for visit in day.closed if visit.ticket is None]),
    "open_visits": lambda day: len([visit for visit in day.visits if not visit.closed]),
    "void_visits": lambda day: len([visit for visit in day.visits if visit.void]),
    "handling": lambda day: day.handling(day.ended),
    "immediate": lambda day: day.handling([item for item in day.ended if item.immediate]),
    "items": _items,
    "waiting": lambda day: spread([wait for _, wait in day.waits]),
    "way": lambda day: spread(day.ways()),
    "recalls": lambda day: sum(call.recalls for call in day.calls),
    "missed": lambda day: len([call for call in day.calls if call.missed]),
    "returned": lambda day: sum(ticket.returns for ticket in day.tickets),
    "abandoned": lambda day: len([ticket for ticket in day.tickets if ticket.abandoned]),
    "notices": _notices,
    "clerks": _clerks,
    "hours": _hours,
    "estimates": lambda day: len(day.errors),
    "estimate_error": lambda day: sum(day.errors) / len(day.errors) if day.errors else None,
    "without_items": lambda day: len([key for key, visit in day.story.visits.items() if visit in day.closed and not [
        item for item in day.of(day.story.items.values()) if item.visit == key]]),
    "by_caller": lambda day: len([visit for visit in day.closed if visit.ticket in day.story.by_caller]),
    "target": lambda day: day.hall.rules.target_seconds,
    "meets_target": _meets_target,
}


def agrees(found, wanted):
    """Equal, up to the last digits of a float."""
    return flat(found) == pytest.approx(flat(wanted), abs=1e-6)


def flat(value, path=""):
    """Every number and word of a figure under its own name."""
    if is_dataclass(value):
        parts = {one.name: getattr(value, one.name) for one in fields(value)}
    elif isinstance(value, dict):
        parts = value
    elif isinstance(value, tuple):
        parts = dict(enumerate(value))
    else:
        return {path: value}
    every = {key: one for name, part in parts.items() for key, one in flat(part, f"{path}.{name}").items()}
    return {f"len({path})": len(parts)} | every


def every_figure():
    """The names of all that DayFigures says, worked out or stored."""
    stored = {one.name for one in fields(DayFigures)}
    return stored | {name for name, _ in getmembers(DayFigures, lambda one: isinstance(one, property))}
