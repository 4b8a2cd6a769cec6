"""What a clerk does with the queue: call, recall, miss, hold, transfer, and take the last step back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hallapp.domain import ticket as way
from hallapp.domain.errors import (
    BadInput,
    NotFound,
    NothingToUndo,
    NothingWaiting,
    NotSignedIn,
    WindowBusy,
    WindowPaused,
    WrongState,
)
from hallapp.domain.events import UNDOABLE, By, Clerk, Kind
from hallapp.domain.handling import Visit, VisitState
from hallapp.domain.queue import place_of, return_rank, rivals
from hallapp.domain.staff import Session
from hallapp.domain.ticket import Call, CallResult, HoldKind, Ticket, TicketState
from hallapp.services.clocks import held_item, resumed_item, stopped_items
from hallapp.services.hall import Hall, Step, step
from hallapp.store import log, people, queue, visits
from hallapp.store.rows import Change, added, changed
from hallapp.store.situation import seat


@dataclass(frozen=True, slots=True)
class Returned:
    """A ticket that came back, and its place among those its windows may call before it; the first is 1."""

    ticket: Ticket
    place: int


def call_next(hall: Hall, by: Clerk) -> Ticket:
    """Call the first waiting ticket this window serves.

    Raises NothingWaiting, WindowBusy, WindowPaused or NotSignedIn.
    """
    with step(hall) as doing:
        waiting = doing.ask(queue.next_for, doing.day, by.window, hall.window(by.window).groups)
        require_free(doing, by)
        first = waiting()
        if first is None:
            raise NothingWaiting
        return _call(doing, by, first)


def call_number(hall: Hall, by: Clerk, ticket_id: int) -> Ticket:
    """Call a given waiting ticket out of its turn; the log keeps that it was chosen."""
    with step(hall) as doing:
        require_free(doing, by)
        ticket = _ticket(doing, ticket_id, TicketState.WAITING)
        return _call(doing, by, ticket, chosen=True)


def _call(doing: Step, by: Clerk, ticket: Ticket, chosen: bool = False) -> Ticket:
    called, changes = called_here(doing, by, ticket)
    doing.record(Kind.CALLED, by, changes, ticket=ticket, data={"chosen": True} if chosen else None)
    return called


def called_here(doing: Step, by: Clerk, ticket: Ticket) -> tuple[Ticket, list[Change]]:
    """The ticket called to this window, and the changes of that for this step."""
    called = way.call(ticket, by.window, doing.now)
    call = Call(doing.id, doing.day, ticket.id, by.window, by.staff, doing.now, doing.now)
    return called, [changed(ticket, called), added(call)]


def recall(hall: Hall, by: Clerk) -> Call:
    """Call the window's ticket once more. Raises RecallLimit, TooSoon or WrongState."""
    with step(hall) as doing:
        call, ticket = open_call(doing, by)
        again = way.recall(call, hall.rules, doing.now)
        doing.record(Kind.RECALLED, by, [changed(call, again)], ticket=ticket, data={"calls": again.calls})
        return again


def miss(hall: Hall, by: Clerk) -> Ticket:
    """过号: nobody came. Raises TooFewCalls or TooSoon."""
    with step(hall) as doing:
        call, ticket = open_call(doing, by)
        missed = way.miss(ticket, call, hall.rules, doing.now)
        changes = [changed(ticket, missed), ended_call(call, CallResult.MISSED, doing)]
        doing.record(Kind.MISSED, by, changes, ticket=ticket)
        return missed


def come_back(hall: Hall, by: By, ticket_id: int) -> Returned:
    """A missed visitor returns behind the first ``rules.return_places`` waiting. Raises ReturnRefused."""
    with step(hall) as doing:
        ticket = _ticket(doing, ticket_id)
        others = rivals(ticket, queue.waiting(doing.db, hall.id, doing.day), hall.windows)
        rank = return_rank(others, hall.rules.return_places, doing.now)
        back = way.come_back(ticket, rank, hall.rules, doing.now)
        returned = Returned(back, place_of(back, others))
        doing.record(Kind.RETURNED, by, [changed(ticket, back)], ticket=ticket, data={"place": returned.place})
        return returned


