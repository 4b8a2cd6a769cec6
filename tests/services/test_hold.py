"""What becomes of a held visitor's items: the one that the hold stopped goes on when the visitor is back."""

import pytest

from hallapp.domain.events import Kind
from hallapp.domain.handling import ItemState
from hallapp.domain.ticket import HoldKind, TicketState
from hallapp.services import counter, visits
from hallapp.services.desk import desk
from hallapp.services.hall import look
from hallapp.store import visits as stored


def back(hall, clerk, ticket_id):
    """The held visitor is called and comes."""
    counter.resume(hall, clerk, ticket_id)
    return counter.arrive(hall, clerk)


def states(hall, window=1):
    return {one.item.item_code: one.item.state for one in desk(hall, window).items}


def test_what_a_hold_stopped_goes_on_with_the_visitor_in_the_same_event(hall, clerk, served, clock, now_of, events):
    ticket_id = served(clerk)
    item = visits.start_item(hall, clerk, "NT01")
    clock.advance(60)
    counter.hold(hall, clerk, HoldKind.KEEP_PAPERS)
    clock.advance(600)
    counter.resume(hall, clerk, ticket_id)
    clock.advance(30)  # on the way
    before = len(events())
    counter.arrive(hall, clerk)
    (told,) = events()[before:]
    assert (told.kind, told.data) == (Kind.ARRIVED, {"item": item.id})
    assert now_of(ticket_id).state is TicketState.HANDLING
    clock.advance(15)
    (running,) = desk(hall, 1).items
    assert (running.item.state, running.seconds) == (ItemState.RUNNING, 75)


def test_what_was_suspended_by_hand_before_the_hold_stays_so(hall, clerk, served):
    ticket_id = served(clerk)
    by_hand = visits.start_item(hall, clerk, "NT01")
    visits.suspend_item(hall, clerk, by_hand.id)
    counter.hold(hall, clerk, HoldKind.OUTSIDE)
    back(hall, clerk, ticket_id)
    assert states(hall) == {"NT01": ItemState.SUSPENDED}
    visits.start_item(hall, clerk, "NT02")
    counter.hold(hall, clerk, HoldKind.OUTSIDE)
    back(hall, clerk, ticket_id)
    assert states(hall) == {"NT01": ItemState.SUSPENDED, "NT02": ItemState.RUNNING}
    visits.suspend_item(hall, clerk, desk(hall, 1).items[1].item.id)
    counter.hold(hall, clerk, HoldKind.OUTSIDE)  # this one stopped nothing, whatever the one before did
    back(hall, clerk, ticket_id)
    assert states(hall) == {"NT01": ItemState.SUSPENDED, "NT02": ItemState.SUSPENDED}


def test_it_goes_on_at_the_window_that_the_visitor_comes_back_to_and_counts_there(hall, clerk, other, served):
    ticket_id = served(clerk)
    visits.start_item(hall, clerk, "NT01")
    counter.hold(hall, clerk, HoldKind.NO_PAPERS)
    counter.resume(hall, other, ticket_id)
    counter.call_number(hall, other, ticket_id)
    counter.arrive(hall, other)
    (resumed,) = desk(hall, 2).items
    assert (resumed.item.state, resumed.item.window, resumed.item.staff) == (ItemState.RUNNING, 2, "0313")


def test_a_missed_visitor_of_a_hold_finds_the_item_going_on_as_well(hall, clerk, served, clock):
    ticket_id = served(clerk)
    visits.start_item(hall, clerk, "NT01")
    counter.hold(hall, clerk, HoldKind.KEEP_PAPERS)
    counter.resume(hall, clerk, ticket_id)
    clock.advance(60)
    counter.recall(hall, clerk)
    clock.advance(60)
    counter.miss(hall, clerk)
    counter.come_back(hall, clerk, ticket_id)
    counter.call_next(hall, clerk)
    counter.arrive(hall, clerk)
    assert states(hall) == {"NT01": ItemState.RUNNING}


@pytest.mark.parametrize("called", [False, True], ids=["from the visit", "out of a hold"])
def test_with_a_transfer_nothing_goes_on_by_itself(hall, clerk, other, served, called):
    ticket_id = served(clerk)
    item = visits.start_item(hall, clerk, "NT01")
    if called:
        counter.hold(hall, clerk, HoldKind.KEEP_PAPERS)
        counter.resume(hall, clerk, ticket_id)
    counter.transfer(hall, clerk, window=2)
    counter.call_next(hall, other)
    counter.arrive(hall, other)
    assert states(hall, 2) == {"NT01": ItemState.SUSPENDED}
    resumed = visits.resume_item(hall, other, item.id)
    assert (resumed.window, resumed.staff) == (2, "0313")


def test_the_arrival_taken_back_stops_the_item_again_and_made_again_lets_it_go_on(hall, clerk, served, clock, now_of):
    ticket_id = served(clerk)
    visits.start_item(hall, clerk, "NT01")
    clock.advance(60)
    counter.hold(hall, clerk, HoldKind.KEEP_PAPERS)
    clock.advance(600)
    back(hall, clerk, ticket_id)
    clock.advance(5)
    assert counter.undo(hall, clerk) is Kind.ARRIVED
    assert now_of(ticket_id).state is TicketState.CALLED
    with look(hall) as db:
        (item,) = stored.items_of_day(db, hall.id, hall.today())
        assert [one.seconds for one in stored.intervals_of(db, hall.id, item.visit_id)] == [60]
    assert item.state is ItemState.SUSPENDED
    counter.arrive(hall, clerk)
    clock.advance(7)
    (running,) = desk(hall, 1).items
    assert (running.item.state, running.seconds) == (ItemState.RUNNING, 67)


def test_a_hold_taken_back_leaves_nothing_for_the_next_way_back(hall, clerk, other, served):
    ticket_id = served(clerk)
    visits.start_item(hall, clerk, "NT01")
    counter.hold(hall, clerk, HoldKind.OUTSIDE)
    counter.undo(hall, clerk)
    assert states(hall) == {"NT01": ItemState.RUNNING}
    counter.transfer(hall, clerk, window=2)
    counter.call_number(hall, other, ticket_id)
    counter.arrive(hall, other)
    assert states(hall, 2) == {"NT01": ItemState.SUSPENDED}


def test_it_goes_on_after_the_program_was_started_anew_in_between(hall, clerk, served, clock):
    ticket_id = served(clerk)
    visits.start_item(hall, clerk, "NT01")
    clock.advance(60)
    counter.hold(hall, clerk, HoldKind.KEEP_PAPERS)
    clock.restart()
    clock.advance(600)
    back(hall, clerk, ticket_id)
    clock.advance(10)
    clock.restart("test-clock-3")
    clock.advance(5)
    (running,) = desk(hall, 1).items
    assert (running.item.state, running.seconds) == (ItemState.RUNNING, 75)
