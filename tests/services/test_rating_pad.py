"""A rating pad at a window: whose visit a press counts for, through a real serial line."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from threading import Event

import pytest
from sqlalchemy import event

from drivers.link import make_link
from drivers.raters.keypad import KeypadRater, KeypadSettings
from drivers.sim.keypad import Keypad
from drivers.sim.line import LineFault, SimulatedLine
from hallapp.devices.raters import HallRater
from hallapp.devices.worker import Worker
from hallapp.domain.events import Kind
from hallapp.domain.printing import DeviceState, Trouble
from hallapp.domain.rating import Channel
from hallapp.services import counter, visits
from hallapp.services.answers import Answers
from hallapp.services.hall import look
from hallapp.services.rating_pad import LOOK_SECONDS, PadAsking
from hallapp.store import ratings as stored
from hallapp.store.opening import open_sqlite

KEYS = {"01": 5, "02": 4, "03": 3, "04": 2, "05": 1}


@pytest.fixture
def store(store_path):
    """One engine is enough here: what is kept is tested on both in test_ratings."""
    opened = open_sqlite(store_path, "h1")
    yield opened
    opened.close()


class AtWindow:
    """The pad of window 1 and what is seen of it."""

    def __init__(self, hall, clock, line, path, folder):
        self.hall, self.clock, self.line, self.seen = hall, clock, line, []
        self.pad = HallRater("rater", KeypadRater(make_link(path, timeout=0.1), KeypadSettings(2, KEYS)))
        self.answers = Answers(folder / "answers", hall.id, Channel.KEYPAD)
        self.start()

    def start(self):
        """The program begins to work with the pad."""
        self.asking = PadAsking(self.hall, 1, self.pad, self.seen.append, self.answers)

    def press(self, key):
        self.line.act(lambda: self.line.machine.press(key))
        assert self.line.wait_until(lambda: not self.line.machine._pressed)

    def turn(self, seconds=LOOK_SECONDS):
        """So much time goes by; then the worker's next turn."""
        self.clock.advance(seconds)
        return self.asking.turn()

    @property
    def state(self):
        return self.seen[-1].state, self.seen[-1].trouble

    def rating(self, visit):
        with look(self.hall) as db:
            return stored.rating(db, self.hall.id, visit.id)


@pytest.fixture
def line():
    with SimulatedLine(Keypad(2), pty=True) as served:
        yield served


@pytest.fixture
def at_window(hall, clerk, clock, line, tmp_path):
    place = tmp_path / "pad"
    place.symlink_to(line.device)
    made = AtWindow(hall, clock, line, str(place), tmp_path)
    made.place = place
    made.turn(0)  # the line is open
    yield made
    made.pad.close()


@pytest.fixture
def ended(hall, clerk, served):
    """``ended()``: a visitor has just left window 1; the visit."""

    def end():
        served(clerk)
        return visits.finish_visit(hall, clerk)

    return end


def test_a_press_after_the_visit_is_its_rating(at_window, ended):
    visit = ended()
    at_window.turn()
    at_window.press("04")
    at_window.turn(9)
    kept = at_window.rating(visit)
    assert (kept.level, kept.reasons, kept.channel) == (2, (), Channel.KEYPAD)
    assert at_window.state == (DeviceState.READY, Trouble.NONE)


def test_only_the_first_of_several_presses_counts(at_window, ended, events):
    visit = ended()
    for key in ("01", "01", "05"):
        at_window.press(key)
    at_window.turn()
    at_window.press("05")
    at_window.turn()
    assert at_window.rating(visit).level == 5
    assert [one.kind for one in events()].count(Kind.RATED) == 1


def test_a_press_while_nobody_is_asked_counts_for_nothing(at_window, ended, served, clerk, hall, events):
    at_window.press("05")
    at_window.turn()
    served(clerk)
    at_window.press("05")
    at_window.turn()
    visit = visits.finish_visit(hall, clerk)
    at_window.turn()
    assert at_window.rating(visit) is None
    assert Kind.RATED not in [one.kind for one in events()]


