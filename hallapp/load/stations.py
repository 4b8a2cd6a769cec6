"""A hall's stations as people use them: look, then do what is to be done next.

What a station does follows from what it sees, so it goes on by itself after an error, and where an earlier run stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from time import perf_counter
from typing import Any, Protocol, TypeVar
from uuid import uuid4

from hallapp.domain.events import By, Clerk, Kind
from hallapp.domain.handling import ItemState, Outcome
from hallapp.domain.printing import JobState
from hallapp.load.figures import Figures
from hallapp.services import board, counter, desk, kiosk, printing, visits
from hallapp.services.hall import Hall
from hallapp.services.handover import Handover

Seen = TypeVar("Seen")
PRINTER = "kiosk"


@dataclass(frozen=True, slots=True)
class Act:
    """A step: its service function, the kind of event it leaves, and the id in its answer that is in the event too."""

    does: Callable[..., Any]
    leaves: Kind
    found_by: Callable[[Any], int]


ISSUE = Act(kiosk.issue, Kind.ISSUED, attrgetter("ticket.id"))
SEND = Act(printing.start, Kind.PRINT_STARTED, attrgetter("id"))
PRINTED = Act(printing.printed, Kind.PRINTED, attrgetter("id"))
CALL = Act(counter.call_next, Kind.CALLED, attrgetter("id"))
ARRIVE = Act(counter.arrive, Kind.ARRIVED, attrgetter("id"))
START = Act(visits.start_item, Kind.ITEM_STARTED, attrgetter("id"))
END = Act(visits.finish_item, Kind.ITEM_FINISHED, attrgetter("id"))
LEAVE = Act(visits.finish_visit, Kind.FINISHED, attrgetter("id"))


class Station(Protocol):
    """A station takes turns; one turn is a look and the steps that follow from it."""

    def turn(self, figures: Figures) -> None: ...


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The kiosk with its printer and the board: it lets no more than ``room`` people wait."""

    hall: Hall
    by: By
    room: int

    def turn(self, figures: Figures) -> None:
        for job in look(figures, printing.open_jobs, self.hall, PRINTER):
            act(figures, SEND if job.state is JobState.QUEUED else PRINTED, self.hall, self.by, job.id)
        shown = look(figures, board.board, self.hall)
        if sum(shown.waiting.values()) < self.room:
            waits = look(figures, kiosk.group_waits, self.hall)
            wish = kiosk.Wish(waits[shown.seq % len(waits)].group, request=uuid4().hex)
            act(figures, ISSUE, self.hall, self.by, wish, PRINTER, _taken)


@dataclass(frozen=True, slots=True)
class Counter:
    """A clerk at a window, who handles one item with every visitor."""

    hall: Hall
    by: Clerk
    items: tuple[str, ...]

    def turn(self, figures: Figures) -> None:
        seen = look(figures, desk.desk, self.hall, self.by.window)
        if seen.call is not None:
            act(figures, ARRIVE, self.hall, self.by)
        elif seen.visit is None:
            if seen.next_up is not None:
                act(figures, CALL, self.hall, self.by)
        elif not seen.items:
            act(figures, START, self.hall, self.by, self.items[seen.visit.id % len(self.items)])
        elif seen.items[-1].item.state is not ItemState.ENDED:
            act(figures, END, self.hall, self.by, seen.items[-1].item.id, Outcome.COMPLETED)
        else:
            act(figures, LEAVE, self.hall, self.by)


def _taken() -> Handover:
    """The printer takes the slip at once; the next turn says that it is on paper."""
    return Handover(patience=0)


def look(figures: Figures, sees: Callable[..., Seen], hall: Hall, *more: Any) -> Seen:
    begun = perf_counter()
    seen = sees(hall, *more)
    figures.seconds[sees.__name__].append(perf_counter() - begun)
    figures.looks.add(sees.__name__)
    return seen


def act(figures: Figures, what: Act, hall: Hall, *more: Any) -> None:
    begun = perf_counter()
    answer = what.does(hall, *more)
    figures.seconds[what.does.__name__].append(perf_counter() - begun)
    figures.answered[hall.id, what.leaves.value].append(what.found_by(answer))
    figures.steps += 1
