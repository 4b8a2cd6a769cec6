"""The call: white and huge while it is announced, calm afterwards."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QSizePolicy

from hallapp.ui import theme
from hallapp.ui.board.text import Panel

SPACING = 36
HAN = 0.76  # of the type size: twice the height of a Chinese sign's middle over the baseline
LOUD, CALM = (104, 208), (64, 148)  # pixels of words and of number and window


class CallPanel(Panel):
    """请 A012 号到 3 号窗口办理 in the upper third. ``calling`` is whether it is being announced."""

    def __init__(self) -> None:
        super().__init__("now-panel", row=True, margins=(32, 0))
        self.calling = False
        self._sizes, self._scale = CALM, 1.0
        self._dressed: object = None
        self._labels = [QLabel() for _ in range(5)]
        self._labels[1].setObjectName("now-number")
        self._labels[3].setObjectName("now-window")
        self.box.addStretch(1)
        for part in self._labels:
            part.setAlignment(Qt.AlignmentFlag.AlignVCenter)
            part.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
            self.box.addWidget(part)
        self.box.addStretch(1)
        self.show_nothing()

    def show_call(self, number: str, window: int) -> None:
        words = (self.tr("请"), number, self.tr("号到"), str(window), self.tr("号窗口办理"))
        colours = (theme.INK, theme.ACCENT, theme.INK, theme.CALL, theme.INK)
        self._dress(True, words, colours, theme.PAPER, LOUD)

    def show_last(self, number: str, window: int) -> None:
        words = (self.tr("最近叫号"), number, self.tr("到"), str(window), self.tr("号窗口"))
        quiet = theme.BOARD_QUIET
        self._dress(False, words, (quiet, theme.PAPER, quiet, theme.BOARD_WARM, quiet), theme.BOARD_PANEL, CALM)

    def show_nothing(self) -> None:
        words = (self.tr("请留意叫号"), "", "", "", "")
        self._dress(False, words, (theme.BOARD_QUIET,) * 5, theme.BOARD_PANEL, CALM)

    def show_closed(self, hours: str) -> None:
        said = self.tr("办公时间　{0}").format(hours) if hours else self.tr("现在没有窗口开放")
        colours = (theme.BOARD_WARM, *(theme.BOARD_QUIET,) * 4)
        self._dress(False, (said, "", "", "", ""), colours, theme.BOARD_PANEL, CALM)

    def words(self) -> str:
        """The sentence on show."""
        return " ".join(part.text() for part in self._labels if part.text())

    def set_scale(self, scale: float) -> None:
        super().set_scale(scale)
        self._scale = scale
        self._fit()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)
        self._fit()

    def _dress(self, calling: bool, words: tuple[str, ...], colours: tuple[str, ...], ground: str,
               sizes: tuple[int, int]) -> None:
        if self._dressed == (dress := (calling, words, colours, ground, sizes)):
            return  # with each number and slip it is asked for, and slow
        self._dressed = dress
        self.calling, self._sizes = calling, sizes
        self.set_ground(ground)
        for part, text, colour in zip(self._labels, words, colours, strict=True):
            part.setText(text)
            part.setVisible(bool(text))
            theme.tint(part, colour)
        self._fit()

    def _fit(self) -> None:
        """A sentence too wide for the panel is drawn smaller."""
        if not hasattr(self, "_labels"):
            return
        room = self.width() - self.box.contentsMargins().left() * 2
        needed = self._lay_out(self._scale)
        if needed > room > 0:
            self._lay_out(self._scale * room / needed)

    def _lay_out(self, scale: float) -> float:
        """Set the type, the middle of words and numbers on one line; how wide the sentence becomes."""
        small, large = (theme.font(max(1, int(pixels * scale)), bold=True) for pixels in self._sizes)
        shown = [part for part in self._labels if part.text()]
        self.box.setSpacing(int(SPACING * scale))
        width = self.box.spacing() * (len(shown) + 1)
        for part, font in zip(self._labels, (small, large, small, large, small), strict=True):
            metrics = QFontMetrics(font)
            tall = metrics.capHeight() if font is large else HAN * font.pixelSize()
            part.setFont(font)
            # a line of type is centred with its full ascent, of which the signs use less
            part.setContentsMargins(0, 0, 0, round(metrics.ascent() - metrics.descent() - tall))
            width += metrics.horizontalAdvance(part.text())
        return width
