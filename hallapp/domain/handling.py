"""A visit at a window and the items handled in it, each with its own clock.

One item runs at a time: a clerk's minute is never counted twice. Starting or
resuming an item suspends the one that runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from hallapp.domain.clock import Clock
from hallapp.domain.errors import WrongState


class VisitState(StrEnum):
    OPEN = "open"
    PARKED = "parked"  # held or transferred: the visitor is not at a window
    CLOSED = "closed"


class ItemState(StrEnum):
    RUNNING = "running"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Outcome(StrEnum):
    COMPLETED = "completed"  # 办结
    ACCEPTED = "accepted"  # 受理
    DEFERRED = "deferred"  # 容缺受理
    ASSISTED = "assisted"  # 帮办代办
    NOTICE = "notice"  # 一次性告知
    REFERRED = "referred"  # 转办
    CONSULTED = "consulted"  # 咨询
    WITHDRAWN = "withdrawn"  # 申请人撤回


class Pace(StrEnum):
    """How a running item stands against its target."""

    CALM = "calm"
    NEAR = "near"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Visit:
    """One visitor's stay at windows (人次); ``ticket_id`` is ``None`` for a walk-in.

    ``void_reason`` set: closed afterwards, its timings are left out of means.
    ``notice_id``: the earlier one-time notice the visitor came back with.
    """

    id: int
    day: date
    ticket_id: int | None
    window: int
    staff: str
    opened_at: datetime
    state: VisitState = VisitState.OPEN
    closed_at: datetime | None = None
    void_reason: str | None = None
    notice_id: int | None = None


@dataclass(frozen=True, slots=True)
class HandledItem:
    """One service item (件) handled in a visit."""

    id: int
    day: date
    visit_id: int
    item_code: str
    quantity: int
    window: int
    staff: str
    immediate: bool
    mode: str
    started_at: datetime
    state: ItemState = ItemState.RUNNING
    outcome: Outcome | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of handling. ``seconds`` is set when it ends.

    ``clock_id`` and ``mono`` (seconds) are the monotonic reading at its start,
    so that setting the wall clock does not bend the duration.
    """

    id: int
    item_id: int
    started_at: datetime
    clock_id: str
    mono: float
    ended_at: datetime | None = None
    seconds: float | None = None


def elapsed(interval: Interval, clock: Clock) -> float:
    """Seconds of an interval; of a running one up to now, by the monotonic clock if it is still the same."""
    if interval.seconds is not None:
        return interval.seconds
    if interval.clock_id == clock.id:
        return max(0.0, clock.monotonic() - interval.mono)
    return max(0.0, (clock.now() - interval.started_at).total_seconds())


def drift(interval: Interval, clock: Clock) -> float:
    """Seconds by which the wall clock moved against the monotonic one since the interval began."""
    if interval.clock_id != clock.id:
        return 0.0
    wall = (clock.now() - interval.started_at).total_seconds()
    return wall - (clock.monotonic() - interval.mono)


def end_interval(interval: Interval, clock: Clock) -> Interval:
    return replace(interval, ended_at=clock.now(), seconds=round(elapsed(interval, clock), 3))


def handled_seconds(intervals: Iterable[Interval], clock: Clock) -> float:
    return sum(elapsed(interval, clock) for interval in intervals)


def suspend(item: HandledItem) -> HandledItem:
    _require(item, ItemState.RUNNING)
    return replace(item, state=ItemState.SUSPENDED)


def resume(item: HandledItem) -> HandledItem:
    _require(item, ItemState.SUSPENDED)
    return replace(item, state=ItemState.RUNNING)


def end(item: HandledItem, outcome: Outcome, now: datetime) -> HandledItem:
    _require(item, ItemState.RUNNING, ItemState.SUSPENDED)
    return replace(item, state=ItemState.ENDED, outcome=outcome, ended_at=now)


def correct(item: HandledItem, outcome: Outcome) -> HandledItem:
    """Another outcome than was pressed; when it ended stays."""
    _require(item, ItemState.ENDED)
    return replace(item, outcome=outcome)


def _require(item: HandledItem, *states: ItemState) -> None:
    if item.state not in states:
        raise WrongState(item.item_code, item.state)


def pace(seconds: float, target_seconds: float, near_share: float) -> Pace:
    """Calm below ``near_share`` of the target, near up to it, over beyond."""
    if seconds > target_seconds:
        return Pace.OVER
    return Pace.NEAR if seconds >= target_seconds * near_share else Pace.CALM
