"""Calling, recalling, missing, coming back, holding, transferring: each rule and its refusals."""

from dataclasses import replace

import pytest

from hallapp.domain.errors import (
    BadInput,
    NotFound,
    NothingWaiting,
    NotSignedIn,
    RecallLimit,
    ReturnRefused,
    TooFewCalls,
    TooSoon,
    WindowBusy,
    WindowPaused,
    WrongState,
)
from hallapp.domain.events import By, Clerk, Kind
from hallapp.domain.handling import VisitState
from hallapp.domain.ticket import HoldKind, TicketState
from hallapp.services import counter, kiosk, staff, visits
from hallapp.services.desk import desk
from tests.services.conftest import KIOSK

STRANGER = Clerk("window-1", "0999", 1)


def test_the_next_ticket_is_the_one_that_waits_longest(hall, issue, clerk, now_of):
    first = issue()
    issue()
    called = counter.call_next(hall, clerk)
    assert (called.id, called.state, called.window) == (first.id, TicketState.CALLED, 1)
    assert now_of(first.id) == called


def test_priority_goes_before_those_of_the_last_quarter_of_an_hour(hall, issue, clerk, clock):
    issue()
    clock.advance(minutes=14)
    priority = issue(priority=True)
    assert counter.call_next(hall, clerk).id == priority.id


def test_the_desk_announces_the_ticket_that_is_called_next(hall, issue, clerk, clock):
    for n in range(6):
        issue("enrol" if n % 2 else "claim", priority=n == 4)
        clock.advance(minutes=4)
    for _ in range(6):
        announced = desk(hall, 1).next_up.ticket
        assert counter.call_next(hall, clerk).id == announced.id
        counter.arrive(hall, clerk)
        visits.finish_visit(hall, clerk)


def test_nobody_waiting_is_said(hall, clerk, events):
    before = events()
    with pytest.raises(NothingWaiting):
        counter.call_next(hall, clerk)
    assert events() == before


def test_tickets_of_yesterday_are_not_called(hall, issue, clerk, clock):
    issue()
    clock.advance(minutes=24 * 60)
    with pytest.raises(NothingWaiting):
        counter.call_next(hall, clerk)


def test_only_who_sits_at_the_window_calls(hall, issue, clerk):
    issue()
    for stranger in (STRANGER, Clerk("window-2", clerk.staff, 2)):
        with pytest.raises(NotSignedIn):
            counter.call_next(hall, stranger)


STEPS_AT_A_WINDOW = [
    lambda hall, by: counter.recall(hall, by), lambda hall, by: counter.miss(hall, by),
    lambda hall, by: counter.arrive(hall, by), lambda hall, by: counter.hold(hall, by, HoldKind.OUTSIDE),
    lambda hall, by: counter.transfer(hall, by, group="claim"), lambda hall, by: counter.call_number(hall, by, 1),
    lambda hall, by: visits.walk_in(hall, by), lambda hall, by: visits.start_item(hall, by, "NT01"),
    lambda hall, by: visits.finish_visit(hall, by), lambda hall, by: staff.pause(hall, by, "lunch"),
    lambda hall, by: staff.unpause(hall, by), lambda hall, by: staff.sign_out(hall, by),
]


@pytest.mark.parametrize("step", STEPS_AT_A_WINDOW)
def test_no_step_at_a_window_is_open_to_a_stranger(hall, issue, clerk, step):
    issue()
    counter.call_next(hall, clerk)
    with pytest.raises(NotSignedIn):
        step(hall, STRANGER)


def test_a_window_has_one_visitor_at_a_time(hall, issue, clerk):
    issue()
    second = issue()
    counter.call_next(hall, clerk)
    for _ in range(2):  # called, then arrived
        for step in (lambda: counter.call_next(hall, clerk), lambda: counter.call_number(hall, clerk, second.id),
                     lambda: visits.walk_in(hall, clerk), lambda: staff.sign_out(hall, clerk)):
            with pytest.raises(WindowBusy):
                step()
        if desk(hall, 1).call:
            counter.arrive(hall, clerk)


def test_a_paused_window_calls_nobody(hall, issue, clerk):
    issue()
    staff.pause(hall, clerk, "lunch")
    with pytest.raises(WindowPaused):
        counter.call_next(hall, clerk)
    staff.unpause(hall, clerk)
    counter.call_next(hall, clerk)


def test_a_chosen_number_is_called_out_of_turn_and_the_log_says_so(hall, issue, clerk, events):
    issue()
    chosen = issue()
    assert counter.call_number(hall, clerk, chosen.id).id == chosen.id
    assert events()[-1].data == {"chosen": True}


def test_only_a_waiting_number_is_called(hall, clerk, other, issue, served):
    there = served(other)
    with pytest.raises(WrongState):
        counter.call_number(hall, clerk, there)
    counter.hold(hall, other, HoldKind.KEEP_PAPERS)
    with pytest.raises(WrongState):
        counter.call_number(hall, clerk, there)
    with pytest.raises(NotFound):
        counter.call_number(hall, clerk, 9999)


