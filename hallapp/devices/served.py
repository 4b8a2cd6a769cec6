"""The devices that this process serves, for the people who look after them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from drivers.wire import WireLine, WireLog, written

SHOWN_LINES = 200


@dataclass(frozen=True, slots=True)
class Served:
    """``name`` and ``kind`` as in its DeviceStatus; ``about``: driver and address as in hall.toml. ``try_out`` lets the
    device show itself and report how it is, in its own thread, and is ``None`` while it rests because nobody uses it;
    ``log`` is what went over its line, if it has one."""

    name: str
    kind: str
    about: str
    try_out: Callable[[], None] | None
    log: WireLog | None = None

    def wire(self) -> tuple[WireLine, ...]:
        """The newest lines, oldest first."""
        return self.log.lines()[-SHOWN_LINES:] if self.log else ()

    def wire_file(self) -> bytes:
        """All that is kept, as a text file for the maker; identity data was never in it."""
        return written(self.log.lines()).encode() if self.log else b""
