"""Learning that somebody committed."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

from hallapp.store.db import Store, translated


def wakeups(store: Store, poked: Event, stopped: Event) -> Iterator[None]:
    """Yield once at start and again after every commit that may matter, of any process.

    A wake-up carries no data: the listener reads events after the last seq it
    saw, so a lost or doubled wake-up is harmless. Raises StoreError kinds.
    """
    with translated(store.kind, store.where):
        yield from store.kind.wakeups(store.engine, store.hall_id, poked, stopped)
