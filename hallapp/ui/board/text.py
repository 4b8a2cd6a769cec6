"""Words on the board: sizes are given for 1920 x 1080 and follow the screen."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from hallapp.ui import theme

LEAST = 0.6  # a text too long for its place shrinks to this share of its size before it is cut


class Text(QLabel):
    """One line that keeps to its place: it never moves its neighbours, and shrinks when it is too long."""

    def __init__(self, pixels: int, colour: str, *, bold: bool = False, right: bool = False) -> None:
        super().__init__()
        self._pixels, self._bold, self._scale = pixels, bold, 1.0
        self._words = self._colour = ""
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        self.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.set_colour(colour)

    def set_scale(self, scale: float) -> None:
        self._scale = scale
        self._fit()

    def set_words(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self._fit()

    def set_colour(self, colour: str) -> None:
        if colour != self._colour:
            self._colour = colour
            self.setStyleSheet(f"color: {colour};")

    def words(self) -> str:
        """All of it, even where it is cut on the screen."""
        return self._words

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        pixels = max(1, round(self._pixels * self._scale))
        least = max(1, int(pixels * LEAST))
        while pixels > least and self._metrics(pixels).horizontalAdvance(self._words) > self.width():
            pixels -= 1
        self.setFont(theme.font(pixels, bold=self._bold))
        metrics = self._metrics(pixels)
        fits = metrics.horizontalAdvance(self._words) <= self.width()  # elidedText cuts for a fraction of a pixel
        self.setText(self._words if fits else
                     metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, self.width()))

    def _metrics(self, pixels: int) -> QFontMetrics:
        return QFontMetrics(theme.font(pixels, bold=self._bold))


class Panel(QFrame):
    """A rounded ground for a row or a column of things; margins and spacing follow the screen."""

    def __init__(self, name: str, *, row: bool = False, margins: tuple[int, int] = (28, 12), spacing: int = 0) -> None:
        super().__init__()
        self.setObjectName(name)
        self._margins, self._spacing, self._look = margins, spacing, ""
        self.box = QHBoxLayout(self) if row else QVBoxLayout(self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.set_scale(1.0)

    def set_scale(self, scale: float) -> None:
        across, down = (round(margin * scale) for margin in self._margins)
        self.box.setContentsMargins(across, down, across, down)
        self.box.setSpacing(round(self._spacing * scale))

    def set_ground(self, colour: str, radius: int = 16, line: str = "") -> None:
        """``line`` is the colour of a rule below, if any. Set only when it changes, for it is slow."""
        rule = f"border-bottom: 2px solid {line};" if line else ""
        look = f"background: {colour}; border: none; border-radius: {radius}px; {rule}"
        if look != self._look:
            self._look = look
            self.setStyleSheet(f"#{self.objectName()} {{ {look} }}")

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


def scale_all(window: QWidget, scale: float) -> None:
    """Tell every panel and text of a window the size of the screen."""
    for kind in (Panel, Text):
        for part in window.findChildren(kind):
            part.set_scale(scale)
