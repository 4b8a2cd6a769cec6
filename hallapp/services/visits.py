"""What a clerk does at the window with one visitor: items, their clocks and outcomes, and the end of the visit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hallapp.domain import handling
from hallapp.domain import ticket as way
from hallapp.domain.errors import BadInput, ItemsOpen, NotFound, WrongState
from hallapp.domain.events import By, Clerk, Kind
from hallapp.domain.handling import HandledItem, ItemState, Outcome, Visit, VisitState
from hallapp.domain.ticket import CLOSED, CallResult, Ticket, TicketState
from hallapp.services import clocks
from hallapp.services.counter import open_visit, require_free
from hallapp.services.hall import Hall, Known, Step, look, step
from hallapp.store import queue, visits
from hallapp.store.rows import Change, added, changed

MOST_CASES = 99


def walk_in(hall: Hall, by: Clerk) -> Visit:
    """A visitor without a ticket sits down. Raises WindowBusy, WindowPaused or NotSignedIn."""
    with step(hall) as doing:
        require_free(doing, by)
        visit = Visit(doing.id, doing.day, None, by.window, by.staff, doing.now)
        doing.record(Kind.WALKED_IN, by, [added(visit)], visit_id=visit.id)
        return visit


def start_item(
    hall: Hall, by: Clerk, item_code: str, quantity: int = 1, request: str | None = None,
) -> HandledItem:
    """Add a service item to the open visit and start its clock; a running item is suspended.

    ``request`` is the counter's id of this wish: twice the same starts one item.
    """
    item = hall.catalogue.find_item(item_code)
    if item is None:
        raise BadInput("item_code")
    if not 1 <= quantity <= MOST_CASES:
        raise BadInput("quantity")
    try:
        with step(hall) as doing:
            doing.require_new(request)
            visit, ticket = open_visit(doing, by)
            new = HandledItem(
                doing.id, doing.day, visit.id, item.code, quantity, by.window, by.staff, item.immediate, item.mode,
                doing.now,
            )
            changes = [*clocks.stopped_items(doing, visit.id), added(new), clocks.started_clock(doing, new.id)]
            changes += _handling(doing, ticket)
            doing.record(Kind.ITEM_STARTED, by, changes, ticket=ticket, visit_id=visit.id, request=request,
                         data={"item": new.id, "item_code": item.code, "quantity": quantity})
            return new
    except Known as known:
        with look(hall) as db:
            started = visits.item(db, hall.id, known.event.seq)
        if started is None:  # taken back since
            raise NotFound(f"item {known.event.seq}") from None
        return started


def set_quantity(hall: Hall, by: Clerk, item_id: int, quantity: int) -> HandledItem:
    """Correct how many cases an open item stands for."""
    if not 1 <= quantity <= MOST_CASES:
        raise BadInput("quantity")
    with step(hall) as doing:
        visit, ticket, item = _item(doing, by, item_id)
        if item.state is ItemState.ENDED:
            raise WrongState(item.item_code, item.state)
        new = replace(item, quantity=quantity)
        doing.record(Kind.ITEM_CHANGED, by, [changed(item, new)], ticket=ticket, visit_id=visit.id,
                     data={"item": item.id, "quantity": quantity})
        return new


def suspend_item(hall: Hall, by: Clerk, item_id: int) -> HandledItem:
    """Stop the clock of a running item."""
    with step(hall) as doing:
        visit, ticket, item = _item(doing, by, item_id)
        paused = handling.suspend(item)
        doing.record(Kind.ITEM_SUSPENDED, by, [changed(item, paused), *clocks.stopped_clock(doing, item)],
                     ticket=ticket, visit_id=visit.id, data={"item": item.id})
        return paused


def resume_item(hall: Hall, by: Clerk, item_id: int) -> HandledItem:
    """Let the clock of a suspended item go on, here; another running item is suspended."""
    with step(hall) as doing:
        visit, ticket, item = _item(doing, by, item_id)
        running, going_on = clocks.resumed_item(doing, by, item)
        # the running one stops first: one running item a visit is a unique key
        changes = [*clocks.stopped_items(doing, visit.id, but=item.id), *going_on, *_handling(doing, ticket)]
        doing.record(Kind.ITEM_RESUMED, by, changes, ticket=ticket, visit_id=visit.id, data={"item": item.id})
        return running


def finish_item(hall: Hall, by: Clerk, item_id: int, outcome: Outcome) -> HandledItem:
    """End an item with its outcome."""
    with step(hall) as doing:
        visit, ticket, item = _item(doing, by, item_id)
        changes, data, ended = ended_item(doing, item, outcome)
        doing.record(Kind.ITEM_FINISHED, by, changes, ticket=ticket, visit_id=visit.id, data=data)
        return ended


def correct_outcome(hall: Hall, by: Clerk, item_id: int, outcome: Outcome) -> HandledItem:
    """Another outcome for an item that has one, while its visitor is here; the time it took stays. To NOTICE it comes
    by a notice only."""
    if outcome is Outcome.NOTICE:
        raise BadInput("outcome")
    with step(hall) as doing:
        visit, ticket, item = _item(doing, by, item_id)
        new = handling.correct(item, outcome)
        doing.record(Kind.ITEM_CHANGED, by, [changed(item, new)], ticket=ticket, visit_id=visit.id,
                     data={"item": item.id, "quantity": item.quantity, "outcome": outcome.value})
        return new


def ended_item(doing: Step, item: HandledItem, outcome: Outcome) -> tuple[list[Change], dict[str, Any], HandledItem]:
    """The changes and facts of an item's end, for this step or one that ends it by the way."""
    ended = handling.end(item, outcome, doing.now)
    data = {"item": item.id, "item_code": item.item_code, "outcome": outcome.value}
    return [changed(item, ended), *clocks.stopped_clock(doing, item)], data, ended


