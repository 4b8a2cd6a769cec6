"""Starting and stopping the clocks of items, as changes of a step."""

from __future__ import annotations

from hallapp.domain import handling
from hallapp.domain.handling import HandledItem, Interval, ItemState
from hallapp.services.hall import Step
from hallapp.store import visits
from hallapp.store.rows import Change, added, changed


def started_clock(doing: Step, item_id: int) -> Change:
    """A new interval of the item, from now on."""
    clock = doing.hall.clock
    return added(Interval(doing.id, item_id, doing.now, clock.id, clock.monotonic()))


def stopped_clock(doing: Step, item: HandledItem) -> tuple[list[Change], float]:
    """The end of the item's running interval, and by how many seconds the wall clock drifted in it."""
    interval = visits.open_interval(doing.db, doing.hall.id, item.id)
    if interval is None:
        return [], 0.0
    clock = doing.hall.clock
    return [changed(interval, handling.end_interval(interval, clock))], handling.drift(interval, clock)


def stopped_items(doing: Step, visit_id: int, but: int | None = None) -> list[Change]:
    """Suspend the running item of a visit, if there is one other than ``but``."""
    changes: list[Change] = []
    for item in visits.items_of(doing.db, doing.hall.id, visit_id):
        if item.state is ItemState.RUNNING and item.id != but:
            changes += [changed(item, handling.suspend(item)), *stopped_clock(doing, item)[0]]
    return changes


def drifted(doing: Step, seconds: float) -> dict[str, float]:
    """What the event says of a clock that was set during handling; nothing if it was not."""
    return {"clock_drift": round(seconds, 1)} if abs(seconds) > doing.hall.rules.clock_drift_seconds else {}
