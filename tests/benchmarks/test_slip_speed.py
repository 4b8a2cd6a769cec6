"""Building a ticket's bytes against the commit it belongs to."""

from __future__ import annotations

from statistics import median
from time import perf_counter

import pytest

from drivers.escpos import PrinterProfile
from hallapp.documents.ticket_slip import ticket_slip
from hallapp.domain.events import By
from hallapp.services import kiosk

pytestmark = pytest.mark.benchmark
KIOSK, ROUNDS = By("kiosk"), 240


def test_a_tickets_bytes_take_a_tenth_of_the_commit_that_gives_the_number(hall):
    """Every ticket differs, as on any day, in number, people ahead and moment; its materials are printed too."""
    group, item = hall.catalogue.find_group("enrol"), hall.catalogue.find_item("NT02")
    tickets, commits, builds = [], [], []
    for _ in range(ROUNDS):
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
