"""Small key pads with a display, at which a clerk calls without a PC.

A driver serves all callers of one link. It is made of a Transport and the settings of any of them; the settings of each
one have ``address``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Key(StrEnum):
    CALL = "call"  # 叫号
    RECALL = "recall"  # 重呼
    RATE = "rate"  # 评价
    PAUSE = "pause"  # 暂停
    TRANSFER = "transfer"  # 转移
    MISS = "miss"  # 弃号
    HOLD = "hold"  # 挂起
    CALL_BACK = "call_back"  # 回呼
    RATING = "rating"  # a visitor's key: the rating itself


@dataclass(frozen=True, slots=True)
class Pressed:
    """``value`` is what a RATING key sent; what it means differs from maker to maker."""

    address: int
    key: Key
    value: int = 0


class Bus(Protocol):
    """What drivers of callers do. Each method but ``close`` opens the link if need be and raises DeviceError; after
    one, the next tries anew."""

    def presses(self) -> list[Pressed]:
        """What was pressed since the last call, in order; it waits a moment for some."""

    def show_number(self, address: int, number: str) -> None: ...

    def show_waiting(self, address: int, count: int) -> None: ...

    def show_nothing(self, address: int) -> None: ...

    def beep(self, address: int) -> None: ...

    def check(self) -> None:
        """Ask whether the device is there, as far as its protocol allows."""

    def close(self) -> None: ...
