"""The calling board (叫号屏), read from across the hall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from hallapp.ui import theme
from hallapp.ui.board.call_panel import CallPanel
from hallapp.ui.board.lists import LIST, RecentStrip, WaitingCard, WindowList
from hallapp.ui.board.notice import Notice
from hallapp.ui.board.text import Panel, Text, scale_all

SCREEN = (1920, 1080)  # all sizes are given for this one
EDGE, GAP = 40, 12
HEADER, CALL, STRIP, FOOT = 80, 264, 80, 72


class BoardWindow(QWidget):
    """Shows what it is told, at the size of any screen; nothing to press, no pointer."""

    def __init__(self, hall_name: str) -> None:
        super().__init__()
        self.setObjectName("board")
        self.setWindowTitle(self.tr("叫号屏"))
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"#board {{ background: {theme.BOARD_GROUND}; }}")
        self.resize(*SCREEN)
        self._call, self._windows, self._waiting = CallPanel(), WindowList(), WaitingCard()
        self._recent, self._notice = RecentStrip(), Notice()
        self._header = self._make_header(hall_name)
        self._bands = ((self._header, HEADER), (self._call, CALL), (self._recent, STRIP), (self._notice, FOOT))
        for part, _height in self._bands:
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._lists, self._inner = QHBoxLayout(), QVBoxLayout()
        self._lists.addWidget(self._windows, 1150)
        self._lists.addWidget(self._waiting, 670)
        for part in (self._call, self._recent):
            self._inner.addWidget(part)
        self._inner.insertLayout(1, self._lists, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addLayout(self._inner, 1)
        column.addWidget(self._notice)

    def set_windows(self, windows: Sequence[tuple[int, str]]) -> None:
        """Numbers and labels of the hall's windows; once."""
        self._windows.set_windows(windows)
        self._scale_to_screen()

    def set_groups(self, groups: Sequence[tuple[str, str]]) -> None:
        """Codes and names of the business groups; once."""
        self._waiting.set_groups(groups)
        self._scale_to_screen()

    def set_notice(self, text: str) -> None:
        self._notice.set_text(text)

    def show_call(self, number: str, window: int) -> None:
        """The call being announced: it cannot be missed."""
        self._call.show_call(number, window)

    def show_last(self, last: tuple[str, int] | None) -> None:
        """No announcement: the last call, calmly."""
        if last is None:
            self._call.show_nothing()
        else:
            self._call.show_last(*last)

    def show_window(self, number: int, state: str, ticket: str, reason: str) -> None:
        self._windows.show_window(number, state, ticket, reason)

    def show_waiting(self, counts: dict[str, int], longest_minutes: int | None) -> None:
        self._waiting.show_waiting(counts, longest_minutes)

    def show_recent(self, calls: Sequence[tuple[str, int]]) -> None:
        self._recent.show_recent(calls)

    def show_clock(self, moment: datetime) -> None:
        """``moment`` in hall time."""
        days = (self.tr("星期一"), self.tr("星期二"), self.tr("星期三"), self.tr("星期四"), self.tr("星期五"),
                self.tr("星期六"), self.tr("星期日"))
        self._clock.set_words(f"{moment:%H:%M}")
        self._date.set_words(self.tr("{0}月{1}日 {2}").format(moment.month, moment.day, days[moment.weekday()]))

    def show_remark(self, sentence: str) -> None:
        """What the hall should know of the board itself; empty if all is well."""
        self._remark.set_words(f"{theme.SIGNS['warning']} {sentence}" if sentence else "")

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)
        self._scale_to_screen()

    def _make_header(self, hall_name: str) -> Panel:
        header = Panel("header", row=True, margins=(EDGE, 0), spacing=32)
        header.set_ground(theme.BOARD_DARK, 0)
        name = Text(LIST, theme.PAPER, bold=True)
        name.set_words(hall_name)
        self._remark = Text(LIST, theme.BOARD_WARM, bold=True)
        self._date = Text(LIST, theme.BOARD_QUIET, right=True)
        self._clock = Text(60, theme.PAPER, bold=True, right=True)
        for part, called, share in ((name, "hall-name", 700), (self._remark, "remark", 500),
                                    (self._date, "date", 370), (self._clock, "clock", 174)):
            part.setObjectName(called)
            header.box.addWidget(part, share)
        return header

    def _scale_to_screen(self) -> None:
        scale = min(self.width() / SCREEN[0], self.height() / SCREEN[1])
        for part, height in self._bands:
            part.setFixedHeight(round(height * scale))
        edge, gap = round(EDGE * scale), round(GAP * scale)
        self._inner.setContentsMargins(edge, gap, edge, gap)
        self._inner.setSpacing(gap)
        self._lists.setSpacing(round(20 * scale))
        scale_all(self, scale)
        self._notice.set_scale(scale)
