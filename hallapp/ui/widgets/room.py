"""How much room a clerk's screen gives: with Windows at 125 or 150 % even a large screen is a small one."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QSize

SMALLEST = QSize(1093, 614)  # 1366 x 768 at 125 %


class Room(IntEnum):
    """From the least room to the most."""

    TIGHT = 0
    LOW = 1
    SMALL = 2
    WIDE = 3


def room_for(size: QSize) -> Room:
    """The most that a window of ``size`` (Qt's pixels: those of the screen, less its scaling) has room for."""
    needed = {Room.WIDE: (1600, 1000), Room.SMALL: (1366, 768), Room.LOW: (1280, 700), Room.TIGHT: (0, 0)}
    return next(room for room, (width, height) in needed.items() if size.width() >= width and size.height() >= height)
