"""A simulated rating pad, on the bus or alone."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from drivers.bus485 import Frame, FrameReader
from drivers.raters.keypad import RATED


class Keypad:
    """``address`` 0 sends one bare byte a key. A press is sent once; ``waiting`` are those not acknowledged yet."""

    ACTIONS: ClassVar[Mapping[str, str]] = {"press": "HEX"}
    FAULTS: ClassVar[tuple[StrEnum, ...]] = ()

    def __init__(self, address: int = 2) -> None:
        self.faults: set[Any] = set()
        self.waiting: list[Frame] = []
        self._address = address
        self._pressed = b""
        self._last = ""
        self._reader = FrameReader()

    def press(self, key: str) -> None:
        """Press the key that sends this byte, given as hexadecimal digits. Raises ValueError."""
        byte = bytes((int(key, 16),))
        frame = Frame(self._address, RATED, byte)
        if self._address:
            self.waiting.append(frame)
        self._pressed += frame.raw if self._address else byte
        self._last = byte.hex()

    def take(self, data: bytes) -> bytes:
        for frame in self._reader.feed(data):
            if frame in self.waiting:
                self.waiting.remove(frame)
        said, self._pressed = self._pressed, b""
        return said

    def seen(self) -> dict[str, str]:
        return {"pressed": self._last, "unheard": str(len(self.waiting))}