def test_a_recall_waits_its_seconds_and_ends_after_three(hall, issue, clerk, clock):
    issue()
    counter.call_next(hall, clerk)
    clock.advance(10)
    with pytest.raises(TooSoon) as refused:
        counter.recall(hall, clerk)
    assert refused.value.seconds_left == 5
    for calls in (2, 3, 4):
        clock.advance(15)
        assert counter.recall(hall, clerk).calls == calls
    clock.advance(15)
    with pytest.raises(RecallLimit):
        counter.recall(hall, clerk)


def test_a_miss_needs_two_calls_and_the_seconds_after_the_last(hall, issue, clerk, clock, now_of):
    ticket = issue()
    counter.call_next(hall, clerk)
    clock.advance(60)
    with pytest.raises(TooFewCalls):
        counter.miss(hall, clerk)
    counter.recall(hall, clerk)
    with pytest.raises(TooSoon):
        counter.miss(hall, clerk)
    clock.advance(15)
    counter.miss(hall, clerk)
    assert now_of(ticket.id).state is TicketState.MISSED
    assert desk(hall, 1).call is None


def test_recall_and_miss_need_a_call(hall, clerk):
    for step in (counter.recall, counter.miss, counter.arrive):
        with pytest.raises(WrongState):
            step(hall, clerk)


def test_a_missed_visitor_comes_back_behind_three(hall, clerk, issue, missed, now_of):
    back = missed(clerk)
    line = [issue().id for _ in range(5)]
    returned = counter.come_back(hall, KIOSK, back)
    assert [t.id for t in desk(hall, 1).waiting] == [*line[:3], back, *line[3:]]
    assert (returned.ticket, returned.place) == (now_of(back), 4)
    assert now_of(back).returns == 1


def test_those_whom_no_window_of_ours_serves_do_not_count_as_places(hall, clerk, issue, missed, windows):
    split = replace(hall, windows=(replace(windows[0], groups=frozenset({"enrol"})),
                                   replace(windows[1], groups=frozenset({"claim"}))))
    back = missed(clerk)
    for _ in range(4):
        issue("claim")
    mine = [issue("enrol").id for _ in range(4)]
    assert counter.come_back(split, KIOSK, back).place == 4
    waiting = [t.id for t in desk(split, 1).waiting if t.group == "enrol"]
    assert waiting == [*mine[:3], back, mine[3]]


def test_a_missed_visitor_comes_back_in_time_and_once(hall, clerk, clock, missed):
    late, again = missed(clerk), missed(clerk)
    counter.come_back(hall, KIOSK, again)
    counter.call_number(hall, clerk, again)
    clock.advance(15)
    counter.recall(hall, clerk)
    clock.advance(15)
    counter.miss(hall, clerk)
    with pytest.raises(ReturnRefused):
        counter.come_back(hall, KIOSK, again)
    clock.advance(minutes=31)
    with pytest.raises(ReturnRefused):
        counter.come_back(hall, KIOSK, late)


def test_only_a_missed_ticket_comes_back(hall, issue):
    with pytest.raises(WrongState):
        counter.come_back(hall, KIOSK, issue().id)


def test_a_visitor_who_left_is_abandoned_from_queue_call_and_miss(hall, clerk, issue, missed, now_of):
    waiting = issue()
    gone = missed(clerk)
    counter.call_number(hall, clerk, issue().id)
    for ticket_id in (waiting.id, gone, desk(hall, 1).ticket.id):
        counter.abandon(hall, clerk, ticket_id)
        assert now_of(ticket_id).state is TicketState.ABANDONED
    assert desk(hall, 1).call is None


def test_a_visitor_in_a_visit_is_not_abandoned(hall, clerk, served):
    ticket_id = served(clerk)
    with pytest.raises(WrongState):
        counter.abandon(hall, clerk, ticket_id)
    counter.hold(hall, clerk, HoldKind.OUTSIDE)
    with pytest.raises(WrongState):
        counter.abandon(hall, clerk, ticket_id)


def test_another_windows_call_is_not_abandoned_from_here(hall, clerk, other, issue, now_of):
    ticket = issue()
    counter.call_next(hall, other)
    with pytest.raises(WrongState):
        counter.abandon(hall, clerk, ticket.id)
    counter.abandon(hall, By("supervisor"), ticket.id)
    assert now_of(ticket.id).state is TicketState.ABANDONED


def test_the_arrival_ends_the_call_and_opens_the_visit(hall, clerk, issue, now_of, clock):
    ticket = issue(notice_id=3)
    counter.call_next(hall, clerk)
    clock.advance(20)
    visit = counter.arrive(hall, clerk)
    assert (visit.ticket_id, visit.window, visit.staff, visit.state) == (ticket.id, 1, "0312", VisitState.OPEN)
    assert (visit.opened_at, visit.notice_id) == (clock.now(), 3)
    assert now_of(ticket.id).state is TicketState.ARRIVED
    assert desk(hall, 1).call is None


