"""Who is next, why, and how long it will take.

Every waiting ticket has a rank: its issue time, or the time it was booked for,
less the head start of its class. The smallest rank goes first, so a priority
visitor overtakes those of the last quarter of an hour and nobody waits for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from hallapp.domain.rules import Rules, Window
from hallapp.domain.ticket import Ticket

ORDINARY_PLACES = 3  # digits of a number


def number(prefix: str, serial: int) -> str:
    """``A012``: the letter is for the visitor and binds the ticket to no window."""
    return f"{prefix}{serial:0{ORDINARY_PLACES}d}"


def rank_at(turn_at: datetime, priority: bool, rules: Rules) -> datetime:
    """``turn_at``: when the ticket was issued, or what it was booked for."""
    return turn_at - timedelta(minutes=rules.priority_head_start_minutes if priority else 0)


def order(ticket: Ticket) -> tuple[datetime, int]:
    """The sort key of the queue; equal ranks go by id, that is by issue."""
    return ticket.rank_at, ticket.id


def served_by(ticket: Ticket, window: Window) -> bool:
    """Whether ``window`` may call the waiting ticket."""
    if ticket.target_window is not None:
        return ticket.target_window == window.number
    return ticket.group in window.groups


def rivals(ticket: Ticket, waiting: Sequence[Ticket], windows: Sequence[Window]) -> list[Ticket]:
    """The others of ``waiting`` that a window which serves ``ticket`` serves as well, in the same order."""
    mine = [window for window in windows if served_by(ticket, window)]
    return [other for other in waiting if other.id != ticket.id and any(served_by(other, window) for window in mine)]


def place_of(ticket: Ticket, others: Sequence[Ticket]) -> int:
    """The ticket's place among its rivals, the first is 1."""
    return 1 + sum(order(other) < order(ticket) for other in others)


def return_rank(waiting: Sequence[Ticket], places: int, now: datetime) -> datetime:
    """The rank that puts a returning ticket behind the first ``places`` of ``waiting`` (in queue order)."""
    if not waiting or places == 0:
        return min([now, *(ticket.rank_at - timedelta(microseconds=1) for ticket in waiting[:1])])
    return waiting[min(places, len(waiting)) - 1].rank_at + timedelta(microseconds=1)


class Why(StrEnum):
    """Why a ticket is next."""

    SENT_HERE = "sent_here"  # transferred or held for this window
    RETURNED = "returned"  # missed and came back
    BOOKED = "booked"  # has an appointment
    HEAD_START = "head_start"  # priority put it before somebody who came earlier
    LONGEST = "longest"  # waits longest


@dataclass(frozen=True, slots=True)
class NextUp:
    """The next ticket of a window and the reason; ``overtaken`` is the number it goes before, if any."""

    ticket: Ticket
    why: Why
    overtaken: str | None = None


def explain(waiting: Sequence[Ticket], window: Window) -> NextUp | None:
    """The first of ``waiting`` (in queue order) that the window serves, and why; ``None`` if nobody is."""
    mine = [ticket for ticket in waiting if served_by(ticket, window)]
    if not mine:
        return None
    first = mine[0]
    earlier = min((t for t in mine[1:] if not t.returns and _turn_at(t) < first.issued_at), key=_turn_at, default=None)
    if first.target_window is not None:
        return NextUp(first, Why.SENT_HERE)
    if first.returns:
        return NextUp(first, Why.RETURNED)
    if first.booked_for is not None:
        return NextUp(first, Why.BOOKED)
    if earlier is not None:
        return NextUp(first, Why.HEAD_START, earlier.number)
    return NextUp(first, Why.LONGEST)


def _turn_at(ticket: Ticket) -> datetime:
    return ticket.booked_for or ticket.issued_at


def expected_minutes(ahead: int, serving: int, idle: int, visit_minutes: float) -> int | None:
    """Whole minutes a newcomer may expect to wait.

    ``ahead`` tickets go first, ``serving`` windows are open for this business,
    ``idle`` of them have nobody, a visit takes ``visit_minutes`` on average.
    ``None`` when no window is open: then nothing honest can be said.
    """
    if serving == 0:
        return None
    in_turn = ahead - idle + 1  # visits that must end before the newcomer is called
    if in_turn <= 0:
        return 0
    # windows are on average half-way through the visit they are in
    return max(1, ceil(visit_minutes * (in_turn - 0.5) / serving))
