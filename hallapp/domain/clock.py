"""Time as a value that is passed in."""

from __future__ import annotations

from datetime import date, datetime
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


def business_day(moment: datetime, zone: ZoneInfo) -> date:
    """The hall's day that an aware UTC ``moment`` falls in."""
    return moment.astimezone(zone).date()
