"""What the kiosk's pages are made of: big things to touch, words that wrap and grow together."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from hallapp.ui import theme
from hallapp.ui.widgets.parts import label

SMALLEST_TARGET = 60  # px: what an unsteady finger hits


@dataclass(frozen=True, slots=True)
class Scale:
    """How big everything is: by the screen, and a third bigger in large type."""

    factor: float
    large: bool
    columns: int

    def px(self, size: float) -> int:
        return round(size * self.factor)

    def type(self, size: float) -> int:
        """A type size in pixels."""
        return round(size * self.factor * (1.33 if self.large else 1.0))

    def touch(self, size: float) -> int:
        """A height that can be touched."""
        return max(SMALLEST_TARGET, self.px(size))


def scale_for(width: int, height: int, large: bool) -> Scale:
    """For a screen of that size; a portrait screen and large type get two columns."""
    portrait = height > width
    factor = min(width / (1080 if portrait else 1920), height / (1920 if portrait else 1080))
    return Scale(max(0.5, factor), large, 2 if large or portrait else 3)


class Tile(QPushButton):
    """A large button with a title and lines under it; the whole of it can be touched."""

    def __init__(self, name: str, title: str, *, scale: Scale, pixels: float, height: float,
                 ground: str = theme.PAPER, edge: str = theme.EDGE, ink: str = theme.INK) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setMinimumHeight(scale.touch(height))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        radius = scale.px(16)
        self.setStyleSheet(
            f"Tile {{ background: {ground}; border: {max(2, scale.px(3))}px solid {edge}; border-radius: {radius}px; "
            f"padding: 0; }} Tile:pressed {{ background: {theme.ACCENT_PALE}; border-color: {theme.ACCENT}; }}")
        self._scale, self._ink = scale, ink
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(scale.px(32), scale.px(16), scale.px(32), scale.px(16))
        self.column.setSpacing(scale.px(8))
        self.column.addStretch(1)
        self.add_line(title, pixels, bold=True)
        self.column.addStretch(1)

    def add_line(self, text: str, pixels: float, *, bold: bool = False, ink: str = "") -> QLabel:
        """One more line, before the space at the end."""
        line = words(text, self._scale, pixels, bold=bold, ink=ink or self._ink)
        line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.column.insertWidget(max(1, self.column.count() - 1), line)
        return line

    def sizeHint(self):  # the layout's, which a push button would ignore
        return self.layout().sizeHint().expandedTo(self.minimumSize())

    def minimumSizeHint(self):
        return self.layout().minimumSize().expandedTo(self.minimumSize())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(self.minimumHeight(), self.layout().heightForWidth(width))


def words(text: str, scale: Scale, pixels: float, *, bold: bool = False, ink: str = theme.INK) -> QLabel:
    """Text that wraps rather than being cut."""
    made = label(text, scale.type(pixels), bold=bold, wrap=True)
    theme.tint(made, ink)
    return made


def plain_button(name: str, text: str, scale: Scale, *, filled: bool = False, pixels: float = 28) -> QPushButton:
    """A button with text only."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setFont(theme.font(scale.type(pixels), bold=True))
    button.setMinimumHeight(scale.touch(76))
    ground, ink = (theme.ACCENT, theme.PAPER) if filled else (theme.PAPER, theme.ACCENT)
    button.setStyleSheet(
        f"QPushButton {{ background: {ground}; color: {ink}; border: {max(2, scale.px(3))}px solid {theme.ACCENT}; "
        f"border-radius: {scale.px(14)}px; font-size: {scale.type(pixels)}px; padding: 0 {scale.px(32)}px; }} "
        f"QPushButton:pressed {{ background: {theme.ACCENT_DOWN if filled else theme.ACCENT_PALE}; }} "
        f"QPushButton:disabled {{ background: {theme.DIM}; color: {theme.DIM_INK}; border-color: {theme.DIM}; }}")
    return button


class Page(QWidget):
    """One question. ``column`` is its layout.

    Signals:
        touched: Somebody reads it: it was scrolled.
    """

    touched = Signal()

    def __init__(self, scale: Scale, question: str, remark: str = "") -> None:
        super().__init__()
        self.scale = scale
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(scale.px(64), scale.px(28), scale.px(64), scale.px(24))
        self.column.setSpacing(scale.px(18))
        if question:
            self.column.addWidget(words(question, scale, 46, bold=True))
        if remark:
            self.column.addWidget(words(remark, scale, 28, ink=theme.QUIET))


class Bar(QFrame):
    """The strip above every page: the hall's name, date and time."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("look", "bar")
        self.name, self.time = label(name, 38, bold=True), label("", 32)
        row = QHBoxLayout(self)
        row.setContentsMargins(48, 0, 48, 0)
        row.addWidget(self.name, 1)
        row.addWidget(self.time)

    def fit(self, scale: Scale) -> None:
        self.setFixedHeight(scale.px(96))
        self.name.setFont(theme.font(scale.px(38), bold=True))
        self.time.setFont(theme.font(scale.px(30)))
