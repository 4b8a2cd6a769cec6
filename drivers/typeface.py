"""Character cells as a thermal printer has them, drawn with a TrueType font: ASCII 12 x 24 dots, Chinese 24 x 24."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from drivers.escpos import width

CELL_WIDTH = 12
CELL_HEIGHT = 24
ASCII_SIZE = 22  # digits of this size fill the 12-dot cell
CHINESE_BASELINE, ASCII_BASELINE = 20, 19  # dots from the top of a cell
PAPER = 255
INK = 0


class Typeface:
    """The cells of one font file, kept once drawn."""

    def __init__(self, font_path: Path) -> None:
        self._font = cache(partial(ImageFont.truetype, str(font_path)))
        self.cell = cache(self._draw_cell)

    def _draw_cell(self, char: str, wide: int, high: int, bold: bool) -> Image.Image:
        """``char`` in gray, ``wide`` and ``high`` times the plain size."""
        columns = max(1, width(char))
        cell = CELL_WIDTH * columns * high, CELL_HEIGHT * high
        font_size, baseline = (CELL_HEIGHT, CHINESE_BASELINE) if columns == 2 else (ASCII_SIZE, ASCII_BASELINE)
        font = self._font(font_size * high)
        advance = max(1, round(font.getlength(char)))
        glyph = Image.new("L", (max(advance, cell[0]), cell[1]), PAPER)
        left = max(0, (cell[0] - advance) / 2)
        draw = ImageDraw.Draw(glyph)
        for shift in range(1 + bold * high):  # a printer strikes bold twice, one dot aside
            draw.text((left + shift, baseline * high), char, INK, font, anchor="ls")
        size = cell[0] // high * wide, cell[1]
        return glyph if glyph.size == size else glyph.resize(size, Image.Resampling.LANCZOS)
