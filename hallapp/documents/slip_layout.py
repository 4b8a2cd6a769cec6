"""Laying out a slip for a receipt printer: lines that fit the paper, rules, codes."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from drivers import escpos
from drivers.escpos import Align, PrinterProfile, Rom, width
from hallapp.documents.fonts import font_file
from hallapp.documents.picture_lines import picture_line

NEVER_FIRST = "，。；：、）》〕】”’！？%℃)]},.;:!?—～"
NEVER_LAST = "（《〔【“‘([—～"
PAUSES = "，。；：、！？"
_UNEVEN = re.compile(r"^\s|\s$|\s\s|[^\S ]")  # spaces that a line does not keep
_PIECES = re.compile(r"[\x21-\x7e]+|\s+|.", re.DOTALL)


def wrap(text: str, columns: int) -> list[str]:
    """``text`` in lines of at most ``columns``, at least one and no more than it needs: ASCII words stay whole if they
    fit a line, closing marks never begin one, opening marks never end one, and a number keeps the character that says
    what it counts. Lines end at pauses where that costs no line, and no sign stands alone on the last."""
    if width(text) <= columns and not _UNEVEN.search(text):
        return [text]
    return [line for paragraph in text.splitlines() for line in _paragraph(paragraph, columns)] or [""]


def _paragraph(text: str, columns: int) -> list[str]:
    fullest = _filled(text, columns)
    if len(fullest) == 1:
        return fullest
    narrower = [_filled(text, fewer) for fewer in range(columns - 1, columns * 2 // 3, -1)]
    ways = [fullest, *(lines for lines in narrower if len(lines) == len(fullest))]
    for lines in ways:
        if all(line[-1:] in PAUSES for line in lines[:-1]):
            return lines
    return next((lines for lines in ways if width(lines[-1].rstrip(NEVER_FIRST)) > 2), fullest)


@lru_cache(256)  # the names of a hall and its businesses
def _even(text: str, columns: int) -> str:
    """``text`` in no more lines than at ``columns``, as narrow as they get; a bracket is not parted if it can be, and
    one at the end stands on a line of its own."""
    needed = len(wrap(text, columns))
    before, bracket, inside = text.rpartition("（")
    if needed == 2 and before and inside.endswith("）") and max(width(before), width(bracket + inside)) <= columns:
        return f"{before}\n{bracket}{inside}"
    ways = [lines for fewer in range(columns // 2, columns + 1) if len(lines := wrap(text, fewer)) == needed]
    whole = (lines for lines in ways if all(line.count("（") == line.count("）") for line in lines))
    return "\n".join(next(whole, ways[0]))


def _filled(text: str, columns: int) -> list[str]:
    """Every line as full as it gets."""
    lines, line, filled = [], "", 0
    for piece in _atoms(text, columns):
        if filled + width(piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line, filled = "", 0
        added = piece if line else piece.lstrip()
        line += added
        filled += width(added)
    return [*lines, line.rstrip()]


def _atoms(text: str, columns: int) -> list[str]:
    """What may not be parted: words, and characters with the marks that cling to them."""
    atoms: list[str] = []
    for piece in _PIECES.findall(text):
        clings = atoms and (piece in NEVER_FIRST or atoms[-1][-1] in NEVER_LAST or _counted(atoms[-1], piece))
        if clings and width(atoms[-1] + piece) <= columns:
            atoms[-1] += piece
        elif piece.isspace():
            atoms.append(" ")
        elif width(piece) > columns:
            atoms += piece
        else:
            atoms.append(piece)
    return atoms


def _counted(before: str, piece: str) -> bool:
    """Whether a number stands before ``piece``, which may say what it counts: 份, 次, 分钟."""
    return before[-1].isdecimal() and width(piece) == 2 and piece not in NEVER_LAST


class Slip:
    """The bytes of one slip for a printer of ``profile``, piece by piece; ``done`` cuts it off."""

    def __init__(self, profile: PrinterProfile) -> None:
        self.profile = profile
        self._parts: list[bytes] = []
        self._style = _PLAIN

    def text(
        self, text: str, *, mark: str = "", scale: int = 1, bold: bool = False, side: Align = "left"
    ) -> None:
        """A paragraph, wrapped; a centered one in lines of about one length. ``mark`` stands before its first line, the
        others hang below that line's text."""
        style, columns = _style(side, scale, bold), self.profile.columns // scale
        if side == "center" and width(text) > columns:
            text = _even(text, columns)
        for lines in _set(text, mark, columns, self.profile.rom):
            if isinstance(lines, bytes):
                self._styled(style)
                self._parts.append(lines)
            else:
                picture = picture_line(lines, self.profile, font_file(bold), scale=scale, side=side)
                self._parts.append(escpos.raster(picture))

    def headline(self, text: str, most: int) -> None:
        """Bold and centered, enlarged up to ``most`` times as long as it fits one line."""
        fitting = self.profile.columns // max(1, width(text))
        self.text(text, scale=max(1, min(most, fitting)), bold=True, side="center")

    def space(self, dots: int) -> None:
        """Blank paper, up to 255 dots (8 to the millimetre)."""
        self._parts.append(escpos.feed_dots(dots))

    def rule(self) -> None:
        """A thin line over the whole width with air around it."""
        self._parts.append(_rule(self.profile.dots))

    def qr(self, content: str) -> None:
        """A QR code of ASCII ``content``, 6 dots a square."""
        self._centered(escpos.qr(content, 6, native=self.profile.native_qr))

    def barcode(self, content: str) -> None:
        """A CODE128 barcode of ASCII ``content`` with its text below."""
        self._centered(escpos.barcode(content, self.profile))

    def done(self) -> bytes:
        call = escpos.beep() if self.profile.buzzer else b""  # it is ready to be taken
        return b"".join((escpos.START, *self._parts, call, escpos.cut(self.profile)))

    def part(self) -> bytes:
        """What was laid out so far, to be pasted into other slips for the same printer."""
        self._styled(_PLAIN)
        return b"".join(self._parts)

    def paste(self, part: bytes) -> None:
        self._styled(_PLAIN)
        self._parts.append(part)

    def _centered(self, code: bytes) -> None:
        self._styled(_style("center", 1, False))
        self._parts.append(code)

    def _styled(self, style: tuple[bytes, ...]) -> None:
        """Tells the printer what differs from how it is set."""
        if style is not self._style:
            self._parts.append(_between(self._style, style))
            self._style = style


