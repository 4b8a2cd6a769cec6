"""One yes-or-no question; Enter is yes, Esc is no."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hallapp.ui.counter.dialogs.choice import Choice


class Confirm(Choice):
    """Signals:
        confirmed: Yes.
    """

    confirmed = Signal()

    def __init__(self, title: str, question: str, yes: str, parent: QWidget | None = None) -> None:
        super().__init__(title, question, parent)
        button = self.add_answer(yes, "Return", look="primary")
        button.setObjectName("confirm")
        button.setDefault(True)
        button.clicked.connect(self._on_clicked)
        self.add_leave()

    def _on_clicked(self) -> None:
        self.confirmed.emit()
        self.accept()
