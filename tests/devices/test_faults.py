"""Every device but the printers in its worker, under every fault of the line, over TCP and a serial line: the right
state, no error let out, no turn held up, and back at work by itself. Printers: test_printers."""

from contextlib import suppress
from datetime import date
from itertools import count
from os import O_NOCTTY, O_NONBLOCK, O_RDWR, close, openpty, set_blocking, ttyname, write
from os import open as open_file
from os import read as read_file
from queue import Queue
from threading import Event
from time import monotonic
from tty import setraw

import pytest

from drivers.callers import Key
from drivers.callers.bus import BusCaller, BusSettings
from drivers.link import make_link
from drivers.raters.keypad import KeypadRater, KeypadSettings
from drivers.readers.sdt import SdtReader
from drivers.scanners.serial import SerialScanner
from drivers.signs.cd5220 import Cd5220Settings, Cd5220Sign
from drivers.signs.modbus import ModbusSettings, ModbusSign
from drivers.signs.onbon import OnbonSettings, OnbonSign
from drivers.signs.sign_text import SignText
from drivers.signs.template import TemplateSettings, TemplateSign
from drivers.sim.caller import CallerBus
from drivers.sim.keypad import Keypad
from drivers.sim.line import LineFault, SimulatedLine
from drivers.sim.reader import CardFault, CardReaderMachine, made_up
from drivers.sim.scanner import ScannerSimulator
from drivers.sim.sign import Cd5220Machine, ModbusMachine, OnbonMachine, SignFault
from drivers.sim.template_sign import TemplateMachine
from hallapp.devices.callers import Callers, Shown
from hallapp.devices.id_reader import IdReader
from hallapp.devices.raters import HallRater
from hallapp.devices.scanner import HallScanner
from hallapp.devices.settings import DeviceSettings
from hallapp.devices.signs import RETRY, HallSign, SignLink, Wanted
from hallapp.devices.worker import Worker
from hallapp.domain.printing import DeviceState, Trouble

SOON = 0.1
BOUND = 2.5  # seconds; far more than a turn's time-outs together, on a busy machine too
PRIVATE = TemplateSettings("AA 55 {length:3} {text} 00 00 {crc16-modbus:2}", "hex", ack="AA 55 01 06")
READY, MUTE = (DeviceState.READY, Trouble.NONE), (DeviceState.READY, Trouble.MUTE)


class SignAtWork:
    """A sign that is told something new at every turn."""

    def __init__(self, machine, driver):
        self.machine, self._driver, self._numbers = machine, driver, count(1)
        self._now, self._shown = 0.0, 0

    def wire(self, transport, report):
        sign = HallSign("sign-1", 1, self._driver(transport))
        link = SignLink("signs", [sign], transport, self._wanted, report, lambda: self._now)

        def turn():
            self._now += RETRY
            return link.turn()

        return turn, link.close

    def _wanted(self):
        number = f"A{next(self._numbers):03}"
        return [Wanted(SignText(number, 1, number))]

    def use(self):
        self._shown = len(self.machine.history)

    def works(self):
        return len(self.machine.history) > self._shown


class ReaderAtWork:
    def __init__(self):
        self.machine, self._ages = CardReaderMachine(), []

    def wire(self, transport, report):
        driver = SdtReader(transport, SdtReader.Settings(find_seconds=0.3, read_seconds=0.4))
        self._reader = IdReader("reader", driver, lambda: date(2026, 11, 23), report, self._ages.append, lambda: None)
        return self._reader.turn, transport.close

    def rest(self):
        self.machine.lift()

    def use(self):
        self._ages.clear()
        self.machine.lay(made_up(born=date(1956, 11, 24)))

    def works(self):
        return self._ages == [69]


class ScannerAtWork:
    def __init__(self):
        self.machine, self._heard = ScannerSimulator(), []

    def wire(self, transport, report):
        scanner = HallScanner("scanner-kiosk", transport, SerialScanner(transport), self._heard.append, report)
        return scanner.turn, scanner.close

    def use(self):
        self.machine.scan("N20261123001")

    def works(self):
        return "N20261123001" in self._heard


class CallerAtWork:
    """Its display is told something new at every turn."""

    def __init__(self):
        self.machine, self._keys, self._waiting = CallerBus([1]), [], count(1)

    def wire(self, transport, report):
        settings = DeviceSettings("caller-1", "caller", "bus", "COM7", 1, "0312", BusSettings(1))
        callers = Callers([settings], BusCaller(transport, BusSettings(1)), self._pressed,
                          lambda one: Shown(waiting=next(self._waiting) % 900), report, count(0.0, 2.0).__next__)
        return callers.turn, callers.close

    def _pressed(self, settings, key):
        self._keys.append(key)
        return True

    def use(self):
        self.machine.press("call")

    def works(self):
        return Key.CALL in self._keys and self.machine.displays[1].strip() != ""