def test_who_presses_nothing_in_time_is_not_rated(at_window, ended):
    visit = ended()
    at_window.turn(1)
    at_window.turn(58.5)
    assert at_window.rating(visit) is None
    at_window.turn(LOOK_SECONDS)
    assert at_window.rating(visit).level is None
    at_window.press("05")
    at_window.turn()
    assert at_window.rating(visit).level is None


def test_the_next_visitor_does_not_rate_the_visit_before(at_window, ended, served, clerk, hall):
    first = ended()
    at_window.turn()
    served(clerk)
    at_window.turn()
    assert at_window.rating(first).level is None
    second = visits.finish_visit(hall, clerk)
    at_window.press("01")
    at_window.turn()
    assert (at_window.rating(first).level, at_window.rating(second).level) == (None, 5)


def test_an_undone_end_leaves_no_answer(at_window, ended, hall, clerk):
    visit = ended()
    at_window.turn()
    counter.undo(hall, clerk)
    at_window.turn()
    assert at_window.rating(visit) is None


def test_a_visit_that_ended_before_the_pad_was_there_is_not_counted_as_asked(hall, ended, clock, line, tmp_path):
    visit = ended()
    clock.advance(90)
    pad = AtWindow(hall, clock, line, line.device, tmp_path)
    for _ in range(3):
        pad.turn()
    assert pad.rating(visit) is None
    pad.pad.close()


def test_the_pad_follows_its_clerk(at_window, ended, hall, served, signed_in):
    at_window.asking.sit_at(2)
    visit = ended()
    at_window.press("01")
    at_window.turn()
    assert at_window.rating(visit) is None
    other = signed_in(2, "0313", name="李强")
    served(other)
    second = visits.finish_visit(hall, other)
    at_window.press("03")
    at_window.turn()
    assert at_window.rating(second).level == 3


def test_a_press_that_is_heard_as_its_clerk_moves_counts_where_the_visitor_stood(at_window, ended):
    visit, heard = ended(), at_window.pad.presses

    def hear():
        levels = heard()
        at_window.asking.sit_at(2)
        return levels

    at_window.turn()
    at_window.pad.presses = hear
    at_window.press("04")
    at_window.turn()
    assert at_window.rating(visit).level == 2


@pytest.mark.parametrize("fault", [LineFault.HALF, LineFault.CORRUPT, LineFault.SILENT])
def test_a_spoiled_press_is_no_rating_and_another_press_is_heard(at_window, ended, line, fault):
    visit = ended()
    at_window.turn()
    line.set(fault)
    at_window.press("05")
    at_window.turn()
    line.set(fault, on=False)
    at_window.turn()
    assert at_window.rating(visit) is None
    at_window.press("01")
    at_window.turn()
    assert at_window.rating(visit).level == 5


def test_an_unknown_key_is_a_warning_that_says_what_to_check(at_window, ended):
    ended()
    at_window.press("77")
    at_window.turn()
    assert at_window.state == (DeviceState.WARNING, Trouble.UNKNOWN_KEY)
    at_window.press("01")
    at_window.turn()
    assert at_window.state == (DeviceState.READY, Trouble.NONE)


def test_an_unknown_key_is_forgotten_when_the_next_visitor_is_asked(at_window, ended, served, clerk, hall):
    ended()
    at_window.press("77")
    at_window.turn()
    at_window.turn()  # the one who pressed it is asked by now
    assert at_window.state == (DeviceState.WARNING, Trouble.UNKNOWN_KEY)
    served(clerk)
    at_window.turn()
    assert at_window.state == (DeviceState.WARNING, Trouble.UNKNOWN_KEY)
    visits.finish_visit(hall, clerk)
    at_window.turn()
    assert at_window.state == (DeviceState.READY, Trouble.MUTE)


