"""One process of a load: its share of the halls over a few connections of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from threading import Event

from sqlalchemy.exc import IntegrityError

from hallapp import paths
from hallapp.app.hall import SystemClock
from hallapp.domain.catalogue_file import load_catalogue
from hallapp.domain.errors import HallError, StoreError
from hallapp.load.figures import Figures, together
from hallapp.load.halls import hall_of, stations_of
from hallapp.load.stations import Station
from hallapp.store.opening import beside, open_postgres

TOLD_SECONDS = 1.0
RETRY_SECONDS = 0.1  # a server that is away is not asked at once again
CATALOGUE = "nantong19.toml"


@dataclass(frozen=True, slots=True)
class Share:
    """What one process is to do: ``lanes`` threads, each with a connection and its part of the stations.

    ``seconds`` and ``steps`` end it, whichever comes first; ``rate`` is in steps a second, ``None``: as many as go.
    """

    url: str
    hall_ids: tuple[str, ...]
    counters: int
    lanes: int
    seconds: float
    steps: int | None = None
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A process's figures, and the seconds from the start signal to its last answer."""

    figures: Figures
    seconds: float


@dataclass(slots=True)
class Lane:
    """One thread: its stations take turns, at most ``rate`` steps a second."""

    stations: list[Station]
    rate: float | None = None
    figures: Figures = field(default_factory=Figures)

    def run(self, stopped: Event, enough: Callable[[], bool], now: Callable[[], float]) -> None:
        begun, idle = now(), False
        while True:
            for station in self.stations:
                if self.rate is not None:  # after a turn without a step too: else a rate would end in looks only
                    due = begun + self.figures.steps / self.rate - now()
                    stopped.wait(max(due, 1 / self.rate if idle else 0.0))
                if stopped.is_set() or enough():
                    return
                before = self.figures.steps
                self._turn(station, stopped)
                idle = self.figures.steps == before

    def _turn(self, station: Station, stopped: Event) -> None:
        try:
            station.turn(self.figures)
        except (HallError, IntegrityError) as error:
            self.figures.errors[type(error).__name__] += 1
            if isinstance(error, StoreError):
                stopped.wait(RETRY_SECONDS)


def work(share: Share, line: Connection) -> None:
    """Make the halls, say ``True``, wait for a word, work; then numbers of steps so far, and in the end a Done."""
    catalogue, clock = load_catalogue(paths.resources() / "catalogues" / CATALOGUE), SystemClock()
    store = open_postgres(share.url, share.hall_ids[0])
    try:
        halls = [hall_of(beside(store, one), share.counters, catalogue, clock) for one in share.hall_ids]
        stations = [station for hall in halls for station in stations_of(hall)]
        lanes = [
            Lane(stations[place::share.lanes], share.rate and share.rate / share.lanes)
            for place in range(min(share.lanes, len(stations)))
        ]
        line.send(True)
        line.recv()
        line.send(_drive(lanes, share, line))
    finally:
        store.close()


def _drive(lanes: list[Lane], share: Share, line: Connection) -> Done:
    def steps() -> int:
        return sum(lane.figures.steps for lane in lanes)

    def enough() -> bool:
        return share.steps is not None and steps() >= share.steps

    stopped, begun = Event(), time.monotonic()
    with ThreadPoolExecutor(len(lanes)) as pool:
        running: set[Future[None]] = {pool.submit(lane.run, stopped, enough, time.monotonic) for lane in lanes}
        try:
            while running and (left := begun + share.seconds - time.monotonic()) > 0:
                done, running = wait(running, min(TOLD_SECONDS, left), FIRST_EXCEPTION)
                for one in done:
                    one.result()
                line.send(steps())
        finally:
            stopped.set()
    for one in running:
        one.result()
    return Done(together(lane.figures for lane in lanes), time.monotonic() - begun)
