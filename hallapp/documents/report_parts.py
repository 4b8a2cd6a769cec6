"""The pieces of a report page: headline figures, the hour chart, bars against ten minutes, tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import Any

from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.textsplit import wordSplit
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Paragraph, Table

from hallapp.documents.fonts import BOLD, REGULAR
from hallapp.domain.figures import HourFigures

INK, QUIET, LINE, PALE = HexColor("#10253F"), HexColor("#40566F"), HexColor("#B9C7D6"), HexColor("#EEF3F8")
DARK, MIDDLE = HexColor("#0B4F8A"), HexColor("#9DB4CC")  # told apart in black and white too
WIDTH = 174 * mm
PADDING = 8  # points beside what stands in a headline's box
GAP = 4  # points beside what stands in a cell of a table
BOLDLY = f'<font name="{BOLD}" size="11" color="#10253F">'

TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=20, leading=26, alignment=1, textColor=INK)
SUB = ParagraphStyle("sub", fontName=REGULAR, fontSize=10, leading=14, alignment=1, textColor=QUIET)
HEAD = ParagraphStyle("head", fontName=BOLD, fontSize=12, leading=16, textColor=INK, spaceBefore=12, spaceAfter=5)
CELL = ParagraphStyle("cell", fontName=REGULAR, fontSize=9, leading=12, textColor=INK, wordWrap="CJK")
WORDS = ParagraphStyle("words", fontName=REGULAR, fontSize=7.5, leading=10, textColor=QUIET)  # parts at spaces only
SAID = ParagraphStyle("said", fontName=REGULAR, fontSize=8, leading=15, textColor=QUIET, wordWrap="CJK")
SMALL = ParagraphStyle("small", fontName=REGULAR, fontSize=8, leading=12, textColor=QUIET, wordWrap="CJK")
TEXT = ParagraphStyle("text", fontName=REGULAR, fontSize=10, leading=15, textColor=INK, wordWrap="CJK")


def headline(figures: Sequence[tuple[str, str, str]]) -> Table:
    """Name, large figure and a remark, side by side in equal boxes; what is bold in a remark is read from afar."""
    name = ParagraphStyle("name", fontName=REGULAR, fontSize=9, leading=13, textColor=QUIET)
    large = ParagraphStyle("large", fontName=BOLD, fontSize=19, leading=26, textColor=DARK)
    room = WIDTH / len(figures) - 2 * PADDING
    said = [_parted(remark, room).replace("<b>", BOLDLY).replace("</b>", "</font>") for _n, _f, remark in figures]
    boxes = [[Paragraph(n, name), Paragraph(f, large), Paragraph(r, SAID)]
             for (n, f, _), r in zip(figures, said, strict=True)]
    table = Table([boxes], colWidths=[WIDTH / len(boxes)] * len(boxes))
    table.setStyle([
        ("FONT", (0, 0), (-1, -1), REGULAR),  # not Helvetica, which would not be embedded
        ("BOX", (0, 0), (-1, -1), 0.8, LINE), ("INNERGRID", (0, 0), (-1, -1), 0.8, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), PADDING), ("TOPPADDING", (0, 0), (-1, -1), 6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
    ])
    return table


def grid(head: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[float]) -> Table:
    """A table whose head repeats on every page; the first column reads left, the others right. ``widths`` in mm."""
    body = [[evenly(one, widths[0]) if place == 0 and isinstance(one, str) else one for place, one in enumerate(row)]
            for row in rows]
    table = Table([list(head), *body], colWidths=[width * mm for width in widths], repeatRows=1)
    table.setStyle([
        ("FONT", (0, 0), (-1, 0), BOLD, 9, 12), ("FONT", (0, 1), (-1, -1), REGULAR, 9, 12),
        ("TEXTCOLOR", (0, 0), (-1, 0), INK), ("TEXTCOLOR", (0, 1), (-1, -1), INK),
        ("BACKGROUND", (0, 0), (-1, 0), PALE), ("LINEBELOW", (0, 0), (-1, 0), 0.8, QUIET),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, LINE), ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (-1, -1), GAP),
        ("RIGHTPADDING", (0, 0), (-1, -1), GAP), ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ])
    return table


def evenly(name: str, width: float) -> Paragraph:
    """A name (markup) in a column of ``width`` mm: on no more lines than it needs, the second beginning with the
    bracket if it can, else all of about one length, so that no last characters stand alone."""
    room, plain = width * mm - 2 * GAP, unescape(re.sub("<[^>]*>", "", name))

    def lines(text: str, at: float = room) -> int:
        return len(wordSplit(text, at, CELL.fontName, CELL.fontSize))

    needed = lines(plain)
    before, bracket, inside = plain.rpartition("（")
    if needed == 2 and before and lines(before) == lines(bracket + inside) == 1:
        return Paragraph("<br/>（".join(name.rsplit("（", 1)), CELL)
    tried = range(int(room / needed), int(room))
    spare = room - next((at for at in tried if lines(plain, at) <= needed), room) if needed > 1 else 0
    return Paragraph(name, ParagraphStyle("evenly", parent=CELL, rightIndent=spare))


def bar(seconds: float, target: float, width: float = 20 * mm) -> Drawing:
    """A mean against the target, which is the tick two thirds along; a mean beyond it is black and says so."""
    drawing = Drawing(width + 10, 8, initialFontName=REGULAR)
    scale = width * 2 / 3 / target
    filled = min(width, seconds * scale)
    drawing.add(Rect(0, 1, filled, 6, fillColor=DARK if seconds <= target else black, strokeColor=None))
    if seconds > target:
        drawing.add(_word(width + 5.5, 1, "超", 8))
    tick = white if seconds > target else INK
    drawing.add(Line(target * scale, 0, target * scale, 8, strokeColor=tick, strokeWidth=1))
    return drawing


def hour_chart(hours: Sequence[HourFigures]) -> Drawing:
    """Three bars an hour: numbers issued (middle), visits (outlined), cases (dark); the counts stand on top."""
    height, base = 46 * mm, 14 * mm
    drawing = Drawing(WIDTH, height, initialFontName=REGULAR)
    most = max(1, *(max(one.issued, one.visits, one.cases) for one in hours))
    step = WIDTH / len(hours)
    each = min(9 * mm, step / 4)
    for place, hour in enumerate(hours):
        middle = step * (place + 0.5)
        for turn, (count, fill) in enumerate(((hour.issued, MIDDLE), (hour.visits, white), (hour.cases, DARK))):
            left = middle + (turn - 1.5) * each
            tall = (height - base - 6 * mm) * count / most
            if count:
                drawing.add(Rect(left, base, each * 0.86, tall, fillColor=fill, strokeColor=INK, strokeWidth=0.5))
                drawing.add(_word(left + each * 0.43, base + tall + 2, str(count), 7))
        drawing.add(_word(middle, base - 10, f"{hour.hour}时", 8))
    drawing.add(Line(0, base, WIDTH, base, strokeColor=QUIET, strokeWidth=0.8))
    for place, (fill, word) in enumerate(((MIDDLE, "取号"), (white, "到窗人次"), (DARK, "办件量"))):
        left = WIDTH / 2 + (place - 1.5) * 30 * mm
        drawing.add(Rect(left, 1 * mm, 3 * mm, 3 * mm, fillColor=fill, strokeColor=INK, strokeWidth=0.5))
        drawing.add(String(left + 4 * mm, 1.2 * mm, word, fontName=REGULAR, fontSize=8, fillColor=INK))
    return drawing


def shortened(text: str, width: float, size: float) -> str:
    """``text`` as far as it fits on one line, with … if it does not."""
    if stringWidth(text, REGULAR, size) <= width:
        return text
    while stringWidth(text + "…", REGULAR, size) > width:
        text = text[:-1]
    return text + "…"


def _parted(remark: str, room: float) -> str:
    """A remark too long for one line goes on after its comma, not in the midst of a word."""
    fits = stringWidth(remark, REGULAR, SAID.fontSize) <= room
    return remark if fits else remark.replace("，", "，<br/>")


def _word(x: float, y: float, text: str, size: float) -> String:
    return String(x, y, text, fontName=REGULAR, fontSize=size, textAnchor="middle", fillColor=INK)
