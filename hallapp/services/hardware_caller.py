"""What the keys of a hardware caller do: for a clerk whose business PC must stay off the hall's network.

Such a clerk has keys and three digits, and chooses no items. So a call opens no visit; it ends as one: 叫号 says that
whoever was called has been here and is gone, and calls the next. The visit counts (人次) with no case (件) and no
handling time. It runs from the call, the moment of arrival being unknown: its call ends as CAME, which is no way time.
Nothing is taken back here. Each function but ``press`` and ``shown`` is one key and one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from drivers.callers import Key
from hallapp.devices.callers import Shown
from hallapp.devices.settings import DeviceSettings
from hallapp.domain import ticket as way
from hallapp.domain.errors import (
    HallError,
    NotFound,
    NothingWaiting,
    SignedInElsewhere,
    StoreError,
    WindowPaused,
    WindowTaken,
    WrongState,
)
from hallapp.domain.events import Clerk, Kind
from hallapp.domain.handling import Visit, VisitState
from hallapp.domain.queue import served_by
from hallapp.domain.staff import Session
from hallapp.domain.ticket import CallResult, HoldKind, Ticket, TicketState
from hallapp.services import clocks, counter, staff
from hallapp.services.counter import called_here, ended_call, signed_in
from hallapp.services.hall import Hall, Step, look, step
from hallapp.services.visits import left_window
from hallapp.store import log, people, queue, visits
from hallapp.store.rows import Change, added, changed

SEAT = "caller"  # what an event says of a clerk who signed in with a key
_log = logging.getLogger(__name__)


def press(hall: Hall, caller: DeviceSettings, key: Key, *, pause_reason: str) -> bool:
    """Do what the key means; False where the hall's rules, or the store, refuse it. The first key seats the clerk.

    ``pause_reason`` is what the board says of a pause: a pad cannot give one.
    """
    assert caller.window is not None
    by = Clerk(caller.name, caller.staff, caller.window)
    try:
        if key is Key.PAUSE:
            seat(hall, by)
            toggle_pause(hall, by, pause_reason)
        elif key in KEYS:
            seat(hall, by)
            KEYS[key](hall, by)
        else:
            return False
    except HallError as error:
        _log.info("%s: %s refused: %s %s", caller.name, key, type(error).__name__, error)
        return False
    return True


def shown(hall: Hall, caller: DeviceSettings) -> Shown | None:
    """What the caller's display has to show; None while the store does not answer."""
    assert caller.window is not None
    window = hall.window(caller.window)
    try:
        with look(hall) as db:
            session = people.session_at(db, hall.id, window.number)
            call = queue.open_call_at(db, hall.id, window.number)
            visit = visits.open_visit_of(db, hall.id, session.staff) if session else None
            ticket_id = call.ticket_id if call else visit.ticket_id if visit else None
            ticket = queue.ticket(db, hall.id, ticket_id) if ticket_id else None
            waiting = sum(served_by(one, window) for one in queue.waiting(db, hall.id, hall.today()))
    except StoreError:
        return None
    if ticket is not None:
        return Shown(ticket.number)
    return Shown() if session is not None and session.pause_reason is not None else Shown(waiting=waiting)


def seats(hall: Hall) -> frozenset[int]:
    """The windows at which a clerk sits who signed in with a key of a caller, and not with a password since."""
    with look(hall) as db:
        return frozenset(
            session.window for session in people.sessions(db, hall.id)
            if (event := log.last_sign_in(db, hall.id, session.window)) and event.data.get("seat") == SEAT)


def seat(hall: Hall, by: Clerk) -> None:
    """Sit down at the window without a password: the pad stands on the clerk's desk, and hall.toml says whose it is.

    Raises NotFound (no such clerk, or no more), WindowTaken or SignedInElsewhere.
    """
    with look(hall) as db:
        there = people.session_at(db, hall.id, by.window)
    if there is not None and there.staff == by.staff:
        return
    with step(hall) as doing:
        member = people.staff(doing.db, hall.id, by.staff)
        if member is None or not member.active:
            raise NotFound(by.staff)
        there = people.session_at(doing.db, hall.id, by.window)
        if there is not None:
            raise WindowTaken(by.window, there.staff)
        elsewhere = people.session_of(doing.db, hall.id, by.staff)
        if elsewhere is not None:
            raise SignedInElsewhere(elsewhere.window)
        new = Session(by.window, by.staff, doing.now)
        doing.record(Kind.SIGNED_IN, by, [added(new)], data={"seat": SEAT})


def call_next(hall: Hall, by: Clerk) -> Ticket | None:
    """叫号: whoever is at the window has been served, the next is called; ``None`` if nobody waits.

    Raises NothingWaiting where neither was to be done, TooSoon, ItemsOpen, WindowPaused or NotSignedIn.
    """
    with step(hall) as doing:
        _require_open(doing, by)
        gone = _gone(doing, by)
        first = queue.next_for(doing.db, hall.id, doing.day, by.window, hall.window(by.window).groups)
        if first is not None:
            return _call(doing, by, first, gone)
        if gone is None:
            raise NothingWaiting
        doing.record(Kind.FINISHED, by, gone.changes, ticket=gone.ticket, visit_id=gone.visit_id)
        return None


def finish(hall: Hall, by: Clerk) -> None:
    """评价: the visitor has been served and nobody is called, so that a rater at the window asks its question.

    Raises WrongState without a visitor, TooSoon, ItemsOpen or NotSignedIn.
    """
    with step(hall) as doing:
        signed_in(doing, by)
        gone = _gone(doing, by)
        if gone is None:
            raise WrongState(f"window {by.window}", "without a visitor")
        doing.record(Kind.FINISHED, by, gone.changes, ticket=gone.ticket, visit_id=gone.visit_id)


