"""A visit and its items: one clock at a time, outcomes, and closing."""

from dataclasses import replace

import pytest

from hallapp.domain.errors import BadInput, HallError, ItemsOpen, NotFound, WrongState
from hallapp.domain.events import By, Kind
from hallapp.domain.handling import ItemState, Outcome, VisitState
from hallapp.domain.ticket import HoldKind, TicketState
from hallapp.services import counter, reports, visits
from hallapp.services.desk import desk


def seconds(hall, window=1):
    return [running.seconds for running in desk(hall, window).items]


def states(hall, window=1):
    return [running.item.state for running in desk(hall, window).items]


def test_a_walk_in_needs_no_ticket(hall, clerk):
    visit = visits.walk_in(hall, clerk)
    assert (visit.ticket_id, visit.state) == (None, VisitState.OPEN)
    assert visits.finish_visit(hall, clerk).state is VisitState.CLOSED


def test_an_item_carries_what_the_catalogue_says(hall, clerk, served, now_of):
    ticket_id = served(clerk)
    item = visits.start_item(hall, clerk, "NT13", 3)
    assert (item.mode, item.immediate, item.quantity) == ("accept_forward", False, 3)
    assert visits.start_item(hall, clerk, "NT01").immediate
    assert now_of(ticket_id).state is TicketState.HANDLING


@pytest.mark.parametrize(("code", "quantity", "field"), [
    ("XX99", 1, "item_code"), ("NT01", 0, "quantity"), ("NT01", 100, "quantity"),
])
def test_an_item_must_exist_and_be_countable(hall, clerk, served, code, quantity, field):
    served(clerk)
    with pytest.raises(BadInput) as refused:
        visits.start_item(hall, clerk, code, quantity)
    assert refused.value.field == field


def test_an_item_needs_a_visit(hall, clerk):
    with pytest.raises(WrongState):
        visits.start_item(hall, clerk, "NT01")


def test_one_item_runs_at_a_time(hall, clerk, served, clock):
    served(clerk)
    first = visits.start_item(hall, clerk, "NT01")
    clock.advance(30)
    visits.start_item(hall, clerk, "NT02")
    clock.advance(50)
    assert states(hall) == [ItemState.SUSPENDED, ItemState.RUNNING]
    assert seconds(hall) == [30, 50]
    visits.resume_item(hall, clerk, first.id)
    clock.advance(5)
    assert states(hall) == [ItemState.RUNNING, ItemState.SUSPENDED]
    assert seconds(hall) == [35, 50]


def test_suspended_time_is_left_out(hall, clerk, served, clock):
    served(clerk)
    item = visits.start_item(hall, clerk, "NT01")
    clock.advance(100)
    visits.suspend_item(hall, clerk, item.id)
    clock.advance(1000)
    visits.resume_item(hall, clerk, item.id)
    clock.advance(20)
    visits.finish_item(hall, clerk, item.id, Outcome.COMPLETED)
    clock.advance(500)
    assert seconds(hall) == [120]
    assert desk(hall, 1).tally.hall_mean == 120


def test_setting_the_clock_during_handling_bends_nothing_and_is_logged(hall, clerk, served, clock, events):
    served(clerk)
    item = visits.start_item(hall, clerk, "NT01")
    clock.advance(100)
    clock.set_wall(clock.now().replace(hour=0))  # an hour back
    visits.finish_item(hall, clerk, item.id, Outcome.COMPLETED)
    assert seconds(hall) == [100]
    assert events()[-1].data["clock_drift"] == -3600


@pytest.mark.parametrize("step", [
    lambda hall, clerk, item: visits.suspend_item(hall, clerk, item.id),
    lambda hall, clerk, item: visits.start_item(hall, clerk, "NT02"),
    lambda hall, clerk, item: counter.hold(hall, clerk, HoldKind.OUTSIDE),
    lambda hall, clerk, item: counter.transfer(hall, clerk, window=2),
    lambda hall, clerk, item: visits.void_visit(hall, clerk, item.visit_id, "忘记结束"),
], ids=["suspend", "start another", "hold", "transfer", "void"])
def test_whichever_step_stops_a_clock_says_that_it_was_set(hall, clerk, served, clock, events, step):
    served(clerk)
    item = visits.start_item(hall, clerk, "NT01")
    clock.advance(100)
    clock.set_wall(clock.now().replace(hour=0))
    step(hall, clerk, item)
    assert events()[-1].data["clock_drift"] == -3600


