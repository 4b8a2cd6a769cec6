"""What wants an answer from the clerk: doubtful slips, slips that wait, visits left open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from hallapp.domain.handling import Visit
from hallapp.domain.printing import JobState, PrintJob
from hallapp.services.desk import Desk
from hallapp.ui import theme
from hallapp.ui.widgets.parts import KeyButton, label, rule
from hallapp.ui.words import SLIPS, problem_words, tr


class Questions(QWidget):
    """One question of a kind at a time, with its keys; hidden when there is nothing to ask or tell.

    Signals:
        void_requested: Close this forgotten visit (id).
        printed_requested: The doubtful slip (job id) is on paper.
        again_requested: The doubtful slip (job id) is to be printed again.
    """

    void_requested = Signal(int)
    printed_requested = Signal(int)
    again_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._job: PrintJob | None = None
        self._visit: Visit | None = None
        self._doubt, self._stuck, self._left = _warning(), _warning(), _warning()
        self.printed = KeyButton(self.tr("已出票"), "Alt+1", pixels=16, height=40)
        self.again = KeyButton(self.tr("重打"), "Alt+2", pixels=16, height=40)
        self.void = KeyButton(self.tr("写明原因并结束"), "Alt+3", pixels=16, height=40)
        for button, name, slot in ((self.printed, "printed", self._on_printed), (self.again, "again", self._on_again),
                                   (self.void, "void", self._on_void)):
            button.setObjectName(name)
            button.clicked.connect(slot)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.printed)
        row.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(8)
        column.addWidget(self._doubt)
        column.addLayout(row)
        for part in (self._stuck, self._left, self.void, rule()):
            column.addWidget(part)
        self.hide()

    def show_desk(self, desk: Desk) -> None:
        numbers = {ticket.id: ticket.number for ticket in (*desk.waiting, *desk.aside)}
        self._show_doubt([job for job in desk.troubled if job.state is JobState.UNKNOWN], numbers)
        self._show_stuck([job for job in desk.troubled if job.state is JobState.FAILED])
        self._show_left(desk.forgotten)
        self.setVisible(bool(desk.troubled or desk.forgotten))

    def set_tight(self, tight: bool) -> None:
        """Narrower keys."""
        for button in (self.printed, self.again, self.void):
            button.set_tight(tight)

    def set_away(self, away: bool) -> None:
        """No answer can be kept while the store is away."""
        for button in (self.printed, self.again, self.void):
            button.setEnabled(not away)

    def _show_doubt(self, jobs: Sequence[PrintJob], numbers: Mapping[int, str]) -> None:
        self._job = jobs[0] if jobs else None
        for part in (self._doubt, self.printed, self.again):
            part.setVisible(bool(jobs))
        if self._job is not None:
            which = f"{numbers[self._job.ref_id]} " if self._job.ref_id in numbers else ""
            others = tr("（还有 %1 张）", len(jobs) - 1) if jobs[1:] else ""
            self._doubt.setText(tr("▲ %1%2打印中断，小票出来了吗？%3", which, tr(SLIPS[self._job.kind]), others))

    def _show_stuck(self, jobs: Sequence[PrintJob]) -> None:
        alike = Counter((job.kind, job.problem) for job in jobs)
        self._stuck.setText("\n".join(
            tr("▲ %1 张%2未打出：%3", count, tr(SLIPS[kind]), problem_words(problem))
            for (kind, problem), count in alike.items()))
        self._stuck.setVisible(bool(jobs))

    def _show_left(self, visits: Sequence[Visit]) -> None:
        self._visit = visits[0] if visits else None
        for part in (self._left, self.void):
            part.setVisible(bool(visits))
        if self._visit is not None:
            day = tr("%1月%2日", self._visit.day.month, self._visit.day.day)
            self._left.setText(tr("▲ 遗忘未结束 %1 件：%2 %3 号窗口", len(visits), day, self._visit.window))

    def _on_printed(self) -> None:
        self.printed_requested.emit(self._job.id)

    def _on_again(self) -> None:
        self.again_requested.emit(self._job.id)

    def _on_void(self) -> None:
        self.void_requested.emit(self._visit.id)


def _warning() -> QLabel:
    made = label("", 16, bold=True, wrap=True)
    theme.tint(made, theme.NEAR)
    return made
