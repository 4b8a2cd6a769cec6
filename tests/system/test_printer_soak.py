"""Two hours of a hall with troubled printers, on a clock that jumps, over real sockets: every slip once or reported."""

import contextlib
from random import Random

import pytest

from drivers import escpos, printer
from drivers.escpos import PrinterProfile
from drivers.printer import EscposPrinter
from drivers.sim.line import LineFault, Others
from drivers.sim.mechanism import Fault
from drivers.sim.printer import PrinterSimulator
from drivers.transport import NetworkTransport
from hallapp.devices.printers import HallPrinter
from hallapp.domain.events import By
from hallapp.domain.printing import JobState
from hallapp.services import kiosk, printing, slips
from hallapp.services.kiosk import Wish

HOURS, STEP = 2, 30  # seconds
SOON = 0.03
OWN, SHARED = PrinterProfile(), PrinterProfile(columns=42, dots=512, shared=True)
FAULTS = [*Fault, *LineFault]
AMID = [fault for fault in FAULTS if fault not in (Fault.NEAR_END, Fault.ASB)]


class Socket:
    """Where a simulated printer is plugged in, and what came out of every one that was."""

    def __init__(self):
        self.paper = []
        self._stack = contextlib.ExitStack()
        self.plugged = self._plug(0)
        self.port = self.plugged.port

    def _plug(self, port):
        return self._stack.enter_context(PrinterSimulator(port, others=Others.WAIT))

    def pull(self):
        """With what was half printed: it lies there, torn off."""
        if self.plugged is not None:
            self._stack.close()
            self.paper += [*self.plugged.slips, *([self.plugged.unfinished] if self.plugged.unfinished else [])]
            self.plugged = None

    def plug(self):
        if self.plugged is None:
            self.plugged = self._plug(self.port)

    def mend(self):
        self.plug()
        self.plugged.load(None)
        for fault in list(self.plugged.machine.faults):
            self.plugged.set(fault, on=False)
        self.plugged.machine.fail_after = None

    def upset(self, random):
        """One thing goes wrong, at once or in the middle of the next slip."""
        if self.plugged is None or random.random() < 0.15:
            self.pull()
        elif random.random() < 0.2:
            self.plugged.load(random.randrange(3))
        elif random.random() < 0.7:
            self.plugged.fail_after(random.randrange(1, 900), random.choice(AMID))
        else:
            self.plugged.set(random.choice(FAULTS))


class Station:
    """A worker's turns, taken when they are due by the hall's clock."""

    def __init__(self, hall, name, port, profile):
        line = EscposPrinter(NetworkTransport("127.0.0.1", port, SOON), profile, patience=0.15)
        self.printer, self._hall, self._by = HallPrinter(name, line, profile), hall, By(f"printer-{name}")
        self._due, self.seen = 0.0, set()

    def poke(self):
        self._due = 0.0

    def serve(self):
        while self._hall.clock.monotonic() >= self._due:
            wait = slips.take_turn(self._hall, self._by, self.printer, self._saw)
            self._due = self._hall.clock.monotonic() + wait if wait else 0.0

    def _saw(self, status):
        self.seen.add((status.state, status.trouble))


@pytest.fixture
def sockets():
    made = {"kiosk": Socket(), "counter": Socket()}
    yield made
    for one in made.values():
        one.pull()


def test_in_two_hours_of_trouble_every_slip_is_printed_once_or_reported_and_none_is_mixed(hall, sockets, monkeypatch):
    monkeypatch.setattr(printer, "TURN", 0.06)
    random = Random(20261123)
    stations = [Station(hall, "kiosk", sockets["kiosk"].port, OWN),
                *(Station(hall, "counter", sockets["counter"].port, SHARED) for _ in range(2))]
    wanted = {}

    def serve():
        for station in random.sample(stations, len(stations)):
            station.serve()

    for _ in range(HOURS * 3600 // STEP):
        hall.clock.advance(seconds=STEP)
        for socket in sockets.values():
            chance = random.random()
            if chance < 0.09:
                socket.upset(random)
            elif chance < 0.3:
                socket.mend()
        if random.random() < 0.6:
            name = random.choice(["kiosk", "counter"])
            job_id = kiosk.issue(hall, By(name), Wish("enrol", random.choice([None, "NT02"])), name).job_id
            (job,) = [job for job in printing.open_jobs(hall, name) if job.id == job_id]
            wanted[job_id] = slips.build(hall, job, OWN if name == "kiosk" else SHARED)
            for station in stations:
                station.poke()
        serve()
    for socket in sockets.values():
        socket.mend()
    for _ in range(3):
        hall.clock.advance(seconds=60)
        serve()
    reported = {job.id for job in printing.open_jobs(hall)}
    assert all(job.state is JobState.UNKNOWN for job in printing.open_jobs(hall)), "nothing is left waiting"
    check(wanted, reported, sockets)
    assert len(wanted) > 100
    assert 5 < len(reported) < len(wanted) / 3
    assert len({trouble for station in stations for _, trouble in station.seen}) > 5
    decide(hall, wanted, reported, sockets, serve)
    for station in stations:
        station.printer.close()


def check(wanted, reported, sockets):
    """Each slip on paper is one job's, whole; a piece before it belongs to a job that was reported."""
    whole, pieces = [], []
    for socket in sockets.values():
        plugged = socket.plugged
        for slip in [*socket.paper, *plugged.slips, *([plugged.unfinished] if plugged.unfinished else [])]:
            for part in slip.split(escpos.START)[1:]:
                done = escpos.START + part in wanted.values()
                (whole if done else pieces).append(escpos.START + part)
    for job_id, slip in wanted.items():
        assert whole.count(slip) <= 1, f"job {job_id} doubled"
        assert whole.count(slip) == 1 or job_id in reported, f"job {job_id} lost"
    for piece in pieces:
        assert any(wanted[job_id].startswith(piece) for job_id in reported), piece
    return whole


def decide(hall, wanted, reported, sockets, serve):
    """Somebody looks at the paper for each reported slip; then all are there, once."""
    there = check(wanted, reported, sockets)
    for job_id in reported:
        printing.decide(hall, By("window-1"), job_id, on_paper=wanted[job_id] in there)
    for _ in range(3):
        hall.clock.advance(seconds=60)
        serve()
    assert printing.open_jobs(hall) == ()
    assert sorted(check(wanted, reported, sockets)) == sorted(wanted.values())
