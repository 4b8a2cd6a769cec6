"""The calling board (叫号屏), read from across the hall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from hallapp.ui import theme
from hallapp.ui.board.call_panel import CallPanel
from hallapp.ui.board.lists import LIST, RECENT, ROWS, RecentStrip, WaitingCard, WindowList
from hallapp.ui.board.notice import Notice
from hallapp.ui.board.text import Panel, Text, scale_all

SCREEN = (1920, 1080)  # all sizes are given for this one
UPRIGHT = (1350, 2400)  # and fit this one, with the lists below one another
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
        self._shares = (1150, 670)
        self._lists.addWidget(self._windows)
        self._lists.addWidget(self._waiting)
        for part in (self._call, self._recent):
            self._inner.addWidget(part)
        self._inner.insertLayout(1, self._lists, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # bands as high as on the screen before
        column.addWidget(self._header)
        column.addLayout(self._inner, 1)
        column.addWidget(self._notice)

    def set_windows(self, windows: Sequence[tuple[int, str]]) -> None:
        """Numbers and labels of the hall's windows; once. Many of them get room that the waiting counts give."""
        self._windows.set_windows(windows)
        self._shares = (1212, 608) if len(windows) > ROWS else (1150, 670)
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

    def show_closed(self, hours: str) -> None:
        """Nobody is at any window; when somebody will be, if the hall tells its ``hours``."""
        self._call.show_closed(hours)

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
        upright = self.height() > self.width()
        across, down = UPRIGHT if upright else SCREEN
        scale = min(self.width() / across, self.height() / down)
        self._lists.setDirection(
            QBoxLayout.Direction.TopToBottom if upright else QBoxLayout.Direction.LeftToRight)
        for place, share in enumerate(self._shares if not upright else (1150, 850)):
            self._lists.setStretch(place, share)
        self._date.setVisible(not upright)  # the hall's name needs its place
        self._recent.set_places(RECENT - 1 if upright else RECENT)
        for part, height in self._bands:
            part.setFixedHeight(round(height * scale))
        edge, gap = round(EDGE * scale), round(GAP * scale)
        self._inner.setContentsMargins(edge, gap, edge, gap)
        self._inner.setSpacing(gap)
        self._lists.setSpacing(round(20 * scale))
        scale_all(self, scale)
        self._notice.set_scale(scale)