def finish_visit(hall: Hall, by: Clerk) -> Visit:
    """The visitor leaves the window. Raises ItemsOpen while items have no outcome."""
    with step(hall) as doing:
        visit, ticket = open_visit(doing, by)
        closed, left = left_window(doing, visit, ticket)
        changes = [changed(visit, closed), *clocks.stopped_items(doing, visit.id)]
        if ticket is not None and left is not None:
            changes.append(changed(ticket, left))
        doing.record(Kind.FINISHED, by, changes, ticket=ticket, visit_id=visit.id)
        return closed


def left_window(doing: Step, visit: Visit, ticket: Ticket | None) -> tuple[Visit, Ticket | None]:
    """The visit and its ticket once the visitor has left: closed and done, or parked on the way back to another
    window. Raises ItemsOpen."""
    still = [i.id for i in visits.items_of(doing.db, doing.hall.id, visit.id) if i.state is not ItemState.ENDED]
    left = ticket and way.leave(ticket, doing.now)
    if left is not None and left.state is TicketState.WAITING:
        return replace(visit, state=VisitState.PARKED), left
    if still:
        raise ItemsOpen(tuple(still))
    return replace(visit, state=VisitState.CLOSED, closed_at=doing.now), left


def void_visit(hall: Hall, by: By, visit_id: int, reason: str) -> Visit:
    """Close a visit that was forgotten open: its items count as cases, its timings are left out of means.

    Raises BadInput without a reason.
    """
    if not reason.strip():
        raise BadInput("reason")
    with step(hall) as doing:
        visit = visits.visit(doing.db, hall.id, visit_id)
        if visit is None:
            raise NotFound(f"visit {visit_id}")
        if visit.state is VisitState.CLOSED:
            raise WrongState(f"visit {visit_id}", visit.state)
        closed = replace(visit, state=VisitState.CLOSED, closed_at=doing.now, void_reason=reason.strip())
        changes = [changed(visit, closed)]
        for item in visits.items_of(doing.db, hall.id, visit.id):
            if item.state is not ItemState.ENDED:
                changes += ended_item(doing, item, Outcome.COMPLETED)[0]
        ticket = doing.ticket_of(visit)
        if ticket is not None and ticket.state not in CLOSED:
            done = replace(ticket, state=TicketState.DONE, hold_kind=None, target_window=None, changed_at=doing.now)
            changes.append(changed(ticket, done))
            call = queue.open_call_of(doing.db, hall.id, ticket.id)
            if call is not None:  # a parked visitor who was called again must not keep that window busy
                changes.append(changed(call, replace(call, result=CallResult.ABANDONED, ended_at=doing.now)))
        doing.record(Kind.VOIDED, by, changes, ticket=ticket, visit_id=visit.id, data={"reason": reason.strip()})
        return closed


def _item(doing: Step, by: Clerk, item_id: int) -> tuple[Visit, Ticket | None, HandledItem]:
    item_of = doing.ask(visits.item, item_id)
    visit, ticket = open_visit(doing, by)
    item = item_of()
    if item is None or item.visit_id != visit.id:
        raise NotFound(f"item {item_id}")
    return visit, ticket, item


def _handling(doing: Step, ticket: Ticket | None) -> list[Change]:
    if ticket is None or ticket.state is TicketState.HANDLING:
        return []
    return [changed(ticket, way.handle(ticket, doing.now))]
