"""A scanner's thread: it hears, says how the scanner is, and outlives every fault of the line."""

import logging
import os
import tty
from datetime import UTC, datetime
from queue import Queue
from threading import Event

import pytest

from drivers.scanners.serial import SerialScanner
from drivers.sim.line import LineFault, SimulatedLine
from drivers.sim.scanner import ScannerSimulator
from drivers.transport import SerialTransport
from drivers.wire import LoggedTransport, WireLog, written
from hallapp.devices.scanner import AGAIN, HallScanner
from hallapp.devices.worker import Worker
from hallapp.domain.printing import DeviceState, Trouble

CODE, CREDENTIAL = "N20261123001", "4241234567890123456789320000"
SOON = 0.05


class Station:
    """A scanner at work, and what the hall hears of it."""

    def __init__(self, device):
        self.heard, self.reports, self.failures = Queue(), Queue(), Queue()
        self.log = WireLog(lambda: datetime(2026, 11, 23, tzinfo=UTC))
        transport = LoggedTransport(SerialTransport(device, timeout=SOON), self.log, private=True)
        self.scanner = HallScanner("scanner-kiosk", transport, SerialScanner(transport), self.hear, self.reports.put)
        self.worker = Worker("scanner-kiosk", self.scanner.turn, Event(), self.failures.put, self.scanner.close)

    def hear(self, text):
        if text == "boom":  # a bug
            raise RuntimeError
        self.heard.put(text)

    def poke(self):
        """Somebody presses the test button: no waiting for the next try."""
        self.worker.ask(self.scanner.try_out)

    def state(self):
        status = self.reports.get(timeout=5)
        return status.state, status.trouble


@pytest.fixture
def line():
    with SimulatedLine(ScannerSimulator(), pty=True) as served:
        yield served


@pytest.fixture
def make_station():
    made = []

    def make(device):
        made.append(Station(device))
        made[-1].worker.start()
        return made[-1]

    yield make
    for station in made:
        station.worker.close()


def scan(line, text=CODE):
    line.act(lambda: line.machine.scan(text))


MUTE, READY = (DeviceState.READY, Trouble.MUTE), (DeviceState.READY, Trouble.NONE)
DOWN, CUT_OFF = (DeviceState.DOWN, Trouble.NO_PORT), (DeviceState.DOWN, Trouble.CUT_OFF)


def test_a_scan_is_heard_and_the_state_told_once(line, make_station):
    station = make_station(line.device)
    assert station.state() == MUTE
    for text in (CODE, "T20261123A012"):
        scan(line, text)
        assert station.heard.get(timeout=5) == text
    assert station.state() == READY
    station.poke()
    assert station.state() == MUTE  # what was heard before says nothing of now
    scan(line)
    assert station.state() == READY
    assert station.reports.empty()


@pytest.mark.parametrize("fault", [fault for fault in LineFault if fault is not LineFault.DROP])
def test_no_fault_of_the_line_ends_it_and_the_next_scan_is_heard(line, make_station, fault):
    station = make_station(line.device)
    assert station.state() == MUTE
    line.set(fault)
    scan(line)
    line.set(fault, on=False)
    scan(line, "A1")
    while not station.heard.get(timeout=5).endswith("A1"):  # what was spoiled, alone or in front of the next text
        pass
    scan(line, "B2")
    while station.heard.get(timeout=5) != "B2":
        pass
    assert station.state() == READY
    assert station.reports.empty()  # a scanner cannot be asked, so a bad line is not a state
    assert station.failures.empty()


def test_an_unplugged_scanner_is_down_and_back_when_it_is_plugged_in(tmp_path, make_station):
    port = tmp_path / "ttyACM0"
    station = make_station(str(port))
    assert station.state() == DOWN
    assert station.scanner.turn() == AGAIN
    for text in (CODE, "A1"):
        master, slave = os.openpty()
        tty.setraw(slave)
        port.symlink_to(os.ttyname(slave))
        station.poke()
        assert station.state() == MUTE
        os.write(master, text.encode() + b"\r")
        assert station.heard.get(timeout=5) == text
        assert station.state() == READY
        os.close(slave)
        os.close(master)
        port.unlink()
        assert station.state() == CUT_OFF


def test_an_error_of_whoever_hears_does_not_end_it(line, make_station):
    station = make_station(line.device)
    assert station.state() == MUTE
    scan(line, "boom")
    assert isinstance(station.failures.get(timeout=5), RuntimeError)
    assert station.state() == (DeviceState.DOWN, Trouble.PROGRAM)
    scan(line)
    station.poke()
    assert station.heard.get(timeout=5) == CODE
    assert station.state() == READY


def test_an_e_credential_is_in_no_log(line, make_station, caplog):
    caplog.set_level(logging.DEBUG)
    station = make_station(line.device)
    assert station.state() == MUTE
    scan(line, CREDENTIAL)
    assert station.heard.get(timeout=5) == CREDENTIAL
    assert "bytes" in written(station.log.lines())
    for kept in (written(station.log.lines()), caplog.text, repr(vars(station.scanner))):
        assert CREDENTIAL not in kept
        assert CREDENTIAL.encode().hex(" ")[:30] not in kept
