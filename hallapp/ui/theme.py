"""The look: colours, the typeface and the style sheet. Colours are named here and nowhere else.

Contrast against its ground is 4.5:1 at least, 7:1 at kiosk and board. Colour
never stands alone: every state also has a sign and a word.
"""

from __future__ import annotations

from pathlib import Path
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from hallapp import paths

INK = "#10253F"
QUIET = "#3C526B"
PAPER = "#FFFFFF"
GROUND = "#F3F6FA"
LINE = "#D6E0EB"
EDGE = "#C9D6E5"
ACCENT = "#0B4F8A"
ACCENT_DOWN = "#083B68"
ACCENT_PALE = "#F0F6FD"
BOARD_GROUND = "#072C4F"
BOARD_DARK = "#05213C"
BOARD_PANEL = "#0B3A66"
BOARD_LINE = "#24507C"
BOARD_QUIET = "#BCD3EA"
BOARD_WARM = "#FFD479"
BOARD_FREE = "#9FE5BE"
CALL = "#A3211A"
GOOD = "#1B7F4B"
GOOD_DOWN = "#146139"
GOOD_PALE = "#EDF8F2"
NEAR = "#A85B00"
OVER = "#B3261E"
PRIORITY = "#FFF4DC"
PRIORITY_EDGE = "#C77700"
PRIORITY_INK = "#704300"
FADED = "#5C7086"  # words of what cannot be pressed now
DIM = "#DDE5EE"  # the ground of a filled button that cannot be pressed now
DIM_INK = "#4E6278"
TRACK = "#E4EBF3"

FACES = {5: "#BFE6CF", 4: "#DDEFC6", 3: "#FFEBAF", 2: "#FFD5AC", 1: "#F8C2BC"}  # by level; words stand beside them

FAMILY = "Noto Sans SC"
SIGNS = {"calm": "●", "near": "▲", "over": "■", "ready": "●", "warning": "▲", "down": "■"}
STATE_INKS = {"calm": GOOD, "near": NEAR, "over": OVER, "ready": GOOD, "warning": NEAR, "down": OVER}


def apply(app: QApplication) -> None:
    """Load the bundled fonts and dress the whole application."""
    folder: Path = paths.resources() / "fonts"
    for name in ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"):
        QFontDatabase.addApplicationFont(str(folder / name))
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(font(18))
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, GROUND), (QPalette.ColorRole.Base, PAPER), (QPalette.ColorRole.Text, INK),
        (QPalette.ColorRole.WindowText, INK), (QPalette.ColorRole.ButtonText, INK),
        (QPalette.ColorRole.Button, PAPER), (QPalette.ColorRole.Highlight, ACCENT),
        (QPalette.ColorRole.HighlightedText, PAPER), (QPalette.ColorRole.PlaceholderText, QUIET),
        (QPalette.ColorRole.ToolTipBase, PAPER), (QPalette.ColorRole.ToolTipText, INK),
    ):
        palette.setColor(role, QColor(colour))
    app.setPalette(palette)
    app.setStyleSheet(stylesheet())


def font(pixels: int, *, bold: bool = False) -> QFont:
    """The hall's typeface at a pixel size; its figures are all equally wide."""
    made = QFont(FAMILY)
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    made.setStyleHint(QFont.StyleHint.SansSerif)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def tint(widget: object, colour: str, pixels: int = 0) -> None:
    """Ink of one label, and the size of its bold type if that changes while it lives (it is kept from then on).

    By the style sheet, which has the last word over palettes and fonts; only when it changes, for it is slow.
    """
    size = pixels or widget.property("pixels") or 0
    rule = f"color: {colour};" + (f" font-size: {size}px; font-weight: 700;" if size else "")
    if widget.property("rule") != rule:
        widget.setProperty("rule", rule)
        widget.setProperty("pixels", size)
        widget.setStyleSheet(rule)


def stylesheet() -> str:
    """resources/styles/hall.qss with this module's tokens put in."""
    text = (paths.resources() / "styles" / "hall.qss").read_text(encoding="utf-8")
    tokens = {name: value for name, value in globals().items() if name.isupper() and isinstance(value, str)}
    return Template(text).substitute(tokens, icons=(paths.resources() / "icons").as_posix())


ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
