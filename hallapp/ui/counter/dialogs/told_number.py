"""A number just given, large enough to be read out; and the entry for an appointment's."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from hallapp.ui import theme
from hallapp.ui.counter.dialogs.choice import Choice
from hallapp.ui.widgets.parts import label


class NumberTold(Choice):
    """Stays until the clerk has told it."""

    def __init__(self, title: str, number: str, about: str, advice: str, parent: QWidget | None = None) -> None:
        super().__init__(title, about, parent)
        told = label(number, 64, bold=True)
        told.setObjectName("number")
        told.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.tint(told, theme.ACCENT, 64)
        self.column.addWidget(told)
        words = label(advice, 18, wrap=True)
        words.setObjectName("advice")
        self.column.addWidget(words)
        done = self.add_answer(self.tr("知道了"), "Return", look="primary")
        done.setObjectName("told")
        done.clicked.connect(self.accept)


class NumberAsked(Choice):
    """Stays until the number is found, or the clerk leaves it.

    Signals:
        entered: What was typed or scanned.
    """

    entered = Signal(str)

    def __init__(self, title: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(title, hint, parent)
        self.entry = QLineEdit()
        self.entry.setObjectName("appointment-number")
        self.entry.setPlaceholderText(self.tr("预约号，例如 1125 032"))
        self.entry.setMaxLength(20)
        self.entry.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)  # digits only: no input method
        self.entry.returnPressed.connect(self._on_return_pressed)
        self._problem = label("", 18, bold=True, wrap=True)
        self._problem.setObjectName("problem")
        theme.tint(self._problem, theme.OVER)
        self._problem.hide()
        self.entry.textEdited.connect(self._problem.hide)
        self.column.addWidget(self.entry)
        self.column.addWidget(self._problem)
        self.add_leave()
        self.entry.setFocus()

    def _on_return_pressed(self) -> None:
        if self.entry.text().strip():
            self.enter(self.entry.text())

    def enter(self, text: str) -> None:
        self.entered.emit(text)

    def refuse(self, sentence: str) -> None:
        """Why it is none; the next one is typed over it."""
        self._problem.setText(sentence)
        self._problem.show()
        self.entry.setFocus()
        self.entry.selectAll()
