"""Three stations, each a process of its own, print at once on one network printer that serves one of them at a time."""

import subprocess
import sys
from collections import Counter

import pytest

from drivers.sim.line import Others
from drivers.sim.printer import PrinterSimulator
from hallapp.domain.events import Kind
from hallapp.services import slips
from hallapp.services.hall import look
from hallapp.store import jobs
from hallapp.store.log import events_after
from tests.system import worker
from tests.system.conftest import ROOT, begin
from tests.system.printing_worker import PROFILE

STATIONS, SLIPS = 3, 15


@pytest.fixture
def start_station(address, hall_id):
    """``start_station(station, printer, port)``: its process, which waits for a line to begin."""
    running = []

    def start(station, printer, port):
        words = [str(address), hall_id, station, printer, str(port), str(SLIPS)]
        running.append(subprocess.Popen(
            [sys.executable, "-m", "tests.system.printing_worker", *words], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        return running[-1]

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize(("names", "others"), [
    (["window-1", "window-2", "window-3"], Others.REFUSED), (["counter"] * STATIONS, Others.WAIT),
])
def test_three_processes_print_at_once_on_one_printer_each_slip_once_and_none_mixed(
    address, hall_id, start_station, names, others
):
    hall = worker.open_hall(address, hall_id)
    with PrinterSimulator(others=others) as simulator:
        stations = [start_station(f"kiosk-{place}", name, simulator.port) for place, name in enumerate(names)]
        for process in stations:
            begin(process)
        issued = []
        for process in stations:
            said, complaint = process.communicate(timeout=120)
            assert (process.returncode, complaint) == (0, ""), said
            issued += [int(line.split()[1]) for line in said.splitlines() if line.startswith("issued")]
            assert not [line for line in said.splitlines() if line.startswith("error") or "down" in line], said
        printed = simulator.slips
        assert simulator.unfinished == b""
    assert len(issued) == STATIONS * SLIPS
    with look(hall) as db:
        wanted = [jobs.job(db, hall.id, job) for job in issued]
        sent = Counter(event.data["job"] for event in events_after(db, hall.id, 0) if event.kind is Kind.PRINT_STARTED)
    expected = {job.id: slips.build(hall, job, PROFILE) for job in wanted}
    assert len(set(expected.values())) == len(expected), "every slip can be told from every other"
    assert Counter(printed) == Counter(expected.values())
    assert set(sent.values()) == {1}
    for name in set(names):
        mine = [expected[job.id] for job in sorted(wanted, key=lambda one: one.id) if job.printer == name]
        if names.count(name) == 1:
            assert [slip for slip in printed if slip in mine] == mine, "a station's slips in its order"
    hall.store.close()
