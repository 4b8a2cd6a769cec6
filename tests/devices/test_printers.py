"""A printer's worker and every fault of the line and of the printer: the right fate of the slip, an honest state, and
back by itself; over TCP, a serial line and a device file."""

import contextlib
import fcntl
import os
import tty
from queue import Queue
from time import monotonic

import pytest

from drivers.escpos import PrinterProfile
from drivers.printer import EscposPrinter
from drivers.sim.line import LineFault
from drivers.sim.mechanism import Fault
from drivers.sim.printer import PrinterSimulator
from drivers.transport import FileTransport, NetworkTransport, SerialTransport
from hallapp.devices.printers import HallPrinter
from hallapp.devices.worker import Worker
from hallapp.domain.events import By
from hallapp.domain.printing import DeviceState, JobState, Trouble
from hallapp.services import kiosk, printing, slips
from hallapp.services.kiosk import Wish

SOON, PATIENCE = 0.05, 0.5
BOUND = 2.5  # seconds; no turn takes longer than patience and all its time-outs together, on a busy machine too
PLAIN, DRAWN = PrinterProfile(), PrinterProfile(native_qr=False)  # a slip of one kilobyte, and of several
READY, LOW = (DeviceState.READY, Trouble.NONE), (DeviceState.WARNING, Trouble.PAPER_LOW)
UNWATCHED = DeviceState.WARNING, Trouble.UNWATCHED


class AtWork:
    """A printer's worker on a hall's store: what is asked of it, what it reports, how long its turns take."""

    def __init__(self, hall, transport, profile):
        self._profile = profile
        self._hall, self.reports, self.failures, self.longest = hall, [], [], 0.0
        self._turned = Queue()
        self.printer = HallPrinter("kiosk", EscposPrinter(transport, profile, PATIENCE), profile)
        self.worker = Worker(
            "printer-kiosk", self._turn, hall.store.listen(), self.failures.append, self.printer.close)
        self.worker.start()

    def _turn(self):
        begun = monotonic()
        try:
            return slips.take_turn(self._hall, By("printer-kiosk"), self.printer, self._saw)
        finally:
            self.longest = max(self.longest, monotonic() - begun)
            self._turned.put(True)

    def _saw(self, status):
        self.reports.append((status.state, status.trouble))

    def slip(self):
        """A slip is wanted; its job's id and its bytes."""
        job_id = kiosk.issue(self._hall, By("kiosk"), Wish("enrol", "NT02"), "kiosk").job_id
        with printing.look(self._hall) as db:
            return job_id, slips.build(self._hall, printing.jobs.job(db, self._hall.id, job_id), self._profile)

    def fate(self, job_id):
        with printing.look(self._hall) as db:
            return printing.jobs.job(db, self._hall.id, job_id).state

    def until(self, condition):
        """Turns, poked as news of the hall would poke them, until it is so."""
        for _ in range(100):
            if condition():
                return
            self.worker.ask(lambda: None)
            self._turned.get(timeout=5)
        raise AssertionError(f"it never came to be: {self.reports[-3:]}")

    def settled(self, job_id):
        """What became of a slip, once something did."""
        self.until(lambda: self.fate(job_id) not in (JobState.QUEUED, JobState.SENDING))
        return self.fate(job_id)


@pytest.fixture
def at_work(hall):
    """``at_work(transport)``: the worker; whatever happened to it, it lives, let no error out and was never held up."""
    made = []

    def make(transport, profile=PLAIN):
        made.append(AtWork(hall, transport, profile))
        return made[-1]

    yield make
    for one in made:
        assert one.worker._thread.is_alive()
        one.worker.close()
        assert one.failures == []
        assert one.longest < BOUND


def line_to(simulator, kind):
    if kind == "pty":
        return SerialTransport(simulator.device, timeout=SOON, write_timeout=SOON)
    return NetworkTransport("127.0.0.1", simulator.port, SOON)


def clear(simulator):
    for fault in list(simulator.machine.faults):
        simulator.set(fault, on=False)


# What is told of the printer that a slip is wanted of while the fault is there; READY and LOW: it is printed.
DOWN = {
    LineFault.SILENT: Trouble.SILENT, LineFault.HALF: Trouble.SILENT, LineFault.CORRUPT: Trouble.GARBLED,
    LineFault.LATE: Trouble.SILENT, LineFault.STALLED: Trouble.SILENT, LineFault.DROP: Trouble.CUT_OFF,
    Fault.PAPER_OUT: Trouble.PAPER_OUT, Fault.COVER_OPEN: Trouble.COVER_OPEN, Fault.CUTTER: Trouble.CUTTER,
    Fault.OFFLINE: Trouble.OFFLINE,
}
BORNE = {LineFault.NOISE: READY, LineFault.SLOW: READY, Fault.NEAR_END: LOW, Fault.ASB: READY}
ROWS = [(kind, fault) for kind in ("tcp", "pty") for fault in (*DOWN, *BORNE)
        if (kind, fault) != ("pty", LineFault.DROP)]  # a serial line has no connection to drop


