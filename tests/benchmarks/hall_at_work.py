"""A hall's program at work in a process of its own, told by lines what to do: with its devices, windows and threads.

Started with the data folder; says ``ready``, then for each line ``issue``, ``call`` or ``slip`` the seconds it took."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

from PySide6.QtWidgets import QApplication

from hallapp.app.hall import CONFIG, open_hall
from hallapp.app.station import Station
from hallapp.domain.events import By
from hallapp.services import counter, kiosk, visits
from hallapp.services.hall import Hall, look
from hallapp.store import log
from hallapp.ui import theme
from tests.benchmarks.test_queue_speed import sit_down

REST = 0.15  # seconds between two visitors, in which windows and printers get done with the last one
KIOSK = By("kiosk")
HALL = """
[hall]
id = "hall"
name = "上冈镇为民服务中心"
[[window]]
number = 1
[[window]]
number = 2
[[window]]
number = 3
"""


class HallProcess:
    """The process, as the measuring one sees it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout
        assert self._out.readline() == "ready\n"

    def does(self, what: str) -> float:
        """Have it done once; the seconds it took."""
        print(what, file=self._in, flush=True)
        return float(self._out.readline())


@contextmanager
def hall_at_work(folder: Path, tables: str) -> Iterator[HallProcess]:
    """A hall of three windows with these further ``tables`` of hall.toml."""
    folder.mkdir()
    (folder / CONFIG).write_text(f"{HALL}\n{tables}", encoding="utf-8")
    command = [sys.executable, "-m", "tests.benchmarks.hall_at_work", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield HallProcess(process)
        finally:
            process.kill()


class Visitors:
    """Does what it is told on the standard input, as the store's thread of a station would."""

    def __init__(self, hall: Hall) -> None:
        self._hall, self._clerk, self._poked = hall, sit_down(hall), hall.store.listen()

    def serve(self) -> None:
        for _ in range(20):  # some twenty people wait all the time
            self._issue("")
        print("ready", flush=True)
        for line in sys.stdin:
            Event().wait(REST)
            print({"issue": self.issue, "call": self.call, "slip": self.slip}[line.strip()](), flush=True)

    def issue(self) -> float:
        return self._issue("kiosk")

    def call(self) -> float:
        begun = perf_counter()
        counter.call_next(self._hall, self._clerk)
        took = perf_counter() - begun
        counter.arrive(self._hall, self._clerk)
        visits.finish_visit(self._hall, self._clerk)
        return took

    def slip(self) -> float:
        """Until the printer has confirmed it."""
        with look(self._hall) as db:
            before = log.last_seq(db, self._hall.id)
        begun = perf_counter()
        self._issue("kiosk")
        while True:
            self._poked.wait()
            self._poked.clear()
            took = perf_counter() - begun
            with look(self._hall) as db:
                if any(event.kind == "printed" for event in log.events_after(db, self._hall.id, before)):
                    return took

    def _issue(self, printer: str) -> float:
        begun = perf_counter()
        kiosk.issue(self._hall, KIOSK, kiosk.Wish("enrol"), printer)
        return perf_counter() - begun


def main(folder: Path) -> None:
    qt = QApplication([])
    theme.apply(qt)
    hall, config = open_hall(folder)
    with Station(hall, config) as station:
        station.open("hall", 1)
        Thread(target=Visitors(hall).serve, daemon=True).start()
        qt.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
