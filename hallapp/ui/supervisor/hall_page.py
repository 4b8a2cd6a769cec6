"""What every hall sets on its first day: its name, where and when, the items it handles, how many windows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QSpinBox, QWidget

from hallapp.domain.catalogue import CatalogueError
from hallapp.domain.errors import ConfigError
from hallapp.domain.rules import LONGEST_NAME, Basics
from hallapp.ui.startup import config_fault, startup_sentence
from hallapp.ui.supervisor.pages import Page
from hallapp.ui.supervisor.view import SupervisorWindow
from hallapp.ui.tasks import Tasks
from hallapp.ui.widgets.parts import KeyButton, label, one_line
from hallapp.ui.words import sentence, tr

SHIPPED = {"nantong19": "南通 19 项", "province13": "省级 13 项（待本厅确认）"}
MOST_WINDOWS = 30
# the words of each entry, in rows of one or two
ROWS = (
    (("name", "名称"),), (("address", "地址"), ("hours", "办公时间")),
    (("consult_phone", "咨询电话"), ("complaint_phone", "投诉电话")),
    (("other_ways", "其他办理方式"),), (("notice", "叫号屏提示"),),
)
NAMES = {name: text for row in ROWS for name, text in row}


class HallPage(Page):
    """Signals:
        keep_requested: The Basics as they shall be.
    """

    keep_requested = Signal(object)

    def __init__(self, basics: Basics, file: str) -> None:
        """``file``: where hall.toml lies."""
        super().__init__(tr("本厅设置"))
        how = tr("名称印在小票、告知单和报表上。这里只改这台电脑的 %1，几台电脑要改得一样；"
                 "打印机、办理规则等其余设置在文件里有说明。",
                 file)
        self.card.column.addWidget(label(how, 16, look="quiet", wrap=True))
        self.words = {name: QLineEdit(getattr(basics, name)) for name in NAMES}
        self.words["name"].setMaxLength(LONGEST_NAME)
        for entry in self.words.values():
            entry.setCursorPosition(0)  # what does not fit is cut at its end
        self.catalogue, self.windows = QComboBox(), QSpinBox()
        for name, text in SHIPPED.items():
            self.catalogue.addItem(tr(text), name)
        if basics.catalogue not in SHIPPED:
            self.catalogue.addItem(tr("本厅自己的清单：%1", basics.catalogue), basics.catalogue)
        self.catalogue.setCurrentIndex(self.catalogue.findData(basics.catalogue))
        self.windows.setRange(1, MOST_WINDOWS)
        self.windows.setValue(basics.windows)
        self.windows.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.card.column.addLayout(self._entries())
        self.card.column.addStretch(1)
        keep = KeyButton(tr("保存"), "Ctrl+Return", look="primary")
        keep.setObjectName("keep-hall")
        keep.clicked.connect(self._on_keep)
        self.card.column.addWidget(keep)

    def take_focus(self) -> None:
        self.words["name"].setFocus()

    def _entries(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        last = (("catalogue", "办理事项"), ("windows", "窗口数"))
        parts: dict[str, QWidget] = {**self.words, "catalogue": self.catalogue, "windows": self.windows}
        for place, row in enumerate((*ROWS, last)):
            for at, (name, text) in enumerate(row):
                parts[name].setObjectName(f"hall-{name}")
                grid.addWidget(label(tr(text), 18), place, 2 * at)
                grid.addWidget(parts[name], place, 2 * at + 1, 1, 1 if row[1:] else 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        return grid

    def _on_keep(self) -> None:
        words = {name: one_line(entry) for name, entry in self.words.items()}
        self.keep_requested.emit(Basics(**words, catalogue=self.catalogue.currentData(), windows=self.windows.value()))


class HallPresenter(QObject):
    """Adds the page; ``keep`` writes hall.toml, or raises why not and changes nothing."""

    def __init__(
        self, view: SupervisorWindow, basics: Basics, file: str, keep: Callable[[Basics], None], tasks: Tasks,
    ) -> None:
        super().__init__(view)
        self._view, self._keep, self._tasks = view, keep, tasks
        self.page = HallPage(basics, file)
        self.page.keep_requested.connect(self._on_keep_requested)
        view.add_pages(((tr("本厅设置"), self.page),))

    def _on_keep_requested(self, basics: Basics) -> None:
        if not basics.name:
            self._view.show_message(tr("请写本厅名称，没有保存。"))
            self.page.words["name"].setFocus()
            return
        self._tasks.run(self, partial(self._keep, basics), self._on_kept, {Exception: self._on_refused})

    def _on_kept(self, _nothing: None) -> None:
        self._view.show_message(tr("已保存。关闭这台电脑上的全部程序，再打开后生效。"), state="ready")

    def _on_refused(self, error: Exception) -> None:
        self._view.show_message(tr("没有保存。") + (
            self._fault(error) if isinstance(error, ConfigError) else
            startup_sentence(error) if isinstance(error, CatalogueError) else sentence(error)))

    def _fault(self, error: ConfigError) -> str:
        """Of an entry by its name here, and the keyboard goes there; of anything else by its place in the file."""
        field = error.key.removeprefix("hall.")
        if (entry := self.page.words.get(field)) is not None:
            entry.setFocus()
            told = config_fault(error, tr("“%1”", tr(NAMES[field]))).replace("” ", "”")
            return tr("%1。改好后再按“保存”。", told)
        if error.key == "hall":  # written so that no line of it can be changed here
            return tr("%1 里 [hall] 和 [[window]] 的写法，这里改不了。请用记事本改，再重新打开程序。", error.file)
        return tr("%1 有错：%2。请用记事本改好这个文件，再按“保存”。", error.file, config_fault(error))
