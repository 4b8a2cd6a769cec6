"""The few parts every window is built from."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from hallapp.ui import theme
from hallapp.ui.widgets.balanced import Balanced


def one_line(entry: QLineEdit) -> str:
    """What was entered; a field keeps the line ends of what is pasted into it."""
    return " ".join(entry.text().split())


def label(text: str = "", pixels: int = 18, *, bold: bool = False, look: str = "", wrap: bool = False) -> QLabel:
    """A label in the hall's type; one that may ``wrap`` does so where a reader pauses."""
    made = Balanced(text) if wrap else QLabel(text)
    made.setFont(theme.font(pixels, bold=bold))
    if look:
        made.setProperty("look", look)
    return made


def rule() -> QFrame:
    """A thin line between things."""
    line = QFrame()
    line.setProperty("look", "rule")
    return line


class Card(QFrame):
    """A white panel with a column of content; ``column`` is its layout."""

    def __init__(self, parent: QWidget | None = None, margins: int = 20, spacing: int = 12) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(margins, margins, margins, margins)
        self.column.setSpacing(spacing)


class KeyButton(QPushButton):
    """A button that shows the key that presses it, at its right end.

    The key works wherever the focus is in the button's window.
    """

    def __init__(self, text: str, key: str = "", *, look: str = "", pixels: int = 18, height: int = 52) -> None:
        super().__init__()
        self._pixels = pixels
        self._text = label(text, pixels, bold=look in ("primary", "good"))
        self._chip = label(_cap(key), 14, look="chip")
        if not key:  # setVisible(True) before it has a parent would flash up a window of its own
            self._chip.hide()
        self.setMinimumHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        self.set_tight(False)
        row.addWidget(self._text, 1)
        row.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignVCenter)
        for part in (self._text, self._chip):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if look:
            self.setProperty("look", look)
        if key:  # whoever has a key needs no focus; QShortcut presses at once, a button's own shortcut after 100 ms
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            QShortcut(QKeySequence(key), self).activated.connect(self.click)
        self._tint()

    def set_text(self, text: str) -> None:
        self._text.setText(text)
        self.setAccessibleName(text)

    def set_tight(self, tight: bool, pixels: int = 0) -> None:
        """Less room around the words and the key where several keys share a narrow row; ``pixels`` is the words' type,
        if that changes too."""
        left, right, gap, padding = (8, 6, 2, 4) if tight else (16, 12, 6, 8)
        self.layout().setContentsMargins(left, 0, right, 0)
        self.layout().setSpacing(gap)
        self._chip.setStyleSheet(f"padding: 1px {padding}px;")
        if pixels:
            self._pixels = pixels
            self._tint()

    def words(self) -> str:
        return self._text.text()

    def changeEvent(self, event: object) -> None:
        super().changeEvent(event)
        if hasattr(self, "_text"):
            self._tint()

    def sizeHint(self):  # the layout's, which a push button would ignore
        return self.layout().sizeHint().expandedTo(self.minimumSize())

    def minimumSizeHint(self):
        return self.layout().minimumSize().expandedTo(self.minimumSize())

    def _tint(self) -> None:
        filled = self.property("look") in ("primary", "good") and self.isEnabled()
        dim = theme.DIM_INK if self.property("look") in ("primary", "good") else theme.FADED
        ink = theme.PAPER if filled else theme.INK if self.isEnabled() else dim
        self._text.setStyleSheet(f"color: {ink}; font-size: {self._pixels}px;")


def _cap(key: str) -> str:
    """What is written on the key, where Qt calls it otherwise."""
    for name, cap in (("Return", "Enter"), ("Left", "←"), ("Right", "→")):
        key = key.replace(name, cap)
    return key


class Banner(QFrame):
    """One calm sentence across a window: on amber what is wrong and what to do, on green what went well; hidden when
    there is nothing to tell.

    Signals:
        pressed: The sentence's button was pressed.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None, pixels: int = 18) -> None:
        super().__init__(parent)
        self._ink = theme.INK
        self._sentence = label("", pixels, bold=True, wrap=True)
        self._button = QPushButton()
        self._button.clicked.connect(self.pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 20, 8)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._button)
        self.hide()

    def set_tight(self, tight: bool) -> None:
        """Two lines in the height of a bar."""
        across, down, pixels = (12, 2, 16) if tight else (20, 8, 18)
        self.layout().setContentsMargins(across, down, across, down)
        theme.tint(self._sentence, self._ink, pixels)

    def show_sentence(self, sentence: str, *, state: str = "warning", button: str = "") -> None:
        """``state`` is ready, warning or down; ``button`` its text, if the reader can do something here."""
        self._ink = theme.STATE_INKS[state]
        ground = theme.GOOD_PALE if state == "ready" else theme.PRIORITY
        self.setStyleSheet(
            f"Banner {{ background: {ground}; border: none; border-left: 6px solid {self._ink}; }}")
        self._sentence.setText(f"{theme.SIGNS[state]}  {sentence}")
        theme.tint(self._sentence, self._ink)
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self.show()

    def sentence(self) -> str:
        return self._sentence.text() if not self.isHidden() else ""
