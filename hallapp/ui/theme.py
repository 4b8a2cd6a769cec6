"""The look: colours, type sizes and the style sheet. Numbers appear here and nowhere else.

Contrast against its ground is 4.5:1 at least, 7:1 at kiosk and board. Colour
never stands alone: every state also has a sign and a word.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from hallapp import paths

INK = "#10253F"
QUIET = "#40566F"
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
CALL = "#B3261E"
GOOD = "#1B7F4B"
GOOD_DOWN = "#146139"
NEAR = "#A85B00"
OVER = "#B3261E"
PRIORITY = "#FFF4DC"
PRIORITY_EDGE = "#C77700"
PRIORITY_INK = "#7A4A00"

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


def tint(widget: object, colour: str) -> None:
    """Ink of one label without a style sheet of its own."""
    if widget.property("ink") != colour:  # the style sheet has the last word over palettes, and setting one is slow
        widget.setProperty("ink", colour)
        widget.setStyleSheet(f"color: {colour};")


def stylesheet() -> str:
    """Rules by class and by the dynamic property ``look`` (primary, good, quiet, danger, chip, card, bar ...)."""
    icons = (paths.resources() / "icons").as_posix()
    return f"""
    QWidget {{ font-family: "{FAMILY}"; color: {INK}; }}
    QDialog, QMainWindow {{ background: {GROUND}; }}
    QLabel {{ background: transparent; }}
    QLabel[look="quiet"] {{ color: {QUIET}; }}
    QLabel[look="chip"] {{ color: {QUIET}; border: 1px solid {EDGE}; border-radius: 6px; padding: 1px 8px;
        background: {PAPER}; }}
    QLabel[look="priority"] {{ color: {PRIORITY_INK}; background: {PRIORITY}; border-radius: 6px; padding: 2px 10px; }}
    QFrame[look="card"] {{ background: {PAPER}; border: 1px solid {LINE}; border-radius: 12px; }}
    QFrame[look="rule"] {{ background: {LINE}; border: none; max-height: 1px; min-height: 1px; }}
    QFrame[look="bar"] {{ background: {ACCENT}; border: none; }}
    QFrame[look="bar"] QLabel {{ color: {PAPER}; }}
    QFrame[look="foot"] {{ background: {PAPER}; border: none; border-top: 1px solid {LINE}; }}
    QPushButton {{ background: {PAPER}; color: {INK}; border: 2px solid {EDGE}; border-radius: 10px;
        padding: 8px 16px; font-size: 18px; }}
    QPushButton:hover {{ border-color: {ACCENT}; }}
    QPushButton:pressed {{ background: {ACCENT_PALE}; }}
    QPushButton:focus {{ border-color: {ACCENT}; }}
    QPushButton:disabled {{ color: #8696A8; background: {GROUND}; border-color: {LINE}; }}
    QPushButton[look="primary"] {{ background: {ACCENT}; color: {PAPER}; border-color: {ACCENT}; font-weight: 700; }}
    QPushButton[look="primary"]:pressed, QPushButton[look="primary"]:hover {{ background: {ACCENT_DOWN}; }}
    QPushButton[look="good"] {{ background: {GOOD}; color: {PAPER}; border-color: {GOOD}; font-weight: 700; }}
    QPushButton[look="good"]:pressed, QPushButton[look="good"]:hover {{ background: {GOOD_DOWN}; }}
    QPushButton[look="danger"] {{ color: {OVER}; border-color: {OVER}; }}
    QPushButton[look="primary"]:disabled, QPushButton[look="good"]:disabled {{ background: #DDE5EE; color: #5F7389;
        border-color: #DDE5EE; }}
    QLineEdit, QComboBox, QSpinBox, QDateEdit, QPlainTextEdit {{ background: {PAPER}; border: 2px solid {EDGE};
        border-radius: 8px; padding: 6px 12px; min-height: 28px; font-size: 18px; selection-background-color: {ACCENT};
        selection-color: {PAPER}; }}
    QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDateEdit:focus, QPlainTextEdit:focus {{
        border-color: {ACCENT}; }}
    QComboBox::drop-down, QDateEdit::drop-down {{ border: none; width: 32px; }}
    QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url({icons}/down.svg); width: 20px; height: 20px; }}
    QComboBox QAbstractItemView {{ background: {PAPER}; border: 1px solid {EDGE}; padding: 4px; outline: none;
        selection-background-color: {ACCENT_PALE}; selection-color: {INK}; }}
    QCheckBox, QRadioButton {{ spacing: 12px; background: transparent; min-height: 36px; }}
    QCheckBox::indicator, QRadioButton::indicator {{ width: 24px; height: 24px; border: 2px solid {QUIET};
        background: {PAPER}; }}
    QCheckBox::indicator {{ border-radius: 6px; }}
    QRadioButton::indicator {{ border-radius: 14px; }}
    QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border-color: {ACCENT}; background: {ACCENT_PALE}; }}
    QCheckBox::indicator:checked {{ background: {ACCENT}; border-color: {ACCENT}; image: url({icons}/check.svg); }}
    QRadioButton::indicator:checked {{ border: 8px solid {ACCENT}; width: 12px; height: 12px; }}
    QScrollArea {{ border: none; background: transparent; }}
    QScrollArea > QWidget > QWidget {{ background: transparent; }}
    QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {EDGE}; border-radius: 6px; min-height: 40px; }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ height: 0;
        background: transparent; }}
    QToolTip {{ background: {PAPER}; color: {INK}; border: 1px solid {EDGE}; padding: 6px; }}
    QTableView, QListView {{ background: {PAPER}; border: 1px solid {LINE}; border-radius: 8px; outline: none;
        gridline-color: {LINE}; selection-background-color: {ACCENT_PALE}; selection-color: {INK}; font-size: 18px; }}
    QHeaderView::section {{ background: {GROUND}; color: {QUIET}; border: none; border-bottom: 1px solid {LINE};
        padding: 8px 12px; font-size: 16px; }}
    """


ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
