"""A lane keeps to its rate and its number of steps, and goes on after what fails."""

from threading import Event

import pytest

from hallapp.domain.errors import NothingWaiting, StoreAway
from hallapp.load.worker import RETRY_SECONDS, Lane


class Waited(Event):
    """A stop signal whose waiting moves a clock on instead of taking time; set after ``seconds``."""

    def __init__(self, seconds):
        super().__init__()
        self.now, self._seconds = 0.0, seconds

    def wait(self, timeout=None):
        self.now += timeout
        if self.now > self._seconds:
            self.set()
        return self.is_set()


class Quick:
    """A station whose steps take no time."""

    def turn(self, figures):
        figures.steps += 1


class Idle:
    turns = 0

    def turn(self, figures):
        self.turns += 1


def never():
    return False


class Failing:
    def __init__(self, error, stopped):
        self.error, self.turns, self._stopped = error, 0, stopped

    def turn(self, figures):
        self.turns += 1
        if self.turns == 3:
            self._stopped.set()
        raise self.error


@pytest.mark.parametrize("rate", [0.5, 7.0, 40.0])
def test_a_rate_is_kept_over_all_stations(rate):
    stopped = Waited(60)
    lane = Lane([Quick(), Quick(), Quick()], rate)
    lane.run(stopped, never, lambda: stopped.now)
    assert lane.figures.steps == pytest.approx(60 * rate, abs=2)


def test_looks_without_a_step_keep_to_the_rate_too():
    stopped, idle = Waited(60), Idle()
    Lane([idle], 2.0).run(stopped, never, lambda: stopped.now)
    assert idle.turns == pytest.approx(120, abs=2)


def test_a_lane_stops_when_all_have_made_enough_steps():
    lane = Lane([Quick(), Quick()])
    lane.run(Event(), lambda: lane.figures.steps >= 5, lambda: 0.0)
    assert lane.figures.steps == 5


@pytest.mark.parametrize(("error", "waited"), [(NothingWaiting(), 0.0), (StoreAway("there", "gone"), RETRY_SECONDS)])
def test_what_fails_is_counted_and_only_a_lost_server_is_given_time(error, waited):
    stopped = Waited(60)
    station = Failing(error, stopped)
    lane = Lane([station])
    lane.run(stopped, never, lambda: stopped.now)
    assert lane.figures.errors == {type(error).__name__: 3}
    assert stopped.now == pytest.approx(3 * waited)
