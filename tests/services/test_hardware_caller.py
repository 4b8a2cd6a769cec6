"""What each key of a hardware caller does, what it refuses, and what log and report say of it afterwards."""

import pytest

from drivers.callers import Key
from drivers.callers.bus import BusSettings
from hallapp.devices.callers import Shown
from hallapp.devices.settings import DeviceSettings
from hallapp.domain.errors import (
    ItemsOpen,
    NotFound,
    NothingWaiting,
    NotSignedIn,
    SignedInElsewhere,
    TooFewCalls,
    TooSoon,
    WindowPaused,
    WindowTaken,
    WrongState,
)
from hallapp.domain.events import Clerk, Kind
from hallapp.domain.handling import Outcome, VisitState
from hallapp.domain.staff import Staff
from hallapp.domain.ticket import CallResult, HoldKind, TicketState
from hallapp.services import counter, hardware_caller, staff, visits
from hallapp.services.board import board
from hallapp.services.day import close_past_days
from hallapp.services.desk import desk
from hallapp.services.hall import look
from hallapp.services.reports import figures
from hallapp.store import queue

PAD = DeviceSettings("caller-1", "caller", "bus", "COM5", 1, "0312", BusSettings(1))
BY = Clerk("caller-1", "0312", 1)
INTERVAL = 15  # seconds, Rules.call_interval


@pytest.fixture
def key(hall):
    """``key(Key.CALL)``: press it; whether it was done."""
    return lambda one, pad=PAD: hardware_caller.press(hall, pad, one, pause_reason="暂时离开")


@pytest.fixture
def seated(hall, employed):
    employed()
    hardware_caller.seat(hall, BY)
    return BY


@pytest.fixture
def called(hall, issue, seated):
    """A ticket that the pad called, and another that waits; their ids."""
    first, second = issue(), issue()
    hardware_caller.call_next(hall, seated)
    return first.id, second.id


@pytest.fixture
def shown(hall):
    return lambda: hardware_caller.shown(hall, PAD)


@pytest.fixture
def calls(hall):
    def read():
        with look(hall) as db:
            return queue.calls_of_day(db, hall.id, hall.today())

    return read


def test_the_first_key_seats_the_clerk_without_a_password_and_says_so(hall, employed, issue, key, events):
    employed()
    ticket = issue()
    assert key(Key.CALL)
    sat, called = events()[-2:]
    assert (sat.kind, sat.station, sat.staff, sat.window, sat.data) == (
        Kind.SIGNED_IN, "caller-1", "0312", 1, {"seat": "caller"})
    assert (called.kind, called.ticket_id, called.staff, called.window) == (Kind.CALLED, ticket.id, "0312", 1)
    assert hardware_caller.seats(hall) == {1}


def test_further_keys_seat_nobody_again(hall, seated, key, events):
    assert not key(Key.CALL)
    assert [event.kind for event in events()].count(Kind.SIGNED_IN) == 1


def test_a_clerk_who_signed_in_with_a_password_is_not_said_to_sit_by_a_key(hall, signed_in, key, seated):
    assert hardware_caller.seats(hall) == {1}
    by = signed_in(1)
    assert not key(Key.CALL)
    hardware_caller.seat(hall, by)
    assert hardware_caller.seats(hall) == frozenset()


def test_a_window_where_another_clerk_sits_is_refused(hall, employed, signed_in, key, events):
    employed()
    signed_in(1, "0313")
    before = events()
    with pytest.raises(WindowTaken):
        hardware_caller.seat(hall, BY)
    assert [key(one) for one in Key] == [False] * len(Key)
    assert events() == before


def test_a_clerk_who_sits_at_another_window_is_refused_here(hall, signed_in, key):
    signed_in(2)
    with pytest.raises(SignedInElsewhere):
        hardware_caller.seat(hall, BY)
    assert not key(Key.CALL)


