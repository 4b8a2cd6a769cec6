"""A hall on PostgreSQL against bare transactions with as many round trips, and what twenty stations do to each other.

The server keeps its word (fsync on); every figure is a ratio within one run.
Run: ``pytest -m benchmark -s tests/benchmarks/test_server_speed.py``.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from time import monotonic, perf_counter, sleep, time
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Connection, text

from hallapp import paths
from hallapp.app.hall import SystemClock
from hallapp.domain.catalogue_file import load_catalogue
from hallapp.domain.events import Clerk
from hallapp.load.figures import percentiles, together
from hallapp.load.halls import hall_of, stations_of
from hallapp.load.stations import Kiosk, Station
from hallapp.load.worker import Lane
from hallapp.server.cluster import Cluster, free_port
from hallapp.services import counter, kiosk, visits
from hallapp.services.feed import follow
from hallapp.services.hall import Hall, look
from hallapp.store.bounded import Bounded, connection_settings
from hallapp.store.db import Store
from hallapp.store.opening import open_postgres
from hallapp.store.postgres import Postgres
from tests.benchmarks.test_queue_speed import KIOSK, medians

pytestmark = pytest.mark.benchmark
ROUNDS, PAUSE, MORNING = 300, 0.002, 100
STATIONS, PROCESSES, SECONDS = 20, 4, 15
RATE, KIOSK_RATE = 0.5, 6.0  # steps a second: more than a clerk's hands do, and the numbers for all of them
CLERK = Clerk("window-1", "0001", 1)


@pytest.fixture(scope="module")
def url(server_folder: Path) -> Iterator[str]:
    cluster = Cluster(server_folder / "speed")
    cluster.init(datetime.now(UTC), port=free_port())
    cluster.start()
    yield cluster.owner_url()
    cluster.stop()


@pytest.fixture
def hall(url: str, catalogue: Any) -> Iterator[Hall]:
    """A hall of its own with a clerk at one window, a morning's visits and some people waiting; the server has counted
    its rows, which it does by itself a minute after they came."""
    store = open_postgres(url, f"load-{uuid4().hex[:8]}")
    made = hall_of(store, 1, catalogue, SystemClock())
    stations_of(made)
    for _ in range(20):
        issue(made)
    for _ in range(MORNING):
        issue(made)
        serve_one(made)
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("ANALYZE")
    yield made
    store.close()


def issue(hall: Hall) -> None:
    kiosk.issue(hall, KIOSK, kiosk.Wish("enrol", request=uuid4().hex), "kiosk")


def round_trips(hall: Hall, work: Callable[[Hall], object]) -> int:
    """How often the driver waits for the server in one step: each time it says that it is ready again."""
    with tempfile.TemporaryFile() as told, closing(hall.store.engine.raw_connection()) as held:
        driver: Any = held.driver_connection
        held.close()  # back to the pool, which hands it out next
        driver.pgconn.trace(told.fileno())
        work(hall)
        driver.pgconn.untrace()
        told.seek(0)
        return told.read().count(b"ReadyForQuery")


def bare(url: str, trips: int) -> Iterator[float]:
    """Seconds of one transaction after another: a durable update and as many trivial prepared statements as make
    ``trips`` round trips, with its begin and its commit; over the same kind of connection as the store's."""
    with Bounded.connect(**connection_settings(url, 60.0)) as db:
        db.allow(600.0)
        db.execute("CREATE TABLE IF NOT EXISTS bare (id int PRIMARY KEY, n int)")
        db.execute("INSERT INTO bare VALUES (1, 0) ON CONFLICT DO NOTHING")
        db.commit()
        while True:
            begun = perf_counter()
            db.execute("UPDATE bare SET n = n + 1 WHERE id = 1", prepare=True)
            for _ in range(trips - 3):
                db.execute("SELECT 1", prepare=True)
            db.commit()
            yield perf_counter() - begun


def issues(hall: Hall) -> Iterator[float]:
    """Seconds of one issue after another; some twenty people wait all the time."""
    while True:
        begun = perf_counter()
        issue(hall)
        yield perf_counter() - begun
        serve_one(hall)


def calls(hall: Hall) -> Iterator[float]:
    """Seconds of one call after another; numbers are issued and visits ended off the clock."""
    while True:
        issue(hall)
        begun = perf_counter()
        counter.call_next(hall, CLERK)
        yield perf_counter() - begun
        counter.arrive(hall, CLERK)
        visits.finish_visit(hall, CLERK)


def serve_one(hall: Hall) -> None:
    counter.call_next(hall, CLERK)
    counter.arrive(hall, CLERK)
    visits.finish_visit(hall, CLERK)


def test_issuing_takes_at_most_two_and_a_half_bare_transactions(hall, url):
    trips = round_trips(hall, issue)
    ours, floor = medians(ROUNDS, issues(hall), bare(url, trips))
    print(f"\nissue {ours * 1e3:.2f} ms, {trips} round trips; bare {floor * 1e3:.2f} ms; ratio {ours / floor:.2f}")
    assert ours <= 2.5 * floor


def test_calling_takes_at_most_two_and_a_half_bare_transactions(hall, url):
    trips = round_trips(hall, lambda hall: counter.call_next(hall, CLERK))
    counter.arrive(hall, CLERK)
    visits.finish_visit(hall, CLERK)
    ours, floor = medians(ROUNDS, calls(hall), bare(url, trips))
    print(f"\ncall {ours * 1e3:.2f} ms, {trips} round trips; bare {floor * 1e3:.2f} ms; ratio {ours / floor:.2f}")
    assert ours <= 2.5 * floor


