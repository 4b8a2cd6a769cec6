"""Hardware callers at their windows: keys once each, displays that show what is, and a line that fails all day."""

from __future__ import annotations

from threading import Event

import pytest

from drivers.callers import Key
from drivers.callers.bus import BusCaller, BusSettings
from drivers.sim.caller import CallerBus
from drivers.sim.line import LineFault, SimulatedLine
from drivers.transport import NetworkTransport, SerialTransport
from hallapp.devices.callers import BOUNCE, REFRESH, RETRY, Callers, Shown
from hallapp.devices.settings import DeviceSettings, by_link
from hallapp.devices.worker import Worker
from hallapp.domain.printing import DeviceState, Trouble

QUIET = 0.03  # seconds without a byte
MUTE = DeviceState.READY, Trouble.MUTE  # a pad cannot be asked, and no key of it has come


def caller(address, link="COM5", window=None):
    return DeviceSettings(f"caller-{address}", "caller", "bus", link, window or address, "0312", BusSettings(address))


class Hall:
    """What the callers are wired to: the keys that came, what to show, what was reported; and the time."""

    def __init__(self):
        self.keys, self.states, self.refused, self.time = [], [], set(), 0.0
        self.shown = {1: Shown(waiting=0), 2: Shown(waiting=0)}
        self.acting = 0.0

    def press(self, settings, key):
        self.keys.append((settings.window, key))
        self.time += self.acting
        return key not in self.refused

    def now(self):
        return self.time

    def wire(self, transport, addresses=(1, 2)):
        bus = BusCaller(transport, BusSettings())
        return Callers([caller(one) for one in addresses], bus, self.press, lambda one: self.shown[one.window],
                       self.states.append, self.now)


@pytest.fixture
def hall():
    return Hall()


@pytest.fixture
def line():
    with SimulatedLine(CallerBus(), pty=True) as served:
        yield served


@pytest.fixture
def callers(hall, line):
    made = hall.wire(SerialTransport(line.device, timeout=QUIET, write_timeout=QUIET))
    made.turn()  # what was pressed before a port is opened is nobody's
    yield made
    made.close()


def until(callers, condition, turns=100):
    """Take turns until it is so."""
    for _ in range(turns):
        callers.turn()
        if condition():
            return
    raise AssertionError("it never came to be")


def displays(line):
    return line.act(lambda: dict(line.machine.displays))


def test_a_key_reaches_the_hall_with_its_window(hall, line, callers):
    line.act(lambda: line.machine.press("2 call"))
    until(callers, lambda: hall.keys)
    assert hall.keys == [(2, Key.CALL)]
    assert line.wait_until(lambda: line.machine.waiting == [])
    assert line.machine.beeps == {1: 0, 2: 0}


def test_a_refused_key_beeps_at_its_pad_only(hall, line, callers):
    hall.refused = {Key.TRANSFER}
    line.act(lambda: line.machine.press("2 transfer"))
    until(callers, lambda: hall.keys)
    assert line.wait_until(lambda: line.machine.beeps == {1: 0, 2: 1})


def test_a_key_that_bounces_acts_once(hall, line, callers):
    for _ in range(3):
        line.act(lambda: line.machine.press("1 call"))
        before = hall.time
        until(callers, lambda: not line.act(lambda: line.machine.waiting))
        hall.time = before + BOUNCE * 0.9  # a key held down sends on and on
    assert hall.keys == [(1, Key.CALL)]
    hall.time += BOUNCE
    line.act(lambda: line.machine.press("1 call"))
    until(callers, lambda: len(hall.keys) == 2)


def test_what_bounced_while_the_hall_was_slow_acts_once_too(hall, line, callers):
    hall.acting = 5 * BOUNCE
    for _ in range(2):
        line.act(lambda: line.machine.press("1 call"))
        until(callers, lambda: not line.act(lambda: line.machine.waiting))
    assert hall.keys == [(1, Key.CALL)]


