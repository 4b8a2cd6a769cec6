"""The store and its two kinds of transaction, the same on every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock
from typing import Any, Protocol
from weakref import WeakSet

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from hallapp.domain.errors import StoreError
from hallapp.domain.presence import Sign
from hallapp.store.rows import Change

GENESIS = bytes(32)  # what the first event's hash follows
STEP_SECONDS = 2.5  # that a station's step or look waits for a server in all: then the store is away
LONG_SECONDS = 600.0  # the same for the owner's work: upgrades, moves, imports, reports over many halls
NEXT = "UPDATE hall SET seq = seq + 1 WHERE hall_id = :hall RETURNING seq, head"


class Kind(Protocol):
    """What differs between the engines (store.sqlite, store.postgres)."""

    def begin(self, db: Connection, hall_id: str) -> tuple[int, bytes | None, datetime | None]:
        """Bump the hall's row, which makes the writers of a hall queue up; the new seq, the last event's hash, and the
        moment, if the server's clock is the hall's."""

    def hasten(self, db: Connection, answers: bool) -> None:
        """Have a server begin with what it was told so far in ``db``'s transaction, and send its ``answers`` if anybody
        needs them; this process goes on meanwhile."""

    def append(self, db: Connection, row: dict[str, Any]) -> None:
        """Insert a row of the event table and keep its hash as the hall's head, in as few round trips as can be."""

    def committing(self, db: Connection, hall_id: str) -> None:
        """Have other processes woken up as soon as ``db``'s transaction, which ends now, is committed."""

    def wakeups(self, engine: Engine, hall_id: str, poked: Event, stopped: Event) -> Iterator[None]:
        """As store.feed.wakeups."""

    def signs(self, engine: Engine) -> tuple[Sign, ...]:
        """Of all programs at the store that are at work, this one's own first; none where one PC has it for itself.
        Raises DBAPIError."""

    def failure(self, error: BaseException) -> type[StoreError]:
        """The expected failure behind the driver's error."""


@dataclass(frozen=True, slots=True, eq=False)
class Store:
    """An open store of one hall. Threads may share it; every transaction takes its own connection."""

    engine: Engine
    kind: Kind
    hall_id: str
    where: str
    writer: Engine = field(init=False)  # the same for write transactions
    _listeners: WeakSet[Event] = field(default_factory=WeakSet)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        object.__setattr__(self, "writer", self.engine.execution_options(writes=True))

    def listen(self) -> Event:
        """An event that is set after every commit of this process, and of others as soon as its feed hears of them, for
        as long as somebody holds it."""
        poked = Event()
        with self._lock:
            self._listeners.add(poked)
        return poked

    def poke(self, but: Event | None = None) -> None:
        with self._lock:
            for poked in self._listeners:
                if poked is not but:
                    poked.set()

    def close(self) -> None:
        self.engine.dispose()


@dataclass(slots=True)
class Write:
    """A write transaction, the seq that its one event carries, the hash of the event before, and the server's moment.

    ``changes`` were made so far. ``then`` is called right after the commit, before anybody else learns of it.
    """

    db: Connection
    kind: Kind
    hall_id: str
    seq: int
    head: bytes
    moment: datetime | None
    changes: list[Change] = field(default_factory=list)
    recorded: bool = False
    then: Callable[[], None] | None = None


@contextmanager
def writing(store: Store) -> Iterator[Write]:
    """One write transaction, which must record exactly one event.

    The hall's row is bumped first, so writers queue up behind one another on
    every engine and seq order is commit order. Raises StoreError kinds.
    """
    with translated(store.kind, store.where), store.writer.connect() as db:
        with db.begin():
            seq, head, moment = store.kind.begin(db, store.hall_id)
            write = Write(db, store.kind, store.hall_id, seq, GENESIS if head is None else bytes(head), moment)
            yield write
            if not write.recorded:
                raise AssertionError("a write transaction must record an event")
            store.kind.committing(db, store.hall_id)
        if write.then:
            write.then()
        store.poke()


@contextmanager
def reading(store: Store) -> Iterator[Connection]:
    """One read transaction: all its reads see the same moment. Raises StoreError kinds."""
    with translated(store.kind, store.where), store.engine.connect() as db, db.begin():
        yield db


@contextmanager
def translated(kind: Kind, where: str) -> Iterator[None]:
    """Database failures as StoreError kinds; broken constraints stay IntegrityError (a bug elsewhere)."""
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise kind.failure(error.orig or error)(where, str(error.orig or error)) from error
