"""The counter's right side: what wants an answer, who waits, who stands aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from hallapp.domain.catalogue import Catalogue
from hallapp.domain.handling import Visit
from hallapp.domain.printing import JobState, PrintJob
from hallapp.domain.ticket import Ticket, TicketState
from hallapp.services.desk import Desk
from hallapp.ui import theme
from hallapp.ui.counter.fitting_rows import FittingRows
from hallapp.ui.widgets.parts import Card, KeyButton, label, rule
from hallapp.ui.words import HOLDS, SLIPS, STATES, TROUBLES, minutes_text, short_minutes, tr

ROW, MOST_ASIDE = 36, 5  # px; rows before the others are counted


class SidePanel(Card):
    """Shows; decides nothing. Only the first question of a kind is asked, with its keys.

    Signals:
        void_requested: Close this forgotten visit (id).
        printed_requested: The doubtful slip (job id) is on paper.
        again_requested: The doubtful slip (job id) is to be printed again.
    """

    void_requested = Signal(int)
    printed_requested = Signal(int)
    again_requested = Signal(int)

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(margins=20, spacing=4)
        self._groups = {group.code: group.name for group in catalogue.groups}
        self.heading = label("", 18, bold=True)
        self.waiting = FittingRows(_more_waiting)
        self.aside_heading = label(self.tr("挂起与过号"), 18, bold=True)
        self.aside = FittingRows(_more_aside)
        self._asked = QWidget()
        for part, share in ((self._asked, 0), (self.heading, 0), (self.waiting, 1), (self.aside_heading, 0),
                            (self.aside, 0)):
            self.column.addWidget(part, share)

    def show_desk(self, desk: Desk, now: datetime) -> None:
        longest = max(((now - ticket.issued_at).total_seconds() for ticket in desk.waiting), default=0.0)
        some = tr("等候 %1 人　最长 %2", len(desk.waiting), minutes_text(longest))
        self.heading.setText(some if desk.waiting else tr("无人等候"))
        self.waiting.show_rows([
            _line(ticket, self._groups.get(ticket.group, ""), now - ticket.issued_at) for ticket in desk.waiting])
        self.aside_heading.setVisible(bool(desk.aside))
        self.aside.setVisible(bool(desk.aside))
        self.aside.setFixedHeight(ROW * min(len(desk.aside), MOST_ASIDE))
        self.aside.show_rows([
            _line(ticket, _why_aside(ticket), now - (ticket.changed_at or ticket.issued_at)) for ticket in desk.aside])
        self._ask(desk)

    def _ask(self, desk: Desk) -> None:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        unknown = [job for job in desk.troubled if job.state is JobState.UNKNOWN]
        if unknown:
            numbers = {ticket.id: ticket.number for ticket in (*desk.waiting, *desk.aside)}
            self._ask_job(column, unknown, numbers)
        stuck = Counter((job.kind, job.problem) for job in desk.troubled if job.state is JobState.FAILED)
        known = {trouble.value: text for trouble, text in TROUBLES.items()}
        for (kind, problem), count in stuck.items():
            words = tr("▲ %1 张%2未打出：%3", count, tr(SLIPS[kind]), tr(known.get(problem, problem)))
            column.addWidget(_warning(words))
        if desk.forgotten:
            self._ask_visit(column, desk.forgotten)
        if column.count():
            column.addWidget(rule())
        self.column.replaceWidget(self._asked, box)
        self._asked.hide()
        self._asked.deleteLater()
        self._asked = box

    def _ask_job(self, column: QVBoxLayout, unknown: Sequence[PrintJob], numbers: Mapping[int, str]) -> None:
        job = unknown[0]
        which = f"{numbers[job.ref_id]} " if job.ref_id in numbers else ""
        others = tr("（还有 %1 张）", len(unknown) - 1) if unknown[1:] else ""
        column.addWidget(_warning(tr("▲ %1%2打印中断，小票出来了吗？%3", which, tr(SLIPS[job.kind]), others)))
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._answer(tr("已出票"), "Alt+1", f"printed-{job.id}", self.printed_requested.emit, job.id))
        row.addWidget(self._answer(tr("重打"), "Alt+2", f"again-{job.id}", self.again_requested.emit, job.id))
        column.addLayout(row)

    def _ask_visit(self, column: QVBoxLayout, forgotten: Sequence[Visit]) -> None:
        visit = forgotten[0]
        day = tr("%1月%2日", visit.day.month, visit.day.day)
        column.addWidget(_warning(tr("▲ 遗忘未结束 %1 件：%2 %3 号窗口", len(forgotten), day, visit.window)))
        column.addWidget(
            self._answer(tr("写明原因并结束"), "Alt+3", f"void-{visit.id}", self.void_requested.emit, visit.id))

    def _answer(self, text: str, key: str, name: str, tell: Callable[[int], None], ident: int) -> KeyButton:
        button = KeyButton(text, key, pixels=16, height=40)
        button.setObjectName(name)
        button.setProperty("tell", tell)
        button.setProperty("ident", ident)
        button.clicked.connect(self._on_answered)
        return button

    def _on_answered(self) -> None:
        self.sender().property("tell")(self.sender().property("ident"))


def _more_waiting(count: int) -> str:
    return tr("另有 %1 人，按 F11 查看", count)


def _more_aside(count: int) -> str:
    return tr("另有 %1 个，按 F11 查看", count)


def _why_aside(ticket: Ticket) -> str:
    return tr(HOLDS[ticket.hold_kind]) if ticket.hold_kind else tr(STATES[TicketState.MISSED])


def _warning(words: str) -> QLabel:
    made = label(words, 16, bold=True, wrap=True)
    theme.tint(made, theme.NEAR)
    return made


def _line(ticket: Ticket, words: str, since: timedelta) -> QWidget:
    """Number, what for, how long: columns under each other."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    number = label(ticket.number, 18, bold=True)
    number.setFixedSize(50, ROW)
    mark = label(tr("优先") if ticket.priority else "", 14, look="priority" if ticket.priority else "")
    mark.setFixedWidth(48)
    mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
    time = label(short_minutes(since.total_seconds()), 16, look="quiet")
    time.setFixedWidth(52)
    time.setAlignment(theme.ALIGN_RIGHT)
    row.addWidget(number)
    row.addWidget(mark, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(label(words, 16), 1)
    row.addWidget(time)
    return line
