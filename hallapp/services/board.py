"""What the calling board shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hallapp.domain.events import HallEvent, Kind
from hallapp.domain.staff import Session
from hallapp.services.hall import Hall, look
from hallapp.store import log, people, queue, visits
from hallapp.store.together import Together

RECENT_CALLS = 6


class WindowState(StrEnum):
    CLOSED = "closed"  # nobody signed in
    FREE = "free"
    CALLING = "calling"
    SERVING = "serving"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class WindowLine:
    """One window on the board; ``number`` is the ticket's, empty for a walk-in or nobody."""

    window: int
    label: str
    state: WindowState
    number: str = ""
    pause_reason: str = ""


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call to announce or one of the recent ones. ``seq`` orders them; a recall is a new line."""

    seq: int
    number: str
    window: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """The hall as visitors see it. ``waiting`` counts by business group, ``longest`` in seconds."""

    windows: tuple[WindowLine, ...]
    recent: tuple[CallLine, ...]
    waiting: dict[str, int]
    longest: float | None
    seq: int
    at: datetime


def board(hall: Hall) -> Board:
    """The board now."""
    day, now = hall.today(), hall.clock.now()
    with look(hall) as db:
        ask = Together(db, hall.id)
        queued, shown, seated = ask(queue.waiting, day), ask(queue.called_or_served, day), ask(people.sessions)
        calls, unclosed, seq = ask(queue.open_calls, day), ask(visits.unclosed), ask(log.last_seq)
        recent = ask(log.last_of_kinds, day, (Kind.CALLED, Kind.RECALLED, Kind.UNDONE), 5 * RECENT_CALLS)
        tickets = {t.id: t for t in shown()}
        sessions = {s.window: s for s in seated()}
        called = {c.window: tickets[c.ticket_id].number for c in calls() if c.ticket_id in tickets}
        served = {v.staff: tickets[v.ticket_id].number if v.ticket_id in tickets else ""
                  for v in unclosed() if v.state == "open" and v.day == day}
        counts: dict[str, int] = {}
        for ticket in queued():
            counts[ticket.group] = counts.get(ticket.group, 0) + 1
        longest = max(((now - t.issued_at).total_seconds() for t in queued()), default=None)
        lines = tuple(_line(w.number, w.label, sessions.get(w.number), called, served) for w in hall.windows)
        return Board(lines, _distinct(call_lines(recent())), counts, longest, seq(), now)


def call_lines(events: tuple[HallEvent, ...]) -> tuple[CallLine, ...]:
    """The calls and recalls among ``events``, in their order; those that another of them took back left out."""
    undone = {e.data["of"] for e in events if e.kind is Kind.UNDONE}
    return tuple(
        CallLine(e.seq, e.number, e.window, e.at) for e in events
        if e.kind in (Kind.CALLED, Kind.RECALLED) and e.number and e.window is not None and e.seq not in undone
    )


def _distinct(newest_first: tuple[CallLine, ...]) -> tuple[CallLine, ...]:
    """The last call of each number, newest first."""
    seen: dict[str, CallLine] = {}
    for line in newest_first:
        seen.setdefault(line.number, line)
    return tuple(seen.values())[:RECENT_CALLS]


def _line(
    number: int, label: str, session: Session | None, called: dict[int, str], served: dict[str, str]
) -> WindowLine:
    """``called`` by window, ``served`` by clerk: a window that was taken over has not the visitor of who left it."""
    if session is None:
        return WindowLine(number, label, WindowState.CLOSED)
    if number in called:
        return WindowLine(number, label, WindowState.CALLING, called[number])
    if session.staff in served:
        return WindowLine(number, label, WindowState.SERVING, served[session.staff])
    if session.pause_reason is not None:
        return WindowLine(number, label, WindowState.PAUSED, pause_reason=session.pause_reason)
    return WindowLine(number, label, WindowState.FREE)