def test_another_key_and_the_same_key_at_another_pad_act_at_once(hall, line, callers):
    for words in ("1 call", "2 call", "1 recall"):
        line.act(lambda words=words: line.machine.press(words))
    until(callers, lambda: len(hall.keys) == 3)
    assert set(hall.keys) == {(1, Key.CALL), (2, Key.CALL), (1, Key.RECALL)}


def test_a_pad_that_hall_toml_does_not_know_is_not_obeyed(hall, line):
    callers = hall.wire(SerialTransport(line.device, timeout=QUIET), addresses=(1,))
    callers.turn()
    line.act(lambda: line.machine.press("2 call"))
    line.act(lambda: line.machine.press("1 recall"))
    until(callers, lambda: hall.keys)
    callers.close()
    assert hall.keys == [(1, Key.RECALL)]


def test_each_display_shows_what_is_at_its_window(hall, line, callers):
    hall.shown = {1: Shown("A012"), 2: Shown(waiting=7)}
    callers.turn()
    assert line.wait_until(lambda: line.machine.displays == {1: "   012", 2: "007   "})
    hall.shown = {1: Shown(waiting=6), 2: Shown()}
    callers.turn()
    assert line.wait_until(lambda: line.machine.displays == {1: "006   ", 2: "      "})
    hall.shown = {1: None, 2: None}  # the store does not answer: what is there stays
    callers.turn()
    assert displays(line) == {1: "006   ", 2: "      "}


def test_a_display_is_told_again_after_a_while_for_the_pad_may_have_been_off(hall, line, callers):
    hall.shown = {1: Shown("A012"), 2: Shown("B001")}
    callers.turn()
    assert line.wait_until(lambda: line.machine.displays == {1: "   012", 2: "   001"})
    line.act(line.machine.switch_off)
    hall.time = REFRESH * 0.9
    callers.turn()
    assert displays(line) == {1: "      ", 2: "      "}
    hall.time = REFRESH
    callers.turn()
    assert line.wait_until(lambda: line.machine.displays == {1: "   012", 2: "   001"})


def test_trying_out_shows_eights_beeps_and_reports_and_then_shows_what_is(hall, line, callers):
    hall.shown = {1: Shown("A012"), 2: Shown(waiting=7)}
    callers.turn()
    hall.states.clear()
    callers.try_out()
    assert line.wait_until(lambda: line.machine.displays == {1: "   888", 2: "   888"})
    assert line.wait_until(lambda: line.machine.beeps == {1: 1, 2: 1})
    callers.turn()
    assert line.wait_until(lambda: line.machine.displays == {1: "   012", 2: "007   "})
    assert [(status.state, status.trouble) for status in hall.states] == [MUTE] * 2
    line.act(lambda: line.machine.press("2 recall"))
    until(callers, lambda: hall.keys == [(2, Key.RECALL)])
    callers.turn()
    assert (hall.states[-1].name, hall.states[-1].trouble) == ("caller-2", Trouble.NONE)
    hall.states.clear()
    callers.try_out()  # once more: what was heard before says nothing of now
    callers.turn()
    assert [(status.state, status.trouble) for status in hall.states] == [MUTE] * 2


# the fault, whether a key gets through (None: perhaps); a pad cannot be asked: the line stands, so all is well
FAULTS = [
    (LineFault.SILENT, False), (LineFault.HALF, False), (LineFault.CORRUPT, False), (LineFault.LATE, False),
    (LineFault.NOISE, True), (LineFault.SLOW, True), (LineFault.STALLED, None), (LineFault.DROP, True),
]


