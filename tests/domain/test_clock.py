"""The server's time as a station keeps it between two of the server's answers."""

from datetime import UTC, datetime, timedelta

import pytest

from hallapp.domain.clock import ServerClock

THERE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # the server's time when this PC's monotonic clock shows 1000


@pytest.fixture
def served(clock):
    """A server's clock on a PC that is an hour ahead."""
    clock.set_wall(THERE + timedelta(hours=1))
    made = ServerClock(clock)
    made.heard(THERE, 1000.0, 1000.0)
    return made


def test_before_the_server_said_anything_it_is_the_pcs_own_time(clock):
    assert ServerClock(clock).now() == clock.now()


def test_the_server_is_believed_and_carried_on_by_the_monotonic_clock(served, clock):
    clock.advance(seconds=90)
    clock.set_wall(THERE - timedelta(days=3))
    assert served.now() == THERE + timedelta(seconds=90)
    assert (served.id, served.monotonic()) == (clock.id, 1090.0)


def test_half_of_the_way_there_and_back_is_taken_off(clock):
    served = ServerClock(clock)
    served.heard(THERE, 999.0, 1001.0)
    assert served.now() == THERE


def test_a_slow_answer_does_not_replace_a_quick_one_that_it_agrees_with(served):
    served.heard(THERE + timedelta(seconds=0.5), 1000.0, 1002.0)
    assert served.now() == THERE


def test_after_a_while_a_slower_answer_is_the_better_one(served, clock):
    clock.advance(minutes=60)
    served.heard(THERE + timedelta(seconds=3600.05), 4600.0, 4600.1)
    assert served.now() == THERE + timedelta(seconds=3600)


def test_a_servers_clock_that_was_set_is_followed_back_and_forth_even_by_a_slow_answer(served):
    served.now()
    served.heard(THERE - timedelta(minutes=5), 999.0, 1001.0)
    assert served.now() == THERE - timedelta(minutes=5)
    served.heard(THERE + timedelta(minutes=5), 999.0, 1001.0)
    assert served.now() == THERE + timedelta(minutes=5)


def test_a_small_correction_holds_the_time_but_never_turns_it_back(served, clock):
    shown = served.now()
    served.heard(THERE - timedelta(seconds=0.2), 1000.0, 1000.0)
    assert served.now() == shown
    clock.advance(seconds=0.1)
    assert served.now() == shown
    clock.advance(seconds=0.3)
    assert served.now() == shown + timedelta(seconds=0.2)
