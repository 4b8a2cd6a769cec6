"""A visitor's ticket, the calls it gets, and the steps it may take.

waiting -> called -> arrived -> handling -> done, with missed, abandoned and
held aside. Every step returns a new value and refuses what the state forbids.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil

from hallapp.domain.errors import RecallLimit, ReturnRefused, TooFewCalls, TooSoon, WrongState
from hallapp.domain.rules import Rules


class TicketState(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    ARRIVED = "arrived"
    HANDLING = "handling"
    HELD = "held"
    MISSED = "missed"
    ABANDONED = "abandoned"
    DONE = "done"


AT_WINDOW = frozenset({TicketState.ARRIVED, TicketState.HANDLING})
CLOSED = frozenset({TicketState.ABANDONED, TicketState.DONE})


class HoldKind(StrEnum):
    """How a visitor steps aside (永泰's three kinds of 挂起, facts/peers 8)."""

    KEEP_PAPERS = "keep_papers"  # 持件: papers stay here, back to this window
    NO_PAPERS = "no_papers"  # 不持件: back to any window without a new ticket
    OUTSIDE = "outside"  # 等待: waits for a step outside the hall


class CallResult(StrEnum):
    ARRIVED = "arrived"
    CAME = "came"  # at a moment that nobody noted: a hardware caller has no key for it
    MISSED = "missed"
    ABANDONED = "abandoned"
    TRANSFERRED = "transferred"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One number of one business day.

    ``id`` is the seq of the event that issued it. ``rank_at`` orders the queue:
    issue time less the priority head start. ``ahead`` and ``expected_minutes``
    are what the visitor was told at issue (``None`` where no window was open).
    ``notice_id`` is the one-time notice the visitor came back with; ``booked_for`` the start of the appointment that
    was checked in, which stands for the issue time in ``rank_at``.
    """

    id: int
    day: date
    number: str
    prefix: str
    serial: int
    group: str
    item_code: str | None
    priority: bool
    state: TicketState
    issued_at: datetime
    rank_at: datetime
    station: str
    ahead: int = 0
    expected_minutes: int | None = None
    window: int | None = None
    target_window: int | None = None
    return_window: int | None = None
    hold_kind: HoldKind | None = None
    changed_at: datetime | None = None
    returns: int = 0
    notice_id: int | None = None
    booked_for: datetime | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a ticket to a window, with its recalls; open until ``result`` is set."""

    id: int
    day: date
    ticket_id: int
    window: int
    staff: str
    called_at: datetime
    last_called_at: datetime
    calls: int = 1
    ended_at: datetime | None = None
    result: CallResult | None = None


def _require(ticket: Ticket, *states: TicketState) -> None:
    if ticket.state not in states:
        raise WrongState(ticket.number, ticket.state)


def call(ticket: Ticket, window: int, now: datetime) -> Ticket:
    """Called to ``window``: from the queue, or out of a hold. Whoever has one window to go to still has if nobody
    comes: the papers may lie there."""
    _require(ticket, TicketState.WAITING, TicketState.HELD)
    return replace(ticket, state=TicketState.CALLED, window=window, hold_kind=None, changed_at=now)


def recall(open_call: Call, rules: Rules, now: datetime) -> Call:
    """Called once more; at most ``rules.recall_limit`` times, ``rules.call_interval`` seconds apart."""
    if open_call.calls > rules.recall_limit:
        raise RecallLimit(rules.recall_limit)
    _require_interval(open_call, rules, now)
    return replace(open_call, calls=open_call.calls + 1, last_called_at=now)


def miss(ticket: Ticket, open_call: Call, rules: Rules, now: datetime) -> Ticket:
    """Nobody came: only after enough calls, long enough apart."""
    _require(ticket, TicketState.CALLED)
    if open_call.calls < rules.calls_before_miss:
        raise TooFewCalls(rules.calls_before_miss)
    _require_interval(open_call, rules, now)
    return replace(ticket, state=TicketState.MISSED, window=None, changed_at=now)


def interval_left(open_call: Call, rules: Rules, now: datetime) -> float:
    """Seconds for which the visitor may still be on the way. A clock that was set back since by more than the interval
    tells nothing, and must not hold up the window for as long."""
    left = rules.call_interval - (now - open_call.last_called_at).total_seconds()
    return left if 0 < left <= 2 * rules.call_interval else 0.0


def _require_interval(open_call: Call, rules: Rules, now: datetime) -> None:
    if left := interval_left(open_call, rules, now):
        raise TooSoon(ceil(left))


def may_come_back(ticket: Ticket, rules: Rules, now: datetime) -> bool:
    """Whether a missed visitor is in time and does not return too often."""
    late = ticket.changed_at is not None and now - ticket.changed_at > timedelta(minutes=rules.return_minutes)
    return not late and ticket.returns < rules.return_times


def come_back(ticket: Ticket, rank_at: datetime, rules: Rules, now: datetime) -> Ticket:
    """A missed visitor returns to the queue at ``rank_at``, in time and not too often."""
    _require(ticket, TicketState.MISSED)
    if not may_come_back(ticket, rules, now):
        raise ReturnRefused(ticket.number)
    return replace(
        ticket, state=TicketState.WAITING, rank_at=rank_at, returns=ticket.returns + 1, changed_at=now
    )


def arrive(ticket: Ticket, now: datetime) -> Ticket:
    _require(ticket, TicketState.CALLED)
    return replace(ticket, state=TicketState.ARRIVED, target_window=None, changed_at=now)


def come(ticket: Ticket, open_call: Call, rules: Rules, now: datetime) -> Ticket:
    """Came some time since the call and is at the window. Not within ``rules.call_interval`` of the last call: whoever
    asks for the next one so soon has pressed twice, and a visitor on the way must not count as served."""
    _require(ticket, TicketState.CALLED)
    _require_interval(open_call, rules, now)
    return arrive(ticket, now)


def handle(ticket: Ticket, now: datetime) -> Ticket:
    """The first item starts; further items change nothing."""
    _require(ticket, *AT_WINDOW)
    if ticket.state is TicketState.HANDLING:
        return ticket
    return replace(ticket, state=TicketState.HANDLING, changed_at=now)


def abandon(ticket: Ticket, now: datetime) -> Ticket:
    """The visitor left, or the day ended."""
    _require(ticket, *(set(TicketState) - CLOSED - AT_WINDOW))
    return replace(ticket, state=TicketState.ABANDONED, window=None, target_window=None, changed_at=now)


def hold(ticket: Ticket, kind: HoldKind, now: datetime) -> Ticket:
    """Steps aside from the window; ``KEEP_PAPERS`` comes back to this window only."""
    _require(ticket, *AT_WINDOW)
    target = ticket.window if kind is HoldKind.KEEP_PAPERS else None
    return replace(
        ticket, state=TicketState.HELD, window=None, target_window=target, hold_kind=kind, changed_at=now
    )


def requeue(ticket: Ticket, now: datetime) -> Ticket:
    """Out of a hold into the queue, with the old place."""
    _require(ticket, TicketState.HELD)
    return replace(ticket, state=TicketState.WAITING, hold_kind=None, changed_at=now)


def transfer(
    ticket: Ticket, now: datetime, *, group: str | None = None, window: int | None = None, back: bool = False
) -> Ticket:
    """To another business or window; number and waiting time stay. ``back`` brings it here afterwards."""
    _require(ticket, TicketState.CALLED, *AT_WINDOW)
    return replace(
        ticket, state=TicketState.WAITING, group=group or ticket.group, target_window=window, window=None,
        return_window=ticket.window if back else ticket.return_window, changed_at=now,
    )


def leave(ticket: Ticket, now: datetime) -> Ticket:
    """The visit at this window is over: done, or back to the window that asked for it."""
    _require(ticket, *AT_WINDOW)
    if ticket.return_window is not None and ticket.return_window != ticket.window:
        return replace(
            ticket, state=TicketState.WAITING, window=None, target_window=ticket.return_window,
            return_window=None, changed_at=now,
        )
    return replace(ticket, state=TicketState.DONE, return_window=None, changed_at=now)
