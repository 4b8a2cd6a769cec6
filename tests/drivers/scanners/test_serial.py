"""A scanner's texts out of its bytes, on real lines and with everything that a line does to them."""

import os
import random
import tty

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import Unreachable
from drivers.scanners.serial import LONGEST, SerialScanner
from drivers.sim.line import LineFault, SimulatedLine
from drivers.sim.scanner import ScannerSimulator
from drivers.transport import NetworkTransport, SerialTransport

SOON = 0.05
CODE = "N20261123001"
TEXTS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60).filter(
    lambda text: not text.startswith("]"))


class Tape:
    """Bytes that come in pieces; nothing after them."""

    can_answer = True

    def __init__(self, *pieces):
        self._pieces = list(pieces)

    def open(self):
        """It is."""

    def read(self, size):
        piece = self._pieces.pop(0) if self._pieces else b""
        assert len(piece) <= size
        return piece


def texts(*pieces):
    """All that the scanner makes of the pieces, empty reads left out."""
    scanner = SerialScanner(Tape(*pieces))
    return [text for text in (scanner.read() for _ in range(3 * sum(map(len, pieces)) + 3)) if text is not None]


@pytest.fixture
def line():
    with SimulatedLine(ScannerSimulator(), pty=True) as served:
        yield served


@pytest.fixture
def transport(line):
    opened = SerialTransport(line.device, timeout=SOON)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def scanner(transport):
    return SerialScanner(transport, SerialScanner.Settings())


def scan(line, text=CODE):
    line.act(lambda: line.machine.scan(text))


@pytest.mark.parametrize("suffix", [b"\r", b"\n", b"\r\n", b""], ids=["CR", "LF", "CRLF", "pause"])
def test_a_text_ends_with_its_suffix_or_with_silence(line, scanner, suffix):
    line.machine.suffix = suffix
    scan(line)
    assert scanner.read() == CODE
    assert scanner.read() is None


def test_two_texts_at_once_are_two(line, scanner):
    line.act(lambda: (line.machine.scan("A1"), line.machine.scan("B2")))
    assert [scanner.read(), scanner.read(), scanner.read()] == ["A1", "B2", None]


def test_what_an_emulator_sent_is_read():
    assert texts(b"11010119900307123X\r") == ["11010119900307123X"]  # facts/devices: seen on a real line


@given(st.lists(st.tuples(TEXTS, st.sampled_from([b"\r", b"\n", b"\r\n"])), max_size=6), st.integers(1, 7))
def test_texts_come_whole_however_the_line_cuts_them(sent, size):
    stream = b"".join(text.encode() + end for text, end in sent)
    assert texts(*(stream[at : at + size] for at in range(0, len(stream), size))) == [text for text, _ in sent]


@pytest.mark.parametrize(("raw", "text"), [
    (b"]C1N20261123001\r", CODE), (b"]Q3\x1dN20261123001\r", CODE), (b"\x02N20261123001\x03\r", CODE),
    (b"  N20261123001\t\r", CODE), (b"]C1\r", None), (b"\r\n\r\n", None),
    (b"N2026\xb0\xa11001\r", "N2026\ufffd\ufffd1001"),
])
def test_signs_around_a_text_are_taken_off_and_strange_ones_in_it_marked(raw, text):
    assert texts(raw) == ([text] if text else [])


def test_a_text_without_end_is_cut_and_the_next_one_is_whole():
    flood = [b"9" * 256] * 40
    assert texts(*flood, b"9\r" + CODE.encode() + b"\r") == ["9" * LONGEST, CODE]


@pytest.mark.parametrize(("fault", "heard"), [
    (LineFault.SILENT, None), (LineFault.HALF, "N20261"), (LineFault.CORRUPT, CODE + "X"), (LineFault.LATE, None),
    (LineFault.NOISE, "\ufffd\x137" + CODE), (LineFault.SLOW, CODE),
])
def test_a_spoiled_line_gives_a_text_that_is_no_code_and_the_next_scan_is_whole(line, scanner, fault, heard):
    line.set(fault)
    scan(line)
    assert scanner.read() == heard
    line.set(fault, on=False)
    scan(line)
    assert scanner.read() == CODE


def test_a_stalled_scanner_is_silent_and_catches_up(line, scanner):
    line.set(LineFault.STALLED)
    scan(line)
    line.set(LineFault.STALLED, on=False)
    assert next((text for _ in range(200) if (text := scanner.read())), None) == CODE


def test_a_line_that_hangs_up_is_told_and_half_a_text_is_forgotten(line):
    network = NetworkTransport("127.0.0.1", line.port, timeout=1)
    network.open()
    scanner = SerialScanner(network)
    line.machine.suffix = b""
    network.write(b"?")  # whoever spoke last is told what the scanner says
    scan(line)
    line.set(LineFault.DROP)
    network.write(b"?")
    with pytest.raises(Unreachable):
        scanner.read()
    network.close()
    network.open()
    line.machine.suffix = b"\r"
    text = None
    while text is None:  # what is scanned before the simulator has heard of this computer goes elsewhere
        network.write(b"?")
        scan(line, "A1")
        text = scanner.read()
    assert text == "A1"
    network.close()


def test_a_scanner_that_was_unplugged_is_told():
    master, slave = os.openpty()
    tty.setraw(slave)
    transport = SerialTransport(os.ttyname(slave), timeout=SOON)
    scanner = SerialScanner(transport)
    scanner.check()
    os.close(slave)
    os.close(master)
    with pytest.raises(Unreachable):
        scanner.read()
    transport.close()
    with pytest.raises(Unreachable):
        scanner.check()


def test_no_bytes_whatever_break_it():
    """100,000 random and mutated inputs."""
    chance = random.Random(20261123)
    scanner, found = SerialScanner(tape := Tape()), 0
    for _ in range(100_000):
        junk = chance.randbytes(chance.randrange(40))
        data = bytearray(chance.choice((CODE.encode() + b"\r", b"]Q1T20261123A012\r\n", junk)))
        if data and chance.random() < 0.7:
            data[chance.randrange(len(data))] = chance.randrange(256)
        tape._pieces.append(bytes(data))
        text = scanner.read()
        assert text is None or 0 < len(text) <= LONGEST
        found += text == CODE
    assert found > 1_000
