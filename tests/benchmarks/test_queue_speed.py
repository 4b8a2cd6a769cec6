"""Issuing and calling against one bare durable insert, and flat in the size of the store."""

from __future__ import annotations

import shutil
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import text

from hallapp.domain.events import By, Clerk
from hallapp.domain.staff import Staff
from hallapp.services import counter, kiosk, visits
from hallapp.services import staff as staff_service
from hallapp.services.hall import Hall
from hallapp.store.opening import open_sqlite

pytestmark = pytest.mark.benchmark
ROUNDS, TICKETS = 400, 1_000_000
KIOSK = By("kiosk")


def bare_insert(folder: Path) -> Iterator[Callable[[], None]]:
    """One row, committed as durably as the store commits (WAL, synchronous=FULL)."""
    db = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        db.execute(f"PRAGMA {pragma}")
    db.execute("CREATE TABLE ticket (id INTEGER PRIMARY KEY, day TEXT, number TEXT, state TEXT, at TEXT)")
    numbers = count(1)

    def insert() -> None:
        db.execute("BEGIN IMMEDIATE")
        n = next(numbers)
        db.execute("INSERT INTO ticket VALUES (?, '2026-11-23', ?, 'waiting', '2026-11-23 09:00')", (n, f"A{n:03d}"))
        db.execute("COMMIT")

    yield insert
    db.close()


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Callable[[], None]]:
    yield from bare_insert(tmp_path)


def inserts(bare: Callable[[], None]) -> Iterator[float]:
    """Seconds of one bare insert after another."""
    while True:
        begun = perf_counter()
        bare()
        yield perf_counter() - begun


def issues(hall: Hall) -> Iterator[float]:
    """Seconds of one issue after another; some twenty people wait all the time."""
    waiting = deque(kiosk.issue(hall, KIOSK, kiosk.Wish("enrol")).ticket for _ in range(20))
    while True:
        begun = perf_counter()
        waiting.append(kiosk.issue(hall, KIOSK, kiosk.Wish("enrol"), "kiosk").ticket)
        yield perf_counter() - begun
        counter.abandon(hall, KIOSK, waiting.popleft().id)
        hall.clock.advance(seconds=20)


def calls(hall: Hall, clerk: Clerk) -> Iterator[float]:
    """Seconds of one call after another; numbers are issued and visits ended off the clock."""
    while True:
        kiosk.issue(hall, KIOSK, kiosk.Wish("enrol"))
        begun = perf_counter()
        counter.call_next(hall, clerk)
        yield perf_counter() - begun
        counter.arrive(hall, clerk)
        visits.finish_visit(hall, clerk)
        hall.clock.advance(seconds=20)


def medians(rounds: int, *timed: Iterator[float]) -> list[float]:
    """The median of each, taken in turn, so that a busy machine is busy for all."""
    return [median(one) for one in zip(*([next(each) for each in timed] for _ in range(rounds)), strict=True)]


def sit_down(hall: Hall) -> Clerk:
    staff_service.add_staff(hall, KIOSK, Staff("0312", "王芳"), "geheim12")
    staff_service.sign_in(hall, "window-1", "0312", "geheim12", 1)
    return Clerk("window-1", "0312", 1)


def test_issuing_takes_at_most_three_bare_inserts(hall, bare):
    sit_down(hall)
    ours, floor = medians(ROUNDS, issues(hall), inserts(bare))
    print(f"\nissue {ours * 1e3:.2f} ms, bare insert {floor * 1e3:.2f} ms, ratio {ours / floor:.2f}")
    assert ours <= 3 * floor


def test_calling_takes_at_most_four_bare_inserts(hall, bare):
    ours, floor = medians(ROUNDS, calls(hall, sit_down(hall)), inserts(bare))
    print(f"\ncall {ours * 1e3:.2f} ms, bare insert {floor * 1e3:.2f} ms, ratio {ours / floor:.2f}")
    assert ours <= 4 * floor


@pytest.fixture
def full_hall(hall: Hall, tmp_path: Path, empty_store: Path) -> Iterator[Hall]:
    """A hall with a million tickets of past days, closed, put straight into the tables."""
    path = tmp_path / "full.db"
    shutil.copyfile(empty_store, path)
    store = open_sqlite(path, hall.id)
    with store.engine.connect() as db:
        db.execute(text(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last) "
            "INSERT INTO ticket (hall_id, id, day, number, prefix, serial, \"group\", priority, state, issued_at, "
            "rank_at, station, ahead, returns) "
            "SELECT :hall, -i - 1, date('2000-01-01', '+' || (i / 300) || ' days'), 'A' || (i % 300), 'A', i % 300, "
            "'enrol', 0, 'done', '2000-01-01 01:00:00', '2000-01-01 01:00:00', 'kiosk', 0, 0 FROM n"
        ), {"hall": hall.id, "last": TICKETS - 1})
        db.commit()
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    yield replace(hall, store=store)
    store.close()


def test_a_million_tickets_make_nothing_slower(hall, full_hall):
    full_issue, empty_issue = medians(ROUNDS, issues(full_hall), issues(hall))
    full_call, empty_call = medians(ROUNDS, calls(full_hall, sit_down(full_hall)), calls(hall, sit_down(hall)))
    issue_ratio, call_ratio = full_issue / empty_issue, full_call / empty_call
    print(f"\nwith {TICKETS:,} tickets: issue x{issue_ratio:.2f}, call x{call_ratio:.2f}")
    assert issue_ratio <= 1.2
    assert call_ratio <= 1.2
