"""A scanner on a serial line or USB-CDC: it sends what it read, ended by CR, LF, both, or by silence.

It takes no commands here, so a scanner that is silent and one that was switched off look alike; only a line that
cannot be opened or breaks is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from drivers.errors import DeviceError
from drivers.transport import Transport

LONGEST = 512  # bytes of one text; no code of use is longer
_ENDS = re.compile(rb"[\r\n]")
_SYMBOLOGY = re.compile(r"\][A-Za-z]\d")  # AIM identifier, ISO/IEC 15424
_FRAME = "".join(map(chr, range(0x21)))  # STX, ETX, GS, blanks: put around a text by some settings


class SerialScanner:
    """Reads one text after another. The transport's time-out is the silence that ends a text without CR or LF."""

    @dataclass(frozen=True, slots=True)
    class Settings:
        """There is nothing to set."""

    baudrate: ClassVar[int] = 9600
    can_answer: ClassVar[bool] = False

    def __init__(self, transport: Transport, settings: Settings | None = None) -> None:
        self._transport = transport
        self._pending = b""

    def read(self) -> str | None:
        """The next text, without AIM identifier and signs around it; ``None`` if none came within the time-out.

        A text longer than LONGEST is cut; bytes that are no ASCII become U+FFFD. Raises Unreachable.
        """
        while not _ENDS.search(self._pending):
            data = self._more()
            if not data:
                whole, self._pending = self._pending, b""
                return _text(whole)
            self._pending = _bounded(self._pending + data)
        whole, self._pending = _ENDS.split(self._pending, maxsplit=1)
        return _text(whole)

    def check(self) -> None:
        """Whether the line is there. Raises Unreachable."""
        self._transport.open()

    def _more(self) -> bytes:
        try:
            return self._transport.read(256)
        except DeviceError:
            self._pending = b""  # what came before the line broke belongs to nothing after it
            raise


def _bounded(data: bytes) -> bytes:
    """The first LONGEST bytes of the text under way; of the texts after it nothing is lost."""
    end = _ENDS.search(data)
    if end:
        return data[: min(end.start(), LONGEST)] + data[end.start() :]
    return data[:LONGEST]


def _text(line: bytes) -> str | None:
    """The line as text; ``None`` for an empty one, such as between CR and LF."""
    text = line.decode("ascii", "replace").strip(_FRAME)
    found = _SYMBOLOGY.match(text)
    return text[found.end() :].strip(_FRAME) or None if found else text or None
