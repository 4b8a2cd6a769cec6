"""What a counter shows of the day so far."""

from __future__ import annotations

from dataclasses import dataclass

from hallapp.domain.figures import DayRecords, Measure, meets
from hallapp.domain.handling import ItemState, VisitState
from hallapp.domain.rules import Rules


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts and means of the day. The mean is seconds over immediate items' cases and ``meets_target`` the ten-minute
    verdict on it, both ``None`` without any."""

    my_visits: int
    my_cases: int
    hall_cases: int
    hall_mean: float | None
    meets_target: bool | None


def tally(records: DayRecords, staff: str | None, rules: Rules) -> Tally:
    """What a counter shows of the day, as the day's figures say it, for the clerk ``staff``; of the visits, the items
    and their intervals."""
    measure, ended = Measure(records, rules), [item for item in records.items if item.state is ItemState.ENDED]
    immediate = measure.handling(item for item in ended if item.immediate)
    return Tally(
        my_visits=sum(visit.staff == staff for visit in records.visits if visit.state is VisitState.CLOSED),
        my_cases=sum(item.quantity for item in ended if item.staff == staff),
        hall_cases=sum(item.quantity for item in ended),
        hall_mean=immediate.times.mean if immediate.times else None,
        meets_target=meets(immediate, rules.target_seconds),
    )