def test_the_table_knows_every_fault():
    assert set(DOWN) | set(BORNE) == {*LineFault, *Fault}


@pytest.mark.parametrize(("kind", "fault"), ROWS)
def test_a_fault_before_a_slip_keeps_it_waiting_and_it_comes_out_once_when_the_fault_has_gone(at_work, kind, fault):
    with PrinterSimulator(pty=kind == "pty") as simulator:
        simulator.set(fault)
        bench = at_work(line_to(simulator, kind))
        job, slip = bench.slip()
        if fault in DOWN:
            down = DeviceState.DOWN, DOWN[fault]
            bench.until(lambda: down in bench.reports)
            assert (simulator.slips, simulator.unfinished) == ([], b"")
            clear(simulator)
        bench.until(lambda: bench.fate(job) is JobState.PRINTED)
        assert simulator.wait_for_slips(1) == [slip]
        bench.until(lambda: bench.reports[-1] == (BORNE.get(fault, READY)))


@pytest.mark.parametrize(("kind", "fault"), ROWS)
def test_a_fault_in_the_middle_of_a_slip_leaves_doubt_and_the_next_slips_come_out(at_work, kind, fault):
    with PrinterSimulator(pty=kind == "pty") as simulator:
        simulator.fail_after(300, fault)
        # of a slip that comes in one piece nothing is left to stall
        bench = at_work(line_to(simulator, kind), DRAWN if fault is LineFault.STALLED else PLAIN)
        job, slip = bench.slip()
        if fault in BORNE:
            assert bench.settled(job) is JobState.PRINTED
        else:
            assert bench.settled(job) is JobState.UNKNOWN
            troubles = {DOWN[fault], Trouble.UNKNOWN_FATE} if fault is LineFault.STALLED else {DOWN[fault]}
            assert {trouble for state, trouble in bench.reports if state is DeviceState.DOWN} <= troubles
            clear(simulator)
        after, second = bench.slip()
        bench.until(lambda: bench.fate(after) is JobState.PRINTED)
        assert simulator.wait_until(lambda: simulator.machine.slips[-1].endswith(second))
        on_paper = b"".join(simulator.slips)
        assert on_paper.count(second) == 1
        assert on_paper.count(slip) <= 1
        assert bench.fate(job) in (JobState.PRINTED, JobState.UNKNOWN)  # never sent again by itself
        bench.until(lambda: bench.reports[-1] == (BORNE.get(fault, READY)))


def test_a_network_printer_unplugged_in_the_middle_leaves_doubt_and_comes_back(at_work):
    with PrinterSimulator() as simulator:
        simulator.fail_after(300, LineFault.STALLED)
        bench = at_work(NetworkTransport("127.0.0.1", simulator.port, SOON), DRAWN)
        job, _ = bench.slip()
        assert simulator.wait_until(lambda: LineFault.STALLED in simulator.machine.faults)
    assert bench.settled(job) is JobState.UNKNOWN
    waiting, _ = bench.slip()
    bench.until(lambda: bench.fate(waiting) is JobState.FAILED)
    assert bench.reports[-1] == (DeviceState.DOWN, Trouble.SILENT)
    with PrinterSimulator(simulator.port) as again:
        bench.until(lambda: bench.fate(waiting) is JobState.PRINTED)
        assert len(again.slips) == 1
        bench.until(lambda: bench.reports[-1] == READY)


def test_a_serial_printer_unplugged_in_the_middle_leaves_doubt_and_comes_back(at_work, tmp_path):
    port = tmp_path / "ttyUSB0"
    with PrinterSimulator(pty=True) as simulator:
        port.symlink_to(simulator.device)
        simulator.fail_after(300, LineFault.STALLED)
        bench = at_work(SerialTransport(str(port), timeout=SOON, write_timeout=SOON), DRAWN)
        job, _ = bench.slip()
        assert simulator.wait_until(lambda: LineFault.STALLED in simulator.machine.faults)
        port.unlink()
    assert bench.settled(job) is JobState.UNKNOWN
    waiting, _ = bench.slip()
    bench.until(lambda: bench.fate(waiting) is JobState.FAILED)
    assert bench.reports[-1] == (DeviceState.DOWN, Trouble.NO_PORT)
    with PrinterSimulator(pty=True) as again:
        port.symlink_to(again.device)
        bench.until(lambda: bench.fate(waiting) is JobState.PRINTED)
        assert len(again.slips) == 1
        bench.until(lambda: bench.reports[-1] == READY)


