"""People who act at their own moments, one after another: the demo's loop without Qt."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

from hallapp.demo.clock import DemoClock

Person = Iterator[float]
"""Acts, then yields the seconds until it wants to act again."""


class Schedule:
    """Runs persons in the order of their moments, moving the clock."""

    def __init__(self, clock: DemoClock) -> None:
        self._clock = clock
        self._due: list[tuple[datetime, int, Person, bool]] = []
        self._order = count()

    def add(self, person: Person, at: datetime, *, background: bool = False) -> None:
        """``background`` persons do not keep the day going."""
        heapq.heappush(self._due, (at, next(self._order), person, background))

    def busy(self) -> bool:
        """Whether anybody but background persons is still here."""
        return not all(background for _at, _place, _person, background in self._due)

    def next_moment(self) -> datetime | None:
        return self._due[0][0] if self._due else None

    def step(self) -> None:
        """Let the next person act once."""
        at, _place, person, background = heapq.heappop(self._due)
        self._clock.move_to(at)
        wait = next(person, None)
        if wait is not None:
            self.add(person, self._clock.now() + timedelta(seconds=wait), background=background)
