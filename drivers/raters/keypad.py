"""A rating pad with keys on a serial line: on the callers' RS-485 bus, or alone with one byte a key.

No two makers number their keys alike (facts/domain 8.3), so what each key means is always a setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from drivers.bus485 import Frame, FrameReader
from drivers.errors import BadSetting, DeviceError
from drivers.transport import Transport

RATED = 0x11  # the bus function of a rating; its last data byte is the key


@dataclass(frozen=True)
class KeypadSettings:
    """``keys``: what a key sends, as two hexadecimal digits, to its rating 5 to 1, as in ``{"01" = 5}``. ``address``:
    the pad's on the bus, 0 for a pad that sends bare bytes. Raises BadSetting."""

    address: int = 0
    keys: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 <= self.address <= 255:
            raise BadSetting("address", "0 - 255")
        for key, rating in self.keys.items():
            if _byte(key) is None:
                raise BadSetting(f"keys.{key}", '"00" - "FF"')
            if type(rating) is not int or not 1 <= rating <= 5:
                raise BadSetting(f"keys.{key}", "1 - 5")

    def ratings(self) -> dict[int, int]:
        """By the byte that a key sends."""
        return {byte: rating for key, rating in self.keys.items() if (byte := _byte(key)) is not None}


def _byte(text: str) -> int | None:
    try:
        return int(text, 16) if len(text) == 2 else None
    except ValueError:
        return None


class KeypadRater:
    """Talks only when spoken to: a key press is the pad's own doing. ``unknown`` counts keys that no rating is set for,
    and stray bytes of a pad without a bus."""

    Settings = KeypadSettings
    baudrate: ClassVar[int] = 9600
    can_answer: ClassVar[bool] = False

    def __init__(self, transport: Transport, settings: KeypadSettings) -> None:
        self._transport, self._address, self._ratings = transport, settings.address, settings.ratings()
        self._reader = FrameReader()
        self.unknown = 0

    def presses(self) -> list[int]:
        """The ratings pressed since the last call, after a read's time-out at most. Raises DeviceError."""
        try:
            self._transport.open()
            data = self._transport.read(256)
            keys = self._keys(data) if self._address else list(data)
        except DeviceError:
            self.close()
            raise
        known = [self._ratings[key] for key in keys if key in self._ratings]
        self.unknown += len(keys) - len(known)
        return known

    def check(self) -> None:
        """Whether the line is there: the pad itself cannot be asked. Raises Unreachable."""
        self._transport.open()

    def close(self) -> None:
        self._reader.forget()
        self._transport.close()

    def _keys(self, data: bytes) -> list[int]:
        """The keys of this pad's frames, which are acknowledged; callers on the same bus are not listened to."""
        if not data:
            self._reader.forget()
        keys = []
        for frame in self._reader.feed(data):
            if self._rates(frame):
                self._transport.write(frame.raw)
                keys.append(frame.data[-1])
        return keys

    def _rates(self, frame: Frame) -> bool:
        return frame.address == self._address and frame.function == RATED and bool(frame.data)
