"""Printing the report: which printer, which pages, how many; then how far it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QProgressBar, QSpinBox, QStackedWidget, QVBoxLayout, QWidget

from hallapp.devices.office import PrintOrder
from hallapp.ui.widgets.elided import Chooser
from hallapp.ui.widgets.parts import Card, KeyButton, label
from hallapp.ui.widgets.room import Room
from hallapp.ui.words import tr

WIDTH = 380
MOST_COPIES = 20


class PrintPanel(Card):
    """Beside the pages, so that one sees what one chooses; hidden until asked for.

    Signals:
        ordered: Print this PrintOrder.
        stop_requested: No further page.
        save_requested: Into a file instead.
    """

    ordered = Signal(object)
    stop_requested = Signal()
    save_requested = Signal()

    def __init__(self) -> None:
        super().__init__(margins=20, spacing=12)
        self.setFixedWidth(WIDTH)
        self.column.addWidget(label(tr("打印日报表"), 22, bold=True))
        self._steps = QStackedWidget()
        self._asking, self._choose, self._none, self._under_way = (QWidget() for _ in range(4))
        self._build_asking()
        self._build_choose()
        self._build_none()
        self._build_under_way()
        self._every = (self._asking, self._choose, self._none, self._under_way)
        for step in self._every:
            self._steps.addWidget(step)
        self.column.addWidget(self._steps, 1)
        self.hide()

    def set_room(self, room: Room) -> None:
        """Less air on a small screen."""
        margin, spacing = (12, 6) if room is Room.TIGHT else (20, 12)
        self.column.setContentsMargins(margin, margin, margin, margin)
        for layout in (self.column, self._grid, *(step.layout() for step in self._every)):
            layout.setSpacing(spacing)

    def show_asking(self) -> None:
        self._show(self._asking)

    def show_choice(self, printers: Sequence[str], pages: int) -> None:
        """What can be chosen; the usual printer first. Without a printer, what to do instead."""
        chosen = self.printer.currentText()
        self.printer.clear()
        self.printer.addItems(list(printers))
        self.printer.setCurrentIndex(max(0, self.printer.findText(chosen)))
        for box in (self.first, self.last):
            box.setRange(1, max(1, pages))
        self.first.setValue(1)
        self.last.setValue(max(1, pages))
        self.copies.setValue(1)
        self.pages.setText(tr("报表共 %1 页", pages))
        self._show(self._choose if printers else self._none)
        if printers:
            self.printer.setFocus()

    def show_progress(self, done: int, pages: int) -> None:
        """So many pages were handed to the printer."""
        self.progress.setRange(0, pages)
        self.progress.setValue(done)
        self.how_far.setText(tr("已送 %1 页，共 %2 页", done, pages) if done else tr("正在送打印机，共 %1 页", pages))
        self._show(self._under_way)

    def show_stopping(self) -> None:
        self.how_far.setText(tr("正在停止…"))
        self.stop.setEnabled(False)

    def _show(self, step: QWidget) -> None:
        self.stop.setEnabled(True)
        self._steps.setCurrentWidget(step)
        self.show()

    def _build_asking(self) -> None:
        column = _column(self._asking)
        column.addWidget(label(tr("正在查找打印机…"), 18, look="quiet", wrap=True))
        column.addStretch(1)
        column.addWidget(self._leave())

    def _build_choose(self) -> None:
        self.printer, self.first, self.last, self.copies = Chooser(), QSpinBox(), QSpinBox(), QSpinBox()
        self.pages = label("", 16, look="quiet")
        self.copies.setRange(1, MOST_COPIES)
        column = _column(self._choose)
        grid = self._grid = QGridLayout()
        for place, (words, part, name) in enumerate((
            (tr("从第"), self.first, "first-page"), (tr("页到第"), self.last, "last-page"),
            (tr("份数"), self.copies, "copies"),
        )):
            part.setObjectName(name)
            part.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)  # a number is typed, or changed by the arrow keys
            grid.addWidget(label(words, 18), place // 2, 2 * (place % 2))
            grid.addWidget(part, place // 2, 2 * (place % 2) + 1)
        grid.addWidget(label(tr("页"), 18), 0, 4)
        for place in (1, 3):
            grid.setColumnStretch(place, 1)
        self.printer.setObjectName("office-printer")
        for part in (label(tr("打印机"), 18), self.printer, self.pages):
            column.addWidget(part)
        column.addLayout(grid)
        column.addStretch(1)
        start = KeyButton(tr("打印"), "Return", look="primary")
        start.setObjectName("print-start")
        start.clicked.connect(self._on_start)
        column.addWidget(start)
        column.addWidget(self._leave())
        self.first.valueChanged.connect(self._on_first_changed)
        self.last.valueChanged.connect(self._on_last_changed)

    def _build_none(self) -> None:
        column = _column(self._none)
        words = tr("这台电脑没有安装打印机。可以把报表保存成 PDF，拿到有打印机的电脑上打印。")
        column.addWidget(label(words, 18, wrap=True))
        column.addStretch(1)
        save = KeyButton(tr("保存 PDF"), "Return", look="primary")
        save.setObjectName("save-instead")
        save.clicked.connect(self._on_save)
        column.addWidget(save)
        column.addWidget(self._leave())

    def _build_under_way(self) -> None:
        self.how_far, self.progress = label("", 18, wrap=True), QProgressBar()
        self.progress.setTextVisible(False)
        column = _column(self._under_way)
        column.addWidget(self.how_far)
        column.addWidget(self.progress)
        column.addStretch(1)
        self.stop = KeyButton(tr("停止打印"), "Esc")
        self.stop.setObjectName("print-stop")
        self.stop.clicked.connect(self._on_stop)
        column.addWidget(self.stop)

    def _leave(self) -> KeyButton:
        button = KeyButton(tr("取消"), "Esc")
        button.clicked.connect(self.hide)
        return button

    def _on_first_changed(self, page: int) -> None:
        self.last.setValue(max(page, self.last.value()))

    def _on_last_changed(self, page: int) -> None:
        self.first.setValue(min(page, self.first.value()))

    def _on_start(self) -> None:
        self.ordered.emit(PrintOrder(self.printer.currentText(), self.first.value(), self.last.value(),
                                     self.copies.value()))

    def _on_stop(self) -> None:
        self.show_stopping()
        self.stop_requested.emit()

    def _on_save(self) -> None:
        self.hide()
        self.save_requested.emit()


def _column(step: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(step)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    column.setAlignment(Qt.AlignmentFlag.AlignTop)
    return column
