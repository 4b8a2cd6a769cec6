"""Issuing and calling with silent printers against a hall in whose process no printer is served at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from drivers.escpos import PrinterProfile
from drivers.sim.line import LineFault
from drivers.sim.printer import PrinterSimulator
from hallapp.devices.printers import make_printer
from hallapp.devices.settings import PrinterSettings
from hallapp.devices.worker import Worker
from hallapp.documents.slip_layout import font_file
from hallapp.domain.events import By
from hallapp.services.hall import Hall
from hallapp.services.slips import take_turn
from hallapp.store.opening import open_sqlite
from tests.benchmarks.test_queue_speed import calls, issues, medians, sit_down

pytestmark = pytest.mark.benchmark
ROUNDS = 300


@pytest.fixture
def serve() -> Iterator[object]:
    """``serve(hall, settings)``: a worker for one printer of a hall."""
    running = []

    def start(hall: Hall, settings: PrinterSettings) -> None:
        printer = make_printer(settings, font_file())
        turn = partial(take_turn, hall, By(settings.name), printer, lambda status: None)
        running.append(Worker(settings.name, turn, hall.store.listen(), print, printer.close))
        running[-1].start()

    yield start
    for worker in running:
        worker.close()


@pytest.fixture
def other(hall: Hall, tmp_path: Path, empty_store: Path) -> Iterator[Hall]:
    """A second hall like the first, in a file of its own."""
    shutil.copyfile(empty_store, tmp_path / "other.db")
    store = open_sqlite(tmp_path / "other.db", "h1")
    yield Hall(store, hall.info, hall.rules, hall.windows, hall.catalogue, hall.clock)
    store.close()


def test_silent_printers_delay_neither_a_number_nor_a_call(hall, other, serve):
    with ExitStack() as plugged:
        for name in ("kiosk", "counter"):
            simulator = plugged.enter_context(PrinterSimulator())
            simulator.set(LineFault.SILENT)
            address = f"127.0.0.1:{simulator.port}"
            serve(hall, PrinterSettings(name, "network", address, PrinterProfile()))
        silent_issue, issue = medians(ROUNDS, issues(hall), issues(other))
        silent_call, call = medians(ROUNDS, calls(hall, sit_down(hall)), calls(other, sit_down(other)))
    print(f"\nissue {silent_issue / issue:.3f}, call {silent_call / call:.3f} of what they take without")
    assert silent_issue + silent_call <= 1.1 * (issue + call)
