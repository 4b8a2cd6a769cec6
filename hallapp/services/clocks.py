"""Starting and stopping the clocks of items, as changes of a step."""

from __future__ import annotations

from dataclasses import replace

from hallapp.domain import handling
from hallapp.domain.events import Clerk, Kind
from hallapp.domain.handling import HandledItem, Interval, ItemState
from hallapp.domain.ticket import Ticket
from hallapp.services.hall import Step
from hallapp.store import log, visits
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


def resumed_item(doing: Step, by: Clerk, item: HandledItem) -> tuple[HandledItem, list[Change]]:
    """The suspended item going on here."""
    running = replace(handling.resume(item), window=by.window, staff=by.staff)
    return running, [changed(item, running), started_clock(doing, item.id)]


def held_item(doing: Step, ticket: Ticket) -> HandledItem | None:
    """What the hold that the ticket comes out of suspended. Items suspended by hand before it are none of its, and who
    was transferred comes for something else."""
    parked = log.last_parking(doing.db, doing.hall.id, ticket.id)
    if parked is None or parked.kind is not Kind.HELD:
        return None
    stopped = next((key for table, key, *_ in parked.changes if table == "item"), None)
    item = stopped and visits.item(doing.db, doing.hall.id, stopped)
    return item if item and item.state is ItemState.SUSPENDED else None
