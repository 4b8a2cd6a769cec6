"""The demo's own time: it stands still while something is done and leaps to the next thing."""

from __future__ import annotations

from datetime import datetime, timedelta


class DemoClock:
    """A clock that is moved by hand. One writer (the demo's loop), any number of readers."""

    id = "demo"

    def __init__(self, start: datetime) -> None:
        self._start = self._now = start

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - self._start).total_seconds()

    def move_to(self, moment: datetime) -> None:
        """Forward only; an earlier moment changes nothing."""
        self._now = max(self._now, moment)

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
