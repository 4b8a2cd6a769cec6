"""Time as a value that is passed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """The time of one process.

    ``id`` names the running process's monotonic clock: two readings of
    ``monotonic()`` (seconds) may be subtracted only if they carry the same id.
    """

    @property
    def id(self) -> str: ...
    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...


Heard = Callable[[datetime, float, float], None]  # as ServerClock.heard

DRIFT = 100e-6  # two clocks left alone part by less, in seconds a second
SLEW_SECONDS = 1.0  # a correction below this holds the time until it is caught up with; above, somebody set the clock


class ServerClock:
    """The server's time, whatever this PC's clock says: its last answer, carried on by this process's monotonic clock.

    Until the first answer it is this PC's own time.
    """

    def __init__(self, own: Clock) -> None:
        self.id, self.monotonic = own.id, own.monotonic
        self._lock = Lock()
        self._moment, self._at, self._error = own.now(), own.monotonic(), float("inf")
        self._last = self._moment

    def now(self) -> datetime:
        with self._lock:
            moment = self._carried(self.monotonic())
            if timedelta(0) < self._last - moment < timedelta(seconds=SLEW_SECONDS):
                return self._last  # corrected by a little: time stands a moment but does not go back
            self._last = moment
            return moment

    def heard(self, moment: datetime, asked: float, answered: float) -> None:
        """The server said that it was ``moment`` between two readings of ``monotonic()``.

        A slow answer says little: it counts only if it shows that the time carried on is wrong, or is the better one.
        """
        middle, error = (asked + answered) / 2, (answered - asked) / 2
        with self._lock:
            carried = self._error + DRIFT * (middle - self._at)
            apart = abs((moment - self._carried(middle)).total_seconds())
            if error <= carried or apart > error + carried:
                self._moment, self._at, self._error = moment, middle, error

    def _carried(self, monotonic: float) -> datetime:
        return self._moment + timedelta(seconds=monotonic - self._at)


def business_day(moment: datetime, zone: ZoneInfo) -> date:
    """The hall's day that an aware UTC ``moment`` falls in."""
    return moment.astimezone(zone).date()