def abandon(hall: Hall, by: By, ticket_id: int) -> Ticket:
    """弃号: the visitor left; from the queue, this window's call or after a miss, but not within a visit."""
    with step(hall) as doing:
        ticket = _ticket(doing, ticket_id)
        gone = way.abandon(ticket, doing.now)
        call = queue.open_call_of(doing.db, hall.id, ticket.id)
        changes = [changed(ticket, gone)]
        if call is not None:
            if by.window not in (None, call.window):
                raise WrongState(ticket.number, f"called by window {call.window}")
            changes.append(ended_call(call, CallResult.ABANDONED, doing))
        visit = visits.visit_of_ticket(doing.db, hall.id, ticket.id)
        if visit is not None and visit.state is not VisitState.CLOSED:
            raise WrongState(ticket.number, "in a visit")
        doing.record(Kind.ABANDONED, by, changes, ticket=ticket)
        return gone


def arrive(hall: Hall, by: Clerk) -> Visit:
    """The called visitor is at the window: the way time ends, the visit opens or goes on, and with it the item that a
    hold stopped: the visitor is handled from now on, whether or not the clerk thinks of the clock."""
    with step(hall) as doing:
        call, ticket = open_call(doing, by)
        arrived = way.arrive(ticket, doing.now)
        known = visits.visit_of_ticket(doing.db, hall.id, ticket.id)
        item = known and held_item(doing, ticket)
        if item:
            arrived = way.handle(arrived, doing.now)
        if known is None:
            visit = Visit(doing.id, doing.day, ticket.id, by.window, by.staff, doing.now, notice_id=ticket.notice_id)
            opened = added(visit)
        else:
            visit = replace(known, state=VisitState.OPEN, window=by.window, staff=by.staff)
            opened = changed(known, visit)
        changes = [changed(ticket, arrived), ended_call(call, CallResult.ARRIVED, doing), opened]
        changes += resumed_item(doing, by, item)[1] if item else []
        doing.record(Kind.ARRIVED, by, changes, ticket=ticket, visit_id=visit.id,
                     data={"item": item.id} if item else None)
        return visit


def hold(hall: Hall, by: Clerk, kind: HoldKind) -> Ticket:
    """挂起: the visitor steps aside; running items stop their clocks, the window is free."""
    with step(hall) as doing:
        visit, ticket = _with_ticket(doing, by)
        held = way.hold(ticket, kind, doing.now)
        changes = [changed(ticket, held), *_parked(doing, visit)]
        doing.record(Kind.HELD, by, changes, ticket=ticket, visit_id=visit.id, data={"hold": kind.value})
        return held


def resume(hall: Hall, by: Clerk, ticket_id: int) -> Ticket:
    """A held visitor is back: without papers here into the queue with the old place, else called to this window.

    Papers kept at another window bring the visitor back to that one only (WrongState).
    """
    with step(hall) as doing:
        ticket = _ticket(doing, ticket_id, TicketState.HELD)
        if ticket.hold_kind is HoldKind.NO_PAPERS:
            back = way.requeue(ticket, doing.now)
            doing.record(Kind.REQUEUED, by, [changed(ticket, back)], ticket=ticket)
            return back
        require_free(doing, by)
        if ticket.target_window not in (None, by.window):
            raise WrongState(ticket.number, f"held by window {ticket.target_window}")
        return _call(doing, by, ticket)


