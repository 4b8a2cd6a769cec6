"""A list that shows whole rows only and says how many more there are."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import accumulate
from typing import Any

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
        self._values: tuple[Hashable, ...] = ()
        self._rows: tuple[QWidget, ...] = ()
        self._heights: dict[QWidget, int] = {}  # at this width
        self._rest = label("", 16, look="quiet")
        self._rest.setParent(self)
        self._rest.hide()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)

    def show_rows(self, values: Sequence[Hashable], make: Callable[[Any], QWidget]) -> None:
        """A row made of each value. Those that are there already stay: with every step in a full hall most do."""
        if self._values == tuple(values):
            return
        there: dict[Hashable, list[QWidget]] = {}
        for value, row in zip(self._values, self._rows, strict=True):
            there.setdefault(value, []).append(row)
        rows = [there[value].pop() if there.get(value) else make(value) for value in values]
        for row in (row for gone in there.values() for row in gone):
            row.hide()  # at once, not when it is deleted
            row.deleteLater()
            del self._heights[row]
        self._values, self._rows = tuple(values), tuple(rows)
        for row in rows:
            if row not in self._heights:
                row.setParent(self)
                self._heights[row] = self._height(row)
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(0, sum(self._heights.values()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._heights = {row: self._height(row) for row in self._rows}
        self._fit()

    def _height(self, row: QWidget) -> int:
        return row.heightForWidth(self.width()) if row.hasHeightForWidth() else row.sizeHint().height()

    def _fit(self) -> None:
        shown = self._shown()
        top = 0
        for place, row in enumerate(self._rows):
            row.setVisible(place < shown)
            if place < shown:
                row.setGeometry(0, top, self.width(), self._heights[row])
                top += row.height()
        left = len(self._rows) - shown
        self._rest.setVisible(bool(left and shown))
        self._rest.setText(self._more(left))
        self._rest.setGeometry(0, top, self.width(), self._rest.sizeHint().height())

    def _shown(self) -> int:
        """How many rows fit, with the line about the others if there are any."""
        ends = list(accumulate(self._heights[row] for row in self._rows))
        if not ends or ends[-1] <= self.height():
            return len(ends)
        room = self.height() - self._rest.sizeHint().height()
        count = sum(end <= room for end in ends)
        return count if count >= self._least else 0
