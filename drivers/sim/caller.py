"""A simulated bus with callers on it: each has keys, a display of six places and a beeper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar

from drivers.bus485 import Frame, FrameReader
from drivers.callers.bus import BEEP, KEYS, SHOW, TYPED

KEYED = 0x01  # the function of a key frame: no source tells it, and nobody reads it
DATA = {str(key): data for data, key in (KEYS | TYPED).items()}
ADDRESSES = (1, 2)


class CallerBus:
    """``displays``: the six places by address, a blank for a dark one. ``beeps`` counts. A key is sent once;
    ``waiting`` are the frames not acknowledged yet."""

    ACTIONS: ClassVar[Mapping[str, str]] = {"press": "KEY"}
    FAULTS: ClassVar[tuple[StrEnum, ...]] = ()

    def __init__(self, addresses: Sequence[int] = ADDRESSES) -> None:
        self.faults: set[Any] = set()
        self.displays = dict.fromkeys(addresses, " " * 6)
        self.beeps = dict.fromkeys(addresses, 0)
        self.waiting: list[Frame] = []
        self._said = b""
        self._reader = FrameReader()

    def press(self, words: str) -> None:
        """``call``, or ``2 call`` at the pad with address 2; the names are those of drivers.callers.Key. Raises
        ValueError."""
        address, _, key = words.rpartition(" ")
        at = int(address or min(self.displays))
        if key not in DATA or at not in self.displays:
            raise ValueError(words)
        frame = Frame(at, KEYED, DATA[key])
        self.waiting.append(frame)
        self._said += frame.raw

    def switch_off(self) -> None:
        """All pads lose what they showed."""
        self.displays = dict.fromkeys(self.displays, " " * 6)

    def take(self, data: bytes) -> bytes:
        for frame in self._reader.feed(data):
            if frame in self.waiting:
                self.waiting.remove(frame)
            elif frame.address in self.displays and frame.function == SHOW and len(frame.data) == 6:
                self.displays[frame.address] = "".join(str(one) if one < 10 else " " for one in frame.data)
            elif frame.address in self.displays and frame.function == BEEP:
                self.beeps[frame.address] += 1
        said, self._said = self._said, b""
        return said

    def seen(self) -> dict[str, str]:
        """The six places of each display, a dash for a dark one."""
        return {"shown": "  ".join(f"{at}[{places.replace(' ', '-')}]" for at, places in self.displays.items())}