def test_a_clerk_whom_nobody_employs_or_whose_account_is_closed_is_refused(hall, employed, key):
    with pytest.raises(NotFound):
        hardware_caller.seat(hall, BY)
    member = employed()
    staff.change_staff(hall, BY, Staff(member.number, member.name, active=False))
    with pytest.raises(NotFound):
        hardware_caller.seat(hall, BY)
    assert not key(Key.CALL)


def test_the_first_call_calls_and_opens_no_visit(called, now_of, visit_of, hall, calls):
    first, _second = called
    assert now_of(first).state is TicketState.CALLED
    assert visit_of(first) is None
    assert [call.result for call in calls()] == [None]


def test_the_next_call_ends_the_visit_of_the_one_before_in_the_same_step(
        hall, called, clock, now_of, visit_of, calls, events):
    first, second = called
    began = clock.now()
    clock.advance(minutes=7)
    before = len(events())
    assert hardware_caller.call_next(hall, BY).id == second
    [event] = events()[before:]
    visit = visit_of(first)
    assert (event.kind, event.ticket_id, event.visit_id) == (Kind.CALLED, second, visit.id)
    assert event.data == {"finished": now_of(first).number, "visit": visit.id}
    assert (now_of(first).state, now_of(second).state) == (TicketState.DONE, TicketState.CALLED)
    assert (visit.state, visit.opened_at, visit.closed_at) == (VisitState.CLOSED, began, clock.now())
    assert (visit.staff, visit.window, visit.void_reason) == ("0312", 1, None)
    assert [call.result for call in calls()] == [CallResult.CAME, None]


def test_when_nobody_waits_any_more_the_visit_ends_all_the_same(hall, called, clock, events, now_of):
    _first, second = called
    clock.advance(INTERVAL)
    hardware_caller.call_next(hall, BY)
    clock.advance(INTERVAL)
    assert hardware_caller.call_next(hall, BY) is None
    assert (events()[-1].kind, events()[-1].ticket_id) == (Kind.FINISHED, second)
    assert now_of(second).state is TicketState.DONE
    with pytest.raises(NothingWaiting):
        hardware_caller.call_next(hall, BY)


@pytest.mark.parametrize("act", [hardware_caller.call_next, hardware_caller.finish, hardware_caller.hold])
def test_a_key_pressed_again_too_soon_does_not_make_a_visitor_on_the_way_a_served_one(
        hall, called, clock, events, now_of, act):
    clock.advance(INTERVAL - 1)
    before = events()
    with pytest.raises(TooSoon):
        act(hall, BY)
    assert events() == before
    assert now_of(called[0]).state is TicketState.CALLED
    clock.advance(1)
    act(hall, BY)
    assert now_of(called[0]).state is not TicketState.CALLED


def test_the_rate_key_ends_the_visit_and_calls_nobody(hall, called, clock, key, now_of, events, shown):
    clock.advance(INTERVAL)
    assert key(Key.RATE)
    assert (events()[-1].kind, events()[-1].ticket_id) == (Kind.FINISHED, called[0])
    assert [now_of(one).state for one in called] == [TicketState.DONE, TicketState.WAITING]
    assert shown() == Shown(waiting=1)
    with pytest.raises(WrongState):
        hardware_caller.finish(hall, BY)


def test_a_recall_keeps_to_the_rules(called, clock, key, calls):
    assert not key(Key.RECALL)
    for _ in range(3):
        clock.advance(INTERVAL)
        assert key(Key.RECALL)
    clock.advance(INTERVAL)
    assert not key(Key.RECALL)
    assert calls()[0].calls == 4


def test_the_miss_key_keeps_to_the_rules_and_the_visitor_may_return(hall, called, clock, key, now_of, events):
    with pytest.raises(TooFewCalls):
        counter.miss(hall, BY)
    assert not key(Key.MISS)
    clock.advance(INTERVAL)
    assert key(Key.RECALL)
    clock.advance(INTERVAL)
    assert key(Key.MISS)
    assert (events()[-1].kind, now_of(called[0]).state) == (Kind.MISSED, TicketState.MISSED)
    assert counter.come_back(hall, BY, called[0]).ticket.state is TicketState.WAITING