def work(url: str, hall_id: str, mine: slice, line: Any) -> None:
    """One process of the stations at once; hands back the seconds of their steps."""
    hall, stations = staffed(url, hall_id)
    chance = random.Random(mine.start)
    lanes = [Lane([one], KIOSK_RATE if isinstance(one, Kiosk) else RATE) for one in stations[mine]]
    stopped = Event()

    def run(lane: Lane) -> None:
        sleep(chance.uniform(0, 1 / RATE))  # people do not move in step
        lane.run(stopped, lambda: False, monotonic)

    threads = [Thread(target=run, args=(lane,)) for lane in lanes]
    line.send(None)
    line.recv()
    for thread in threads:
        thread.start()
    sleep(SECONDS)
    stopped.set()
    for thread in threads:
        thread.join()
    found = together(lane.figures for lane in lanes)
    hall.store.close()
    line.send([one for name, times in found.seconds.items() if name not in found.looks for one in times])


def staffed(url: str, hall_id: str) -> tuple[Hall, list[Station]]:
    store = open_postgres(url, hall_id)
    catalogue = load_catalogue(paths.resources() / "catalogues" / "nantong19.toml")
    hall = hall_of(store, STATIONS - 1, catalogue, SystemClock())
    return hall, stations_of(hall)


def at_once(url: str, hall_id: str, shares: list[slice]) -> list[float]:
    """Seconds of the steps of the stations in ``shares``, a process for each."""
    context, lines, processes = get_context("spawn"), [], []
    for mine in shares:
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(url, hall_id, mine, theirs), daemon=True)
        process.start()
        lines.append(ours)
        processes.append(process)
    for line in lines:
        line.recv()
    for line in lines:
        line.send(True)
    steps = [seconds for line in lines for seconds in line.recv()]
    for process in processes:
        process.join()
    return steps


def test_twenty_stations_of_one_hall_keep_each_other_waiting_little(url):
    """Each takes a step every two seconds and looks before it, which is more than people do; the kiosk more."""
    hall_id = f"load-{uuid4().hex[:8]}"
    staffed(url, hall_id)[0].store.close()
    alone, *_ = percentiles(at_once(url, hall_id, [slice(0, 1)]))
    steps = at_once(url, hall_id, [slice(place, None, PROCESSES) for place in range(PROCESSES)])
    middle, late, _ = percentiles(steps)
    print(f"\nalone p50 {alone * 1e3:.1f} ms; {STATIONS} stations, {len(steps) / SECONDS:.0f} steps/s: p50 "
          f"{middle * 1e3:.1f} ms, p95 {late * 1e3:.1f} ms; ratio {late / alone:.2f}")
    assert late <= 6 * alone


class Stamped(Postgres):
    """Has the server note when a step was committed, which is before the step's answer is back."""

    def committing(self, db: Connection, hall_id: str) -> None:
        driver: Any = db.connection.driver_connection
        driver.afterwards(b"SELECT set_config('hall.done', extract(epoch FROM clock_timestamp())::text, false)", ())
        super().committing(db, hall_id)


def seen(hall: Hall, url: str) -> Iterator[float]:
    """Seconds from one commit after another to its event in another station's feed."""
    here = replace(hall, store=Store(hall.store.engine, Stamped(), hall.id, ""))
    there = replace(hall, store=open_postgres(url, hall.id))
    told: Queue[float] = Queue()
    stopped = Event()
    thread = Thread(target=follow, args=(there, stopped, lambda _: told.put(time()), print, print))
    thread.start()
    told.get(timeout=10)
    try:
        while True:
            issue(here)
            with look(here) as db:
                committed = float(db.execute(text("SELECT current_setting('hall.done')")).scalar_one())
            yield told.get(timeout=10) - committed
            sleep(PAUSE)
    finally:
        stopped.set()
        thread.join()
        there.store.close()


def notified(url: str) -> Iterator[float]:
    """Seconds of one bare NOTIFY after another until another connection has heard it and read a row by its key."""
    told: Queue[float] = Queue()
    stopped = Event()

    def listen(db: psycopg.Connection[Any]) -> None:
        while not stopped.is_set():
            for _ in list(db.notifies(timeout=1, stop_after=1)):
                db.execute("SELECT n FROM bare WHERE id = 1", prepare=True).fetchone()
                told.put(perf_counter())

    with psycopg.connect(url, autocommit=True) as ours, psycopg.connect(url, autocommit=True) as theirs:
        ours.execute("CREATE TABLE IF NOT EXISTS bare (id int PRIMARY KEY, n int)")
        ours.execute("INSERT INTO bare VALUES (1, 0) ON CONFLICT DO NOTHING")
        theirs.execute("LISTEN bare")
        thread = Thread(target=listen, args=(theirs,))
        thread.start()
        try:
            while True:
                begun = perf_counter()
                ours.execute("SELECT pg_notify('bare', '')", prepare=True)
                yield told.get(timeout=10) - begun
                sleep(PAUSE)
        finally:
            stopped.set()
            thread.join()


def test_another_station_sees_a_change_within_three_bare_notifications(hall, url):
    ours, floor = medians(ROUNDS, seen(hall, url), notified(url))
    print(f"\nseen {ours * 1e3:.2f} ms, NOTIFY and read {floor * 1e3:.2f} ms; ratio {ours / floor:.2f}")
    assert ours <= 3 * floor