def test_a_serial_printer_whose_buffer_is_full_and_stays_so_leaves_doubt_and_goes_on(at_work):
    """Nobody reads at the other end, so the line is full after some kilobytes."""
    master, slave = os.openpty()
    tty.setraw(slave)
    mute = PrinterProfile(can_answer=False)
    bench = at_work(SerialTransport(os.ttyname(slave), timeout=SOON, write_timeout=SOON), mute)
    fates = []
    while JobState.UNKNOWN not in fates:
        fates.append(bench.settled(bench.slip()[0]))
        assert len(fates) < 200
    assert (DeviceState.DOWN, Trouble.UNKNOWN_FATE) in bench.reports
    os.set_blocking(master, False)
    drained(master)
    after, _ = bench.slip()
    assert bench.settled(after) is JobState.PRINTED
    os.close(master)
    os.close(slave)


def drained(file):
    """Everything that can be read now."""
    read = b""
    with contextlib.suppress(BlockingIOError):
        while part := os.read(file, 1 << 16):
            read += part
    return read


# -- a device file, such as /dev/usb/lp0: nothing comes back, and a named pipe behaves like it


@pytest.fixture
def pipe(tmp_path):
    """The path of a device file, and its far end, which is read by hand."""
    path = tmp_path / "lp0"
    os.mkfifo(path)
    far = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    fcntl.fcntl(far, fcntl.F_SETPIPE_SZ, 4096)
    yield path, far
    with contextlib.suppress(OSError):
        os.close(far)


def test_a_slip_to_a_device_file_is_printed_and_the_state_is_told_as_unknown(at_work, pipe, tmp_path):
    path, far = pipe
    fcntl.fcntl(far, fcntl.F_SETPIPE_SZ, 1 << 16)
    bench = at_work(FileTransport(str(path), SOON))
    job, slip = bench.slip()
    assert bench.settled(job) is JobState.PRINTED
    assert drained(far) == slip
    assert set(bench.reports) == {UNWATCHED}


def test_a_device_file_that_is_not_there_keeps_the_slip_until_it_is(at_work, tmp_path):
    path = tmp_path / "lp0"
    bench = at_work(FileTransport(str(path), SOON))
    job, slip = bench.slip()
    bench.until(lambda: bench.fate(job) is JobState.FAILED)
    assert bench.reports[-1] == (DeviceState.DOWN, Trouble.NO_PORT)
    os.mkfifo(path)
    far = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    fcntl.fcntl(far, fcntl.F_SETPIPE_SZ, 1 << 16)
    bench.until(lambda: bench.fate(job) is JobState.PRINTED)
    assert drained(far) == slip
    os.close(far)


def test_a_full_device_file_keeps_the_slip_and_prints_it_when_there_is_room(at_work, pipe):
    path, far = pipe
    near = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    with contextlib.suppress(BlockingIOError):
        while os.write(near, b"\n" * 256):
            pass
    bench = at_work(FileTransport(str(path), SOON))
    job, slip = bench.slip()
    bench.until(lambda: bench.fate(job) is JobState.FAILED)
    assert set(bench.reports) == {UNWATCHED, (DeviceState.DOWN, Trouble.SILENT)}
    shown = bench.reports[bench.reports.index((DeviceState.DOWN, Trouble.SILENT)) :]
    assert UNWATCHED not in shown  # nothing better is told before it is so
    drained(far)
    os.close(near)
    fcntl.fcntl(far, fcntl.F_SETPIPE_SZ, 1 << 16)
    bench.until(lambda: bench.fate(job) is JobState.PRINTED)
    assert drained(far) == slip


def test_a_device_file_that_takes_a_part_only_leaves_doubt(at_work, pipe):
    path, far = pipe
    bench = at_work(FileTransport(str(path), SOON), DRAWN)
    job, slip = bench.slip()
    assert len(slip) > 4096
    assert bench.settled(job) is JobState.UNKNOWN
    assert (DeviceState.DOWN, Trouble.UNKNOWN_FATE) in bench.reports
    assert slip.startswith(drained(far))
    fcntl.fcntl(far, fcntl.F_SETPIPE_SZ, 1 << 16)
    after, second = bench.slip()
    bench.until(lambda: bench.fate(after) is JobState.PRINTED)
    assert drained(far) == second


def test_a_device_file_that_is_pulled_out_is_cut_off_and_comes_back(at_work, pipe, tmp_path):
    path, far = pipe
    fcntl.fcntl(far, fcntl.F_SETPIPE_SZ, 1 << 16)
    bench = at_work(FileTransport(str(path), SOON))
    first, _ = bench.slip()
    assert bench.settled(first) is JobState.PRINTED
    os.close(far)
    job, slip = bench.slip()
    bench.until(lambda: bench.fate(job) is JobState.FAILED)
    assert (DeviceState.DOWN, Trouble.CUT_OFF) in bench.reports
    far = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    fcntl.fcntl(far, fcntl.F_SETPIPE_SZ, 1 << 16)
    bench.until(lambda: bench.fate(job) is JobState.PRINTED)
    assert drained(far) == slip
    os.close(far)
