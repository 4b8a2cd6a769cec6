"""Small key pads with a display, at which a clerk calls without a PC.

A caller's driver serves all callers of one link. It is made of a Transport and the settings of any of them; each one's
settings have ``address``. Its methods open the link themselves, and after a DeviceError the next one tries anew:
``presses() -> list[Pressed]``: what was pressed since, in order, waiting a moment for some;
``show_number(address, number)``, ``show_waiting(address, count)``, ``show_nothing(address)``; ``beep(address)``;
``check()``; ``close()``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
