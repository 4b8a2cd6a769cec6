"""How many wait and how long a newcomer will: one answer for kiosk, slip and board."""

from __future__ import annotations

from statistics import median

from hallapp.domain.queue import expected_minutes
from hallapp.services.hall import Hall
from hallapp.store.situation import Situation

ENOUGH_VISITS = 5


def ahead_and_minutes(found: Situation, hall: Hall, group: str) -> tuple[int, int | None]:
    """People before a newcomer of ``group`` and the minutes to expect, ``None`` if no window is open for it."""
    serving = [w for w in hall.windows if w.number in found.open_windows and group in w.groups]
    rivals = frozenset({group}).union(*(w.groups for w in serving))
    ahead = sum(count for name, count in found.ahead.items() if name in rivals)
    idle = sum(w.number not in found.busy_windows for w in serving)
    known = len(found.visit_seconds) >= ENOUGH_VISITS
    minutes = median(found.visit_seconds) / 60 if known else hall.rules.default_visit_minutes
    return ahead, expected_minutes(ahead, len(serving), idle, minutes)
