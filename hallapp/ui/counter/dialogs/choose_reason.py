"""A reason: one of the usual ones by key, or in the clerk's own words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from hallapp.ui.counter.dialogs.choice import Choice
from hallapp.ui.widgets.parts import one_line


class ReasonChoice(Choice):
    """Signals:
        chosen: The reason, not empty.
    """

    chosen = Signal(str)

    def __init__(self, title: str, suggestions: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(title, self.tr("按 Alt 加数字选择，或直接写明原因后按回车。"), parent)
        for place, reason in enumerate(suggestions, 1):
            button = self.add_answer(reason, f"Alt+{place}")
            button.setObjectName(f"reason-{place}")
            button.setProperty("reason", reason)
            button.clicked.connect(self._on_clicked)
        self.entry = QLineEdit()
        self.entry.setObjectName("reason")
        self.entry.setPlaceholderText(self.tr("其他原因"))
        self.entry.setMaxLength(60)
        self.entry.returnPressed.connect(self._on_return_pressed)
        self.column.addWidget(self.entry)
        self.add_leave()
        self.entry.setFocus()

    def _on_clicked(self) -> None:
        self.chosen.emit(self.sender().property("reason"))
        self.accept()

    def _on_return_pressed(self) -> None:
        if reason := one_line(self.entry):
            self.chosen.emit(reason)
            self.accept()
