"""Words that wrap where a reader pauses: lines of about one length, and no single sign left over for the last."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent, QShowEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QWidget

PAUSES = "，。；：、！？）》”·\u3000"
STEP = 4  # pixels


def line_ends(text: str, font: QFont, width: float) -> list[int]:
    """Where each line ends if ``text`` wraps at ``width`` pixels."""
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    ends = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        ends.append(line.textStart() + line.textLength())
    layout.endLayout()
    return ends


def even_width(text: str, font: QFont, width: int) -> int:
    """The width, at most ``width``, at which ``text`` wraps best: into no more lines than there, each but the last
    ending at a pause if one such width is found, else the lines as even as they get."""
    if QFontMetrics(font).horizontalAdvance(text) < width or (needed := len(line_ends(text, font, width))) < 2:
        return width
    least, most = width // (needed + 1), width
    while most - least > STEP:
        middle = (least + most) // 2
        least, most = (least, middle) if len(line_ends(text, font, middle)) <= needed else (middle, most)
    for tried in range(most, width + 1, STEP):
        if all(text[:end].rstrip(" ")[-1:] in f"{PAUSES}\n" for end in line_ends(text, font, tried)[:-1]):
            return tried
    return most


class Balanced(QLabel):
    """A label that wraps like that; how wide it may be is its layout's matter, as ever."""

    _spare = 0  # pixels left free beside the lines

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setWordWrap(True)

    def setText(self, text: str) -> None:
        if text != self.text():
            super().setText(text)
            self._balance()

    def setAlignment(self, alignment: Qt.AlignmentFlag) -> None:
        super().setAlignment(alignment)
        self._balance()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() - self._spare, hint.height())

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(max(0, hint.width() - self._spare), hint.height())

    def heightForWidth(self, width: int) -> int:
        return super().heightForWidth(width + self._spare)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._balance()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._balance()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._balance()

    def _balance(self) -> None:
        if not self.isVisible():  # its place and its font are not known before
            return
        edge, margins = self.frameWidth(), self.contentsMargins()  # the style sheet's border and padding
        room = self.width() - 2 * (edge + self.margin())
        wraps = self.wordWrap() and room > 0 and self.text()
        spare = max(0, room - ceil(even_width(self.text(), self.font(), room)) - 1) if wraps else 0
        if spare != self._spare:
            self._spare = spare
            left = {Qt.AlignmentFlag.AlignHCenter: spare // 2, Qt.AlignmentFlag.AlignRight: spare}.get(
                self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask, 0)
            self.setContentsMargins(edge + left, margins.top(), edge + spare - left, margins.bottom())