def test_a_clock_that_is_right_is_not_mentioned(hall, clerk, served, clock, events):
    served(clerk)
    item = visits.start_item(hall, clerk, "NT01")
    clock.advance(100)
    visits.suspend_item(hall, clerk, item.id)
    assert "clock_drift" not in events()[-1].data


def test_an_item_goes_on_after_the_program_was_restarted(hall, clerk, served, clock):
    served(clerk)
    visits.start_item(hall, clerk, "NT01")
    clock.advance(40)
    clock.restart()
    assert seconds(hall) == [40]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_item_ends_with_its_outcome_running_or_suspended(hall, clerk, served, outcome):
    served(clerk)
    first = visits.start_item(hall, clerk, "NT01")
    second = visits.start_item(hall, clerk, "NT02")
    for item in (first, second):
        ended = visits.finish_item(hall, clerk, item.id, outcome)
        assert (ended.state, ended.outcome) == (ItemState.ENDED, outcome)
    assert visits.finish_visit(hall, clerk).state is VisitState.CLOSED


def test_an_ended_item_takes_no_further_step(hall, clerk, served):
    served(clerk)
    item = visits.start_item(hall, clerk, "NT01")
    visits.finish_item(hall, clerk, item.id, Outcome.COMPLETED)
    for step in (
        lambda: visits.suspend_item(hall, clerk, item.id), lambda: visits.resume_item(hall, clerk, item.id),
        lambda: visits.finish_item(hall, clerk, item.id, Outcome.WITHDRAWN),
        lambda: visits.set_quantity(hall, clerk, item.id, 2),
    ):
        with pytest.raises(WrongState):
            step()


def test_a_wrong_outcome_is_corrected_while_the_visitor_is_here_and_its_time_stays(hall, clerk, clock, served, events):
    served(clerk)
    item = visits.start_item(hall, clerk, "NT01")
    clock.advance(40)
    with pytest.raises(WrongState):
        visits.correct_outcome(hall, clerk, item.id, Outcome.ACCEPTED)  # it has none yet
    ended = visits.finish_item(hall, clerk, item.id, Outcome.COMPLETED)
    visits.finish_visit(hall, clerk)
    clock.advance(300)
    counter.undo(hall, clerk)
    corrected = visits.correct_outcome(hall, clerk, item.id, Outcome.ACCEPTED)
    assert corrected == replace(ended, outcome=Outcome.ACCEPTED)
    assert seconds(hall) == [40]
    with pytest.raises(BadInput):
        visits.correct_outcome(hall, clerk, item.id, Outcome.NOTICE)
    assert counter.undo(hall, clerk) is Kind.ITEM_CHANGED
    visits.finish_visit(hall, clerk)
    with pytest.raises(HallError):
        visits.correct_outcome(hall, clerk, item.id, Outcome.ACCEPTED)


def test_a_running_item_is_not_resumed(hall, clerk, served):
    served(clerk)
    item = visits.start_item(hall, clerk, "NT01")
    with pytest.raises(WrongState):
        visits.resume_item(hall, clerk, item.id)


def test_the_quantity_of_an_open_item_is_corrected(hall, clerk, served):
    served(clerk)
    item = visits.start_item(hall, clerk, "NT01")
    assert visits.set_quantity(hall, clerk, item.id, 4).quantity == 4
    for wrong in (0, 100):
        with pytest.raises(BadInput):
            visits.set_quantity(hall, clerk, item.id, wrong)


def test_another_windows_item_is_out_of_reach(hall, clerk, other, served):
    served(clerk)
    item = visits.start_item(hall, clerk, "NT01")
    served(other)
    with pytest.raises(NotFound):
        visits.finish_item(hall, other, item.id, Outcome.COMPLETED)
    with pytest.raises(NotFound):
        visits.suspend_item(hall, clerk, 9999)


def test_a_visit_with_open_items_is_not_finished(hall, clerk, served):
    served(clerk)
    first = visits.start_item(hall, clerk, "NT01")
    second = visits.start_item(hall, clerk, "NT02")
    with pytest.raises(ItemsOpen) as refused:
        visits.finish_visit(hall, clerk)
    assert refused.value.items == (first.id, second.id)


