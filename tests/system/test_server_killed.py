"""The hall's server is killed and started again, many times, while two kiosks issue: each tap is one number."""

import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime

import psutil
import pytest
from sqlalchemy import select

from hallapp.domain.errors import ServerFailed
from hallapp.server.cluster import Cluster, free_port
from hallapp.store import tables
from hallapp.store.db import reading
from tests.services.replay import check_store
from tests.system import worker
from tests.system.conftest import ROOT, begin

KILLS, TAPS = 20, 250


@pytest.fixture
def cluster(server_folder):
    """A server that keeps its word after a crash: fsync is on."""
    made = Cluster(server_folder / "killed")
    made.init(datetime.now(UTC), port=free_port())
    made.start()
    yield made
    made.stop()


def kill(cluster):
    """-9 to the server and all its processes at once, as when the PC's power goes."""
    master = psutil.Process(int((cluster.data / "postmaster.pid").read_text().splitlines()[0]))
    family = [master, *master.children(recursive=True)]
    for process in family:
        process.send_signal(signal.SIGKILL)
    psutil.wait_procs(family, 10)


def test_twenty_kills_of_the_server_lose_and_double_no_number(cluster, tmp_path):
    address = (f"postgresql://hall:{cluster.password_file.read_text()}@127.0.0.1:{cluster.front().inner}/hall")
    hall = worker.open_hall(address, "h1")
    kiosks = [
        subprocess.Popen([sys.executable, "-m", "tests.system.worker", address, "h1", "0", str(TAPS)], cwd=ROOT,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for one in kiosks:
        begin(one)
    killed = 0
    while killed < KILLS and any(one.poll() is None for one in kiosks):
        kiosks[killed % 2].stdout.readline()  # somebody is at work
        kill(cluster)
        killed += 1
        start_again(cluster)
    told = []
    for one in kiosks:
        out, complaint = one.communicate(timeout=60)
        assert one.returncode == 0, complaint
        told += [line.split()[1] for line in out.splitlines() if line.startswith("issued")]
    assert killed == KILLS
    with reading(hall.store) as db:
        numbers = db.execute(select(tables.ticket.c.number).order_by(tables.ticket.c.id)).scalars().all()
        requests = db.execute(select(tables.event.c.request).where(tables.event.c.request.is_not(None))).scalars().all()
    assert numbers == [f"A{serial:03d}" for serial in range(1, 2 * TAPS + 1)]
    assert max(Counter(requests).values()) == 1
    assert len(requests) == 2 * TAPS
    assert set(told) <= set(numbers)
    assert max(Counter(told).values()) == 1
    check_store(hall.store, tmp_path / "again.db")
    hall.store.close()


def start_again(cluster):
    """What the killed one left in the system's memory may take a moment to go."""
    for _ in range(20):
        try:
            cluster.start()
        except ServerFailed:
            continue
        return
    raise AssertionError("the server did not come back")