class RaterAtWork:
    def __init__(self):
        self.machine, self._levels = Keypad(2), []

    def wire(self, transport, report):
        pad = HallRater("rater", KeypadRater(transport, KeypadSettings(2, {"01": 5})))

        def turn():
            self._levels += pad.presses()
            report(pad.status)
            return 5.0 if pad.status.state is DeviceState.DOWN else 0.0

        return turn, pad.close

    def use(self):
        self.machine.press("01")

    def works(self):
        return 5 in self._levels


DEVICES = {
    "onbon": lambda: SignAtWork(OnbonMachine(), lambda line: OnbonSign(line, OnbonSettings())),
    "modbus": lambda: SignAtWork(ModbusMachine(), lambda line: ModbusSign(line, ModbusSettings())),
    "template": lambda: SignAtWork(TemplateMachine(PRIVATE), lambda line: TemplateSign(line, PRIVATE)),
    "cd5220": lambda: SignAtWork(Cd5220Machine(), lambda line: Cd5220Sign(line, Cd5220Settings())),
    "reader": ReaderAtWork, "scanner": ScannerAtWork, "caller": CallerAtWork, "rater": RaterAtWork,
}
ANSWERING = {
    LineFault.SILENT: Trouble.SILENT, LineFault.HALF: Trouble.GARBLED, LineFault.CORRUPT: Trouble.GARBLED,
    LineFault.LATE: Trouble.SILENT, LineFault.STALLED: Trouble.SILENT, LineFault.NOISE: None, LineFault.SLOW: None,
}
UNASKED = dict.fromkeys(ANSWERING)  # it cannot be asked, so only a line that is gone is noticed
DOWN = {**dict.fromkeys(("onbon", "modbus", "template", "reader"), ANSWERING),
        **dict.fromkeys(("cd5220", "scanner", "caller", "rater"), UNASKED)}


# The faults that a device has of its own; None: a matter of a card, not of the reader.
OWN = {
    **{(name, fault): trouble for name in ("onbon", "modbus") for fault, trouble in (
        (SignFault.OFF, Trouble.SILENT), (SignFault.NAK, Trouble.REFUSED), (SignFault.BAD_CRC, Trouble.GARBLED))},
    ("template", SignFault.OFF): Trouble.SILENT, ("cd5220", SignFault.OFF): None,
    ("reader", CardFault.NOT_AUTHORISED): Trouble.FAULT, ("reader", CardFault.READ_FAILED): None,
    ("reader", CardFault.SELECT_FAILED): None,
}
CELLS = {**{(name, fault): DOWN[name][fault] for name in DEVICES for fault in ANSWERING}, **OWN}


class Bench:
    """A device's worker, what it reports and how long its turns take."""

    def __init__(self, device, transport):
        self.device, self.reports, self.failures, self.longest = device, [], [], 0.0
        self._turned = Queue()
        self._turn, ended = device.wire(transport, self._saw)
        self.worker = Worker("device", self._timed, Event(), self.failures.append, ended)
        self.worker.start()

    def _timed(self):
        begun = monotonic()
        try:
            return self._turn()
        finally:
            self.longest = max(self.longest, monotonic() - begun)
            self._turned.put(True)

    def _saw(self, status):
        self.reports.append((status.state, status.trouble))

    def turns(self, turns=1):
        """So many turns: a worker that died would take none."""
        for _ in range(turns):
            self.worker.ask(lambda: None)  # no waiting until it would try again by itself
            self._turned.get(timeout=5)

    def until(self, condition):
        for _ in range(100):
            if condition():
                return
            self.turns()
        raise AssertionError(f"it never came to be: {self.reports[-5:]}")

    def well(self):
        """It is in use and says so, whatever was before."""
        return self.device.works() and self.reports[-1] in (READY, MUTE)

    def back(self, line):
        """It comes to be well by itself."""
        for _ in range(8):  # a key or a card may have been lost: once more
            if isinstance(self.device, ReaderAtWork):
                line.act(self.device.rest)
                self.turns()
            line.act(self.device.use)
            for _ in range(6):
                self.turns()
                if line.wait_until(self.well, SOON / 2):
                    return
        raise AssertionError(f"it never came back: {self.reports[-5:]}")


@pytest.fixture
def bench():
    """``bench(device, link)``: the device in its worker."""
    made = []

    def make(device, link):
        made.append(Bench(device, make_link(link, timeout=SOON)))
        return made[-1]

    yield make
    for one in made:
        one.worker.close()
        assert one.failures == []
        assert one.longest < BOUND


