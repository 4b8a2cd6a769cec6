"""Keeps the calling board: announces every call in its turn, and shows the hall as it was last read."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from hallapp.domain.events import HallEvent, Kind
from hallapp.domain.printing import DeviceStatus, Trouble
from hallapp.services.board import Board, CallLine, WindowState, call_lines
from hallapp.services.board import board as read_board
from hallapp.services.hall import Hall
from hallapp.ui.board.calls import Calls
from hallapp.ui.board.view import BoardWindow
from hallapp.ui.feed import Feed
from hallapp.ui.lights import Lights
from hallapp.ui.tasks import Tasks

SHOW_SECONDS = 8.0
UNHEARD = frozenset({Trouble.NO_SOUND, Trouble.PROGRAM})  # with these of the voice
LATE_SECONDS = 60.0  # heard of so much later, because the store was away, a call is told only if it still holds


class Speaker(Protocol):
    """Says calls one after another and tells as each starts and ends; ``name`` as in its DeviceStatus."""

    name: str

    def say(self, number: str, window: int) -> None: ...
    def speaking(self, told: object) -> None: ...


class BoardPresenter(QObject):
    """A call stays on show for ``show_seconds`` and for as long as it is spoken; then comes the next."""

    _spoken = Signal(bool)

    def __init__(
        self, view: BoardWindow, hall: Hall, tasks: Tasks, feed: Feed, lights: Lights, voice: Speaker | None,
        notice: str, show_seconds: float = SHOW_SECONDS,
    ) -> None:
        super().__init__(view)
        self._view, self._hall, self._tasks, self._voice = view, hall, tasks, voice
        self._calls = Calls()
        self._board: Board | None = None
        self._early: list[HallEvent] = []
        self._late: list[CallLine] = []
        self._reading = self._again = self._speaking = self._silent = False
        self._unspoken = 0  # calls that the voice was given and has not begun; one that was undone may be spoken still
        self._lost_at: float | None = None
        self._retry = False
        self._day = hall.today()
        self._least = QTimer(self, singleShot=True, interval=round(show_seconds * 1000))
        self._least.timeout.connect(self._on_shown)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._on_second)
        self._second.start()
        self._spoken.connect(self._on_spoken)
        if voice is not None:
            voice.speaking(self._spoken.emit)
        feed.happened.connect(self._on_happened)
        feed.store_lost.connect(self._on_store_lost)
        feed.store_back.connect(self._on_store_back)
        lights.changed.connect(self._on_lights)
        self._prepare(notice)
        self._on_lights(lights.current())
        self._on_second()
        self._read()

    def _prepare(self, notice: str) -> None:
        info = self._hall.info
        self._view.set_windows([(window.number, window.label) for window in self._hall.windows])
        self._view.set_groups([(group.code, group.name) for group in self._hall.catalogue.groups])
        phones = self.tr("咨询电话 {0}　投诉电话 {1}").format(info.consult_phone, info.complaint_phone)
        self._view.set_notice("　".join(part for part in (notice.strip(), phones) if part))

    def _read(self) -> None:
        """Read the board anew; wishes that come meanwhile become one more reading."""
        self._again = self._reading
        if not self._reading:
            self._reading = True
            self._tasks.run(self, partial(read_board, self._hall), self._on_board, {Exception: self._on_unread})

    def _on_board(self, board: Board) -> None:
        first, self._board = self._board is None, board
        self._reading = self._retry = False
        self._lost_at = None
        self._calls.read(board.recent, board.seq)
        for line in board.windows:
            self._view.show_window(line.window, line.state.value, line.number, line.pause_reason)
        if first:
            self._announce([event for event in self._early if event.seq > board.seq])
        self._announce_late(board)
        self._show_calls()
        self._show_times()
        if self._again:
            self._read()

    def _on_unread(self, error: Exception) -> None:
        self._reading, self._retry = False, True
        self._on_store_lost(error)

    def _on_happened(self, events: tuple[HallEvent, ...]) -> None:
        self._read()
        if self._board is None:
            self._early.extend(events)
        else:
            self._announce(events)

    def _announce(self, events: list[HallEvent] | tuple[HallEvent, ...]) -> None:
        lines, now = call_lines(tuple(events)), self._hall.clock.now()
        late = [line for line in lines if (now - line.at).total_seconds() > LATE_SECONDS]
        self._late += late
        for event in events:
            if event.kind is Kind.UNDONE:
                self._calls.withdraw(event.data["of"])
        self._call([line for line in lines if line not in late])

    def _announce_late(self, board: Board) -> None:
        """Of the calls of an hour without the server those that nobody answered yet, once each: all of them would keep
        the calls of now waiting for minutes."""
        calling = {(line.number, line.window) for line in board.windows if line.state is WindowState.CALLING}
        read = {(line.number, line.window): line for line in self._late if line.seq <= board.seq}
        self._late = [line for line in self._late if line.seq > board.seq]
        self._call([line for place, line in read.items() if place in calling])

    def _call(self, lines: list[CallLine]) -> None:
        self._calls.add(lines)
        if self._calls.showing is None:
            self._move_on()

    def _move_on(self) -> None:
        line = self._calls.move_on()
        if line is not None:
            self._least.start()
            if self._voice is not None:
                self._unspoken += 1
                self._voice.say(line.number, line.window)
        self._show_calls()

    def _show_calls(self) -> None:
        past, line = self._calls.past(), self._calls.showing
        if line is not None:
            self._view.show_call(line.number, line.window)
        elif self._board and all(one.state is WindowState.CLOSED for one in self._board.windows):
            self._view.show_closed(self._hall.info.hours)
        else:
            self._view.show_last(past.pop(0) if past else None)
        self._view.show_recent(past)

    def _on_shown(self) -> None:
        if not self._speaking and not self._unspoken and self._calls.showing is not None:
            self._move_on()

    def _on_spoken(self, started: bool) -> None:
        self._speaking = started
        if started:
            self._unspoken = max(0, self._unspoken - 1)  # a trial of the voice is no call of the board's
        elif not self._least.isActive():
            self._on_shown()

    def _on_store_lost(self, _error: Exception) -> None:
        if self._lost_at is None:
            self._lost_at = self._hall.clock.monotonic()
        self._show_times()

    def _on_store_back(self) -> None:
        self._read()

    def _on_lights(self, statuses: tuple[DeviceStatus, ...]) -> None:
        own = self._voice and self._voice.name  # another board's voice may be well or not
        self._silent = any(one.name == own and one.trouble in UNHEARD for one in statuses)
        self._show_times()

    def _on_second(self) -> None:
        if self._retry or self._hall.today() != self._day:
            self._day = self._hall.today()
            self._read()
        self._show_times()

    def _show_times(self) -> None:
        """What changes with the time alone: the clock, the longest wait, the age of the data."""
        now = self._hall.clock.now()
        self._view.show_clock(now.astimezone(self._hall.rules.zone))
        self._view.show_remark(self._remark())
        if self._board is not None and self._lost_at is None:
            longest = self._board.longest
            waited = None if longest is None else longest + (now - self._board.at).total_seconds()
            self._view.show_waiting(self._board.waiting, None if waited is None else int(waited // 60))

    def _remark(self) -> str:
        if self._lost_at is None:
            return self.tr("语音暂停，请看屏幕") if self._silent else ""
        if self._board is None:
            return self.tr("暂时读不到数据")
        age = int(self._hall.clock.monotonic() - self._lost_at)
        if age < 60:
            return self.tr("数据更新于 {0} 秒前").format(age)
        return self.tr("数据更新于 {0} 分钟前").format(age // 60)
