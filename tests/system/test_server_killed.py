"""A hall at work while its server is killed and started again, twenty times, behind a network that fails in all ways:
nothing that anybody was told or shown is lost, doubled or out of order."""

import signal
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from threading import Condition, Thread

import psutil
import pytest

from hallapp.domain.errors import ServerFailed
from hallapp.domain.events import Kind
from hallapp.load.check import faults
from hallapp.load.halls import stations_of
from hallapp.server.cluster import Cluster, free_port
from hallapp.store import log, tables
from hallapp.store.db import reading
from tests.services.replay import check_store
from tests.system import stations
from tests.system.conftest import ROOT, begin
from tests.system.proxy import Proxy

HALL, SOON = "h1", 30
STATIONS = (("kiosk", 1), ("kiosk-window", 2), ("counter", 1), ("counter", 2), ("counter", 3), ("counter", 4),
            ("counter-window", 5), ("board-window", 0))
# what the network does before each of the twenty kills; the last six let stations wait for nothing
TROUBLES = ("cut",) * 10 + ("slow",) * 4 + ("half to server", "half to station") * 2 + ("lost", "lost")


@pytest.fixture
def cluster(server_folder):
    """A server that keeps its word after a crash: fsync is on."""
    made = Cluster(server_folder / "killed")
    made.init(datetime.now(UTC), port=free_port())
    made.start()
    yield made
    made.stop()


@pytest.fixture
def network(cluster):
    """The bad network between the stations and the server."""
    with Proxy(cluster.front().inner) as made:
        yield made


class Running:
    """A station's process and the lines it has written, each a list of words."""

    def __init__(self, kind, window, address, heard):
        self.name = f"{kind} {window}"
        self.lines = []
        self._heard = heard
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.system.stations", kind, address, HALL, str(window)], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._reader = Thread(target=self._read)

    def begin(self):
        begin(self.process)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self._heard:
                self.lines.append(line.split())
                self._heard.notify_all()

    def said(self, word):
        return [line[1:] for line in self.lines if line[0] == word]

    def work(self):
        """How much it was told or has shown."""
        return sum(line[0] != "away" for line in self.lines)

    def end(self):
        self.process.stdin.write("stop\n")
        self.process.stdin.flush()
        self._reader.join(SOON)
        self.process.wait(SOON)
        complaint = self.process.stderr.read()
        assert self.lines[-1] == ["end"], f"{self.name}: {complaint}"
        assert "Error" not in complaint, f"{self.name}: {complaint}"

    def close(self):
        self.process.kill()
        if self._reader.is_alive():
            self._reader.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()
        self.process.wait()


@pytest.fixture
def heard():
    return Condition()


@pytest.fixture
def hall(cluster):
    """The hall as the server's own PC sees it, its clerks seated."""
    made = stations.open_hall(address_of(cluster, cluster.front().inner), HALL)
    stations_of(made)
    yield made
    made.store.close()


@pytest.fixture
def running(cluster, network, hall, heard):
    made = [Running(kind, window, address_of(cluster, network.port), heard) for kind, window in STATIONS]
    *others, board = made
    board.begin()
    with heard:
        assert heard.wait_for(lambda: board.said("watching"), SOON)
    for one in others:
        one.begin()
    yield made
    for one in made:
        one.close()


def address_of(cluster, port):
    return f"postgresql://hall:{cluster.password_file.read_text()}@127.0.0.1:{port}/hall"


def kill(cluster):
    """-9 to the server and all its processes at once: first it is held, so that it has no more children meanwhile. Its
    pid file goes too: where nobody collects the dead soon, pg_ctl would take a zombie for a server that runs."""
    pid_file = cluster.data / "postmaster.pid"
    master = psutil.Process(int(pid_file.read_text().splitlines()[0]))
    master.suspend()
    family = [*master.children(recursive=True), master]
    for process in family:
        process.send_signal(signal.SIGKILL)
    while any(alive(process) for process in family):
        pass
    pid_file.unlink()


def alive(process):
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def start_again(cluster):
    """What the killed one left in the system's memory may take a moment to go."""
    for _ in range(20):
        try:
            cluster.start()
        except ServerFailed:
            continue
        return
    raise AssertionError("the server did not come back")


def everybody_works(running, heard):
    """All have come back by themselves: each was told or has shown something since."""
    before = [one.work() for one in running]

    def idle():
        return [one.name for one, count in zip(running, before, strict=True) if one.work() == count]

    with heard:
        assert heard.wait_for(lambda: not idle(), SOON), idle()


def disturb(trouble, network, running, heard):
    if trouble == "cut":
        network.cut()
    elif trouble == "slow":
        network.delay = 0.002  # each way, as over a county's line
    elif trouble == "lost":
        before = [len(one.said("away")) for one in running]
        network.swallow()
        with heard:
            assert heard.wait_for(lambda: all(
                len(one.said("away")) > count for one, count in zip(running, before, strict=True)), SOON)
        network.go_on()
    else:
        network.half_close(trouble == "half to server")


def checked(running, heard, hall, tmp_path):
    """All end; what each was told is in the log, once and in order, and the board has announced its calls, which these
    are."""
    *others, board = running
    for one in others:
        one.end()
    with reading(hall.store) as db:
        calls = [[event.number, str(event.window)] for event in events(db) if event.kind is Kind.CALLED]
    with heard:
        heard.wait_for(lambda: len(board.said("called")) >= len(calls), SOON)
    board.end()

    answered = defaultdict(list)
    for one in running:
        for kind, told, *_ in one.said("told"):
            answered[kind].append(int(told))
    assert list(faults(hall.store, answered)) == []
    check_store(hall.store, tmp_path / "again.db")
    assert board.said("called") == calls
    return calls


def test_twenty_kills_and_a_bad_network_lose_double_and_disorder_nothing(
        cluster, network, hall, running, heard, tmp_path):
    for trouble in TROUBLES:
        everybody_works(running, heard)
        network.delay = 0.0
        disturb(trouble, network, running, heard)
        kill(cluster)
        start_again(cluster)
    everybody_works(running, heard)
    calls = checked(running, heard, hall, tmp_path)
    kiosk, screen = running[:2]
    with reading(hall.store) as db:
        issued = [event for event in events(db) if event.kind is Kind.ISSUED]
        requests = {row.request: row.number for row in db.execute(
            tables.event.select().where(tables.event.c.request.is_not(None)))}
    assert [event.number for event in issued if event.station == "kiosk-1"] == [
        number for kind, _, number, _ in (told for told in kiosk.said("told") if told[0] == "issued")]
    assert all(requests[told[3]] == told[2] for told in kiosk.said("told") if told[0] == "issued")
    assert [[event.number] for event in issued if event.station == "kiosk-window"] == screen.said("shown")
    assert [[number] for number, window in calls if window == "5"] == running[6].said("shown")
    assert max(Counter(number for number, _ in calls).values()) == 1


def events(db):
    return log.events_after(db, HALL, 0, 1_000_000)
