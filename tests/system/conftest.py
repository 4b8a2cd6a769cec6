import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from hallapp.domain.events import By, Kind
from hallapp.domain.staff import Staff
from hallapp.services.hall import step
from hallapp.store import people
from hallapp.store.rows import added
from tests.system import worker
from tests.system.proxy import Proxy

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", "postgres"])
def address(request):
    """Where the hall's store is, on each engine."""
    return request.getfixturevalue("store_path" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
def hall_id(address):
    """The server is shared, so each test has a hall of its own there."""
    return uuid4().hex if str(address).startswith("postgresql://") else "h1"


@pytest.fixture
def busy_hall(address, hall_id, _hashed):
    """A hall with an account for each of four windows."""
    hall = worker.open_hall(address, hall_id)
    for window in range(1, 5):
        number = f"03{window:02d}"
        with step(hall) as doing:
            people.keep_password(doing.db, hall.id, number, _hashed)
            doing.record(Kind.STAFF_ADDED, By("setup"), [added(Staff(number, "员工"))])
    yield hall
    hall.store.close()


@pytest.fixture
def start_worker(address, hall_id):
    """``start_worker(window, rounds)``: a station's process that waits for a line to begin."""
    running = []

    def start(window, rounds):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.system.worker", str(address), hall_id, str(window), str(rounds)], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def begin(process):
    assert process.stdout.readline() == "ready\n", process.stderr.read()
    process.stdin.write("go\n")
    process.stdin.flush()


def address_at(url, port):
    """The server's address as it is reached through another port of this PC."""
    return re.sub(r"@127\.0\.0\.1:\d+/", f"@127.0.0.1:{port}/", url)


@pytest.fixture
def proxy(postgres_url):
    """A bad network before the shared server."""
    with Proxy(int(re.search(r":(\d+)/", postgres_url)[1])) as made:
        yield made


@pytest.fixture
def far_url(postgres_url, proxy):
    """The shared server's address behind the bad network."""
    return address_at(postgres_url, proxy.port)
