"""The counter's left side: the current number, the keys of the queue, who is next and the ten-minute mean."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout

from hallapp.domain.catalogue import Catalogue
from hallapp.domain.rules import Rules
from hallapp.domain.tally import Tally
from hallapp.domain.ticket import Call, Ticket, interval_left
from hallapp.services.desk import Desk
from hallapp.ui import theme
from hallapp.ui.appointment_words import clock_words
from hallapp.ui.widgets.parts import Card, KeyButton, label, rule
from hallapp.ui.widgets.room import Room
from hallapp.ui.words import clock_text, minutes_text, span_text, tr, why_text

NONE = "—"
# by room, in px: type and height of the number and of the mean, the heights of the first key and of the others, the
# gaps between keys and between lines
_SMALL = (56, 60, 26, 34, 50, 36, 5, 4)
SIZES = {Room.TIGHT: (42, 42, 24, 30, 40, 30, 3, 2), Room.LOW: _SMALL, Room.SMALL: _SMALL,
         Room.WIDE: (104, 124, 40, 56, 72, 48, 8, 6)}


class QueuePanel(Card):
    """Shows; decides nothing.

    Signals:
        call_requested: The next visitor.
        arrive_requested: The called visitor is here.
        recall_requested, miss_requested, hold_requested, transfer_requested, abandon_requested, pause_requested,
        walk_in_requested, undo_requested, find_requested: The step of that name.
        book_requested: An appointment is to be booked, withdrawn or checked in.
    """

    call_requested = Signal()
    arrive_requested = Signal()
    recall_requested = Signal()
    miss_requested = Signal()
    hold_requested = Signal()
    transfer_requested = Signal()
    abandon_requested = Signal()
    pause_requested = Signal()
    walk_in_requested = Signal()
    undo_requested = Signal()
    find_requested = Signal()
    book_requested = Signal()

    def __init__(self, catalogue: Catalogue, rules: Rules, appointments: bool = False) -> None:
        super().__init__(margins=20, spacing=6)
        self._catalogue, self._rules, self._appointments = catalogue, rules, appointments
        self._number_ink, self._mean_ink = theme.FADED, theme.INK
        self._room = Room.WIDE
        self.number = label(NONE, 96, bold=True)
        self.number.setObjectName("number")
        self.about = label("", 18, wrap=True)
        self.state = label("", 18, bold=True, wrap=True)
        self.state.setObjectName("state")
        self.call = KeyButton(self.tr("呼叫下一位"), "F2", look="primary", pixels=24, height=68)
        self.arrive = KeyButton(self.tr("群众已到窗口"), "F2", look="good", pixels=24, height=68)
        self.keys = {"call": self.call, "arrive": self.arrive}
        self.arrive.hide()
        self.next_number = label("", 22, bold=True)
        self.next_why = label("", 16, look="quiet", wrap=True)
        self.mean = label(NONE, 34, bold=True)
        self.verdict = label("", 16, wrap=True)
        self._definition = label(self.tr("只算即时件，已扣除暂停"), 16, look="quiet", wrap=True)
        self._caption = label(self.tr("当前号码"), 16, look="quiet")
        column = self.column
        column.addWidget(self._caption)
        for part in (self.number, self.about, self.state):
            column.addWidget(part)
        column.addSpacing(6)
        column.addWidget(self.call)
        column.addWidget(self.arrive)
        column.addLayout(self._key_grid())
        column.addStretch(1)
        for part in (self.next_number, self.next_why, rule(), label(self.tr("本厅今日平均办理时长"), 16, look="quiet"),
                     self.mean, self.verdict, self._definition):
            column.addWidget(part)
        for name, wish in (("call", self.call_requested), ("arrive", self.arrive_requested)):
            self.keys[name].setObjectName(name)
            self.keys[name].clicked.connect(wish)

    def show_desk(self, desk: Desk, now: datetime) -> None:
        """Who is here, who is next, how the hall is doing."""
        ticket, calling = desk.ticket, desk.call is not None
        self.number.setText(ticket.number if ticket else tr("无号") if desk.visit else NONE)
        self._number_ink = theme.ACCENT if ticket or desk.visit else theme.FADED
        theme.tint(self.number, self._number_ink)
        self.about.setText(self._about(ticket, desk, now) if ticket else "")
        self.call.setVisible(not calling)
        self.arrive.setVisible(calling)
        paused = desk.session is not None and desk.session.pause_reason is not None
        self.keys["pause"].set_text(tr("恢复服务") if paused else tr("暂停服务"))
        following = desk.next_up
        self.next_number.setText(tr("下一位　%1", following.ticket.number) if following else tr("无人等候"))
        self._show_mean(desk.tally)

    def show_time(self, desk: Desk, now: datetime) -> None:
        """Why the next one is next, the state line, and the keys whose words count seconds."""
        following = desk.next_up
        self.next_why.setText(why_text(following, now, self._rules.zone) if following else "")
        call, recall, miss = desk.call, self.keys["recall"], self.keys["miss"]
        if call is None:
            recall.set_text(tr("重呼"))
            miss.set_text(tr("过号"))
            self.state.setText(_state(desk))
            return
        since = tr("已呼叫 %1　第 %2 次", clock_text((now - call.called_at).total_seconds()), call.calls)
        wanting = self.calls_wanting(call)
        self.state.setText(since)
        recall.set_text(tr("重呼 %1/%2", call.calls - 1, self._rules.recall_limit))
        left = interval_left(call, self._rules, now)
        miss.set_text(tr("过号 %1 秒", int(left) + 1) if left > 0 and not wanting else tr("过号"))

    def calls_wanting(self, call: Call) -> int:
        """How many more calls before the visitor may be struck as missed."""
        return max(0, self._rules.calls_before_miss - call.calls)

    def may_miss(self, call: Call, now: datetime) -> bool:
        """Called often enough, and long enough ago."""
        return not self.calls_wanting(call) and not interval_left(call, self._rules, now)

    def set_alive(self, alive: Mapping[str, bool]) -> None:
        """Keys are alive only when they make sense."""
        for name, on in alive.items():
            self.keys[name].setEnabled(on)

    def set_away(self, away: bool) -> None:
        """Who is next is not known while the store is away; on a small screen the banner needs that room."""
        for part in (self.next_number, self.next_why):
            part.setVisible(not away)

    def set_room(self, room: Room) -> None:
        """Less height on a small screen; the definition of the mean is on every report."""
        small = room < Room.WIDE
        number, number_height, mean, mean_height, call, key, gap, spacing = SIZES[room]
        theme.tint(self.number, self._number_ink, number)
        self.number.setFixedHeight(number_height)
        theme.tint(self.mean, self._mean_ink, mean)
        self.mean.setFixedHeight(mean_height)
        self._caption.setVisible(not small)
        self._room = room
        self._show_definition()
        for button in self.keys.values():
            button.setFixedHeight(key)
            button.set_tight(small)
        for button in (self.call, self.arrive):
            button.setFixedHeight(call)
        self._grid.setSpacing(gap)
        self.column.setSpacing(spacing)

    def _key_grid(self) -> QGridLayout:
        keys = (
            ("recall", self.tr("重呼"), "F3", self.recall_requested),
            ("miss", self.tr("过号"), "F4", self.miss_requested),
            ("hold", self.tr("挂起"), "F5", self.hold_requested),
            ("transfer", self.tr("转移"), "F6", self.transfer_requested),
            ("pause", self.tr("暂停服务"), "F9", self.pause_requested),
            ("walk-in", self.tr("无号接待"), "F10", self.walk_in_requested),
            ("find", self.tr("找号"), "F11", self.find_requested),
            ("abandon", self.tr("弃号"), "Shift+F4", self.abandon_requested),
            *((("book", self.tr("预约"), "Ctrl+B", self.book_requested),) if self._appointments else ()),
            # beside another key there is no room for more words
            ("undo", self.tr("撤销") if self._appointments else self.tr("撤销上一步"), "Ctrl+Z", self.undo_requested),
        )
        grid = self._grid = QGridLayout()
        for place, (name, text, key, wish) in enumerate(keys):
            button = KeyButton(text, key, pixels=17, height=46)
            button.setObjectName(name)
            button.clicked.connect(wish)
            grid.addWidget(button, place // 2, place % 2, 1, 2 if place == len(keys) - 1 and not place % 2 else 1)
            self.keys[name] = button
        QShortcut(QKeySequence("Ctrl+D"), self).activated.connect(self.keys["abandon"].click)
        return grid

    def _about(self, ticket: Ticket, desk: Desk, now: datetime) -> str:
        group = self._catalogue.find_group(ticket.group)
        item = self._catalogue.find_item(ticket.item_code) if ticket.item_code else None
        start = desk.call.called_at if desk.call else desk.visit.opened_at if desk.visit else now
        returned = ticket.notice_id is not None or desk.notice is not None
        parts = (item.short if item else group.name if group else "",
                 tr("等了%1", minutes_text((start - ticket.issued_at).total_seconds())),
                 tr("预约 %1", clock_words(ticket.booked_for, self._rules.zone)) if ticket.booked_for else "",
             tr("优先") if ticket.priority else "", tr("告知后复办") if returned else "")
        return "　".join(part for part in parts if part)

    def _show_definition(self) -> None:
        self._definition.setVisible(self._room > Room.LOW and self.mean.text() != NONE)

    def _show_mean(self, tally: Tally) -> None:
        mean, met = tally.hall_mean, tally.meets_target
        self.mean.setText(span_text(mean) if mean is not None else NONE)
        self._show_definition()
        self._mean_ink = theme.INK if mean is None else theme.GOOD if met else theme.OVER
        theme.tint(self.mean, self._mean_ink)
        if mean is None:
            self.verdict.setText(tr("今日还没有即时件"))
            theme.tint(self.verdict, theme.QUIET)
            return
        verdict = tr("✓ 达标") if met else tr("■ 未达标")
        limit = f"{self._rules.target_seconds / 60:g}"
        self.verdict.setText(tr("%1（≤%2 分钟）　全厅 %3 件", verdict, limit, tally.hall_cases))
        theme.tint(self.verdict, self._mean_ink)


def _state(desk: Desk) -> str:
    """Of the visit at the window; of an earlier day's, which keeps the next one from being called, from which it is."""
    if desk.visit is not None and desk.visit in desk.forgotten:
        return tr("%1月%2日没有结束，请按 Alt+3", desk.visit.day.month, desk.visit.day.day)
    return tr("办理中") if desk.items else tr("已到窗口") if desk.visit else ""
