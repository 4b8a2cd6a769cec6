"""A rating pad on a real serial line: its keys are heard, whatever else is on the line."""

from __future__ import annotations

import contextlib
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.bus485 import Frame
from drivers.errors import BadSetting, UnknownFate, Unreachable
from drivers.link import make_link
from drivers.raters.keypad import KeypadRater, KeypadSettings
from drivers.sim.keypad import Keypad
from drivers.sim.line import LineFault, SimulatedLine
from drivers.table import find

KEYS = {"01": 5, "02": 4, "03": 3, "04": 2, "0a": 1}
ON_BUS = KeypadSettings(2, KEYS)
ALONE = KeypadSettings(0, {"31": 5, "32": 1})


@pytest.fixture
def line():
    with SimulatedLine(Keypad(2), pty=True) as served:
        yield served


@pytest.fixture
def pad(line):
    made = KeypadRater(make_link(line.device, timeout=0.2), ON_BUS)
    assert made.presses() == []  # the line is open
    yield made
    made.close()


def heard(pad, count):
    """What the pad tells until there are ``count`` of them, or several looks bring no more."""
    found = []
    for _ in range(4):
        if len(found) < count:
            found += pad.presses()
    return found


def heard_until_gone(pad):
    for _ in range(3):
        pad.presses()


def test_the_table_of_drivers_knows_it():
    assert find("rater", "keypad") is KeypadRater


def test_keys_become_ratings_in_their_order_and_are_acknowledged(line, pad):
    for key in KEYS:
        line.act(lambda key=key: line.machine.press(key))
    assert heard(pad, 5) == [5, 4, 3, 2, 1]
    assert line.wait_until(lambda: not line.machine.waiting)
    assert pad.unknown == 0


def test_a_pad_with_one_byte_a_key():
    with SimulatedLine(Keypad(0), pty=True) as line:
        pad = KeypadRater(make_link(line.device, timeout=0.2), ALONE)
        pad.presses()
        for key in ("32", "31", "33"):
            line.act(lambda key=key: line.machine.press(key))
        assert heard(pad, 2) == [1, 5]
        pad.presses()
        assert pad.unknown == 1
        pad.close()


def test_a_pad_on_a_network_converter():
    with SimulatedLine(Keypad(2)) as line:
        pad = KeypadRater(make_link(f"tcp://127.0.0.1:{line.port}", timeout=0.2), ON_BUS)
        assert pressed_until_heard(pad, line) == [5]
        pad.close()


@pytest.mark.parametrize("fault", [LineFault.HALF, LineFault.CORRUPT, LineFault.SILENT])
def test_a_spoiled_press_is_no_rating_and_the_next_one_is_heard(line, pad, fault):
    line.set(fault)
    line.act(lambda: line.machine.press("04"))
    assert heard(pad, 1) == []
    line.set(fault, on=False)
    line.act(lambda: line.machine.press("01"))
    assert heard(pad, 1) == [5]


def test_a_late_press_is_heard_once_when_it_comes(line, pad):
    line.set(LineFault.LATE)
    line.act(lambda: line.machine.press("04"))
    assert heard(pad, 1) == []
    line.act(lambda: line.machine.press("01"))
    assert heard(pad, 2) == [2]
    line.set(LineFault.LATE, on=False)
    line.act(lambda: line.machine.press("02"))
    assert heard(pad, 2) == [4]


def test_a_pad_that_takes_its_acknowledgement_slowly_is_heard_once_a_press(line, pad):
    line.set(LineFault.SLOW)
    for key in KEYS:
        line.act(lambda key=key: line.machine.press(key))
    assert heard(pad, 6) == [5, 4, 3, 2, 1]
    assert line.wait_until(lambda: not line.machine.waiting)


def test_what_was_pressed_while_the_line_was_stalled_is_heard_once_after_it(line, pad):
    line.set(LineFault.STALLED)
    line.act(lambda: line.machine.press("03"))
    assert heard(pad, 1) == []
    line.set(LineFault.STALLED, on=False)
    assert heard(pad, 2) == [3]


def test_a_line_that_hung_up_is_taken_up_again():
    with SimulatedLine(Keypad(2)) as line:
        pad = KeypadRater(make_link(f"tcp://127.0.0.1:{line.port}", timeout=0.2), ON_BUS)
        pad._transport.open()
        line.set(LineFault.DROP)
        pad._transport.write(b"\x00")
        assert line.wait_until(lambda: LineFault.DROP not in line.machine.faults)
        with contextlib.suppress(Unreachable):  # it may notice while it listens, or before
            heard_until_gone(pad)
        assert pressed_until_heard(pad, line) == [5]
        pad.close()


def pressed_until_heard(pad, line):
    """A key pressed before the line is there again is lost."""
    for _ in range(10):
        line.act(lambda: line.machine.press("01"))
        if ratings := heard(pad, 2):
            return ratings
    return []


