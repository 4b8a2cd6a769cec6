"""Wake-ups: once at start, then after every commit of this or another process."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from threading import Event

from hallapp.domain.events import By, Kind
from hallapp.store import log
from hallapp.store.db import writing
from hallapp.store.feed import wakeups


def test_a_listener_wakes_at_start_and_after_this_processs_commits(store):
    stopped = Event()
    woken = wakeups(store, store.listen(), stopped)
    next(woken)
    with writing(store) as write:
        log.record(write, Kind.DAY_CLOSED, By("x"), datetime.now(UTC), date(2026, 11, 23), [])
    next(woken)
    stopped.set()
    assert next(woken, "over") == "over"


def test_a_listener_wakes_after_another_connections_commit(store, store_path):
    stopped = Event()
    woken = wakeups(store, Event(), stopped)
    next(woken)
    with closing(sqlite3.connect(store_path)) as other, other:
        other.execute("UPDATE hall SET seq = seq + 1")
    next(woken)
    stopped.set()
    assert list(woken) == []