def test_the_end_of_a_visit_ends_the_ticket(hall, clerk, served, clock, now_of):
    ticket_id = served(clerk)
    clock.advance(60)
    visit = visits.finish_visit(hall, clerk)
    assert (visit.state, visit.closed_at) == (VisitState.CLOSED, clock.now())
    assert now_of(ticket_id).state is TicketState.DONE


def test_a_forgotten_visit_is_closed_with_a_reason(hall, clerk, served, visit_of, now_of, clock):
    ticket_id = served(clerk)
    visits.start_item(hall, clerk, "NT01")
    visits.start_item(hall, clerk, "NT02")
    clock.advance(minutes=300)
    visit_id = visit_of(ticket_id).id
    with pytest.raises(BadInput):
        visits.void_visit(hall, By("supervisor"), visit_id, "  ")
    visits.void_visit(hall, By("supervisor"), visit_id, " forgotten ")
    closed = visit_of(ticket_id)
    assert (closed.state, closed.void_reason, closed.closed_at) == (VisitState.CLOSED, "forgotten", clock.now())
    assert now_of(ticket_id).state is TicketState.DONE
    found = desk(hall, 1)
    assert found.visit is None
    assert (found.tally.hall_cases, found.tally.hall_mean) == (2, None)


def test_a_closed_visit_is_not_voided_and_an_unknown_one_not_found(hall, clerk, served, visit_of):
    ticket_id = served(clerk)
    visits.finish_visit(hall, clerk)
    with pytest.raises(WrongState):
        visits.void_visit(hall, By("supervisor"), visit_of(ticket_id).id, "x")
    with pytest.raises(NotFound):
        visits.void_visit(hall, By("supervisor"), 9999, "x")


def test_voiding_the_visit_of_a_called_visitor_frees_the_window(hall, clerk, served, visit_of, issue):
    ticket_id = served(clerk)
    counter.hold(hall, clerk, HoldKind.KEEP_PAPERS)
    counter.resume(hall, clerk, ticket_id)
    visits.void_visit(hall, By("supervisor"), visit_of(ticket_id).id, "gone")
    assert desk(hall, 1).call is None
    issue()
    counter.call_next(hall, clerk)


def test_an_item_of_three_cases_counts_three_times_in_the_mean(hall, clerk, served, clock):
    served(clerk)
    for quantity, handled in ((3, 90), (1, 50)):
        item = visits.start_item(hall, clerk, "NT01", quantity)
        clock.advance(handled)
        visits.finish_item(hall, clerk, item.id, Outcome.COMPLETED)
    forwarded = visits.start_item(hall, clerk, "NT13")
    clock.advance(5000)
    visits.finish_item(hall, clerk, forwarded.id, Outcome.ACCEPTED)
    tally = desk(hall, 1).tally
    assert (tally.hall_cases, tally.my_cases, tally.hall_mean) == (5, 5, 35)


def test_a_case_of_a_visit_from_yesterday_counts_in_the_ten_minute_mean_as_it_does_in_the_report(
        hall, clerk, served, clock):
    served(clerk)
    clock.advance(minutes=60 * 24)
    item = visits.start_item(hall, clerk, "NT01")
    clock.advance(100)
    visits.finish_item(hall, clerk, item.id, Outcome.COMPLETED)
    tally, day = desk(hall, 1).tally, reports.figures(hall, hall.today())
    assert (tally.hall_cases, tally.hall_mean) == (day.handling.cases, day.immediate.times.mean) == (1, 100)


def test_an_item_asked_for_twice_with_one_id_is_started_once(hall, clerk, served, events):
    """The answer to the first may have got lost on its way."""
    served(clerk)
    first = visits.start_item(hall, clerk, "NT01", 2, "wish-1")
    before = len(events())
    assert visits.start_item(hall, clerk, "NT01", 2, "wish-1") == first
    assert len(events()) == before
    assert visits.start_item(hall, clerk, "NT01", 2, "wish-2") != first


def test_an_item_that_was_taken_back_is_not_found_by_its_id(hall, clerk, served):
    served(clerk)
    visits.start_item(hall, clerk, "NT01", 1, "wish-1")
    counter.undo(hall, clerk)
    with pytest.raises(NotFound):
        visits.start_item(hall, clerk, "NT01", 1, "wish-1")