@pytest.mark.parametrize(("fault", "through"), FAULTS)
def test_a_fault_loses_a_key_at_most_and_all_is_well_when_it_goes(hall, line, callers, fault, through):
    line.set(fault)
    hall.shown[2] = Shown("A012")
    line.act(lambda: line.machine.press("1 call"))
    if through:
        until(callers, lambda: hall.keys == [(1, Key.CALL)])
    else:
        for _ in range(4):
            callers.turn()
        assert through is None or hall.keys == []
    line.set(fault, False)
    line.act(lambda: line.machine.press("1 recall"))
    until(callers, lambda: (1, Key.RECALL) in hall.keys)
    assert line.wait_until(lambda: line.machine.displays[2] == "   012")
    callers.turn()
    assert [(status.name, status.state, status.trouble) for status in hall.states] == [
        ("caller-1", *MUTE), ("caller-2", *MUTE), ("caller-1", DeviceState.READY, Trouble.NONE)]


def test_a_line_that_hangs_up_shows_what_is_again(hall):
    with SimulatedLine(CallerBus()) as line:
        callers = hall.wire(NetworkTransport("127.0.0.1", line.port, QUIET))
        hall.shown = {1: Shown("A012"), 2: Shown(waiting=3)}
        callers.turn()
        assert line.wait_until(lambda: line.machine.displays == {1: "   012", 2: "003   "})
        line.set(LineFault.DROP)
        line.act(line.machine.switch_off)
        hall.shown[1] = Shown("A013")
        callers.turn()
        assert line.wait_until(lambda: not line.machine.faults)
        hall.time += REFRESH  # connected again at once: nobody knows what was lost
        until(callers, lambda: displays(line) == {1: "   013", 2: "003   "})
        callers.close()


def test_a_line_that_goes_away_is_down_and_comes_back_with_what_is_shown(hall):
    hall.shown = {1: Shown("A012"), 2: Shown(waiting=3)}
    with SimulatedLine(CallerBus()) as line:
        callers = hall.wire(NetworkTransport("127.0.0.1", line.port, QUIET))
        assert callers.turn() == 0.0
        port = line.port
    until(callers, lambda: len(hall.states) == 4)
    assert [callers.turn(), callers.turn()] == [RETRY, RETRY]
    with SimulatedLine(CallerBus(), port) as line:
        assert callers.turn() == 0.0
        assert line.wait_until(lambda: line.machine.displays == {1: "   012", 2: "003   "})
        callers.close()
    assert [(status.name, status.state, status.trouble) for status in hall.states] == [
        (name, state, trouble) for state, trouble in (
            MUTE, (DeviceState.DOWN, Trouble.SILENT), MUTE)
        for name in ("caller-1", "caller-2")]


def test_the_worker_outlives_a_bug_in_the_hall(hall, line, callers):
    line.act(lambda: line.machine.press("1 call"))
    failed, acted, poked = Event(), Event(), Event()

    def press(settings, key):
        if not failed.is_set():
            raise ZeroDivisionError
        acted.set()
        return True

    callers._pressed = press
    worker = Worker("callers", callers.turn, poked, lambda error: failed.set(), callers.close)
    worker.start()
    assert failed.wait(5)
    line.act(lambda: line.machine.press("1 call"))
    poked.set()
    assert acted.wait(5)
    worker.close()


def test_a_bug_in_the_hall_is_a_fault_until_a_turn_succeeds(hall, line, callers):
    def press(settings, key):
        raise ZeroDivisionError

    callers._pressed, well = press, callers._pressed
    line.act(lambda: line.machine.press("1 call"))
    with pytest.raises(ZeroDivisionError):
        until(callers, lambda: False)
    assert [(one.state, one.trouble) for one in hall.states[-2:]] == [(DeviceState.DOWN, Trouble.PROGRAM)] * 2
    callers._pressed = well
    callers.turn()
    assert [one.state for one in hall.states[-2:]] == [DeviceState.READY] * 2


def test_callers_of_one_link_are_served_together():
    one, two, other = caller(1), caller(2), caller(1, "COM6", 3)
    assert by_link([one, other, two], "caller") == [[one, two], [other]]
