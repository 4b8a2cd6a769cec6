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


def stopped_clock(doing: Step, item: HandledItem) -> list[Change]:
    """The end of the item's running interval. The event says if the wall clock was set meanwhile."""
    interval = visits.open_interval(doing.db, doing.hall.id, item.id)
    if interval is None:
        return []
    clock = doing.hall.clock
    drift = handling.drift(interval, clock)
    if abs(drift) > doing.hall.rules.clock_drift_seconds:
        doing.facts["clock_drift"] = round(drift, 1)
    return [changed(interval, handling.end_interval(interval, clock))]


def stopped_items(doing: Step, visit_id: int, but: int | None = None) -> list[Change]:
    """Suspend the running item of a visit, if there is one other than ``but``."""
    changes: list[Change] = []
    for item in visits.items_of(doing.db, doing.hall.id, visit_id):
        if item.state is ItemState.RUNNING and item.id != but:
            changes += [changed(item, handling.suspend(item)), *stopped_clock(doing, item)]
    return changes