def test_an_unexpected_error_is_a_fault_until_a_turn_succeeds(at_window):
    presses = at_window.pad.presses

    def fail():
        raise ZeroDivisionError

    at_window.pad.presses = fail
    with pytest.raises(ZeroDivisionError):
        at_window.turn()
    assert at_window.state == (DeviceState.DOWN, Trouble.PROGRAM)
    at_window.pad.presses = presses
    at_window.turn()
    assert at_window.state == (DeviceState.READY, Trouble.MUTE)


def test_a_pad_pulled_out_is_down_asks_nobody_and_comes_back_by_itself(at_window, ended):
    at_window.place.unlink()
    at_window.pad._rater.close()
    assert at_window.turn() > 0
    assert at_window.state == (DeviceState.DOWN, Trouble.NO_PORT)
    unasked = ended()
    for _ in range(3):
        at_window.turn(30)
    assert at_window.rating(unasked) is None
    at_window.place.symlink_to(at_window.line.device)
    assert at_window.turn() == 0
    assert at_window.state == (DeviceState.READY, Trouble.MUTE)  # its line is there; it cannot be asked
    at_window.press("05")
    at_window.turn()
    assert at_window.state == (DeviceState.READY, Trouble.NONE)
    at_window.pad.try_out()
    at_window.turn()
    assert at_window.state == (DeviceState.READY, Trouble.MUTE)
    assert at_window.rating(unasked) is None  # that visitor left long ago
    visit = ended()
    at_window.press("01")
    at_window.turn()
    assert at_window.rating(visit).level == 5


@pytest.fixture
def away(hall, store_path):
    """``with away():`` another program holds the store. (A write gives up at once, to be quick.)"""
    event.listen(hall.store.engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout = 50").close())
    hall.store.engine.dispose()

    @contextmanager
    def held():
        with closing(sqlite3.connect(store_path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    return held


def test_a_press_while_the_store_is_away_is_kept_when_it_is_back(at_window, ended, away):
    visit = ended()
    at_window.turn()
    with away():
        at_window.press("02")
        at_window.turn()
    assert at_window.rating(visit) is None
    at_window.turn(70)
    assert at_window.rating(visit).level == 4


def test_a_press_that_waited_counts_for_no_visit_that_ended_after_it(at_window, ended, away, served, clerk, hall):
    first = ended()
    at_window.turn()
    with away():
        at_window.press("05")
        at_window.turn()
    at_window.clock.advance(1)
    served(clerk)
    second = visits.finish_visit(hall, clerk)
    at_window.turn()
    assert at_window.rating(first).level == 1
    assert at_window.rating(second) is None


def test_a_press_while_the_store_is_away_outlasts_the_program(at_window, ended, away, events, clock):
    visit = ended()
    at_window.turn()
    with away():
        for key in ("05", "01"):
            at_window.press(key)
        at_window.turn()
        pressed = clock.now()
        at_window.turn()
    clock.advance(minutes=20 * 60)  # the PC was switched off; it is another day
    at_window.start()
    at_window.turn()
    kept = at_window.rating(visit)
    assert (kept.level, kept.at, kept.channel) == (1, pressed, Channel.KEYPAD)
    assert at_window.answers.waiting() == ()
    at_window.start()
    at_window.turn()
    assert [one.kind for one in events()].count(Kind.RATED) == 1


def test_a_press_waits_in_memory_where_no_file_can_be_kept(at_window, ended, away, tmp_path, caplog):
    (tmp_path / "answers").touch()
    visit = ended()
    at_window.turn()
    with away():
        at_window.press("02")
        at_window.turn()
    assert "waits in memory only" in caplog.text
    at_window.turn()
    assert at_window.rating(visit).level == 4


def test_its_worker_serves_it_and_ends_when_told(hall, clerk, clock, line, ended, tmp_path):
    pad, rated = AtWindow(hall, clock, line, line.device, tmp_path), hall.store.listen()
    worker = Worker("rater", pad.asking.turn, Event(), pytest.fail, pad.pad.close)
    visit = ended()
    rated.clear()
    worker.start()
    assert line.wait_until(lambda: True)
    for _ in range(20):
        pad.press("01")
        if rated.wait(0.5):
            break
    worker.close()
    assert pad.rating(visit).level == 5
