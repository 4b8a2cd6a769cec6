"""The counter's window: what it shows and what the clerk can ask for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from hallapp.domain.catalogue import Catalogue
from hallapp.domain.printing import DeviceStatus
from hallapp.domain.rules import Rules
from hallapp.domain.ticket import Call, Ticket
from hallapp.services.desk import Desk
from hallapp.ui import theme
from hallapp.ui.counter.queue_panel import QueuePanel
from hallapp.ui.counter.side_panel import SidePanel
from hallapp.ui.counter.visit_panel import VisitPanel
from hallapp.ui.widgets.parts import Banner, label
from hallapp.ui.words import clock_text, minutes_text, span_text, tr, trouble_sentence, why_text


class CounterWindow(QWidget):
    """The panels ``queue``, ``visit`` and ``side`` carry the wishes.

    Signals:
        help_requested: The list of keys.
    """

    help_requested = Signal()

    def __init__(self, catalogue: Catalogue, rules: Rules, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalogue, self._rules = catalogue, rules
        self.queue, self.visit, self.side = QueuePanel(), VisitPanel(catalogue, rules), SidePanel(catalogue)
        self.who, self.tally = label("", 20, bold=True), label("", 18)
        self.banner, self.message = Banner(), Banner()
        self._lights = QHBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self.banner)
        column.addWidget(self.message)
        self._panels = QHBoxLayout()
        for panel, share in ((self.queue, 0), (self.visit, 1), (self.side, 0)):
            self._panels.addWidget(panel, share)
        column.addLayout(self._panels, 1)
        column.addWidget(self._foot())
        QShortcut(QKeySequence("F7"), self).activated.connect(self.visit.entry.take_focus)
        QShortcut(QKeySequence("F1"), self).activated.connect(self.help_requested)
        for shortcut in self.findChildren(QShortcut):
            shortcut.setAutoRepeat(False)  # F2 held down must not both call and receive
        self.setMinimumSize(1280, 700)
        self._fit(1366)

    def show_desk(self, desk: Desk, now: datetime) -> None:
        """All panels, from one read of the store."""
        self._show_who(desk)
        self._show_current(desk, now)
        self._show_next(desk)
        self._show_mean(desk)
        self.visit.show_items(desk.items)
        self.side.show_desk(desk.waiting, desk.aside, desk.forgotten, desk.troubled, now)
        self._enable(desk)

    def show_time(self, local: datetime) -> None:
        self.tally.setText(f"{self._tally_words}　{local:%H:%M}")

    def show_state(self, words: str) -> None:
        """The line under the number: since when it is called or handled."""
        self.queue.state.setText(words)

    def show_lights(self, lights: Sequence[DeviceStatus], store_away: bool) -> None:
        """One calm line of device states, each with sign and word."""
        while self._lights.count():
            self._lights.takeAt(0).widget().deleteLater()
        states = [("down" if store_away else "ready", tr("数据库没有响应") if store_away else tr("数据库正常"))]
        for state, words in (*states, *((light.state.value, trouble_sentence(light)) for light in lights)):
            line = label(f"{theme.SIGNS[state]} {words}", 16, bold=state != "ready")
            theme.tint(line, theme.STATE_INKS[state])
            self._lights.addWidget(line)

    def show_message(self, sentence: str, *, state: str = "warning") -> None:
        """Something the clerk should know now; the presenter takes it away."""
        self.message.show_sentence(sentence, state=state)

    def set_busy(self, busy: bool) -> None:
        """A step is under way: no second one."""
        self.queue.call.setDisabled(busy or not self._may_call)
        self.queue.arrive.setDisabled(busy)
        self.visit.finish.setDisabled(busy or not self._open_visit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        """Narrow screens get narrower sides and less air."""
        small = width < 1600
        gap = 10 if small else 20
        self._panels.setContentsMargins(gap, gap, gap, gap)
        self._panels.setSpacing(gap)
        self.queue.setFixedWidth(340 if small else 420)
        self.side.setFixedWidth(320 if small else 400)
        self.queue.set_small(small)
        self.visit.set_small(small)
        for panel in (self.queue, self.visit, self.side):
            side, top = (14, 10) if small else (22, 22)
            panel.column.setContentsMargins(side, top, side, top)

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("look", "bar")
        bar.setFixedHeight(56)
        row = QHBoxLayout(bar)
        row.setContentsMargins(24, 0, 24, 0)
        row.addWidget(self.who)
        row.addStretch(1)
        row.addWidget(self.tally)
        self._tally_words = ""
        self._may_call = self._open_visit = False
        return bar

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setProperty("look", "foot")
        foot.setFixedHeight(44)
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 0, 24, 0)
        self._lights.setSpacing(28)
        row.addLayout(self._lights)
        row.addStretch(1)
        row.addWidget(label(self.tr("F1 帮助　Ctrl+L 锁屏　Ctrl+Q 签退"), 16, look="quiet"))
        return foot

    def _show_who(self, desk: Desk) -> None:
        if desk.session is None:
            return
        name = f"{desk.staff.number} {desk.staff.name}" if desk.staff else desk.session.staff
        paused = tr("　暂停服务：%1", desk.session.pause_reason) if desk.session.pause_reason else ""
        self.who.setText(tr("%1 号窗口　%2", desk.session.window, name) + paused)
        self._tally_words = tr("我今日 %1 人次 %2 件", desk.tally.my_visits, desk.tally.my_cases)

    def _show_current(self, desk: Desk, now: datetime) -> None:
        ticket = desk.ticket
        if ticket is not None:
            self.queue.number.setText(ticket.number)
            self.queue.about.setText(self._about(ticket, desk, now))
        else:
            self.queue.number.setText(tr("无号") if desk.visit else "—")
            self.queue.about.setText("")
        self.queue.set_calling(desk.call is not None)

    def _about(self, ticket: Ticket, desk: Desk, now: datetime) -> str:
        group = self._catalogue.find_group(ticket.group)
        item = self._catalogue.find_item(ticket.item_code) if ticket.item_code else None
        start = desk.call.called_at if desk.call else desk.visit.opened_at if desk.visit else now
        parts = [item.short if item else group.name if group else "",
                 tr("等了 %1", minutes_text((start - ticket.issued_at).total_seconds()))]
        if ticket.priority:
            parts.append(tr("优先"))
        if desk.notice is not None or ticket.notice_id is not None:
            parts.append(tr("一次性告知后复办"))
        return "　".join(part for part in parts if part)

    def _show_next(self, desk: Desk) -> None:
        following = desk.next_up
        self.queue.next_number.setText(tr("下一位　%1", following.ticket.number) if following else tr("没有等候的群众"))
        self.queue.next_why.setText(why_text(following) if following else "")

    def _show_mean(self, desk: Desk) -> None:
        mean, target = desk.tally.hall_mean, self._rules.target_seconds
        self.queue.mean.setText(span_text(mean) if mean is not None else "—")
        good = mean is None or mean <= target
        theme.tint(self.queue.mean, theme.GOOD if good else theme.OVER)
        verdict = tr("今日还没有即时件") if mean is None else (tr("✓ 达标") if good else tr("■ 超过"))
        words = tr("%1（≤%2 分钟）全厅 %3 件，已扣除暂停时间", verdict, target // 60, desk.tally.hall_cases)
        self.queue.verdict.setText(words)

    def _enable(self, desk: Desk) -> None:
        """Keys are alive only when they make sense."""
        called, visit = desk.call is not None, desk.visit is not None
        paused = desk.session is not None and desk.session.pause_reason is not None
        free = not called and not visit and not paused
        self._may_call, self._open_visit = free and desk.next_up is not None, visit
        with_ticket = visit and desk.ticket is not None
        alive = {"recall": called, "miss": called, "hold": with_ticket, "transfer": called or with_ticket,
                 "abandon": called, "pause": not called and not visit, "walk-in": free,
                 "find": not called and not visit, "undo": True}
        for name, on in alive.items():
            self.queue.keys[name].setEnabled(on)
        self.queue.keys["pause"].set_text(tr("恢复服务") if paused else tr("暂停服务"))
        self.visit.set_open(visit, self._hint(desk, paused))
        self.set_busy(False)

    def _hint(self, desk: Desk, paused: bool) -> str:
        if desk.visit is not None:
            return "" if desk.items else tr("请添加正在办理的事项，计时从添加开始。")
        if desk.call is not None:
            return tr("群众到窗口后按 F2。")
        return tr("已暂停服务，按 F9 恢复。") if paused else tr("按 F2 呼叫下一位。")


def recall_words(call: Call, rules: Rules) -> str:
    """How often the call was repeated, of how often it may be."""
    return tr("重呼 %1/%2", call.calls - 1, rules.recall_limit)


def since_words(call: Call, now: datetime) -> str:
    return tr("已呼叫 %1　第 %2 次", clock_text((now - call.called_at).total_seconds()), call.calls)


