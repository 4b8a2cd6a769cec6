"""The bundled typeface: its files, embedded in every PDF, and what it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from hallapp import paths

REGULAR, BOLD = "NotoSansSC", "NotoSansSC-Bold"


def font_file(bold: bool = False) -> Path:
    return paths.resources() / "fonts" / f"NotoSansSC-{'Bold' if bold else 'Regular'}.ttf"


@cache
def register() -> None:
    """Make REGULAR and BOLD known to reportlab, once; Helvetica, which would not be embedded, is not used at all."""
    from reportlab.pdfbase import pdfmetrics, ttfonts
    from reportlab.pdfbase.ttfonts import TTFont

    for name, bold in ((REGULAR, False), (BOLD, True)):
        pdfmetrics.registerFont(TTFont(name, str(font_file(bold))))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    to_unicode = ttfonts.makeToUnicodeCMap

    def searchable(name: str, subset: Sequence[int]) -> str:
        return str(to_unicode(name, [_utf16(point) for point in subset]))

    # reportlab writes code points beyond FFFF as they are, so that 𬭎 is found and copied as another character
    ttfonts.makeToUnicodeCMap = searchable


def lacking(text: str) -> str:
    """The characters that no slip and no report can print, each once: they would leave a box."""
    return "".join(dict.fromkeys(char for char in text if not _common(char) and ord(char) not in _glyphs()))


def _common(char: str) -> bool:
    """Whether it is one of GBK's, which the printers or the typeface have; looking into its file takes 0.1 s."""
    try:
        char.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _glyphs() -> frozenset[int]:
    from reportlab.pdfbase.ttfonts import TTFontFile

    return frozenset(TTFontFile(str(font_file()), charInfo=1).charToGlyph)


def _utf16(point: int) -> int:
    """A character as a PDF's ToUnicode table wants it: its UTF-16 as one number."""
    return int.from_bytes(chr(point).encode("utf-16-be"), "big")
