"""The counter's right side: who waits, who stands aside, what was left over, slips in trouble."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from hallapp.domain.catalogue import Catalogue
from hallapp.domain.handling import Visit
from hallapp.domain.printing import JobState, PrintJob
from hallapp.domain.ticket import Ticket, TicketState
from hallapp.ui import theme
from hallapp.ui.widgets.parts import Card, label, rule
from hallapp.ui.words import HOLDS, SLIPS, STATES, TROUBLES, minutes_text, tr

MOST_ROWS = 9


class SidePanel(Card):
    """Shows; decides nothing.

    Signals:
        void_requested: Close this forgotten visit (id).
        printed_requested: The doubtful slip (job id) is on paper.
        again_requested: The doubtful slip (job id) is to be printed again.
    """

    void_requested = Signal(int)
    printed_requested = Signal(int)
    again_requested = Signal(int)

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(margins=20, spacing=6)
        self._groups = {group.code: group.name for group in catalogue.groups}
        self.heading = label("", 18, bold=True)
        self.column.addWidget(self.heading)
        self._body = QWidget()
        self.column.addWidget(self._body, 1)

    def show_desk(
        self, waiting: Sequence[Ticket], aside: Sequence[Ticket], forgotten: Sequence[Visit],
        troubled: Sequence[PrintJob], now: datetime,
    ) -> None:
        longest = max(((now - ticket.issued_at).total_seconds() for ticket in waiting), default=0.0)
        some = tr("等候 %1 人　最长 %2", len(waiting), minutes_text(longest))
        self.heading.setText(some if waiting else tr("无人等候"))
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for job in troubled:
            column.addWidget(self._job(job))
        for ticket in waiting[:MOST_ROWS]:
            column.addWidget(self._line(ticket, minutes_text((now - ticket.issued_at).total_seconds()),
                                        self._groups.get(ticket.group, "")))
        if len(waiting) > MOST_ROWS:
            column.addWidget(label(tr("另有 %1 人，按 F11 查看", len(waiting) - MOST_ROWS), 16, look="quiet"))
        if aside:
            column.addSpacing(10)
            column.addWidget(label(tr("挂起与过号（F11 恢复）"), 16, look="quiet"))
        for ticket in aside[:5]:
            kind = tr(HOLDS[ticket.hold_kind]) if ticket.hold_kind else tr(STATES[TicketState.MISSED])
            since = (now - (ticket.changed_at or ticket.issued_at)).total_seconds()
            column.addWidget(self._line(ticket, minutes_text(since), kind))
        for visit in forgotten:
            column.addWidget(self._forgotten(visit))
        column.addStretch(1)
        self.column.replaceWidget(self._body, body)
        self._body.deleteLater()
        self._body = body

    def _line(self, ticket: Ticket, time: str, words: str) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 4, 0, 4)
        row.addWidget(label(ticket.number, 20, bold=True))
        if ticket.priority:
            row.addWidget(label(tr("优先"), 14, look="priority"))
        row.addStretch(1)
        row.addWidget(label(time, 16, look="quiet"))
        row.addWidget(label(words, 16))
        return line

    def _forgotten(self, visit: Visit) -> QWidget:
        text = tr("▲ %1 号窗口有一次接待没有结束（%2）", visit.window, f"{visit.day.month}月{visit.day.day}日")
        return self._asking(text, ((tr("写明原因并结束"), f"void-{visit.id}", visit.id, self.void_requested.emit),))

    def _job(self, job: PrintJob) -> QWidget:
        slip = tr(SLIPS[job.kind])
        if job.state is JobState.UNKNOWN:
            return self._asking(tr("▲ %1打印中断，小票出来了吗？", slip), (
                (tr("出来了"), f"printed-{job.id}", job.id, self.printed_requested.emit),
                (tr("没有，重打"), f"again-{job.id}", job.id, self.again_requested.emit),
            ))
        known = {trouble.value: text for trouble, text in TROUBLES.items()}
        return self._asking(tr("▲ %1未打出：%2", slip, tr(known.get(job.problem, job.problem))), ())

    def _asking(self, text: str, answers: Sequence[tuple[str, str, int, Callable[[int], None]]]) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 6, 0, 6)
        words = label(text, 16, bold=True, wrap=True)
        theme.tint(words, theme.NEAR)
        column.addWidget(words)
        row = QHBoxLayout()
        for answer, name, ident, tell in answers:
            button = QPushButton(answer)
            button.setObjectName(name)
            button.setProperty("ident", ident)
            button.setProperty("tell", tell)
            button.clicked.connect(self._on_answered)
            row.addWidget(button)
        column.addLayout(row)
        column.addWidget(rule())
        return box

    def _on_answered(self) -> None:
        self.sender().property("tell")(self.sender().property("ident"))
