"""Callers on the RS-485 bus of facts/domain 8.3, as QueueSystem's CallSystem speaks with them.

A pad sends a frame for each key and gets it back as it came. Its display has six places, digits only, of which the
program that the facts come from uses three at a time: the left ones for how many wait, the right ones for a number.
Of A012 it shows 012: the letter names the kind of business to the visitor, and two numbers that differ by it only are
told apart on the board. Pads answer nothing and cannot be asked: one that is switched off is not noticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from drivers.bus485 import Frame, FrameReader
from drivers.callers import Key, Pressed
from drivers.errors import BadSetting, DeviceError
from drivers.transport import Transport

SHOW, BEEP, RATED = 0x02, 0x03, 0x11  # functions; those of key frames are not told apart
DARK = 0x0A
PLACES = 3
KEYS = {  # the end of a key frame's data; digits are typed before 0F, the key 确定
    b"\x0c": Key.CALL, b"\x0d": Key.RECALL, b"\x0b": Key.RATE, b"\x12": Key.PAUSE, b"\x13": Key.TRANSFER,
}
TYPED = {b"\x06\x0f": Key.MISS, b"\x00\x0f": Key.HOLD, b"\x03\x0f": Key.CALL_BACK}


@dataclass(frozen=True)
class BusSettings:
    """``address``: the pad's on the bus. Raises BadSetting."""

    address: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.address <= 255:
            raise BadSetting("address", "1 - 255")


class BusCaller:
    """All callers of one bus. The RS-485 adapter must not give back what it sends."""

    Settings = BusSettings
    baudrate: ClassVar[int] = 9600
    can_answer: ClassVar[bool] = False

    def __init__(self, transport: Transport, settings: BusSettings) -> None:
        self._transport = transport
        self._reader = FrameReader()

    def presses(self) -> list[Pressed]:
        """The keys pressed since the last call, after a read's time-out at most; each is acknowledged. Raises
        DeviceError."""
        try:
            self._transport.open()
            data = self._transport.read(256)
            if not data:
                self._reader.forget()
            found = []
            for frame in self._reader.feed(data):
                if frame.data:
                    self._transport.write(frame.raw)
                    found.append(pressed(frame))
        except DeviceError:
            self.close()
            raise
        return [one for one in found if one is not None]

    def show_number(self, address: int, number: str) -> None:
        """The last three digits of a number. Raises DeviceError."""
        self._show(address, [DARK] * PLACES + digits(number))

    def show_waiting(self, address: int, count: int) -> None:
        """999 stands for more as well. Raises DeviceError."""
        self._show(address, digits(str(min(count, 999))) + [DARK] * PLACES)

    def show_nothing(self, address: int) -> None:
        self._show(address, [DARK] * 2 * PLACES)

    def beep(self, address: int) -> None:
        self._send(Frame(address, BEEP))

    def check(self) -> None:
        """Raises DeviceError if the link cannot be opened; the pads behind it cannot be asked."""
        self._transport.open()

    def close(self) -> None:
        self._reader.forget()
        self._transport.close()

    def _show(self, address: int, places: Sequence[int]) -> None:
        self._send(Frame(address, SHOW, bytes(places)))

    def _send(self, frame: Frame) -> None:
        try:
            self._transport.open()
            self._transport.write(frame.raw)
        except DeviceError:
            self.close()
            raise


def pressed(frame: Frame) -> Pressed | None:
    """What a frame with data says was pressed; None for a key without meaning."""
    if frame.function == RATED:
        return Pressed(frame.address, Key.RATING, frame.data[-1])
    key = TYPED.get(frame.data) or KEYS.get(frame.data[-1:])
    return Pressed(frame.address, key) if key else None


def digits(text: str) -> list[int]:
    """Three places: the last three digits of a text, zeros before fewer."""
    found = [int(sign) for sign in text if sign in "0123456789"]
    return ([0] * PLACES + found)[-PLACES:]
