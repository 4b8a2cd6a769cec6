"""A record of the last bytes to and from a device, for its maker. Identity data never gets into it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TypeVar

from drivers.errors import DeviceError
from drivers.transport import Transport

LINES = 2000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class WireLine:
    """One write, read or failure. ``sign`` is ``>`` to the device, ``<`` from it, ``!`` a failure."""

    at: datetime
    sign: str
    text: str


class WireLog:
    """The last ``LINES`` lines of one link. Any thread may write or read."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lines: deque[WireLine] = deque(maxlen=LINES)
        self._lock = Lock()

    def write(self, sign: str, text: str) -> None:
        with self._lock:
            self._lines.append(WireLine(self._now(), sign, text))

    def lines(self) -> tuple[WireLine, ...]:
        with self._lock:
            return tuple(self._lines)


class LoggedTransport:
    """A transport whose traffic is written down; ``private``: of what comes in only the number of bytes, because it
    may tell who somebody is."""

    def __init__(self, transport: Transport, log: WireLog, *, private: bool = False) -> None:
        self._transport, self._log, self._private = transport, log, private

    @property
    def can_answer(self) -> bool:
        return self._transport.can_answer

    def open(self) -> None:
        self._told(self._transport.open)

    def write(self, data: bytes) -> None:
        self._log.write(">", as_text(data))
        self._told(lambda: self._transport.write(data))

    def read(self, size: int) -> bytes:
        return self._heard(self._told(lambda: self._transport.read(size)))

    def pending(self) -> bytes:
        return self._heard(self._told(self._transport.pending))

    def close(self) -> None:
        self._transport.close()

    def _heard(self, data: bytes) -> bytes:
        if data:
            self._log.write("<", f"{len(data)} bytes" if self._private else as_text(data))
        return data

    def _told(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except DeviceError as error:
            self._log.write("!", str(error))
            raise


def as_text(data: bytes) -> str:
    """Hexadecimal pairs, then what is printable ASCII of them; long data is cut in the middle."""
    shown = data if len(data) <= 64 else data[:48] + data[-16:]
    signs = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in shown)
    length = "" if shown is data else f"  ({len(data)} bytes, 48 first and 16 last)"
    return f"{shown.hex(' ')}  {signs}{length}"


def written(lines: Iterable[WireLine]) -> str:
    """The lines as the text of a file, moments in UTC with milliseconds."""
    return "".join(f"{one.at.isoformat(timespec='milliseconds')} {one.sign} {one.text}\n" for one in lines)
