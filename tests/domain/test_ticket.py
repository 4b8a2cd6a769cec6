"""A ticket's steps: only the allowed ones, each with its rule, and a refusal changes nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hallapp.domain import ticket as way
from hallapp.domain.errors import HallError, RecallLimit, ReturnRefused, TooFewCalls, TooSoon, WrongState
from hallapp.domain.rules import Rules
from hallapp.domain.ticket import Call, HoldKind, Ticket, TicketState

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
RULES = Rules()
S = TicketState


def ticket(state=S.WAITING, **fields):
    plain = Ticket(7, date(2026, 11, 23), "A001", "A", 1, "enrol", None, False, state, NOW, NOW, "kiosk-1")
    return replace(plain, **fields)


def a_call(**fields):
    return replace(Call(9, date(2026, 11, 23), 7, 1, "0312", NOW, NOW), **fields)


def later(seconds=0, minutes=0):
    return NOW + timedelta(seconds=seconds, minutes=minutes)


ENOUGH = a_call(calls=RULES.calls_before_miss)
STEPS = {
    "call": lambda t, now: way.call(t, 1, now),
    "miss": lambda t, now: way.miss(t, ENOUGH, RULES, now),
    "come_back": lambda t, now: way.come_back(t, now, RULES, now),
    "arrive": way.arrive,
    "handle": way.handle,
    "abandon": way.abandon,
    "hold": lambda t, now: way.hold(t, HoldKind.OUTSIDE, now),
    "requeue": way.requeue,
    "transfer": lambda t, now: way.transfer(t, now, group="claim"),
    "transfer_back": lambda t, now: way.transfer(t, now, window=3, back=True),
    "leave": way.leave,
}
ALLOWED = {
    ("call", S.WAITING): {S.CALLED}, ("call", S.HELD): {S.CALLED},
    ("miss", S.CALLED): {S.MISSED},
    ("come_back", S.MISSED): {S.WAITING},
    ("arrive", S.CALLED): {S.ARRIVED},
    ("handle", S.ARRIVED): {S.HANDLING}, ("handle", S.HANDLING): {S.HANDLING},
    ("abandon", S.WAITING): {S.ABANDONED}, ("abandon", S.CALLED): {S.ABANDONED},
    ("abandon", S.HELD): {S.ABANDONED}, ("abandon", S.MISSED): {S.ABANDONED},
    ("hold", S.ARRIVED): {S.HELD}, ("hold", S.HANDLING): {S.HELD},
    ("requeue", S.HELD): {S.WAITING},
    ("transfer", S.CALLED): {S.WAITING}, ("transfer", S.ARRIVED): {S.WAITING}, ("transfer", S.HANDLING): {S.WAITING},
    ("transfer_back", S.CALLED): {S.WAITING}, ("transfer_back", S.ARRIVED): {S.WAITING},
    ("transfer_back", S.HANDLING): {S.WAITING},
    ("leave", S.ARRIVED): {S.DONE, S.WAITING}, ("leave", S.HANDLING): {S.DONE, S.WAITING},
}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_from_its_states_and_refused_from_all_others(step, state):
    start = ticket(state, window=1, changed_at=NOW)
    if (step, state) in ALLOWED:
        assert STEPS[step](start, later(60)).state in ALLOWED[step, state]
    else:
        with pytest.raises(WrongState) as refused:
            STEPS[step](start, later(60))
        assert (refused.value.subject, refused.value.state) == ("A001", state)


class Way(RuleBasedStateMachine):
    """Random steps: what a ticket is never changes, what state it is in follows ALLOWED only."""

    @initialize()
    def issue(self):
        self.ticket = self.first = ticket()
        self.now = NOW

    @rule(step=st.sampled_from(sorted(STEPS)), seconds=st.integers(0, 4000))
    @precondition(lambda self: hasattr(self, "ticket"))
    def try_step(self, step, seconds):
        self.now += timedelta(seconds=seconds)
        before, kept = self.ticket, replace(self.ticket)
        try:
            after = STEPS[step](before, self.now)
        except HallError:
            assert before == kept
            return
        assert after.state in ALLOWED[step, before.state]
        self.ticket = after

    @invariant()
    def who_it_is_stays(self):
        if hasattr(self, "ticket"):
            for name in ("id", "day", "number", "prefix", "serial", "priority", "issued_at", "station"):
                assert getattr(self.ticket, name) == getattr(self.first, name)

    @invariant()
    def a_window_is_set_exactly_while_one_deals_with_it(self):
        if hasattr(self, "ticket") and self.ticket.state is not S.DONE:
            at_window = self.ticket.state in {S.CALLED, S.ARRIVED, S.HANDLING}
            assert (self.ticket.window is not None) == at_window

    @invariant()
    def a_hold_kind_is_set_while_held(self):
        if hasattr(self, "ticket") and self.ticket.state not in way.CLOSED:
            assert (self.ticket.hold_kind is not None) == (self.ticket.state is S.HELD)

    @invariant()
    def it_returns_no_oftener_than_allowed(self):
        if hasattr(self, "ticket"):
            assert self.ticket.returns <= RULES.return_times


Way.TestCase.settings = settings(max_examples=60, stateful_step_count=25)
TestWay = Way.TestCase


def test_a_recall_comes_no_sooner_than_the_interval():
    with pytest.raises(TooSoon) as refused:
        way.recall(a_call(), RULES, later(4.5))
    assert refused.value.seconds_left == 11
    assert way.recall(a_call(), RULES, later(15)).calls == 2


def test_the_last_fraction_of_a_second_still_counts_as_one():
    with pytest.raises(TooSoon) as refused:
        way.recall(a_call(), RULES, later(14.9999))
    assert refused.value.seconds_left == 1


def test_the_interval_counts_from_the_last_call_not_the_first():
    again = way.recall(a_call(), RULES, later(15))
    with pytest.raises(TooSoon):
        way.recall(again, RULES, later(29))


def test_a_clock_that_was_set_back_holds_up_no_recall_and_no_miss():
    back = later(minutes=-10)
    assert way.recall(a_call(), RULES, back).last_called_at == back
    assert way.miss(ticket(S.CALLED), ENOUGH, RULES, back).state is S.MISSED


def test_a_ticket_is_recalled_three_times_and_no_more():
    call = a_call()
    for turn in range(1, 4):
        call = way.recall(call, RULES, later(15 * turn))
    with pytest.raises(RecallLimit) as refused:
        way.recall(call, RULES, later(100))
    assert refused.value.limit == 3


def test_one_call_is_too_few_for_a_miss():
    with pytest.raises(TooFewCalls) as refused:
        way.miss(ticket(S.CALLED, window=1), a_call(), RULES, later(60))
    assert refused.value.needed == 2


def test_a_miss_waits_for_the_interval_after_the_last_call():
    with pytest.raises(TooSoon):
        way.miss(ticket(S.CALLED, window=1), a_call(calls=2), RULES, later(14))


def test_a_missed_ticket_comes_back_within_the_half_hour_to_the_second():
    missed = ticket(S.MISSED, changed_at=NOW)
    back = way.come_back(missed, later(5), RULES, later(minutes=30))
    assert (back.state, back.rank_at, back.returns) == (S.WAITING, later(5), 1)
    with pytest.raises(ReturnRefused):
        way.come_back(missed, NOW, RULES, later(seconds=1, minutes=30))


def test_a_missed_ticket_comes_back_once():
    with pytest.raises(ReturnRefused):
        way.come_back(ticket(S.MISSED, changed_at=NOW, returns=1), NOW, RULES, later(60))


def test_kept_papers_bring_the_visitor_back_to_this_window_and_other_holds_do_not():
    at_two = ticket(S.HANDLING, window=2)
    assert way.hold(at_two, HoldKind.KEEP_PAPERS, NOW).target_window == 2
    assert way.hold(at_two, HoldKind.NO_PAPERS, NOW).target_window is None
    assert way.hold(at_two, HoldKind.OUTSIDE, NOW).target_window is None


def test_whoever_misses_the_call_to_the_one_window_to_go_to_comes_back_to_it():
    held = way.hold(ticket(S.HANDLING, window=2), HoldKind.KEEP_PAPERS, NOW)
    sent = way.transfer(ticket(S.CALLED, window=1), NOW, window=2)
    for one in (held, sent):
        missed = way.miss(way.call(one, 2, NOW), a_call(calls=2), RULES, later(60))
        back = way.come_back(missed, later(60), RULES, later(61))
        assert back.target_window == 2
        assert way.arrive(way.call(back, 2, later(62)), later(63)).target_window is None


def test_a_transfer_keeps_number_rank_and_issue_time():
    before = ticket(S.HANDLING, window=2)
    after = way.transfer(before, later(60), group="claim")
    assert (after.number, after.rank_at, after.issued_at) == (before.number, before.rank_at, before.issued_at)
    assert (after.group, after.target_window, after.return_window) == ("claim", None, None)


def test_a_transfer_with_and_back_to_me_returns_once():
    away = way.transfer(ticket(S.HANDLING, window=2), NOW, window=3, back=True)
    assert (away.target_window, away.return_window) == (3, 2)
    home = way.leave(way.arrive(way.call(away, 3, NOW), NOW), NOW)
    assert (home.state, home.target_window, home.return_window) == (S.WAITING, 2, None)
    assert way.leave(way.arrive(way.call(home, 2, NOW), NOW), NOW).state is S.DONE


def test_a_ticket_that_got_back_by_itself_is_done():
    away = way.transfer(ticket(S.HANDLING, window=2), NOW, group="claim", back=True)
    assert way.leave(way.arrive(way.call(away, 2, NOW), NOW), NOW).state is S.DONE


def test_a_further_item_changes_nothing():
    handling = ticket(S.HANDLING, window=1)
    assert way.handle(handling, later(60)) is handling
