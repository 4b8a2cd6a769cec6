"""A list that shows whole rows only and says how many more there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hallapp.ui.widgets.parts import label


class FittingRows(QWidget):
    """Rows under each other, as many as have room; ``more`` words the number of the others.

    Fewer than ``least`` rows are not worth showing.
    """

    def __init__(self, more: Callable[[int], str], least: int = 1) -> None:
        super().__init__()
        self._more, self._least = more, least
        self._rows: tuple[QWidget, ...] = ()
        self._rest = label("", 16, look="quiet")
        self._rest.setParent(self)
        self._rest.hide()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def show_rows(self, rows: Sequence[QWidget]) -> None:
        for row in self._rows:
            row.hide()  # at once, not when it is deleted
            row.deleteLater()
        self._rows = tuple(rows)
        for row in rows:
            row.setParent(self)
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(0, sum(self._height(row) for row in self._rows))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _height(self, row: QWidget) -> int:
        return row.heightForWidth(self.width()) if row.hasHeightForWidth() else row.sizeHint().height()

    def _fit(self) -> None:
        shown = self._shown()
        top = 0
        for place, row in enumerate(self._rows):
            row.setVisible(place < shown)
            if place < shown:
                row.setGeometry(0, top, self.width(), self._height(row))
                top += row.height()
        left = len(self._rows) - shown
        self._rest.setVisible(bool(left and shown))
        self._rest.setText(self._more(left))
        self._rest.setGeometry(0, top, self.width(), self._rest.sizeHint().height())

    def _shown(self) -> int:
        """How many rows fit, with the line about the others if there are any."""
        ends, total = [], 0
        for row in self._rows:
            total += self._height(row)
            ends.append(total)
        if total <= self.height():
            return len(ends)
        room = self.height() - self._rest.sizeHint().height()
        count = sum(end <= room for end in ends)
        return count if count >= self._least else 0
