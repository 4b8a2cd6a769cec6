"""The event log's vocabulary: one row per write, in past participles."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    ISSUED = "issued"
    CALLED = "called"
    RECALLED = "recalled"
    ARRIVED = "arrived"
    MISSED = "missed"
    RETURNED = "returned"
    ABANDONED = "abandoned"
    HELD = "held"
    REQUEUED = "requeued"
    TRANSFERRED = "transferred"
    WALKED_IN = "walked_in"
    ITEM_STARTED = "item_started"
    ITEM_SUSPENDED = "item_suspended"
    ITEM_RESUMED = "item_resumed"
    ITEM_CHANGED = "item_changed"
    ITEM_FINISHED = "item_finished"
    FINISHED = "finished"
    VOIDED = "voided"
    UNDONE = "undone"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    PAUSED = "paused"
    UNPAUSED = "unpaused"
    NOTICE_GIVEN = "notice_given"
    NOTICE_BROUGHT = "notice_brought"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"
    REPRINTED = "reprinted"
    PRINT_STARTED = "print_started"
    PRINTED = "printed"
    PRINT_FAILED = "print_failed"
    PRINT_DECIDED = "print_decided"
    RATED = "rated"
    NOT_RATED = "not_rated"
    DEVICE_CHANGED = "device_changed"
    DAY_CLOSED = "day_closed"
    STAFF_ADDED = "staff_added"
    STAFF_CHANGED = "staff_changed"
    RESTORED = "restored"


UNDOABLE = frozenset({
    Kind.CALLED, Kind.ARRIVED, Kind.MISSED, Kind.ABANDONED, Kind.HELD, Kind.TRANSFERRED, Kind.WALKED_IN,
    Kind.ITEM_STARTED, Kind.ITEM_SUSPENDED, Kind.ITEM_RESUMED, Kind.ITEM_CHANGED, Kind.ITEM_FINISHED, Kind.FINISHED,
    Kind.NOTICE_BROUGHT,
})


@dataclass(frozen=True, slots=True)
class By:
    """Who did it: the station (``kiosk-1``, ``window-3``), and the clerk and window if there is one."""

    station: str
    staff: str | None = None
    window: int | None = None


@dataclass(frozen=True, slots=True)
class Clerk(By):
    """A clerk at a window."""

    staff: str
    window: int


@dataclass(frozen=True, slots=True)
class HallEvent:
    """One row of the log. ``changes`` is what it did to the tables, as the store encoded it."""

    seq: int
    kind: Kind
    at: datetime
    day: date
    station: str
    staff: str | None
    window: int | None
    ticket_id: int | None
    visit_id: int | None
    number: str | None
    data: dict[str, Any] = field(default_factory=dict)
    changes: list[Any] = field(default_factory=list)