def hold(hall: Hall, by: Clerk) -> Ticket:
    """挂起: the visitor steps aside without papers (不持件). Raises WrongState, TooSoon or NotSignedIn."""
    with step(hall) as doing:
        signed_in(doing, by)
        here = _here(doing, by)
        if here is None or here.ticket is None or here.arrived is None:
            raise WrongState(f"window {by.window}", "without a ticket")
        held = way.hold(here.arrived, HoldKind.NO_PAPERS, doing.now)
        changes = [*here.changes, *clocks.stopped_items(doing, here.visit.id), changed(here.ticket, held),
                   here.visit_change(replace(here.visit, state=VisitState.PARKED))]
        doing.record(Kind.HELD, by, changes, ticket=here.ticket, visit_id=here.visit.id,
                     data={"hold": HoldKind.NO_PAPERS.value})
        return held


def call_back(hall: Hall, by: Clerk) -> Ticket:
    """回呼: like 叫号, but the one who was put aside first at this window is called.

    Raises NothingWaiting if there is none, TooSoon, ItemsOpen, WindowPaused or NotSignedIn.
    """
    with step(hall) as doing:
        _require_open(doing, by)
        held = [ticket for ticket in queue.aside(doing.db, hall.id, doing.day)
                if ticket.state is TicketState.HELD and ticket.target_window in (None, by.window)
                and (visit := visits.visit_of_ticket(doing.db, hall.id, ticket.id)) and visit.window == by.window]
        if not held:
            raise NothingWaiting
        return _call(doing, by, min(held, key=lambda ticket: (ticket.changed_at, ticket.id)), _gone(doing, by))


def toggle_pause(hall: Hall, by: Clerk, reason: str) -> Session:
    """暂停: pause, or open again. Raises NotSignedIn."""
    with look(hall) as db:
        session = people.session_at(db, hall.id, by.window)
    paused = session is not None and session.pause_reason is not None
    return staff.unpause(hall, by) if paused else staff.pause(hall, by, reason)


# 转移 is not offered: a few keys cannot say where to. A RATING is the rater's matter.
KEYS: Mapping[Key, Callable[[Hall, Clerk], object]] = {
    Key.CALL: call_next, Key.RECALL: counter.recall, Key.RATE: finish,
    Key.MISS: counter.miss,  # within the rules of 过号: who comes after all can return, who does not is 弃号 by night
    Key.HOLD: hold, Key.CALL_BACK: call_back,
}


@dataclass(frozen=True, slots=True)
class _Here:
    """Who is at the window. ``ticket`` as the store has it, ``arrived`` as it is at the window (both ``None`` for a
    walk-in); ``known`` is the visit as the store has it, if it does; ``changes`` end the call."""

    ticket: Ticket | None
    arrived: Ticket | None
    known: Visit | None
    visit: Visit
    changes: list[Change]

    def visit_change(self, new: Visit) -> Change:
        return added(new) if self.known is None else changed(self.known, new)


@dataclass(frozen=True, slots=True)
class _Gone:
    """A visitor who leaves in this step."""

    ticket: Ticket | None
    visit_id: int
    changes: list[Change]


def _here(doing: Step, by: Clerk) -> _Here | None:
    """Who was called, or sits there since a counter's screen said so. Raises TooSoon."""
    hall = doing.hall
    call = queue.open_call_at(doing.db, hall.id, by.window)
    if call is None:
        visit = visits.open_visit_of(doing.db, hall.id, by.staff)
        if visit is None:
            return None
        ticket = doing.ticket_of(visit)
        return _Here(ticket, ticket, visit, visit, [])
    ticket = queue.ticket(doing.db, hall.id, call.ticket_id)
    if ticket is None:
        raise NotFound(f"ticket {call.ticket_id}")
    arrived = way.come(ticket, call, hall.rules, doing.now)
    known = visits.visit_of_ticket(doing.db, hall.id, ticket.id)
    if known is not None:
        visit = replace(known, state=VisitState.OPEN, window=by.window, staff=by.staff)
    else:  # of the call's day: the last visitor's visit is often ended by the first key of the next morning
        visit = Visit(doing.id, call.day, ticket.id, by.window, by.staff, call.called_at, notice_id=ticket.notice_id)
    return _Here(ticket, arrived, known, visit, [ended_call(call, CallResult.CAME, doing)])


def _gone(doing: Step, by: Clerk) -> _Gone | None:
    """Whoever is at the window leaves. Raises TooSoon or ItemsOpen."""
    here = _here(doing, by)
    if here is None:
        return None
    closed, left = left_window(doing, here.visit, here.arrived)
    changes = [*here.changes, here.visit_change(closed), *clocks.stopped_items(doing, closed.id)]
    if here.ticket is not None and left is not None:
        changes.append(changed(here.ticket, left))
    return _Gone(here.ticket, closed.id, changes)


def _call(doing: Step, by: Clerk, ticket: Ticket, gone: _Gone | None) -> Ticket:
    called, changes = called_here(doing, by, ticket)
    data = {"finished": gone.ticket and gone.ticket.number, "visit": gone.visit_id} if gone else None
    doing.record(Kind.CALLED, by, [*gone.changes, *changes] if gone else changes, ticket=ticket,
                 visit_id=gone.visit_id if gone else None, data=data)
    return called


def _require_open(doing: Step, by: Clerk) -> None:
    if signed_in(doing, by).pause_reason is not None:
        raise WindowPaused
