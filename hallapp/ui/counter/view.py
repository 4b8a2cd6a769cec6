"""The counter's window: what it shows and what the clerk can ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from hallapp.domain.catalogue import Catalogue
from hallapp.domain.printing import DeviceStatus
from hallapp.domain.rules import Rules
from hallapp.services.desk import Desk
from hallapp.ui.counter.lights_line import LightsLine
from hallapp.ui.counter.queue_panel import QueuePanel
from hallapp.ui.counter.side_panel import SidePanel
from hallapp.ui.counter.visit_panel import VisitPanel
from hallapp.ui.widgets.parts import Banner, label
from hallapp.ui.widgets.room import SMALLEST, Room, room_for
from hallapp.ui.words import tr

# by room, in px: the foot, the gaps between panels, the widths of queue and side, the panels' margins
SIZES = {Room.TIGHT: (28, 6, 278, 276, (10, 4)), Room.LOW: (32, 6, 316, 332, (14, 6)),
         Room.SMALL: (44, 10, 340, 332, (14, 10)), Room.WIDE: (44, 20, 420, 400, (22, 22))}


class CounterWindow(QWidget):
    """The panels ``queue``, ``visit`` and ``side`` carry the wishes.

    Signals:
        help_requested: The list of keys.
        password_requested: The clerk's own password is to be changed.
        scanned: What a scanner read, as text.
    """

    help_requested = Signal()
    password_requested = Signal()
    scanned = Signal(str)

    def __init__(
        self, catalogue: Catalogue, rules: Rules, parent: QWidget | None = None, *, appointments: bool = False
    ) -> None:
        super().__init__(parent)
        self._catalogue, self._rules = catalogue, rules
        self.asks = False  # whether visitors are asked for a rating at this window
        self._desk: Desk | None = None
        self._busy = self._away = self._may_miss = False
        self.queue, self.visit = QueuePanel(catalogue, rules, appointments), VisitPanel(catalogue, rules)
        self.side = SidePanel(catalogue, rules)
        self.who, self.tally = label("", 20, bold=True), label("", 18)
        self.banner, self.message = Banner(), Banner()
        self.lights = LightsLine()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self.banner)
        self._panels = QHBoxLayout()
        for panel, share in ((self.queue, 0), (self.visit, 1), (self.side, 0)):
            self._panels.addWidget(panel, share)
        column.addLayout(self._panels, 1)
        self._foot = self._make_foot()
        column.addWidget(self._foot)
        QShortcut(QKeySequence("F7"), self).activated.connect(self.visit.entry.take_focus)
        QShortcut(QKeySequence("F1"), self).activated.connect(self.help_requested)
        QShortcut(QKeySequence("Ctrl+M"), self).activated.connect(self.password_requested)
        for shortcut in self.findChildren(QShortcut):
            shortcut.setAutoRepeat(False)  # F2 held down must not both call and receive
        self.setMinimumSize(SMALLEST)
        self._fit(QSize(1366, 768))
        self._refresh_keys()

    def show_desk(self, desk: Desk, now: datetime) -> None:
        """All panels, from one read of the store."""
        begins = desk.visit is not None and (self._desk is None or self._desk.visit is None)
        self._desk = desk
        self._show_who(desk)
        self.queue.show_desk(desk, now)
        self.visit.show_items(desk.items, self._hint(desk, now))
        self._show_returned(desk)
        self.side.show_desk(desk, now)
        self._refresh_keys()
        if begins and desk.items:  # held before, or found here at the sign-in: the digits are the items' keys
            self.visit.setFocus()
        elif begins:
            self.visit.entry.take_focus()

    def show_time(self, now: datetime, local: datetime) -> None:
        """What goes on with the time alone; ``local`` is the hall's time of day."""
        tally = self._desk and self._desk.tally
        mine = tr("我今日 %1 人次 %2 件　", tally.my_visits, tally.my_cases) if tally else ""
        self.tally.setText(f"{mine}{local:%H:%M}")
        if self._desk is None:
            return
        self.queue.show_time(self._desk, now)
        self.side.show_time(now)
        self.visit.hint.setText(self._hint(self._desk, now))
        call = self._desk.call
        self._may_miss = call is not None and self.queue.may_miss(call, now)
        self._refresh_keys()

    def show_lights(self, lights: Sequence[DeviceStatus], store_away: bool) -> None:
        self.lights.show_lights(lights, store_away)

    def show_message(self, sentence: str, *, state: str = "warning") -> None:
        """Something the clerk should know now; the presenter takes it away."""
        self.message.show_sentence(sentence, state=state)

    def set_busy(self, busy: bool) -> None:
        """A step is under way: no second one."""
        self._busy = busy
        self._refresh_keys()

    def set_away(self, away: bool) -> None:
        """The store does not answer: no step can be kept, so none is offered; typing and clocks go on."""
        self._away = away
        self.queue.set_away(away)
        self.side.questions.set_away(away)
        self._refresh_keys()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size())

    def _fit(self, size: QSize) -> None:
        """Narrow screens get narrower sides, low ones lower lines, both less air."""
        room = room_for(size)
        foot, gap, queue, side, (across, down) = SIZES[room]
        self._foot.setFixedHeight(foot)
        for banner in (self.banner, self.message):
            banner.set_tight(room <= Room.LOW)
        self._panels.setContentsMargins(gap, gap, gap, gap)
        self._panels.setSpacing(gap)
        self.queue.setFixedWidth(queue)
        self.side.setFixedWidth(side)
        for panel in (self.queue, self.visit, self.side):
            panel.set_room(room)
            panel.column.setContentsMargins(across, down, across, down)

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("look", "bar")
        bar.setFixedHeight(56)
        row = QHBoxLayout(bar)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(24)
        row.addWidget(self.who)
        row.addWidget(self.message, 1000)  # in the bar nothing moves when it comes and goes
        row.addStretch(1)
        row.addWidget(self.tally)
        return bar

    def _make_foot(self) -> QFrame:
        foot = QFrame()
        foot.setProperty("look", "foot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 0, 24, 0)
        row.addWidget(self.lights, 1)
        row.addWidget(label(self.tr("F1 帮助　Ctrl+M 改密码　Ctrl+L 锁屏　Ctrl+Q 签退"), 16, look="quiet"))
        return foot

    def _show_who(self, desk: Desk) -> None:
        if desk.session is None:
            return
        name = f"{desk.staff.number} {desk.staff.name}" if desk.staff else desk.session.staff
        paused = tr("　暂停服务：%1", desk.session.pause_reason) if desk.session.pause_reason else ""
        self.who.setText(tr("%1 号窗口　%2", desk.session.window, name) + paused)

    def _show_returned(self, desk: Desk) -> None:
        """What was missing the last time; and at first what the visitor came for, then the rest of the business."""
        notice, ticket = desk.notice, desk.ticket
        self.visit.show_returned(notice)
        group = self._catalogue.find_group(ticket.group) if ticket else None
        known = [notice.item_code] if notice else [ticket.item_code] if ticket and ticket.item_code else []
        begun = desk.visit is None or bool(desk.items)
        codes = () if begun else dict.fromkeys((*known, *(group.items if group else ())))
        items = [self._catalogue.find_item(code) for code in codes]
        self.visit.entry.suggest([item for item in items if item is not None], known=bool(known))

    def _refresh_keys(self) -> None:
        """Keys are alive only when they make sense."""
        desk, ready = self._desk, self._desk is not None and not self._away
        called, visit = ready and desk.call is not None, ready and desk.visit is not None
        paused = ready and desk.session is not None and desk.session.pause_reason is not None
        free = ready and not called and not visit
        with_ticket = visit and desk.ticket is not None
        self.queue.set_alive({
            "call": free and not paused and desk.next_up is not None and not self._busy,
            "arrive": called and not self._busy, "recall": called, "miss": called and self._may_miss,
            "hold": with_ticket, "transfer": called or with_ticket, "abandon": called, "pause": free,
            "walk-in": free and not paused, "find": ready, "undo": ready,
            **({"book": ready} if "book" in self.queue.keys else {}),
        })
        self.visit.set_live(visit)
        self.visit.finish.setEnabled(visit and not self._busy)
        if self.visit.entry.field.hasFocus() and not (desk and desk.visit):
            self.visit.setFocus()  # a field that is switched off would leave the focus nowhere
        self.visit.entry.setEnabled(desk is not None and desk.visit is not None)
        self.visit.entry.set_busy(self._busy or self._away)

    def _hint(self, desk: Desk, now: datetime) -> str:
        return "\n".join(filter(None, (self._step_hint(desk, now), self._rating_hint(desk, now))))

    def _rating_hint(self, desk: Desk, now: datetime) -> str:
        """What became of asking the visitor before: that there is an answer, never which."""
        last = desk.last
        if desk.visit is not None or last is None:
            return ""
        asked = self.asks and (now - last.closed_at).total_seconds() < self._rules.rating_seconds
        words = {True: tr("已评价"), False: tr("未评价"), None: tr("正在请群众评价") if asked else ""}[last.answered]
        return words and tr("上一位 %1：%2", last.number or tr("无号接待"), words)

    def _step_hint(self, desk: Desk, now: datetime) -> str:
        if desk.visit is not None and desk.visit in desk.forgotten:
            return tr("这是以前没有结束的接待。\n群众不在，请按 Alt+3 写明原因并结束。")
        if desk.visit is not None:
            return tr("添加正在办理的事项，从添加起计时。")
        if desk.call is not None:
            wanting = self.queue.calls_wanting(desk.call)
            nobody = (tr("没有来：再呼 %1 次（F3）可过号。", wanting) if wanting
                      else tr("没有来：可过号（F4）。") if self.queue.may_miss(desk.call, now) else "")
            return "\n".join(filter(None, (tr("群众到窗口后按 F2。"), nobody)))
        if desk.session is not None and desk.session.pause_reason:
            return tr("已暂停服务，按 F9 恢复。")
        return tr("按 F2 呼叫下一位。") if desk.next_up else tr("现在没有群众等候。")
