"""Callers on the RS-485 bus: keys and displays byte for byte, and whatever else comes down the line."""

from random import Random

import pytest

from drivers.bus485 import Frame
from drivers.callers import Key, Pressed
from drivers.callers.bus import BusCaller, BusSettings, digits
from drivers.errors import BadSetting, Unreachable
from drivers.sim.caller import CallerBus
from drivers.sim.line import SimulatedLine
from drivers.transport import SerialTransport


class Memory:
    """A line whose other end is this test."""

    can_answer = True

    def __init__(self):
        self.coming, self.sent, self.broken, self.closed = [], b"", False, 0

    def open(self):
        if self.broken:
            raise Unreachable("unplugged")

    def read(self, size):
        return self.coming.pop(0) if self.coming else b""

    def write(self, data):
        self.sent += data

    def close(self):
        self.closed += 1


@pytest.fixture
def wire():
    return Memory()


@pytest.fixture
def bus(wire):
    return BusCaller(wire, BusSettings())


# QueueSystem tells keys by the end of the data, whatever the function: 01 here
@pytest.mark.parametrize(("frame", "press"), [
    ("ff68 03 03 68 01 01 0c 0e 16", Pressed(1, Key.CALL)),
    ("ff68 03 03 68 01 01 0d 0f 16", Pressed(1, Key.RECALL)),
    ("ff68 03 03 68 02 01 0b 0e 16", Pressed(2, Key.RATE)),
    ("ff68 03 03 68 01 01 12 14 16", Pressed(1, Key.PAUSE)),
    ("ff68 03 03 68 01 01 13 15 16", Pressed(1, Key.TRANSFER)),
    ("ff68 04 04 68 01 01 06 0f 17 16", Pressed(1, Key.MISS)),
    ("ff68 04 04 68 01 01 00 0f 11 16", Pressed(1, Key.HOLD)),
    ("ff68 04 04 68 01 01 03 0f 14 16", Pressed(1, Key.CALL_BACK)),
    ("ff68 04 04 68 01 01 05 0c 13 16", Pressed(1, Key.CALL)),  # a digit typed before it changes nothing
    ("ff68 03 03 68 02 11 05 18 16", Pressed(2, Key.RATING, 5)),
    ("ff68 03 03 68 02 11 0c 1f 16", Pressed(2, Key.RATING, 12)),  # and is no 叫号
])
def test_a_key_is_decoded_and_acknowledged_with_its_own_frame(wire, bus, frame, press):
    raw = bytes.fromhex(frame)
    wire.coming = [raw]
    assert bus.presses() == [press]
    assert wire.sent == raw


@pytest.mark.parametrize("data", ["0e", "11", "0f", "070f", "01060f", "00"])
def test_a_key_without_meaning_is_acknowledged_and_nothing_else(wire, bus, data):
    frame = Frame(1, 1, bytes.fromhex(data))
    wire.coming = [frame.raw]
    assert bus.presses() == []
    assert wire.sent == frame.raw


def test_a_frame_without_data_is_no_key(wire, bus):
    wire.coming = [Frame(1, 1).raw]
    assert bus.presses() == []
    assert wire.sent == b""


@pytest.mark.parametrize(("show", "frame"), [
    (lambda bus: bus.show_number(3, "A012"), "ff68 08 08 68 03 02 0a 0a 0a 00 01 02 26 16"),
    (lambda bus: bus.show_number(1, "B1234"), "ff68 08 08 68 01 02 0a 0a 0a 02 03 04 2a 16"),
    (lambda bus: bus.show_waiting(3, 7), "ff68 08 08 68 03 02 00 00 07 0a 0a 0a 2a 16"),
    (lambda bus: bus.show_waiting(1, 1200), "ff68 08 08 68 01 02 09 09 09 0a 0a 0a 3c 16"),
    (lambda bus: bus.show_nothing(1), "ff68 08 08 68 01 02 0a 0a 0a 0a 0a 0a 3f 16"),
    (lambda bus: bus.beep(1), "ff68 02 02 68 01 03 04 16"),
])
def test_a_display_is_told_byte_for_byte(wire, bus, show, frame):
    show(bus)
    assert wire.sent == bytes.fromhex(frame)


def test_of_a_number_the_display_has_its_digits_only():
    assert [digits(number) for number in ("A012", "012", "7", "", "X")] == [
        [0, 1, 2], [0, 1, 2], [0, 0, 7], [0, 0, 0], [0, 0, 0]]


def test_an_address_that_cannot_be_is_refused():
    for address in (0, 256, -1):
        with pytest.raises(BadSetting, match="1 - 255"):
            BusSettings(address=address)


def test_the_beginning_of_a_long_frame_before_a_silence_does_not_swallow_the_next_key(wire, bus):
    frame = Frame(1, 1, b"\x0c").raw
    wire.coming = [Frame(1, 1, bytes(60)).raw[:6], b"", frame]
    assert [bus.presses(), bus.presses(), bus.presses()] == [[], [], [Pressed(1, Key.CALL)]]


def test_a_line_that_fails_is_closed_and_works_again_later(wire, bus):
    wire.broken = True
    for use in (bus.presses, lambda: bus.beep(1)):
        with pytest.raises(Unreachable):
            use()
    assert wire.closed == 2
    with pytest.raises(Unreachable):
        bus.check()
    wire.broken = False
    wire.coming = [Frame(1, 1, b"\x0c").raw]
    assert bus.presses() == [Pressed(1, Key.CALL)]


def test_a_hundred_thousand_random_and_mutated_inputs_give_keys_or_nothing(wire, bus):
    chance = Random(485)
    known = [Frame(1, 1, b"\x0c").raw, Frame(2, 1, b"\x06\x0f").raw, Frame(2, 0x11, b"\x05").raw]
    found = 0
    for _ in range(100_000):
        data = bytearray(chance.choice(known) if chance.random() < 0.7 else chance.randbytes(chance.randrange(24)))
        for _ in range(chance.randrange(3)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        wire.coming = [bytes(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.2 else data)]
        found += len(bus.presses())
    assert found > 1000
    wire.coming = [b"", Frame(1, 1, b"\x0d").raw]
    bus.presses()
    assert bus.presses() == [Pressed(1, Key.RECALL)]


def test_two_pads_on_a_real_line_press_keys_and_show_their_own():
    with SimulatedLine(CallerBus(), pty=True) as line:
        bus = BusCaller(SerialTransport(line.device, timeout=1.0, write_timeout=1.0), BusSettings())
        bus.check()
        line.act(lambda: line.machine.press("call"))
        line.act(lambda: line.machine.press("2 miss"))
        presses = []
        while len(presses) < 2:
            presses += bus.presses()
        assert presses == [Pressed(1, Key.CALL), Pressed(2, Key.MISS)]
        bus.show_number(1, "A012")
        bus.show_waiting(2, 34)
        bus.beep(2)
        assert line.wait_until(lambda: line.machine.beeps == {1: 0, 2: 1})
        assert line.machine.displays == {1: "   012", 2: "034   "}
        assert line.machine.waiting == []
        bus.close()


def test_a_pad_has_only_the_keys_it_has():
    pads = CallerBus((4,))
    for words in ("jump", "9 call", "x call", "rating"):
        with pytest.raises(ValueError, match=r"jump|call|'x'|rating"):
            pads.press(words)
    pads.press("call")
    assert pads.take(b"") == Frame(4, 1, b"\x0c").raw
    assert pads.seen() == {"shown": "4[------]"}
