"""The simulated devices as programs of their own, at work with a hall's windows: what people do to them arrives."""

import logging
import re
import subprocess
import sys
from contextlib import ExitStack
from datetime import date
from threading import Thread

import pytest
from PySide6.QtWidgets import QLabel

from drivers.sim.reader import made_up
from hallapp.domain.codes import TicketCode
from hallapp.domain.events import By, Clerk
from hallapp.services import counter, kiosk, visits
from hallapp.services.hall import look
from hallapp.store import ratings
from tests.conftest import PASSWORD, whole_station
from tests.system.conftest import ROOT

TABLES = """
[reader]
driver = "sdt"
link = "{reader}"
[scanner.kiosk]
driver = "serial"
link = "{scanner}"
[rater]
driver = "keypad"
link = "{keypad}"
[rater.keys]
"01" = 5
"02" = 4
"""
CREDENTIAL = "4241234567890123456789320000"


class Program:
    """``hallapp sim NAME``; what it answers is read away."""

    def __init__(self, name, *more):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hallapp", "sim", name, *more], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._reading = Thread(target=self._process.stdout.read)
        self.link = ""

    def __enter__(self):
        self._process.stdout.readline()
        self.link = re.search(r'"(tcp://[^"]+)"', self._process.stdout.readline())[1]
        self._reading.start()
        return self

    def __exit__(self, *_error):
        self._process.stdin.close()
        self._process.wait()
        self._reading.join()
        self._process.stdout.close()

    def type(self, words):
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()


@pytest.fixture(scope="module")
def programs():
    """Made all at once: each takes its time to start."""
    with ExitStack() as running:
        made = {name: Program(name, *more) for name, more in {
            "reader": (), "scanner": (), "keypad": ("--address", "0")}.items()}
        for one in made.values():
            running.enter_context(one)
        yield made


@pytest.fixture
def station(qtbot, themed, tmp_path, programs):
    """Counter and kiosk of a hall with a clerk, with the simulated devices in its hall.toml."""
    tables = TABLES.format(**{name: one.link for name, one in programs.items()})
    with whole_station(tmp_path, tables, 2) as running:
        well = {"reader", "scanner-kiosk"}
        qtbot.waitUntil(lambda: well <= {light.name for light in running.lights.current()}, timeout=10_000)
        yield running


def shown(window):
    return "　".join(label.text() for label in window.findChildren(QLabel) if label.isVisibleTo(window))


def rating_of(hall, visit):
    with look(hall) as db:
        return ratings.rating(db, hall.id, visit.id)


def test_a_key_of_the_pad_is_stored_with_the_visit_that_has_just_ended_and_a_second_one_is_not(
    station, programs, qtbot
):
    hall, shell = station.hall, station.windows[0]
    shell.page.sign_in_requested.emit("0312", PASSWORD, 2, False)
    qtbot.waitUntil(lambda: shell.currentWidget() is not shell.page, timeout=10_000)
    clerk = Clerk("window-2", "0312", 2)
    kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol"))
    counter.call_next(hall, clerk)
    counter.arrive(hall, clerk)
    visit = visits.finish_visit(hall, clerk)
    qtbot.waitUntil(lambda: "正在请群众评价" in shown(shell), timeout=10_000)
    programs["keypad"].type("press 02\npress 01")
    qtbot.waitUntil(lambda: "已评价" in shown(shell), timeout=10_000)
    assert rating_of(hall, visit).level == 4


def test_a_card_of_an_elderly_person_offers_the_lane_and_leaves_no_trace(station, programs, qtbot, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    window, card = station.windows[1], made_up(born=date(1950, 1, 2))
    programs["reader"].type("lay 19500102")
    qtbot.waitUntil(lambda: "您可以走优先通道，现在进入吗？" in shown(window), timeout=10_000)
    programs["reader"].type("lift")
    programs["scanner"].type(f"scan {CREDENTIAL}")
    qtbot.waitUntil(lambda: "这是医保电子凭证" in shown(window), timeout=10_000)
    wires = [one.wire_file() for one in station._served if one.kind in ("reader", "scanner")]
    assert all(wires)
    files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    told = [*files, *wires, *(text.encode() for text in (caplog.text, shown(window)))]
    for secret in (card.number, card.name, card.address, "19500102", "1950-01-02", CREDENTIAL):
        for encoding in ("utf-8", "utf-16-le", "gb18030"):
            raw = secret.encode(encoding)
            assert not any(raw in text or raw.hex(" ").encode() in text for text in told), (secret, encoding)


def test_a_ticket_scanned_at_the_kiosk_is_told_where_it_stands(station, programs, qtbot):
    hall, window = station.hall, station.windows[1]
    ticket = kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol")).ticket
    programs["scanner"].type(f"scan {TicketCode(ticket.day, ticket.number)}")
    qtbot.waitUntil(lambda: f"{ticket.number}　等候中" in shown(window), timeout=10_000)
