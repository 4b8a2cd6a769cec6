"""Reads that do not depend on one another, asked together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from greenlet import getcurrent, greenlet
from sqlalchemy import Connection

Given = ParamSpec("Given")
Found = TypeVar("Found")


class Reader(greenlet):
    """A read that steps aside when it has asked something, until the answer is there."""


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
        finds: list[Found] = []
        begun = Reader(lambda: finds.append(read(self._db, self._hall_id, *given, **named)))
        begun.switch()
        self._open.append(begun)
        return partial(self._found, finds)

    def _found(self, finds: list[Found]) -> Found:
        driver: Any = self._db.connection.driver_connection
        while not finds:
            answers_needed(driver)
            for reader in self._open:
                reader.switch()
            self._open = [reader for reader in self._open if not reader.dead]
        return finds[0]
