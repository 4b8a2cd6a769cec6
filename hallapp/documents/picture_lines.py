"""Lines that a receipt printer's own characters cannot print, drawn as pictures in its cells of 12 x 24 dots."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from drivers.escpos import Align, PrinterProfile, width

if TYPE_CHECKING:
    from PIL.Image import Image

CELL_WIDTH, CELL_HEIGHT, LINE_HEIGHT = 12, 24, 30
BASELINE = 20  # dots below the top of a cell
ASCII_SIZE = 22  # digits of this size fill their cell


def picture_line(
    line: str, profile: PrinterProfile, font_path: Path, *, scale: int = 1, side: Align = "left"
) -> Image:
    """``line`` in black on white, as wide as the paper and as high as a line of text of that ``scale``."""
    from PIL import Image, ImageDraw, ImageFont

    wide, narrow = (ImageFont.truetype(str(font_path), size * scale) for size in (CELL_HEIGHT, ASCII_SIZE))
    picture = Image.new("L", (profile.dots, max(LINE_HEIGHT, CELL_HEIGHT * scale)), 255)
    draw = ImageDraw.Draw(picture)
    cell = CELL_WIDTH * scale
    room = max(0, profile.dots - width(line) * cell)
    left = {"left": 0, "center": room // 2, "right": room}[side]
    for char in line:
        columns = width(char)
        if char.isprintable():
            font = narrow if columns == 1 else wide
            spare = columns * cell - font.getlength(char)
            draw.text((left + spare / 2, BASELINE * scale), char, 0, font, anchor="ls")
        left += columns * cell
    return picture.point(lambda gray: 255 if gray > 128 else 0)
