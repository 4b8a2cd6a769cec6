"""The notice at the board's foot: still if it fits, else rolling."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from hallapp.ui import theme
from hallapp.ui.board.lists import LIST

STEP_MS = 33
STEP = 2.5  # pixels of a 1920 screen a step: some 75 a second, read at leisure
GAP = 240  # between the end of the text and its return
MARGIN = 40


class Notice(QWidget):
    """Rolls from right to left; the only thing that moves on the board."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self._text, self._at, self._scale = "", 0.0, 1.0
        self._timer = QTimer(self)
        self._timer.setInterval(STEP_MS)
        self._timer.timeout.connect(self._on_timeout)

    def set_text(self, text: str) -> None:
        self._text, self._at = " ".join(text.split()), 0.0
        self.setAccessibleName(self._text)
        self._lay_out()

    def text(self) -> str:
        return self._text

    def rolling(self) -> bool:
        return self._timer.isActive()

    def set_scale(self, scale: float) -> None:
        self._scale, self._at = scale, 0.0
        self.setFont(theme.font(max(1, round(LIST * scale))))
        self._lay_out()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.BOARD_DARK))
        painter.setPen(QColor(theme.BOARD_WARM))
        painter.setFont(self.font())
        start = MARGIN * self._scale - self._at
        for left in (start, start + self._round()) if self.rolling() else (start,):
            place = QRectF(left, 0, self._width() + 1, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, self._text)
        painter.end()

    def _lay_out(self) -> None:
        if self._width() > self.width() - 2 * MARGIN * self._scale:
            self._timer.start()
        else:
            self._timer.stop()
            self._at = 0.0
        self.update()

    def _width(self) -> int:
        return QFontMetrics(self.font()).horizontalAdvance(self._text)

    def _round(self) -> float:
        return self._width() + GAP * self._scale

    def _on_timeout(self) -> None:
        self._at = (self._at + STEP * self._scale) % self._round()
        self.update()
