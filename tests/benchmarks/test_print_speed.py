"""From the tap to the last byte at a network printer, against doing the same by hand."""

from __future__ import annotations

import socket
from statistics import median
from time import perf_counter

import pytest

from drivers.escpos import PrinterProfile
from drivers.sim.printer import PrinterSimulator
from hallapp.devices.printers import PrinterSettings, make_printer
from hallapp.devices.worker import Worker
from hallapp.documents.slip_layout import font_file
from hallapp.documents.ticket_slip import ticket_slip
from hallapp.domain.events import By
from hallapp.services import kiosk
from hallapp.services.printing import open_jobs
from hallapp.services.slips import take_turn
from tests.benchmarks.test_queue_speed import KIOSK, bare_insert

pytestmark = pytest.mark.benchmark
ROUNDS = 60


def test_a_tap_is_on_paper_within_five_floors_and_the_printers_own_time(hall, tmp_path):
    """The floor: a bare durable insert and the same bytes sent to the same simulator over a new connection."""
    with PrinterSimulator() as simulator:
        settings = PrinterSettings("kiosk", "network", f"127.0.0.1:{simulator.port}", PrinterProfile())
        printer = make_printer(settings, font_file())
        bare = next(bare_insert(tmp_path))
        worker = Worker("printer", lambda: take_turn(hall, By("printer"), printer, lambda status: None),
                        hall.store.listen(), print, printer.close)
        worker.start()
        ours, floors, asked = [], [], []
        for _ in range(ROUNDS):
            begun, there = perf_counter(), len(simulator.slips)
            kiosk.issue(hall, KIOSK, kiosk.Wish("enrol"), "kiosk")
            simulator.wait_for_slips(there + 1)
            ours.append(perf_counter() - begun)
            while open_jobs(hall, "kiosk"):
                pass
            hall.clock.advance(seconds=20)
        worker.close()
        slip = simulator.slips[-1]
        for _ in range(ROUNDS):
            begun, there = perf_counter(), len(simulator.slips)
            bare()
            with socket.create_connection(("127.0.0.1", simulator.port)) as line:
                line.sendall(slip)
                simulator.wait_for_slips(there + 1)
            floors.append(perf_counter() - begun)
            begun = perf_counter()
            printer.status()
            asked.append(perf_counter() - begun)
        printer.close()
    taken, floor, reply = median(ours), median(floors), median(asked)
    print(f"\ntap to last byte {taken * 1e3:.1f} ms, floor {floor * 1e3:.2f} ms, replies {reply * 1e3:.1f} ms, "
          f"ratio {(taken - reply) / floor:.1f}")
    assert taken <= 5 * floor + reply


def test_a_tickets_bytes_take_a_tenth_of_the_commit_that_gives_the_number(hall):
    """Every ticket differs, as on any day, in number, people ahead and moment; its materials are printed too."""
    group, item = hall.catalogue.find_group("enrol"), hall.catalogue.find_item("NT02")
    tickets, commits, builds = [], [], []
    for _ in range(ROUNDS * 4):
        begun = perf_counter()
        tickets.append(kiosk.issue(hall, KIOSK, kiosk.Wish("enrol", "NT02"), "kiosk").ticket)
        commits.append(perf_counter() - begun)
        hall.clock.advance(seconds=61)
    for ticket in tickets:
        begun = perf_counter()
        ticket_slip(ticket, group, item, hall.info, hall.rules, PrinterProfile())
        builds.append(perf_counter() - begun)
    print(f"\nissue {median(commits) * 1e3:.2f} ms, slip {median(builds) * 1e6:.0f} us, "
          f"ratio {median(builds) / median(commits):.3f}")
    assert median(builds) <= median(commits) / 10
