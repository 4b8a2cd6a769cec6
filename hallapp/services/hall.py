"""The hall as the services see it: its store, its rules, its clock; and the frame of every write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from hallapp.domain.appointment import AppointmentTimes
from hallapp.domain.catalogue import Catalogue
from hallapp.domain.clock import Clock, business_day
from hallapp.domain.errors import BadInput
from hallapp.domain.events import By, HallEvent, Kind
from hallapp.domain.handling import Visit
from hallapp.domain.rules import HallInfo, Rules, Window
from hallapp.domain.ticket import Ticket
from hallapp.store import db as store_db
from hallapp.store import log, queue
from hallapp.store.db import Store
from hallapp.store.rows import Change
from hallapp.store.together import Together


@dataclass(frozen=True, slots=True)
class Hall:
    """Everything a service function needs to know of the hall. Without ``appointment_times`` it takes none."""

    store: Store
    info: HallInfo
    rules: Rules
    windows: tuple[Window, ...]
    catalogue: Catalogue
    clock: Clock
    appointment_times: AppointmentTimes | None = None

    @property
    def id(self) -> str:
        return self.info.id

    def today(self) -> date:
        return business_day(self.clock.now(), self.rules.zone)

    def window(self, number: int) -> Window:
        """The window of that number; raises BadInput."""
        for window in self.windows:
            if window.number == number:
                return window
        raise BadInput("window")


@dataclass(frozen=True, slots=True)
class Step:
    """One write transaction at one moment. ``facts`` go into its event beside what its own code says of it."""

    hall: Hall
    write: store_db.Write
    now: datetime
    day: date
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def db(self) -> Connection:
        return self.write.db

    @property
    def id(self) -> int:
        """The seq of this step's event: the id of whatever it creates."""
        return self.write.seq

    @property
    def ask(self) -> Together:
        """For reads of this step that do not depend on one another."""
        return Together(self.db, self.hall.id)

    def hasten(self) -> None:
        """Have a server answer what was asked so far; this process goes on meanwhile."""
        self.write.kind.hasten(self.db, answers=True)

    def change(self, *changes: Change) -> None:
        """Changes of this step that need no answer of a server's: it may make them while this process goes on."""
        log.change(self.write, changes)

    def ticket_of(self, visit: Visit) -> Ticket | None:
        """The visit's ticket; ``None``: somebody came without a number."""
        return queue.ticket(self.db, self.hall.id, visit.ticket_id) if visit.ticket_id else None

    def require_new(self, request: str | None) -> None:
        """Raises Known if an earlier try of the same wish was committed and only its answer got lost."""
        event = log.by_request(self.db, self.hall.id, request, self.day) if request else None
        if event is not None:
            raise Known(event)

    def record(
        self, kind: Kind, by: By, changes: Sequence[Change], *, ticket: Ticket | None = None,
        visit_id: int | None = None, data: dict[str, Any] | None = None, request: str | None = None,
    ) -> None:
        log.record(
            self.write, kind, by, self.now, self.day, changes, ticket_id=ticket.id if ticket else None,
            visit_id=visit_id, number=ticket.number if ticket else None,
            data={**(data or {}), **self.facts}, request=request,
        )


class Known(Exception):
    """The wish was fulfilled before, by ``event``; leaves the transaction without a trace."""

    def __init__(self, event: HallEvent) -> None:
        self.event = event


@contextmanager
def step(hall: Hall) -> Iterator[Step]:
    """The transaction of one user action; the moment is taken once the hall's row is held, so time follows seq."""
    with store_db.writing(hall.store) as write:
        now = write.moment or hall.clock.now()
        yield Step(hall, write, now, business_day(now, hall.rules.zone))


@contextmanager
def look(hall: Hall) -> Iterator[Connection]:
    """All reads of one view, seeing the same moment."""
    with store_db.reading(hall.store) as db:
        yield db