def test_noise_before_a_press_is_passed_over(line, pad):
    line.set(LineFault.NOISE)
    line.act(lambda: line.machine.press("02"))
    assert heard(pad, 1) == [4]


def test_a_beginning_that_promises_much_swallows_no_press_after_a_silence(line, pad):
    line.act(lambda: setattr(line.machine, "_pressed", b"\xff\x68\xc8\xc8\x68\x02"))
    assert line.wait_until(lambda: not line.machine._pressed)
    assert (pad.presses(), pad.presses()) == ([], [])
    line.act(lambda: line.machine.press("02"))
    assert heard(pad, 1) == [4]


def test_callers_and_other_pads_on_the_bus_are_left_alone(line, pad):
    for frame in (Frame(2, 0x01, b"\x0c"), Frame(3, 0x11, b"\x01"), Frame(2, 0x11)):
        line.act(lambda frame=frame: setattr(line.machine, "_pressed", line.machine._pressed + frame.raw))
    line.act(lambda: line.machine.press("03"))
    assert heard(pad, 1) == [3]
    assert pad.unknown == 0


def test_a_key_without_a_rating_is_counted(line, pad):
    line.act(lambda: line.machine.press("07"))
    assert heard(pad, 1) == []
    assert pad.unknown == 1


def test_a_pad_that_is_not_there_says_so_and_is_found_when_it_comes(tmp_path):
    place = tmp_path / "pad"
    pad = KeypadRater(make_link(str(place), timeout=0.2), ON_BUS)
    for _ in range(2):
        with pytest.raises(Unreachable):
            pad.presses()
    with SimulatedLine(Keypad(2), pty=True) as line:
        place.symlink_to(line.device)
        assert pad.presses() == []
        line.act(lambda: line.machine.press("01"))
        assert heard(pad, 1) == [5]
        pad.close()


def test_a_pad_pulled_out_in_use_says_so_and_is_found_again(tmp_path):
    place = tmp_path / "pad"
    pad = KeypadRater(make_link(str(place), timeout=0.2), ON_BUS)
    for key, rating in (("01", 5), ("0a", 1)):
        with SimulatedLine(Keypad(2), pty=True) as line:
            place.symlink_to(line.device)
            pad.presses()
            line.act(lambda key=key, line=line: line.machine.press(key))
            assert heard(pad, 1) == [rating]
        place.unlink()
        with pytest.raises((Unreachable, UnknownFate)):
            heard_until_gone(pad)
    pad.close()


@pytest.mark.parametrize(("settings", "key"), [
    ({"address": 256}, "address"), ({"address": -1}, "address"), ({"keys": {"1": 5}}, "keys.1"),
    ({"keys": {"0x": 5}}, "keys.0x"), ({"keys": {"01": 6}}, "keys.01"), ({"keys": {"01": "5"}}, "keys.01"),
    ({"keys": {"01": True}}, "keys.01"),
])
def test_settings_that_cannot_be_are_named(settings, key):
    with pytest.raises(BadSetting) as refused:
        KeypadSettings(**settings)
    assert refused.value.key == key


class Playback:
    """A line on which these bytes come, piece by piece; what is sent goes nowhere."""

    def __init__(self, pieces):
        self.pieces = list(pieces)

    def open(self): ...
    def write(self, data): ...
    def close(self): ...

    def read(self, size):
        return self.pieces.pop(0)[:size] if self.pieces else b""


@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([Frame(2, 0x11, b"\x01").raw,
                                                                   Frame(2, 0x11, b"\x0a").raw]))),
       st.sampled_from([ON_BUS, ALONE]))
def test_whatever_comes_gives_ratings_or_nothing_and_never_an_error(pieces, settings):
    pad = KeypadRater(Playback(pieces), settings)
    for _ in range(len(pieces) + 1):
        assert all(1 <= rating <= 5 for rating in pad.presses())


@pytest.mark.parametrize(("settings", "known"), [
    (ON_BUS, [Frame(2, 0x11, b"\x01").raw, Frame(2, 0x11, b"\x00\x0a").raw, Frame(3, 0x11, b"\x01").raw]),
    (ALONE, [b"1", b"2"]),
])
def test_a_hundred_thousand_random_and_mutated_inputs_give_ratings_or_nothing(settings, known):
    chance, found = Random(1993), 0
    line = Playback([])
    pad = KeypadRater(line, settings)
    for _ in range(100_000):
        data = bytearray(chance.choice(known) if chance.random() < 0.7 else chance.randbytes(chance.randrange(24)))
        for _ in range(chance.randrange(3)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        line.pieces = [bytes(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.2 else data)]
        ratings = pad.presses()
        assert all(1 <= rating <= 5 for rating in ratings)
        found += len(ratings)
    assert found > 1000
    line.pieces = [b"", known[0]]
    assert pad.presses() == []
    assert pad.presses() == [5]