def link_to(line, kind):
    return line.device if kind == "pty" else f"tcp://127.0.0.1:{line.port}"


def test_the_table_has_every_fault_of_a_line_that_stays():
    assert set(ANSWERING) == set(LineFault) - {LineFault.DROP}
    assert set(DOWN) == set(DEVICES)
    assert set(OWN) == {(name, fault) for name, device in DEVICES.items() for fault in device().machine.FAULTS}


@pytest.mark.parametrize("kind", ["tcp", "pty"])
@pytest.mark.parametrize(("name", "fault"), CELLS)
def test_every_fault_ends_in_the_right_state_and_the_device_comes_back_by_itself(bench, name, fault, kind):
    device, trouble = DEVICES[name](), CELLS[name, fault]
    with SimulatedLine(device.machine, pty=kind == "pty") as line:
        line.set(fault)
        at_work = bench(device, link_to(line, kind))
        if trouble:
            at_work.until(lambda: (DeviceState.DOWN, trouble) in at_work.reports)
        else:
            at_work.turns(3)
        line.set(fault, on=False)
        at_work.back(line)
        troubles = {told for state, told in at_work.reports if state is DeviceState.DOWN}
        assert troubles == ({trouble} if trouble else set())


@pytest.mark.parametrize("name", DEVICES)
def test_a_line_that_hangs_up_is_taken_up_again(bench, name):
    device = DEVICES[name]()
    with SimulatedLine(device.machine) as line:
        at_work = bench(device, link_to(line, "tcp"))
        at_work.back(line)
        line.set(LineFault.DROP)
        at_work.turns(3)
        line.set(LineFault.DROP, on=False)  # a scanner is told nothing, so it did not hang up
        at_work.back(line)
        troubles = {told for state, told in at_work.reports if state is DeviceState.DOWN}
        assert troubles <= {Trouble.CUT_OFF}


@pytest.mark.parametrize("kind", ["tcp", "pty"])
@pytest.mark.parametrize("name", DEVICES)
def test_a_device_that_is_unplugged_at_work_is_down_and_is_back_when_it_is_plugged_in(bench, tmp_path, name, kind):
    device, port = DEVICES[name](), tmp_path / "ttyUSB0"
    with SimulatedLine(device.machine, pty=kind == "pty") as line:
        if kind == "pty":
            port.symlink_to(line.device)
        at_work = bench(device, str(port) if kind == "pty" else link_to(line, kind))
        at_work.back(line)
        port.unlink(missing_ok=True)
    away = Trouble.NO_PORT if kind == "pty" else Trouble.SILENT
    at_work.until(lambda: at_work.reports[-1] == (DeviceState.DOWN, away))  # and it stays away
    told = {trouble for state, trouble in at_work.reports if state is DeviceState.DOWN}
    assert told <= {Trouble.CUT_OFF, Trouble.SILENT, away}
    with SimulatedLine(device.machine, line.port, pty=kind == "pty") as again:
        if kind == "pty":
            port.symlink_to(again.device)
        at_work.back(again)
        at_work.worker.close()  # while the line is there


@pytest.fixture
def full_port():
    """A serial port at whose other end nobody reads, already full, and that other end."""
    master, slave = openpty()
    setraw(slave)
    set_blocking(master, False)
    near = open_file(ttyname(slave), O_RDWR | O_NOCTTY | O_NONBLOCK)
    with suppress(BlockingIOError):
        while write(near, b"\0" * 1024):
            pass
    yield ttyname(slave), master
    for file in (near, slave, master):
        close(file)


@pytest.mark.parametrize("name", ["onbon", "modbus", "template", "cd5220", "reader", "caller"])
def test_a_port_that_takes_no_more_is_down(bench, full_port, name):
    """A scanner and a pad are told nothing."""
    at_work = bench(DEVICES[name](), full_port[0])
    at_work.until(lambda: (DeviceState.DOWN, Trouble.SILENT) in at_work.reports)
    at_work.worker.close()


@pytest.mark.parametrize("name", ["cd5220", "caller"])
def test_a_port_that_takes_something_again_is_well(bench, full_port, name):
    """Those that answer have to answer again for that: they are in the table above, as stalled."""
    path, far = full_port
    at_work = bench(DEVICES[name](), path)
    at_work.until(lambda: (DeviceState.DOWN, Trouble.SILENT) in at_work.reports)
    with suppress(BlockingIOError):
        while read_file(far, 1 << 16):
            pass
    at_work.until(lambda: at_work.reports[-1] == MUTE)
    at_work.worker.close()
