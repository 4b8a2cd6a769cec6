"""How many wait and how long a newcomer will: one answer for kiosk, slip and board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from sqlalchemy import Connection

from hallapp.domain.queue import expected_minutes
from hallapp.services.hall import Hall
from hallapp.store import people, queue, visits

ENOUGH_VISITS = 5


@dataclass(frozen=True, slots=True)
class Pressure:
    """What the estimate rests on: tickets ahead by business group, open and idle windows, minutes a visit takes."""

    ahead: dict[str, int]
    open_windows: frozenset[int]
    busy_windows: frozenset[int]
    visit_minutes: float


def pressure(db: Connection, hall: Hall, day: date, rank_at: datetime) -> Pressure:
    """The state of the hall for somebody who would queue at ``rank_at``."""
    recent = visits.recent_seconds(db, hall.id, day)
    minutes = median(recent) / 60 if len(recent) >= ENOUGH_VISITS else hall.rules.default_visit_minutes
    return Pressure(
        queue.ahead_by_group(db, hall.id, day, rank_at),
        frozenset(s.window for s in people.sessions(db, hall.id) if s.pause_reason is None),
        queue.busy_windows(db, hall.id),
        minutes,
    )


def ahead_and_minutes(found: Pressure, hall: Hall, group: str) -> tuple[int, int | None]:
    """People before a newcomer of ``group`` and the minutes to expect, ``None`` if no window is open for it."""
    serving = [w for w in hall.windows if w.number in found.open_windows and group in w.groups]
    rivals = frozenset({group}).union(*(w.groups for w in serving))
    ahead = sum(count for name, count in found.ahead.items() if name in rivals)
    idle = sum(w.number not in found.busy_windows for w in serving)
    return ahead, expected_minutes(ahead, len(serving), idle, found.visit_minutes)