@cache
def _rule(dots: int) -> bytes:
    return escpos.feed_dots(12) + escpos.bar(dots, 2) + escpos.feed_dots(16)


@cache
def _style(side: Align, scale: int, bold: bool) -> tuple[bytes, ...]:
    return escpos.align(side), escpos.size(scale, scale), escpos.bold(bold)


@cache
def _between(old: tuple[bytes, ...], new: tuple[bytes, ...]) -> bytes:
    return b"".join(one for one, before in zip(new, old, strict=True) if one != before)


_PLAIN = _style("left", 1, False)


@lru_cache(1024)  # a hall prints the same sentences all day
def _set(text: str, mark: str, columns: int, rom: Rom) -> tuple[bytes | str, ...]:
    """A paragraph: lines in the printer's own characters as bytes, and as text those for which it lacks one."""
    first, *rest = wrap(text, columns - width(mark))
    lines: list[bytes | str] = []
    for line in (mark + first, *(" " * width(mark) + more for more in rest)):
        if escpos.outside(line, rom):
            lines.append(line)
        elif lines and isinstance(lines[-1], bytes):
            lines[-1] += escpos.text_bytes(line, rom) + escpos.LF
        else:
            lines.append(escpos.text_bytes(line, rom) + escpos.LF)
    return tuple(lines)
