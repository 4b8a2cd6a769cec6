"""Laying out a slip for a receipt printer: lines that fit, rules, codes; text the printer lacks is drawn."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from drivers import escpos
from drivers.escpos import Align, PrinterProfile, width
from hallapp import paths

if TYPE_CHECKING:
    from PIL.Image import Image

NEVER_FIRST = "，。；：、）》”’！？】%℃)]},.;:!?"
NEVER_LAST = "（《“‘【(["
CELL = 12  # dots of one column (font A)
_PIECES = re.compile(r"[\x21-\x7e]+|\s+|.", re.DOTALL)


def wrap(text: str, columns: int) -> list[str]:
    """``text`` in lines of at most ``columns``: ASCII words stay whole if they fit a line, closing marks never
    begin one, opening marks never end one."""
    lines, line = [], ""
    for piece in _atoms(text, columns):
        if line and width(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _atoms(text: str, columns: int) -> list[str]:
    """What may not be parted: words, and characters with the marks that cling to them."""
    atoms: list[str] = []
    for piece in _PIECES.findall(text):
        clings = atoms and (piece in NEVER_FIRST or atoms[-1][-1] in NEVER_LAST)
        if clings and width(atoms[-1] + piece) <= columns:
            atoms[-1] += piece
        elif width(piece) > columns:
            atoms += list(piece)
        else:
            atoms.append(" " if piece.isspace() and piece != "\u3000" else piece)
    return atoms


class Slip:
    """Collects the bytes of one slip for a printer of ``profile``; ``done`` cuts it off."""

    def __init__(self, profile: PrinterProfile) -> None:
        self.profile = profile
        self._parts = [escpos.START]

    def text(
        self, text: str, *, scale: int = 1, bold: bool = False, side: Align = "left", indent: int = 0
    ) -> None:
        """A paragraph, wrapped; ``scale`` enlarges both ways, ``indent`` columns hang under its first line."""
        columns = self.profile.columns // scale
        first, *rest = wrap(text, columns - indent if indent else columns)
        for line in (first, *(" " * indent + more for more in rest)):
            self._line(line, scale, bold, side)

    def numbered(self, place: int, text: str) -> None:
        """A paragraph behind its number, hanging."""
        mark = f"{place}. "
        first, *rest = wrap(text, self.profile.columns - len(mark))
        for line in (mark + first, *(" " * len(mark) + more for more in rest)):
            self._line(line, 1, False, "left")

    def pair(self, name: str, text: str) -> None:
        """A name and what it is, hanging behind the name."""
        mark = name + "："
        first, *rest = wrap(text, self.profile.columns - width(mark))
        for line in (mark + first, *(" " * width(mark) + more for more in rest)):
            self._line(line, 1, False, "left")

    def space(self, dots: int) -> None:
        self._parts.append(escpos.feed_dots(dots))

    def rule(self) -> None:
        """A thin line over the whole width with air around it."""
        row = self.profile.dots // 8
        self.space(10)
        # GS v 0 by hand: the image builder takes half a second to load, which a ticket should not wait for
        self._parts.append(b"\x1dv0\x00" + bytes((row % 256, row // 256, 2, 0)) + b"\xff" * (2 * row))
        self.space(14)

    def qr(self, content: str, module: int) -> None:
        self._parts += [
            escpos.align("center"), escpos.qr(content, module, native=self.profile.native_qr), escpos.align("left"),
        ]

    def barcode(self, content: str) -> None:
        self._parts += [escpos.align("center"), escpos.barcode(content, self.profile), escpos.LF, escpos.align("left")]

    def done(self) -> bytes:
        return b"".join([*self._parts, escpos.cut(self.profile)])

    def _line(self, line: str, scale: int, bold: bool, side: Align) -> None:
        if escpos.outside(line, self.profile.rom):
            picture = drawn(line, scale, bold, side, self.profile.dots)
            self._parts.append(escpos.raster(picture))
            return
        self._parts += [
            escpos.align(side), escpos.size(scale, scale), escpos.bold(bold),
            escpos.text_bytes(line, self.profile.rom), escpos.LF, escpos.bold(False), escpos.size(),
            escpos.align("left"),
        ]


def drawn(line: str, scale: int, bold: bool, side: Align, dots: int) -> Image:
    """A line as a picture as wide as the paper, in the bundled typeface and the printer's own letter size."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.truetype(str(font_file(bold)), 2 * CELL * scale)
    picture = Image.new("L", (dots, 30 * scale), 255)
    free = dots - round(font.getlength(line))
    left = {"left": 0, "center": free // 2, "right": free}[side]
    ImageDraw.Draw(picture).text((max(0, left), 24 * scale), line, 0, font, anchor="ls")
    return picture.point(lambda gray: 255 if gray > 128 else 0)


def font_file(bold: bool = False) -> Path:
    return paths.resources() / "fonts" / f"NotoSansSC-{'Bold' if bold else 'Regular'}.ttf"
