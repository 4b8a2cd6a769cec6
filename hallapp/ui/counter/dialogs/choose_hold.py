"""Which of the three kinds of hold (挂起)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hallapp.domain.ticket import HoldKind
from hallapp.ui.counter.dialogs.choice import Choice


class HoldChoice(Choice):
    """Signals:
        chosen: The HoldKind.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("挂起"), self.tr("群众暂时离开窗口，号码和等候时间保留，计时暂停。"), parent)
        answers = (
            (HoldKind.KEEP_PAPERS, self.tr("持件挂起"), self.tr("材料留在本窗口，回来后仍到本窗口办理")),
            (HoldKind.NO_PAPERS, self.tr("不持件挂起"), self.tr("去取材料或复印，回来后任一窗口可办，不用重新取号")),
            (HoldKind.OUTSIDE, self.tr("等待外部环节"), self.tr("等银行、医院等外部结果，有结果后唤回")),
        )
        for place, (kind, name, meaning) in enumerate(answers, 1):
            button = self.add_answer(name, str(place), meaning)
            button.setObjectName(f"hold-{kind.value}")
            button.setProperty("kind", kind)
            button.clicked.connect(self._on_clicked)
        self.add_leave()

    def _on_clicked(self) -> None:
        self.chosen.emit(self.sender().property("kind"))
        self.accept()
