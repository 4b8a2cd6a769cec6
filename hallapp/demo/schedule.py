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
        self._due: list[tuple[datetime, int, Person]] = []
        self._order = count()
        self._background: set[int] = set()

    def add(self, person: Person, at: datetime, *, background: bool = False) -> None:
        """``background`` persons do not keep the day going."""
        if background:
            self._background.add(id(person))
        heapq.heappush(self._due, (at, next(self._order), person))

    def busy(self) -> bool:
        """Whether anybody but background persons is still here."""
        return any(id(person) not in self._background for _at, _place, person in self._due)

    def next_moment(self) -> datetime | None:
        return self._due[0][0] if self._due else None

    def step(self) -> None:
        """Let the next person act once."""
        at, _place, person = heapq.heappop(self._due)
        self._clock.move_to(at)
        wait = next(person, None)
        if wait is not None:
            self.add(person, self._clock.now() + timedelta(seconds=wait))
