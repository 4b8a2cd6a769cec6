"""What the kiosk's pages are made of: big things to touch, words that wrap and grow together."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QPixmap, QPixmapCache
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from hallapp import paths
from hallapp.ui import theme
from hallapp.ui.widgets.balanced import Balanced
from hallapp.ui.widgets.parts import label

SMALLEST_TARGET = 60  # px: what an unsteady finger hits
GUARD_MS = 400


@dataclass(frozen=True, slots=True)
class Scale:
    """How big everything is: by the screen, and a third bigger in large type."""

    factor: float
    large: bool
    columns: int

    @property
    def portrait(self) -> bool:
        """Higher than wide: things stand below one another."""
        return self.columns == 1

    def px(self, size: float) -> int:
        return round(size * self.factor)

    def type(self, size: float) -> int:
        """A type size in pixels."""
        return round(size * self.factor * (1.33 if self.large else 1.0))

    def touch(self, size: float) -> int:
        """A height that can be touched."""
        return max(SMALLEST_TARGET, self.px(size))


def scale_for(width: int, height: int, large: bool) -> Scale:
    """For a screen of that size: three columns, two in large type, one on a portrait screen."""
    portrait = height > width
    factor = min(width / (1080 if portrait else 1920), height / (1920 if portrait else 1080))
    return Scale(max(0.5, factor), large, 1 if portrait else 2 if large else 3)


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
        self.scale, self._ink = scale, ink
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(scale.px(28), scale.px(16), scale.px(28), scale.px(16))
        self._row.setSpacing(scale.px(20))
        self.column = QVBoxLayout()
        self.column.setSpacing(scale.px(8))
        self._row.addLayout(self.column, 1)
        self.column.addStretch(1)
        self.add_line(title, pixels, bold=True)
        self.column.addStretch(1)

    def add_line(self, text: str, pixels: float, *, bold: bool = False, ink: str = "") -> QLabel:
        """One more line, before the space at the end."""
        line = words(text, self.scale, pixels, bold=bold, ink=ink or self._ink)
        line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.column.insertWidget(max(1, self.column.count() - 1), line)
        return line

    def add_picture(self, name: str, pixels: float) -> None:
        """What it is about, for whoever reads with effort, at the left end; nothing where no icon has that name."""
        side = self.scale.px(pixels)
        drawn = picture(name, side, self.devicePixelRatioF())
        if not drawn.isNull():
            made = QLabel()
            made.setPixmap(drawn)
            made.setFixedSize(side, side)
            made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._row.insertWidget(0, made, 0, Qt.AlignmentFlag.AlignVCenter)

    def add_side(self, pixels: float, *, ink: str) -> QLabel:
        """Words at the right end, in lines as they are set."""
        made = label("", self.scale.type(pixels), bold=True)
        theme.tint(made, ink)
        made.setAlignment(theme.ALIGN_RIGHT)
        made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._row.addWidget(made)
        return made

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
    made = Balanced(text)
    made.setFont(theme.font(scale.type(pixels), bold=bold))
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
    """One question and a remark on it. ``column`` is its layout.

    Signals:
        touched: Somebody reads it: it was scrolled.
    """

    touched = Signal()
    takes_scans = True  # a slip may be scanned now

    def __init__(self, scale: Scale, question: str, remark: str = "") -> None:
        super().__init__()
        self.scale = scale
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(scale.px(64), scale.px(28), scale.px(64), scale.px(24))
        self.column.setSpacing(scale.px(18))
        if question:
            self.column.addWidget(words(question, scale, 46, bold=True))
        self.remark = words(remark, scale, 28, ink=theme.QUIET)
        self.column.addWidget(self.remark)
        self.remark.setHidden(not remark)


class Guard(QTimer):
    """Makes what has just come under the finger deaf for a moment: the second tap of a double tap must not press it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, interval=GUARD_MS, singleShot=True)
        self._deaf: tuple[QWidget, ...] = ()
        self.timeout.connect(self.end)

    def hold(self, *widgets: QWidget) -> None:
        self._set(False)
        self._deaf = widgets
        self._set(True)
        self.start()

    def end(self) -> None:
        self.stop()
        self._set(False)

    def _set(self, deaf: bool) -> None:
        for widget in self._deaf:
            if isValid(widget):  # a page before this one may have gone
                widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, deaf)


class Bar(QFrame):
    """The strip above every page: the hall's name, date and time."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("look", "bar")
        self.name, self.time = label(name, 38, bold=True), label("", 32)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.addWidget(self.name, 1)
        self._row.addWidget(self.time)

    def fit(self, scale: Scale) -> None:
        """In portrait both stand in the middle, one below the other; what is to be touched comes within reach."""
        self.setFixedHeight(scale.px(180 if scale.portrait else 96))
        self._row.setDirection(
            QBoxLayout.Direction.TopToBottom if scale.portrait else QBoxLayout.Direction.LeftToRight)
        across, down = scale.px(64), scale.px(20 if scale.portrait else 0)
        self._row.setContentsMargins(across, down, across, down)
        side = Qt.AlignmentFlag.AlignHCenter if scale.portrait else Qt.AlignmentFlag.AlignLeft
        for part in (self.name, self.time):
            part.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self.name.setFont(theme.font(scale.px(46 if scale.portrait else 38), bold=True))
        self.time.setFont(theme.font(scale.px(34 if scale.portrait else 30)))


def picture(name: str, side: int, ratio: float) -> QPixmap:
    """An icon of that many pixels; read and drawn once, for a page is built at each return to the start."""
    key, drawn = f"{name} {side} {ratio}", QPixmap()
    if not QPixmapCache.find(key, drawn):
        file = paths.resources() / "icons" / f"{name}.svg"
        drawn = QIcon(str(file)).pixmap(QSize(side, side), ratio) if file.exists() else QPixmap()
        QPixmapCache.insert(key, drawn)
    return drawn
