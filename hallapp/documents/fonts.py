"""The bundled typeface for reportlab, embedded in every PDF."""

from __future__ import annotations

from functools import cache

from hallapp.documents.slip_layout import font_file

REGULAR, BOLD = "NotoSansSC", "NotoSansSC-Bold"


@cache
def register() -> None:
    """Make REGULAR and BOLD known to reportlab, once; Helvetica, which would not be embedded, is not used at all."""
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name, bold in ((REGULAR, False), (BOLD, True)):
        pdfmetrics.registerFont(TTFont(name, str(font_file(bold))))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    rl_config.canvas_basefontname = REGULAR
