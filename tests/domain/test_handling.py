"""Handling time: measured by the process's own clock, whatever the wall clock does."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallapp.domain import handling
from hallapp.domain.errors import WrongState
from hallapp.domain.handling import HandledItem, Interval, ItemState, Outcome, Pace
from tests.conftest import TestClock

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def running(clock):
    return Interval(1, 1, clock.now(), clock.id, clock.monotonic())


def item(state=ItemState.RUNNING):
    return HandledItem(1, date(2026, 11, 23), 1, "NT01", 1, 1, "0312", True, "direct", START, state)


@given(st.integers(0, 7200), st.integers(-86_400, 86_400))
def test_setting_the_wall_clock_never_bends_a_duration(seconds, jump):
    clock = TestClock()
    interval = running(clock)
    clock.advance(seconds)
    clock.set_wall(clock.now() + timedelta(seconds=jump))
    assert handling.elapsed(interval, clock) == seconds
    assert handling.end_interval(interval, clock).seconds == seconds
    assert handling.drift(interval, clock) == pytest.approx(jump)


def test_after_a_restart_the_wall_clock_is_all_there_is(clock):
    interval = running(clock)
    clock.advance(90)
    clock.restart()
    assert handling.elapsed(interval, clock) == 90
    assert handling.drift(interval, clock) == 0


def test_a_restart_with_the_clock_set_back_counts_nothing_rather_than_less(clock):
    interval = running(clock)
    clock.restart()
    clock.set_wall(START - timedelta(hours=1))
    assert handling.elapsed(interval, clock) == 0


def test_an_ended_interval_keeps_its_seconds(clock):
    interval = running(clock)
    clock.advance(12.3456)
    ended = handling.end_interval(interval, clock)
    clock.advance(1000)
    assert handling.elapsed(ended, clock) == 12.346
    assert ended.ended_at == START + timedelta(seconds=12.3456)


def test_handled_seconds_leave_the_pauses_out(clock):
    first = running(clock)
    clock.advance(60)
    first = handling.end_interval(first, clock)
    clock.advance(600)
    second = running(clock)
    clock.advance(30)
    assert handling.handled_seconds([first, second], clock) == 90


@pytest.mark.parametrize(("seconds", "pace"), [
    (0, Pace.CALM), (479.9, Pace.CALM), (480, Pace.NEAR), (600, Pace.NEAR), (600.1, Pace.OVER),
])
def test_pace_is_near_from_four_fifths_and_over_beyond_the_target(seconds, pace):
    assert handling.pace(seconds, 600, 0.8) is pace


STEPS = {
    "suspend": handling.suspend, "resume": handling.resume,
    "end": lambda one: handling.end(one, Outcome.COMPLETED, START),
}


@pytest.mark.parametrize(("step", "allowed"), [
    ("suspend", {ItemState.RUNNING}), ("resume", {ItemState.SUSPENDED}),
    ("end", {ItemState.RUNNING, ItemState.SUSPENDED}),
])
@pytest.mark.parametrize("state", list(ItemState))
def test_an_item_takes_only_the_steps_of_its_state(step, allowed, state):
    if state in allowed:
        assert STEPS[step](item(state)).state is not state
    else:
        with pytest.raises(WrongState):
            STEPS[step](item(state))


def test_an_end_keeps_outcome_and_moment():
    ended = handling.end(item(), Outcome.DEFERRED, START)
    assert ended == replace(item(), state=ItemState.ENDED, outcome=Outcome.DEFERRED, ended_at=START)
