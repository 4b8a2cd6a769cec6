"""Slips that are not out yet, copies, and the test page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHeaderView, QLineEdit

from hallapp.domain.printing import JobState, PrintJob
from hallapp.ui.supervisor.pages import Page, fill, table, wrap
from hallapp.ui.widgets.elided import Chooser
from hallapp.ui.widgets.parts import KeyButton, label
from hallapp.ui.words import JOBS, SLIPS, printer_name, problem_words, tr


class JobsPage(Page):
    """Signals:
        decided: A doubtful job (id) is on paper (True) or is to be printed again (False).
        cancel_requested: Give a job (id) up.
        copy_requested: A copy of the slip of this number, on this printer.
        test_requested: A test page on this printer.
    """

    decided = Signal(int, bool)
    cancel_requested = Signal(int)
    copy_requested = Signal(str, str)
    test_requested = Signal(str)

    def __init__(self, appointments: bool = False) -> None:
        super().__init__(tr("打印任务"))
        self._jobs: tuple[PrintJob, ...] = ()
        self._keys: list[KeyButton] = []
        self.jobs = table("jobs", (tr("任务"), tr("打印机"), tr("小票"), tr("状态"), tr("原因")), 4)
        for column in (1, 2, 4):  # a PC's name, and what to do, may be long
            self.jobs.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            wrap(self.jobs, column)
        self.jobs.itemSelectionChanged.connect(self._refresh_keys)
        self._none = label(tr("所有小票都已打出。"), 18, look="quiet")
        self._none.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.card.column.addWidget(self.jobs, 1)
        self.card.column.addWidget(self._none, 1)
        self.number, self.printer = QLineEdit(), Chooser()
        self.number.setObjectName("copy-number")
        self.number.setPlaceholderText(tr("今日号码（如 A012）、告知单编号或预约号") if appointments
                                       else tr("今日号码（如 A012）或告知单编号"))
        self._copy, self._test = KeyButton(tr("补打（标明补打）"), "Ctrl+P"), KeyButton(tr("打印测试页"), "Ctrl+T")
        self.number.returnPressed.connect(self._copy.click)
        for button, name, slot in ((self._copy, "copy", self._on_copy), (self._test, "test-page", self._on_test)):
            button.setObjectName(name)
            button.clicked.connect(slot)
        self.show_printers(())
        self.card.column.addLayout(self._foot())

    def _foot(self) -> QGridLayout:
        """What can be done with the chosen slip, and below it copies and tests."""
        grid = QGridLayout()
        grid.setSpacing(12)
        for place, (text, key, name, slot) in enumerate((
            (tr("小票已打出"), "F2", "job-printed", self._on_printed),
            (tr("重打一次"), "F3", "job-again", self._on_again),
            (tr("取消任务"), "F4", "job-cancel", self._on_cancel),
        )):
            button = KeyButton(text, key)
            button.setObjectName(name)
            button.clicked.connect(slot)
            grid.addWidget(button, 0, place)
            self._keys.append(button)
        grid.addWidget(label(tr("补打和测试"), 18, look="quiet"), 1, 0, 1, 3)
        grid.addWidget(self.number, 2, 0, 1, 2)
        grid.addWidget(self.printer, 2, 2)
        grid.addWidget(self._copy, 3, 0)
        grid.addWidget(self._test, 3, 1)
        return grid

    def take_focus(self) -> None:
        """Slips that wait for an answer come first."""
        (self.jobs if self._jobs else self.number).setFocus()

    def show_printers(self, names: Sequence[str]) -> None:
        """Those that a copy can be printed on; the choice stays."""
        self._copy.setEnabled(bool(names))
        self._test.setEnabled(bool(names))
        if list(names) == [self.printer.itemData(place) for place in range(self.printer.count())]:
            return  # a list that is open would close
        chosen = self.printer.currentData()
        self.printer.clear()
        for name in names:
            self.printer.addItem(printer_name(name), name)
        self.printer.setCurrentIndex(max(0, self.printer.findData(chosen)))

    def show_slips(self, slips: Sequence[tuple[PrintJob, str]]) -> None:
        """Jobs with the numbers of what they print. Only a single one is chosen by itself: of several the wrong one
        might be cancelled."""
        self._jobs = tuple(job for job, _ in slips)
        fill(self.jobs, [
            (str(job.id), printer_name(job.printer), job_words(job, number), tr(JOBS[job.state]),
             problem_words(job.problem)) for job, number in slips
        ], first=len(slips) == 1)
        self.jobs.setVisible(bool(slips))
        self._none.setVisible(not slips)
        self._refresh_keys()

    def _refresh_keys(self) -> None:
        """Asked is only about a doubtful slip; what is being printed this moment cannot be taken back."""
        state = job.state if (job := self._chosen()) else None
        doubtful, waiting = state is JobState.UNKNOWN, state in (JobState.QUEUED, JobState.FAILED)
        for key, alive in zip(self._keys, (doubtful, doubtful, doubtful or waiting), strict=True):
            key.setEnabled(alive)

    def _chosen(self) -> PrintJob | None:
        row = self.jobs.currentRow()
        return self._jobs[row] if 0 <= row < len(self._jobs) else None

    def _on_printed(self) -> None:
        if (job := self._chosen()) is not None:
            self.decided.emit(job.id, True)

    def _on_again(self) -> None:
        if (job := self._chosen()) is not None:
            self.decided.emit(job.id, False)

    def _on_cancel(self) -> None:
        if (job := self._chosen()) is not None:
            self.cancel_requested.emit(job.id)

    def _on_copy(self) -> None:
        if self.number.text().strip():
            self.copy_requested.emit(self.number.text().strip().upper(), self.printer.currentData())

    def _on_test(self) -> None:
        self.test_requested.emit(self.printer.currentData())


def job_words(job: PrintJob, number: str = "") -> str:
    """号码单 A012, 告知单（补打）."""
    return f"{tr(SLIPS[job.kind])} {number}".rstrip() + (tr("（补打）") if job.copy else "")
