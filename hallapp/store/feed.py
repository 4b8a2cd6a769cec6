"""Learning that somebody committed."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

from hallapp.store.db import Store, translated

POLL_SECONDS = 0.05


def wakeups(store: Store, poked: Event, stopped: Event) -> Iterator[None]:
    """Yield once at start and again after every commit that may matter, of any process.

    A wake-up carries no data: the listener reads events after the last seq it
    saw, so a lost or doubled wake-up is harmless. Raises StoreError kinds.
    """
    with translated(store.where), store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        seen = db.exec_driver_sql("PRAGMA data_version").scalar()
        yield
        while not stopped.is_set():
            poked.wait(POLL_SECONDS)
            version = db.exec_driver_sql("PRAGMA data_version").scalar()
            if poked.is_set() or version != seen:
                poked.clear()
                seen = version
                yield