def test_a_held_visitor_leaves_the_window_free_and_is_called_back_to_it(
        hall, called, clock, key, now_of, visit_of, shown, calls):
    first, second = called
    clock.advance(INTERVAL)
    assert key(Key.HOLD)
    held = now_of(first)
    assert (held.state, held.hold_kind, held.target_window) == (TicketState.HELD, HoldKind.NO_PAPERS, None)
    assert visit_of(first).state is VisitState.PARKED
    assert shown() == Shown(waiting=1)
    assert key(Key.CALL)
    clock.advance(INTERVAL)
    assert key(Key.CALL_BACK)
    assert (now_of(first).state, now_of(second).state) == (TicketState.CALLED, TicketState.DONE)
    assert shown() == Shown(held.number)
    clock.advance(minutes=3)
    assert key(Key.RATE)
    assert (visit_of(first).state, now_of(first).state) == (VisitState.CLOSED, TicketState.DONE)
    assert [call.result for call in calls()] == [CallResult.CAME] * 3


def test_the_one_held_first_at_this_window_is_called_back_first(hall, issue, seated, clock, served, signed_in):
    elsewhere = signed_in(2, "0313")
    far = served(elsewhere)
    counter.hold(hall, elsewhere, HoldKind.NO_PAPERS)
    held = []
    for _ in range(2):
        held.append(issue().id)
        hardware_caller.call_next(hall, BY)
        clock.advance(INTERVAL)
        hardware_caller.hold(hall, BY)
    assert [hardware_caller.call_back(hall, BY).id for _ in range(2) if clock.advance(INTERVAL) is None] == held
    clock.advance(INTERVAL)
    with pytest.raises(NothingWaiting):
        hardware_caller.call_back(hall, BY)
    assert far not in held


def test_calling_back_when_nobody_is_held_ends_no_visit(hall, called, clock, now_of):
    clock.advance(INTERVAL)
    with pytest.raises(NothingWaiting):
        hardware_caller.call_back(hall, BY)
    assert now_of(called[0]).state is TicketState.CALLED


def test_nobody_is_there_to_be_held(hall, seated):
    with pytest.raises(WrongState):
        hardware_caller.hold(hall, BY)


def test_the_pause_key_pauses_with_its_reason_and_opens_again(hall, called, clock, key, events, shown, now_of):
    clock.advance(INTERVAL)
    assert key(Key.PAUSE)
    assert (events()[-1].kind, events()[-1].data) == (Kind.PAUSED, {"reason": "暂时离开"})
    for act in (hardware_caller.call_next, hardware_caller.call_back):
        with pytest.raises(WindowPaused):
            act(hall, BY)
    assert shown() == Shown(now_of(called[0]).number)  # somebody is still there
    assert key(Key.RATE)
    assert shown() == Shown()
    assert board(hall).windows[0].pause_reason == "暂时离开"
    assert key(Key.PAUSE)
    assert events()[-1].kind is Kind.UNPAUSED
    assert key(Key.CALL)


def test_keys_that_a_pad_cannot_mean_are_refused(hall, called, key, events):
    before = events()
    assert [key(one) for one in (Key.TRANSFER, Key.RATING)] == [False, False]
    assert events() == before


@pytest.mark.parametrize("act", [hardware_caller.call_next, hardware_caller.finish, hardware_caller.hold,
                                 hardware_caller.call_back])
def test_only_who_sits_there_may_press(hall, employed, issue, act):
    employed()
    issue()
    with pytest.raises(NotSignedIn):
        act(hall, BY)


def test_the_display_counts_who_may_be_called_here(hall, employed, issue, shown, signed_in):
    employed()
    assert shown() == Shown(waiting=0)
    issue()
    issue()
    other = signed_in(2, "0313")
    counter.call_next(hall, other)
    counter.transfer(hall, other, window=3)
    assert shown() == Shown(waiting=1)


