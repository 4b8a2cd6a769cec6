"""Issuing and calling against one bare durable insert, and flat in the size of the store."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
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

pytestmark = pytest.mark.benchmark
ROUNDS = 400
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


def timed_issues(hall: Hall, bare: Callable[[], None], rounds: int) -> tuple[float, float]:
    """Median seconds of an issue and of a bare insert, in turn; some twenty people wait all the time."""
    issues, floors = [], []
    waiting = deque(kiosk.issue(hall, KIOSK, kiosk.Wish("enrol")).ticket for _ in range(20))
    for _ in range(rounds):
        begun = perf_counter()
        waiting.append(kiosk.issue(hall, KIOSK, kiosk.Wish("enrol"), "kiosk").ticket)
        issues.append(perf_counter() - begun)
        begun = perf_counter()
        bare()
        floors.append(perf_counter() - begun)
        counter.abandon(hall, KIOSK, waiting.popleft().id)
        hall.clock.advance(seconds=20)
    return median(issues), median(floors)


def clear_window(hall: Hall, clerk: Clerk) -> None:
    counter.arrive(hall, clerk)
    visits.finish_visit(hall, clerk)


def timed_calls(hall: Hall, clerk: Clerk, bare: Callable[[], None], rounds: int) -> tuple[float, float]:
    """Median seconds of a call and of a bare insert; numbers are issued and visits ended off the clock."""
    calls, floors = [], []
    for _ in range(rounds):
        kiosk.issue(hall, KIOSK, kiosk.Wish("enrol"))
        begun = perf_counter()
        counter.call_next(hall, clerk)
        calls.append(perf_counter() - begun)
        begun = perf_counter()
        bare()
        floors.append(perf_counter() - begun)
        clear_window(hall, clerk)
        hall.clock.advance(seconds=20)
    return median(calls), median(floors)


@pytest.fixture
def clerk(hall: Hall) -> Clerk:
    staff_service.add_staff(hall, KIOSK, Staff("0312", "王芳"), "geheim12")
    staff_service.sign_in(hall, "window-1", "0312", "geheim12", 1)
    return Clerk("window-1", "0312", 1)


def test_issuing_takes_at_most_three_bare_inserts(hall, clerk, bare):
    ours, floor = timed_issues(hall, bare, ROUNDS)
    print(f"\nissue {ours * 1e3:.2f} ms, bare insert {floor * 1e3:.2f} ms, ratio {ours / floor:.2f}")
    assert ours <= 3 * floor


def test_calling_takes_at_most_four_bare_inserts(hall, clerk, bare):
    ours, floor = timed_calls(hall, clerk, bare, ROUNDS)
    print(f"\ncall {ours * 1e3:.2f} ms, bare insert {floor * 1e3:.2f} ms, ratio {ours / floor:.2f}")
    assert ours <= 4 * floor


def fill(hall: Hall, tickets: int) -> None:
    """A million tickets of past days, closed, straight into the tables."""
    with hall.store.engine.connect() as db:
        db.execute(text(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last) "
            "INSERT INTO ticket (hall_id, id, day, number, prefix, serial, \"group\", priority, state, issued_at, "
            "rank_at, station, ahead, returns) "
            "SELECT :hall, -i - 1, date('2000-01-01', '+' || (i / 300) || ' days'), 'A' || (i % 300), 'A', i % 300, "
            "'enrol', 0, 'done', '2000-01-01 01:00:00', '2000-01-01 01:00:00', 'kiosk', 0, 0 FROM n"
        ), {"hall": hall.id, "last": tickets - 1})
        db.commit()


def test_a_million_tickets_make_nothing_slower(hall, clerk, bare):
    empty_issue, before = timed_issues(hall, bare, 150)
    empty_call, before_call = timed_calls(hall, clerk, bare, 150)
    fill(hall, 1_000_000)
    full_issue, after = timed_issues(hall, bare, 150)
    full_call, after_call = timed_calls(hall, clerk, bare, 150)
    issue_ratio = (full_issue / after) / (empty_issue / before)
    call_ratio = (full_call / after_call) / (empty_call / before_call)
    print(f"\nwith 1,000,000 tickets: issue x{issue_ratio:.2f}, call x{call_ratio:.2f}")
    assert issue_ratio <= 1.2
    assert call_ratio <= 1.2