def transfer(
    hall: Hall, by: Clerk, *, group: str | None = None, window: int | None = None, back: bool = False
) -> Ticket:
    """转移: to another business or window with number and waiting time kept; ``back``: and then here again."""
    if (group is None) == (window is None):
        raise BadInput("transfer")
    if group is not None and hall.catalogue.find_group(group) is None:
        raise BadInput("group")
    if window is not None and hall.window(window).number == by.window:
        raise BadInput("window")
    with step(hall) as doing:
        signed_in(doing, by)
        call = queue.open_call_at(doing.db, hall.id, by.window)
        if call is not None:
            ticket, visit = _ticket(doing, call.ticket_id), None
            changes = [ended_call(call, CallResult.TRANSFERRED, doing)]
        else:
            visit, ticket = _with_ticket(doing, by)
            changes = _parked(doing, visit)
        moved = way.transfer(ticket, doing.now, group=group, window=window, back=back)
        doing.record(Kind.TRANSFERRED, by, [changed(ticket, moved), *changes], ticket=ticket,
                     visit_id=visit.id if visit else None, data={"to_group": group, "to_window": window, "back": back})
        return moved


def undo(hall: Hall, by: Clerk) -> Kind:
    """Take back the last step made at this window; what kind it was.

    Raises NothingToUndo if it cannot be taken back or somebody went on from it.
    """
    with step(hall) as doing:
        last = log.last_of_window(doing.db, hall.id, by.window)
        if last is None or last.kind not in UNDOABLE or last.staff != by.staff or last.day != doing.day:
            raise NothingToUndo
        if log.touched_since(doing.db, hall.id, last):
            raise NothingToUndo
        ticket = queue.ticket(doing.db, hall.id, last.ticket_id) if last.ticket_id else None
        doing.record(Kind.UNDONE, by, log.undo_changes(last), ticket=ticket, visit_id=last.visit_id,
                     data={"of": last.seq, "kind": last.kind.value})
        return last.kind


def signed_in(doing: Step, by: Clerk) -> Session:
    """The clerk's session at the window. Raises NotSignedIn."""
    session = by.window is not None and people.session_at(doing.db, doing.hall.id, by.window)
    if not session or session.staff != by.staff:
        raise NotSignedIn
    return session


def require_free(doing: Step, by: Clerk) -> None:
    """The window is open, signed in and has nobody. Raises NotSignedIn, WindowPaused or WindowBusy."""
    found = seat(doing.db, doing.hall.id, by.window)
    if found.staff != by.staff:
        raise NotSignedIn
    if found.paused:
        raise WindowPaused
    if found.busy:
        raise WindowBusy


def open_call(doing: Step, by: Clerk) -> tuple[Call, Ticket]:
    """The window's open call and its ticket. Raises NotSignedIn or WrongState."""
    ask = doing.ask
    call_of, ticket_of = ask(queue.open_call_at, by.window), ask(queue.called_to, by.window)
    signed_in(doing, by)
    call, ticket = call_of(), ticket_of()
    if call is None or ticket is None:
        raise WrongState(f"window {by.window}", "without a call")
    return call, ticket


def open_visit(doing: Step, by: Clerk) -> tuple[Visit, Ticket | None]:
    """The clerk's open visit and its ticket. Raises NotSignedIn or WrongState."""
    ask = doing.ask
    visit_of, ticket_of = ask(visits.open_visit_of, by.staff), ask(queue.served_by, by.staff)
    signed_in(doing, by)
    visit = visit_of()
    if visit is None:
        raise WrongState(f"window {by.window}", "without a visit")
    return visit, ticket_of()


def _with_ticket(doing: Step, by: Clerk) -> tuple[Visit, Ticket]:
    visit, ticket = open_visit(doing, by)
    if ticket is None:
        raise WrongState(f"window {by.window}", "without a ticket")
    return visit, ticket


def _parked(doing: Step, visit: Visit) -> list[Change]:
    return [changed(visit, replace(visit, state=VisitState.PARKED)), *stopped_items(doing, visit.id)]


def ended_call(call: Call, result: CallResult, doing: Step) -> Change:
    return changed(call, replace(call, result=result, ended_at=doing.now))


def _ticket(doing: Step, ticket_id: int, state: TicketState | None = None) -> Ticket:
    ticket = queue.ticket(doing.db, doing.hall.id, ticket_id)
    if ticket is None:
        raise NotFound(f"ticket {ticket_id}")
    if state is not None and ticket.state is not state:
        raise WrongState(ticket.number, ticket.state)
    return ticket
