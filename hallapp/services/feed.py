"""News of the hall: what was committed since, and whether the store is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Event

from hallapp.domain.errors import StoreError
from hallapp.domain.events import HallEvent
from hallapp.services.hall import Hall, look
from hallapp.store import log
from hallapp.store.feed import wakeups

RETRY_SECONDS = 0.5


def follow(
    hall: Hall, stopped: Event, news: Callable[[tuple[HallEvent, ...]], None],
    lost: Callable[[StoreError], None], back: Callable[[], None],
) -> None:
    """Hand every event from now on to ``news``, in order, until ``stopped``; runs in its own thread.

    First comes an empty tuple: from there on nothing is missed, what was read before it is to be re-read.
    ``lost`` is called once when the store stops answering, ``back`` when it answers again; then all events
    since the last one seen follow. Whoever listens to the store in this process is woken up by all of them.
    """
    poked = hall.store.listen()
    seen: int | None = None
    since: date | None = None
    away = False
    while not stopped.is_set():
        try:
            for _ in wakeups(hall.store, poked, stopped):
                if seen is None:
                    with look(hall) as db:
                        seen = log.last_seq(db, hall.id)
                    news(())
                if away:
                    away = False
                    back()
                    hall.store.poke(but=poked)  # printers and signs too have something to catch up with
                while events := _events_after(hall, seen, since):
                    news(events)
                    # at once: if the next look fails, these must not come a second time
                    seen, since = events[-1].seq, events[-1].day
                    hall.store.poke(but=poked)
        except StoreError as error:
            if not away:
                away = True
                lost(error)
            stopped.wait(RETRY_SECONDS)


def _events_after(hall: Hall, seen: int, since: date | None) -> tuple[HallEvent, ...]:
    """Everything after ``seen``, an event of the day ``since``."""
    with look(hall) as db:
        return log.events_after(db, hall.id, seen, since=since)
