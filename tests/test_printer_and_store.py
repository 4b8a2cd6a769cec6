"""A printer's worker while the store is away."""

from queue import Queue

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from drivers.escpos import PAPER_80
from drivers.sim.printer import PrinterSimulator
from hallapp.app.printers import ServedPrinter
from hallapp.devices.settings import PrinterSettings
from hallapp.domain.events import By
from hallapp.services import kiosk, printing

SOON = 10


@pytest.fixture
def simulator():
    with PrinterSimulator() as simulated:
        yield simulated


def test_it_waits_for_the_store_as_for_anything_expected_and_goes_on_when_it_is_back(hall, simulator):
    failures, refused, away = [], Queue(), [True]

    def lose(_db):
        if away:
            refused.put(True)
            raise DBAPIError("BEGIN", None, Exception("gone"))

    settings = PrinterSettings("kiosk", "network", f"127.0.0.1:{simulator.port}", PAPER_80)
    heard = Queue()
    printer = ServedPrinter(hall, settings, heard.put, lambda _: None, failures.append)
    kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol"), "kiosk")
    event.listen(hall.store.engine, "begin", lose)
    printer.worker.start()
    try:
        refused.get(timeout=SOON)
        away.clear()
        hall.store.poke()  # as the feed does
        heard.get(timeout=SOON)
    finally:
        printer.worker.close()
    assert printing.open_jobs(hall) == ()
    assert failures == []
