"""The visitors and clerks of the demo: each a generator that acts and yields the seconds to its next act."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from hallapp.demo.plan import Errand, Opinion, Story, Visitor
from hallapp.demo.schedule import Person, Schedule
from hallapp.demo.stage import PASSWORD, Stage
from hallapp.domain.events import Clerk, Kind
from hallapp.domain.handling import Outcome
from hallapp.domain.ticket import HoldKind
from hallapp.ui.counter.notice_lines import MaterialRow
from hallapp.ui.rater.pages import AskPage, ReasonsPage

OUTCOME_KEYS = {outcome: place for place, outcome in enumerate(Outcome, 1)}


@dataclass
class Visit:
    """A visitor on the way through the hall."""

    visitor: Visitor
    number: str = ""
    appointment: str = ""  # its code, once it is made
    ticket_id: int = 0
    errands: deque[Errand] = field(default_factory=deque)
    story_done: bool = False
    suspended: bool = False  # an item goes on by itself once its visitor is back


@dataclass
class Crowd:
    """Who is in the hall, and what the next free clerk is asked to do for somebody at the desk."""

    stage: Stage
    schedule: Schedule
    by_number: dict[str, Visit] = field(default_factory=dict)
    at_desk: deque[tuple[str, Visit, int | None]] = field(default_factory=deque)
    notices: list[str] = field(default_factory=list)
    still_to_come: int = 0


def visitor(crowd: Crowd, plan: Visitor) -> Person:
    """Comes, takes a number at the kiosk (or goes straight to a window), and waits; whoever has an appointment had it
    made before."""
    visit = Visit(plan, errands=deque(plan.errands))
    if plan.story is Story.BOOKED:
        crowd.at_desk.append(("book", visit, None))
        yield (plan.at - crowd.stage.clock.now()).total_seconds()
    crowd.still_to_come -= 1
    if plan.story is Story.WALK_IN:
        crowd.at_desk.append(("walk_in", visit, None))
        return
    take_number(crowd, visit)
    if plan.story is Story.LEAVES:
        yield 150.0
        crowd.at_desk.append(("abandon", visit, None))


def take_number(crowd: Crowd, visit: Visit) -> None:
    """The taps at the kiosk, or the code of a notice or an appointment that the visitor brings back."""
    stage, plan = crowd.stage, visit.visitor
    kiosk = stage.kiosk
    if visit.appointment:
        kiosk.scanned.emit(visit.appointment)
        stage.settle()
    elif plan.story is Story.RETURN and crowd.notices:
        kiosk.scanned.emit(crowd.notices.pop(0))
        stage.settle()
        stage.click("take", kiosk)
    else:
        if plan.priority:
            stage.click("priority", kiosk)
        stage.click(f"group-{plan.group}", kiosk)
        if plan.story is not Story.CONSULT:
            stage.click(f"item-{plan.errands[0].item.code}", kiosk)
            stage.click("take", kiosk)
    issued = stage.last(Kind.ISSUED)
    assert issued.number is not None
    assert issued.ticket_id is not None
    visit.number, visit.ticket_id = issued.number, issued.ticket_id
    crowd.by_number[visit.number] = visit
    stage.click("home", kiosk)


def rate(crowd: Crowd, window: int, opinion: Opinion) -> Person:
    """The visitor at the rating screen, unless the next one is at the window already."""
    stage, rater = crowd.stage, crowd.stage.raters[window]
    if opinion.level is None:
        yield stage.hall.rules.rating_seconds + 1.0
        return
    yield opinion.seconds
    if not isinstance(rater.page, AskPage):
        return
    stage.click(f"level-{int(opinion.level)}", rater)
    yield 3.0
    if isinstance(rater.page, ReasonsPage):
        for code in opinion.reasons:
            stage.click(f"reason-{code}", rater)
        yield 2.0
    if isinstance(rater.page, ReasonsPage):
        stage.click("submit", rater)


class ClerkAtWork:
    """One clerk at one window from morning to evening."""

    def __init__(self, crowd: Crowd, clerk: Clerk, lunch: tuple[datetime, float], end: datetime) -> None:
        self._crowd, self._stage, self._clerk = crowd, crowd.stage, clerk
        self._counter = crowd.stage.counters[clerk.window]
        self._lunch: tuple[datetime, float] | None = lunch
        self._end = end

    def work(self) -> Person:
        self._sign_in()
        yield 20.0
        while True:
            now = self._stage.clock.now()
            if self._lunch and now >= self._lunch[0]:
                yield from self._pause()
            elif self._crowd.at_desk and (wait := self._for_somebody_at_the_desk()) is not None:
                yield from wait
            elif self._stage.desk(self._clerk.window).next_up is not None:
                yield from self._serve_next()
            elif now >= self._end and not self._crowd.still_to_come:
                return
            else:
                yield 40.0

    def _sign_in(self) -> None:
        page = self._counter.page
        page.number.setText(self._clerk.staff)
        page.password.setText(PASSWORD)
        self._stage.click("sign-in", self._counter)

    def _pause(self) -> Person:
        assert self._lunch is not None
        seconds, self._lunch = self._lunch[1], None
        self._stage.click("pause", self._counter)
        self._stage.click("reason-1", self._stage.dialog())
        yield seconds
        self._stage.click("pause", self._counter)
        yield 10.0

    def _for_somebody_at_the_desk(self) -> Person | None:
        """Take up the first thing asked for that this window may do."""
        for wish in tuple(self._crowd.at_desk):
            what, visit, window = wish
            if window in (None, self._clerk.window):
                self._crowd.at_desk.remove(wish)
                wanted = {"walk_in": self._walk_in, "book": self._book}.get(what, partial(self._find, what))
                return wanted(visit)
        return None

    def _walk_in(self, visit: Visit) -> Person:
        self._stage.click("walk-in", self._counter)
        yield 8.0
        yield from self._handle(visit)

    def _book(self, visit: Visit) -> Person:
        """The slot in which the visitor will come, with a slip."""
        stage, plan = self._stage, visit.visitor
        stage.click("book", self._counter)
        dialog = stage.dialog()
        for row in range(dialog.slots.count()):
            dialog.slots.setCurrentRow(row)
            if dialog.slot().ends_at > plan.at:
                break
        codes = [group.code for group in stage.hall.catalogue.groups]
        dialog.groups.setCurrentRow(codes.index(plan.group))
        dialog.items.setCurrentIndex(dialog.items.findData(plan.errands[0].item.code))
        yield 40.0
        stage.click("book-print", dialog)
        visit.appointment = stage.last(Kind.BOOKED).data["appointment"]
        stage.click("told", stage.dialog())
        yield 5.0

    def _find(self, what: str, visit: Visit) -> Person:
        """Look the number up and do what its state asks for."""
        self._stage.click("find", self._counter)
        dialog = self._stage.dialog()
        if what == "abandon":
            dialog.entry.setText(visit.number)
            self._stage.click("abandon-ticket", dialog)
        else:
            self._stage.type(visit.number, "ticket-number", dialog)
        if dialog in self._stage.dialogs():  # the number needs nothing any more
            dialog.reject()
        yield 5.0
        if self._stage.desk(self._clerk.window).call is not None:
            yield from self._called()

    def _serve_next(self) -> Person:
        self._stage.click("call", self._counter)
        yield from self._called()

    def _called(self) -> Person:
        """From the call to the end of the visit, or to the miss."""
        ticket = self._stage.desk(self._clerk.window).ticket
        assert ticket is not None
        visit = self._crowd.by_number[ticket.number]
        story = visit.visitor.story
        if story is Story.NO_SHOW or (story is Story.LATE and not visit.story_done):
            yield from self._miss(visit)
            return
        yield visit.visitor.way
        self._stage.click("arrive", self._counter)
        yield 8.0
        if story is Story.TRANSFER and not visit.story_done:
            visit.story_done = True
            self._transfer()
        elif ticket.return_window is not None:
            yield 90.0
            self._stage.click("finish", self._counter)
        else:
            yield from self._handle(visit)
        yield 10.0

    def _miss(self, visit: Visit) -> Person:
        yield 35.0
        self._stage.click("recall", self._counter)
        yield 35.0
        self._stage.click("miss", self._counter)
        if visit.visitor.story is Story.LATE:
            visit.story_done = True
            self._crowd.schedule.add(self._later("return", visit, None, 300.0), self._stage.clock.now())
        yield 5.0

    def _transfer(self) -> None:
        """To the next window, and back to this one."""
        self._stage.click("transfer", self._counter)
        dialog = self._stage.dialog()
        dialog.back.setChecked(True)
        others = [number for number in self._stage.counters if number != self._clerk.window]
        self._stage.click(f"to-window-{others[0]}", dialog)

    def _handle(self, visit: Visit) -> Person:
        """All errands of the visit, with what is special about it."""
        story = visit.visitor.story
        while visit.errands:
            errand = visit.errands.popleft()
            if visit.suspended:
                visit.suspended = False
            else:
                keys = f"{errand.item.seq}" + (f"*{errand.quantity}" if errand.quantity > 1 else "")
                self._stage.type(keys, "item-entry", self._counter)
            if story is Story.HOLD and not visit.story_done:
                visit.story_done = True
                yield errand.seconds / 3
                self._hold(visit)
                visit.errands.appendleft(errand)
                visit.suspended = True
                return
            yield errand.seconds
            if errand.outcome is Outcome.NOTICE:
                self._give_notice()
            else:
                self._stage.click(f"outcome-{OUTCOME_KEYS[errand.outcome]}", self._counter)
            yield 4.0
        self._stage.click("finish", self._counter)
        asked = rate(self._crowd, self._clerk.window, visit.visitor.opinion)
        self._crowd.schedule.add(asked, self._stage.clock.now())
        yield 12.0

    def _hold(self, visit: Visit) -> None:
        kind = visit.visitor.hold_kind
        self._stage.click("hold", self._counter)
        self._stage.click(f"hold-{kind.value}", self._stage.dialog())
        window = self._clerk.window if kind is HoldKind.KEEP_PAPERS else None
        self._crowd.schedule.add(self._later("resume", visit, window, 480.0), self._stage.clock.now())

    def _later(self, what: str, visit: Visit, window: int | None, seconds: float) -> Person:
        yield seconds
        self._crowd.at_desk.append((what, visit, window))

    def _give_notice(self) -> None:
        """Tick the first material as missing and print."""
        self._stage.click("notice", self._counter)
        dialog = self._stage.dialog()
        rows = dialog.findChildren(MaterialRow)
        rows[0].missing.setChecked(True)
        for row in rows[1:2]:
            row.received.setChecked(True)
        self._stage.click("give-notice", dialog)
        data = self._stage.last(Kind.NOTICE_GIVEN).data
        self._crowd.notices.append(f"N{data['notice']}")