def test_a_visit_begun_at_the_counters_screen_is_ended_by_a_key_once_its_items_are(hall, signed_in, issue, served, key):
    by = signed_in(1)
    served(by)
    item = visits.start_item(hall, by, "NT01")
    with pytest.raises(ItemsOpen):
        hardware_caller.call_next(hall, BY)
    visits.finish_item(hall, by, item.id, Outcome.COMPLETED)
    assert key(Key.RATE)
    assert desk(hall, 1).visit is None
    visits.walk_in(hall, by)
    with pytest.raises(WrongState):
        hardware_caller.hold(hall, BY)
    assert key(Key.RATE)


def test_a_visitor_with_open_items_is_held_with_clocks_stopped(hall, signed_in, served, key, clock, now_of):
    by = signed_in(1)
    ticket_id = served(by)
    visits.start_item(hall, by, "NT01")
    assert key(Key.HOLD)
    assert now_of(ticket_id).state is TicketState.HELD
    clock.advance(minutes=1)
    assert key(Key.CALL_BACK)
    counter.arrive(hall, by)
    assert desk(hall, 1).items[0].seconds == 0


def test_a_visitor_sent_here_and_back_goes_back_when_served(hall, issue, seated, clock, signed_in, now_of, visit_of):
    other = signed_in(2, "0313")
    ticket = issue()
    counter.call_next(hall, other)
    counter.arrive(hall, other)
    visits.start_item(hall, other, "NT01")
    counter.transfer(hall, other, window=1, back=True)
    assert hardware_caller.call_next(hall, BY).id == ticket.id
    clock.advance(INTERVAL)
    hardware_caller.finish(hall, BY)
    assert (now_of(ticket.id).state, now_of(ticket.id).target_window) == (TicketState.WAITING, 2)
    assert visit_of(ticket.id).state is VisitState.PARKED


def test_the_last_visit_of_an_evening_ended_by_the_first_key_of_the_morning_is_yesterdays(
        hall, called, clock, key, visit_of, events):
    yesterday = hall.today()
    clock.advance(minutes=24 * 60)
    close_past_days(hall, BY)
    assert key(Key.CALL)
    visit = visit_of(called[0])
    assert (visit.day, visit.state, events()[-1].kind) == (yesterday, VisitState.CLOSED, Kind.FINISHED)
    assert (figures(hall, yesterday).visits, figures(hall, hall.today()).visits) == (1, 0)


def test_the_report_counts_the_visit_but_no_case_no_handling_and_no_way(hall, called, clock, signed_in):
    other = signed_in(2, "0313")
    clock.advance(minutes=7)
    hardware_caller.call_next(hall, BY)
    clock.advance(minutes=7)
    hardware_caller.finish(hall, BY)
    found = figures(hall, hall.today())
    assert (found.visits, found.without_items, found.by_caller) == (2, 2, 2)
    assert (found.handling.cases, found.immediate.times, found.way, found.meets_target) == (0, None, None, None)
    assert [(one.staff, one.visits, one.way) for one in found.clerks] == [("0312", 2, None)]
    assert found.waiting.n == 2
    visits.walk_in(hall, other)
    visits.finish_visit(hall, other)
    found = figures(hall, hall.today())
    assert (found.visits, found.without_items, found.by_caller) == (3, 3, 2)


def test_a_counters_screen_can_take_back_a_key_whole(hall, called, clock, now_of, visit_of, calls):
    clock.advance(INTERVAL)
    hardware_caller.call_next(hall, BY)
    assert counter.undo(hall, BY) is Kind.CALLED
    assert [now_of(one).state for one in called] == [TicketState.CALLED, TicketState.WAITING]
    assert visit_of(called[0]) is None
    assert [call.result for call in calls()] == [None]
