"""Reads that do not depend on one another, asked together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import local
from typing import Any, Concatenate, ParamSpec, TypeVar

from greenlet import getcurrent, greenlet
from sqlalchemy import Connection

Given = ParamSpec("Given")
Found = TypeVar("Found")


class Reader(greenlet):
    """Does one read after another, and steps aside when that has asked something, until the answer is there.

    Its thread, which lives as long as its station, keeps it for the next: to make a new one costs as much as the read.
    ``read`` is ``None`` meanwhile.
    """

    read: Callable[[], None] | None = None

    def run(self) -> None:
        while self.read is not None and self.parent is not None:
            self.read()
            self.read = None
            _thread.readers.append(self)
            self.parent.switch()


class _Thread(local):
    """``readers`` are those of this thread that have nothing to read."""

    def __init__(self) -> None:
        self.readers: list[Reader] = []


_thread = _Thread()


def answers_needed(wire: Any) -> None:
    """Called where nothing goes on without an answer of ``wire``'s (store.wire)."""
    reader = getcurrent()
    if isinstance(reader, Reader) and reader.parent is not None:
        reader.parent.switch()  # others may have something to ask too
    else:
        wire.answers()


class Together:
    """``ask(read, ...)`` begins a read of the hall's and gives back how to get what it finds.

    On a server, what was begun before somebody wants an answer is asked in one round trip; SQLite answers at once.
    """

    def __init__(self, db: Connection, hall_id: str) -> None:
        self._db, self._hall_id = db, hall_id
        self._open: list[Reader] = []

    def __call__(
        self, read: Callable[Concatenate[Connection, str, Given], Found], *given: Given.args, **named: Given.kwargs
    ) -> Callable[[], Found]:
        if self._db.dialect.name == "sqlite":
            found = read(self._db, self._hall_id, *given, **named)
            return lambda: found
        finds: list[Found] = []
        reader = _thread.readers.pop() if _thread.readers else Reader()
        reader.parent = getcurrent()
        reader.read = lambda: finds.append(read(self._db, self._hall_id, *given, **named))
        self._go_on(reader)
        return partial(self._found, finds)

    def _go_on(self, reader: Reader) -> None:
        reader.switch()
        if reader.read is not None:
            self._open.append(reader)

    def _found(self, finds: list[Found]) -> Found:
        driver: Any = self._db.connection.driver_connection
        while not finds:
            answers_needed(driver)
            begun, self._open = self._open, []
            for reader in begun:
                self._go_on(reader)
        return finds[0]
