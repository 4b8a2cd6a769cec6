"""Halls made for a load: known by their ids, staffed, and taken away again."""

from __future__ import annotations

from sqlalchemy import delete

from hallapp.domain.catalogue import Catalogue
from hallapp.domain.clock import Clock
from hallapp.domain.events import By, Clerk, Kind
from hallapp.domain.rules import HallInfo, Rules, Window
from hallapp.domain.staff import Session, Staff
from hallapp.load.stations import Counter, Kiosk, Station
from hallapp.services.hall import Hall, look, step
from hallapp.store import people, tables
from hallapp.store.db import Store, translated
from hallapp.store.rows import added

PREFIX = "load-"
SETUP = By("load")
WAITING_A_COUNTER = 2


def hall_ids(count: int) -> tuple[str, ...]:
    return tuple(f"{PREFIX}{number:04d}" for number in range(1, count + 1))


def hall_of(store: Store, counters: int, catalogue: Catalogue, clock: Clock) -> Hall:
    every = frozenset(group.code for group in catalogue.groups)
    windows = tuple(Window(number, every) for number in range(1, counters + 1))
    return Hall(store, HallInfo(store.hall_id, store.hall_id), Rules(), windows, catalogue, clock)


def stations_of(hall: Hall) -> list[Station]:
    """Its kiosk, and a counter for each window with its clerk seated; for them no password is made, so nobody else
    can sign in there."""
    items = tuple(code for group in hall.catalogue.groups for code in group.items)
    made: list[Station] = [Kiosk(hall, By("kiosk"), WAITING_A_COUNTER * len(hall.windows))]
    for window in hall.windows:
        by = Clerk(f"window-{window.number}", f"{window.number:04d}", window.number)
        _seat(hall, by)
        made.append(Counter(hall, by, items))
    return made


def _seat(hall: Hall, by: Clerk) -> None:
    with look(hall) as db:
        employed, seated = people.staff(db, hall.id, by.staff), people.session_at(db, hall.id, by.window)
    if employed is None:
        with step(hall) as doing:
            doing.record(Kind.STAFF_ADDED, SETUP, [added(Staff(by.staff, by.staff))], data={"number": by.staff})
    if seated is None:
        with step(hall) as doing:
            doing.record(Kind.SIGNED_IN, by, [added(Session(by.window, by.staff, doing.now))])


def remove(store: Store) -> None:
    """Everything of ``store``'s hall, which must be one of these."""
    assert store.hall_id.startswith(PREFIX)
    with translated(store.kind, store.where), store.engine.connect().execution_options(writes=True) as db, db.begin():
        for table in reversed(tables.metadata.sorted_tables):
            db.execute(delete(table).where(table.c.hall_id == store.hall_id))
