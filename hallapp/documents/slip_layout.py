"""Laying out a slip for a receipt printer: lines that fit the paper, rules, codes."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from drivers import escpos
from drivers.escpos import Align, PrinterProfile, width
from hallapp import paths
from hallapp.documents.picture_lines import picture_line

NEVER_FIRST = "，。；：、）》〕】”’！？%℃)]},.;:!?"
NEVER_LAST = "（《〔【“‘(["
_PIECES = re.compile(r"[\x21-\x7e]+|\s+|.", re.DOTALL)
_PLAIN = escpos.align("left"), escpos.size(), escpos.bold(False)


def wrap(text: str, columns: int) -> list[str]:
    """``text`` in lines of at most ``columns``, at least one: ASCII words stay whole if they fit a line, closing marks
    never begin one, opening marks never end one."""
    lines = []
    for paragraph in text.splitlines():
        line, filled = "", 0
        for piece in _atoms(paragraph, columns):
            if filled + width(piece.rstrip()) > columns:
                lines.append(line.rstrip())
                line, filled = "", 0
            added = piece if line else piece.lstrip()
            line, filled = line + added, filled + width(added)
        lines.append(line.rstrip())
    return lines or [""]


def _atoms(text: str, columns: int) -> list[str]:
    """What may not be parted: words, and characters with the marks that cling to them."""
    atoms: list[str] = []
    for piece in _PIECES.findall(text):
        clings = atoms and (piece in NEVER_FIRST or atoms[-1][-1] in NEVER_LAST)
        if clings and width(atoms[-1] + piece) <= columns:
            atoms[-1] += piece
        elif piece.isspace():
            atoms.append(" ")
        elif width(piece) > columns:
            atoms += piece
        else:
            atoms.append(piece)
    return atoms


class Slip:
    """The bytes of one slip for a printer of ``profile``, piece by piece; ``done`` cuts it off."""

    def __init__(self, profile: PrinterProfile) -> None:
        self.profile = profile
        self._parts = [escpos.START]
        self._style: tuple[bytes, ...] = _PLAIN

    def text(
        self, text: str, *, mark: str = "", scale: int = 1, bold: bool = False, side: Align = "left"
    ) -> None:
        """A paragraph, wrapped. ``mark`` stands before its first line, the others hang below that line's text."""
        first, *rest = wrap(text, self.profile.columns // scale - width(mark))
        for line in (mark + first, *(" " * width(mark) + more for more in rest)):
            self._line(line, scale, bold, side)

    def headline(self, text: str, most: int) -> None:
        """Bold and centered, enlarged up to ``most`` times as long as it fits one line."""
        fitting = self.profile.columns // max(1, width(text))
        self.text(text, scale=max(1, min(most, fitting)), bold=True, side="center")

    def space(self, dots: int) -> None:
        """Blank paper, up to 255 dots (8 to the millimetre)."""
        self._parts.append(escpos.feed_dots(dots))

    def rule(self) -> None:
        """A thin line over the whole width with air around it."""
        self.space(12)
        self._parts.append(_rule(self.profile.dots))
        self.space(16)

    def qr(self, content: str) -> None:
        """A QR code of ASCII ``content``, 6 dots a square."""
        self._centered(escpos.qr(content, 6, native=self.profile.native_qr))

    def barcode(self, content: str) -> None:
        """A CODE128 barcode of ASCII ``content`` with its text below."""
        self._centered(escpos.barcode(content, self.profile))

    def done(self) -> bytes:
        return b"".join([*self._parts, escpos.cut(self.profile)])

    def _line(self, line: str, scale: int, bold: bool, side: Align) -> None:
        if escpos.outside(line, self.profile.rom):
            picture = picture_line(line, self.profile, font_file(bold), scale=scale, side=side)
            self._parts.append(escpos.raster(picture))
        else:
            self._styled(escpos.align(side), escpos.size(scale, scale), escpos.bold(bold))
            self._parts += escpos.text_bytes(line, self.profile.rom), escpos.LF

    def _centered(self, code: bytes) -> None:
        self._styled(escpos.align("center"), *_PLAIN[1:])
        self._parts.append(code)

    def _styled(self, *style: bytes) -> None:
        """Tells the printer what differs from how it is set."""
        self._parts += [new for new, old in zip(style, self._style, strict=True) if new != old]
        self._style = style


@cache
def _rule(dots: int) -> bytes:
    """Drawn once: drawing takes longer than all the text of a ticket."""
    from PIL import Image

    return escpos.raster(Image.new("L", (dots, 2), 0))


def font_file(bold: bool = False) -> Path:
    """The bundled typeface."""
    return paths.resources() / "fonts" / f"NotoSansSC-{'Bold' if bold else 'Regular'}.ttf"