def test_kept_papers_wait_at_their_window_only(hall, clerk, other, served, now_of, visit_of):
    ticket_id = served(clerk)
    counter.hold(hall, clerk, HoldKind.KEEP_PAPERS)
    assert visit_of(ticket_id).state is VisitState.PARKED
    with pytest.raises(WrongState):
        counter.resume(hall, other, ticket_id)
    assert counter.resume(hall, clerk, ticket_id).state is TicketState.CALLED
    visit = counter.arrive(hall, clerk)
    assert visit.id == visit_of(ticket_id).id
    assert visit.state is VisitState.OPEN


def test_who_stepped_outside_is_called_by_any_window(hall, clerk, other, served):
    ticket_id = served(clerk)
    counter.hold(hall, clerk, HoldKind.OUTSIDE)
    called = counter.resume(hall, other, ticket_id)
    assert (called.state, called.window, called.hold_kind) == (TicketState.CALLED, 2, None)
    visit = counter.arrive(hall, other)
    assert (visit.window, visit.staff) == (2, "0313")


def test_without_papers_here_the_visitor_goes_back_into_the_old_place(hall, clerk, served, issue):
    ticket_id = served(clerk)
    issue()
    counter.hold(hall, clerk, HoldKind.NO_PAPERS)
    assert counter.resume(hall, clerk, ticket_id).state is TicketState.WAITING
    assert counter.call_next(hall, clerk).id == ticket_id


def test_only_a_held_visitor_resumes(hall, clerk, issue, missed):
    for ticket_id in (missed(clerk), issue().id):
        with pytest.raises(WrongState):
            counter.resume(hall, clerk, ticket_id)


def test_a_hold_frees_the_window_and_stops_the_clock(hall, clerk, served, clock):
    served(clerk)
    item = visits.start_item(hall, clerk, "NT01")
    clock.advance(60)
    counter.hold(hall, clerk, HoldKind.KEEP_PAPERS)
    clock.advance(600)
    visits.walk_in(hall, clerk)
    visits.finish_visit(hall, clerk)
    ticket_id = desk(hall, 1).aside[0].id
    counter.resume(hall, clerk, ticket_id)
    counter.arrive(hall, clerk)
    [running] = desk(hall, 1).items
    assert (running.item.id, running.seconds) == (item.id, 60)


def test_a_walk_in_is_neither_held_nor_transferred(hall, clerk):
    visits.walk_in(hall, clerk)
    with pytest.raises(WrongState):
        counter.hold(hall, clerk, HoldKind.OUTSIDE)
    with pytest.raises(WrongState):
        counter.transfer(hall, clerk, group="claim")


def test_a_transfer_keeps_the_place_and_parks_the_visit(hall, clerk, other, served, issue, visit_of):
    ticket_id = served(clerk)
    issue("claim")
    moved = counter.transfer(hall, clerk, group="claim")
    assert (moved.state, moved.group) == (TicketState.WAITING, "claim")
    assert visit_of(ticket_id).state is VisitState.PARKED
    assert counter.call_next(hall, other).id == ticket_id


def test_a_called_visitor_is_transferred_too(hall, clerk, other, issue):
    ticket = issue()
    counter.call_next(hall, clerk)
    counter.transfer(hall, clerk, window=2)
    with pytest.raises(NothingWaiting):
        counter.call_next(hall, clerk)
    assert counter.call_next(hall, other).id == ticket.id


def test_a_transfer_with_and_back_to_me_comes_back(hall, clerk, other, served, visit_of, now_of):
    ticket_id = served(clerk)
    item = visits.start_item(hall, clerk, "NT01")
    counter.transfer(hall, clerk, window=2, back=True)
    counter.call_next(hall, other)
    counter.arrive(hall, other)
    visits.finish_visit(hall, other)  # the item of window 1 is still open: it goes on there
    assert visit_of(ticket_id).state is VisitState.PARKED
    with pytest.raises(NothingWaiting):
        counter.call_next(hall, other)
    assert counter.call_next(hall, clerk).id == ticket_id
    counter.arrive(hall, clerk)
    assert [running.item.id for running in desk(hall, 1).items] == [item.id]


@pytest.mark.parametrize("target", [
    {}, {"group": "claim", "window": 2}, {"group": "nothing"}, {"window": 1}, {"window": 9},
])
def test_a_transfer_needs_one_other_place_that_exists(hall, clerk, served, target):
    served(clerk)
    with pytest.raises(BadInput):
        counter.transfer(hall, clerk, **target)


def test_a_call_out_of_two_windows_goes_to_each_once(hall, clerk, other):
    numbers = [kiosk.issue(hall, KIOSK, kiosk.Wish("enrol")).ticket.number for _ in range(2)]
    assert [counter.call_next(hall, clerk).number, counter.call_next(hall, other).number] == numbers


def test_every_step_leaves_one_event(hall, clerk, served, events):
    before = len(events())
    served(clerk)
    counter.hold(hall, clerk, HoldKind.NO_PAPERS)
    counter.resume(hall, clerk, events()[-1].ticket_id)
    assert [e.kind for e in events()[before:]] == [
        Kind.ISSUED, Kind.CALLED, Kind.ARRIVED, Kind.HELD, Kind.REQUEUED]
    assert [e.seq for e in events()] == list(range(1, len(events()) + 1))
