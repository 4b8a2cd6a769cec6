"""Two hundred halls on one server against the same statements from pgbench, and against one hall.

The server keeps its word (fsync on) and shares two cores with the stations' processes, or with pgbench in their place.
Run: ``pytest -m benchmark -s tests/benchmarks/test_many_halls.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from hallapp.app.hall import SystemClock
from hallapp.domain.catalogue import Catalogue
from hallapp.domain.events import By
from hallapp.load.figures import Figures
from hallapp.load.halls import hall_of, stations_of
from hallapp.load.run import Load, Outcome, put_on
from hallapp.load.stations import Counter, Kiosk
from hallapp.server import programs
from hallapp.server.cluster import Cluster, free_port
from hallapp.services import kiosk
from hallapp.services.hall import Hall
from hallapp.store.opening import beside, open_postgres
from tests.benchmarks.recorded import Recorded, script

pytestmark = pytest.mark.benchmark
HALLS, STATIONS, SECONDS = 200, 5, 15
PROCESSES, CONNECTIONS = 2, 4
WAITING = 8  # people in each hall's queue, as the load's kiosk keeps them
STEPS, FIRST = 7, 5_000_001  # of the recorded visit; its ids are no other number
DELAY = 0.1  # seconds a commit waits, the most PostgreSQL allows


@pytest.fixture(scope="module")
def address(server_folder: Path) -> Iterator[str]:
    """A server as ``hallapp server`` makes it."""
    cluster = Cluster(server_folder / "many")
    cluster.init(datetime.now(UTC), port=free_port())
    cluster.start()
    yield f"postgresql://hall:{cluster.password_file.read_text()}@127.0.0.1:{cluster.front().inner}"
    cluster.stop()


@pytest.fixture
def url(address: str) -> Iterator[str]:
    yield from database(address)


@pytest.fixture
def floor_url(address: str) -> Iterator[str]:
    yield from database(address)


def database(address: str) -> Iterator[str]:
    name = f"load_{uuid4().hex[:12]}"
    ask(f"{address}/postgres", f"CREATE DATABASE {name}")
    yield f"{address}/{name}"
    ask(f"{address}/postgres", f"DROP DATABASE {name} WITH (FORCE)")


def ask(url: str, *statements: str) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as db:
        for one in statements:
            db.execute(one)


def rate(found: Outcome) -> float:
    """Transactions a second: steps and looks."""
    assert found.faults == ()
    return sum(len(times) for times in found.figures.seconds.values()) / found.seconds


class Ahead(SystemClock):
    """An hour ahead: who takes a number by it stands behind the others."""

    def now(self) -> datetime:
        return super().now() + timedelta(hours=1)


def one_visit(hall: Hall) -> Figures:
    """A visitor's seven steps, with the looks that the stations take for them."""
    figures = Figures()
    _, clerk, *_ = stations_of(hall)
    assert isinstance(clerk, Counter)
    Kiosk(hall, By("kiosk"), 2 * WAITING).turn(figures)
    Kiosk(hall, By("kiosk"), 0).turn(figures)
    for _ in range(5):
        clerk.turn(figures)
    assert figures.steps == STEPS
    return figures


def same_statements(url: str, catalogue: Catalogue, clients: int) -> tuple[str, int]:
    """A database of HALLS halls with people waiting, and the pgbench script of one visit in any of them; how many
    transactions that has. Each client keeps to halls of its own: two may not play the same window."""
    first = open_postgres(url, "1")
    clock = SystemClock()
    for number in range(1, HALLS + 1):
        hall = hall_of(beside(first, str(number)), STATIONS - 1, catalogue, clock)
        stations_of(hall)
        fill(hall)
    recorded = hall_of(beside(first, "recorded"), STATIONS - 1, catalogue, clock)
    stations_of(recorded)
    fill(recorded)
    one_visit(recorded)  # from the second on it goes the usual way, its plans made
    ask(url, f"UPDATE hall SET seq = {FIRST - 1} WHERE hall_id = 'recorded'",
        f"UPDATE event SET seq = {FIRST - 1} WHERE hall_id = 'recorded' AND seq = (SELECT max(seq) FROM event WHERE "
        "hall_id = 'recorded')")
    taken = Recorded(first.engine)
    figures = one_visit(recorded)
    first.close()
    share = f"\\set hall random(0, {HALLS // clients - 1}) * {clients} + :client_id + 1"
    return script(taken.taken, "recorded", FIRST, share), sum(len(times) for times in figures.seconds.values())


def fill(hall: Hall) -> None:
    later = replace(hall, clock=Ahead())
    for place in range(WAITING):
        group = hall.catalogue.groups[place % len(hall.catalogue.groups)]
        kiosk.issue(later, By("kiosk"), kiosk.Wish(group.code))


def pgbench(url: str, file: Path, clients: int) -> float:
    """Scripts a second."""
    server = make_url(url)
    said = programs.run(
        "pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", str(PROCESSES), "-T", str(SECONDS), "-f", file,
        "-h", str(server.host), "-p", str(server.port), "-U", str(server.username), str(server.database),
        env={"PGPASSWORD": str(server.password)})
    assert "number of failed transactions: 0 " in said
    found = re.search(r"tps = ([\d.]+)", said)
    assert found
    return float(found[1])


def test_two_hundred_halls_do_half_of_what_pgbench_does_with_their_statements(url, floor_url, server_folder, catalogue):
    clients = PROCESSES * CONNECTIONS
    text, transactions = same_statements(floor_url, catalogue, clients)
    file = server_folder / "visit.sql"
    file.write_text(text, encoding="utf-8")
    programs.give(file)
    found = put_on(Load(url, HALLS, STATIONS, PROCESSES, CONNECTIONS, SECONDS))
    ours, floor = rate(found), pgbench(floor_url, file, clients) * transactions
    print(f"\n{HALLS} halls: {found.figures.steps / found.seconds:.0f} steps/s, {ours:.0f} transactions/s; pgbench "
          f"{floor * STEPS / transactions:.0f} and {floor:.0f}; share {ours / floor:.2f}")
    assert ours >= 0.5 * floor


def test_halls_do_not_wait_for_each_other(url):
    """One hall's writers queue at its row, so it does at most one step in the time of a commit. Here every flush of
    the log waits DELAY, as on a slow disk: a wait that costs no processor, and that all halls' commits share unless
    something makes them queue. So the ratio tells whether halls wait for each other and not how fast the cores are;
    at full speed, printed beside it, one hall's five stations nearly fill two cores by themselves."""
    one, many = Load(url, 1, STATIONS, 1, STATIONS, SECONDS), Load(url, HALLS, STATIONS, 12, 12, SECONDS)
    fast = [found.figures.steps / found.seconds for found in map(put_on, (
        one, replace(many, processes=PROCESSES, connections=CONNECTIONS)))]
    ask(url, f"ALTER SYSTEM SET commit_delay = {round(DELAY * 1e6)}", "ALTER SYSTEM SET commit_siblings = 0",
        "SELECT pg_reload_conf()")
    try:
        slow = [found.figures.steps / found.seconds for found in map(put_on, (one, many))]
    finally:
        ask(url, "ALTER SYSTEM RESET commit_delay", "ALTER SYSTEM RESET commit_siblings", "SELECT pg_reload_conf()")
    print(f"\nsteps/s of 1 and {HALLS} halls: {fast[0]:.0f} and {fast[1]:.0f} (x{fast[1] / fast[0]:.1f}); with "
          f"{DELAY} s a flush {slow[0]:.1f} and {slow[1]:.0f} (x{slow[1] / slow[0]:.1f})")
    assert slow[1] >= 10 * slow[0]
