"""Changing the own password: the old one, and twice the new one, by Enter from field to field."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from hallapp.services.staff import SHORTEST_PASSWORD
from hallapp.ui import theme
from hallapp.ui.counter.dialogs.choice import Choice
from hallapp.ui.widgets.parts import label
from hallapp.ui.words import tr


class PasswordChange(Choice):
    """Stays open until the answer; Esc leaves all as it is.

    Signals:
        change_requested: The old password and the new one.
    """

    change_requested = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("修改密码"), tr("只改您自己的登录密码，窗口照常工作。"), parent)
        self.old, self.new, self.again = QLineEdit(), QLineEdit(), QLineEdit()
        self._fields = (self.old, self.new, self.again)
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(12)
        for place, (text, field, name) in enumerate((
            (tr("原密码"), self.old, "old-password"), (tr("新密码"), self.new, "new-password"),
            (tr("再输一次"), self.again, "new-again"),
        )):
            field.setObjectName(name)
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setMinimumHeight(40)
            field.returnPressed.connect(self._on_return_pressed)  # the keypad's Enter, too
            grid.addWidget(label(text, 20), place, 0)
            grid.addWidget(field, place, 1)
        self.new.setPlaceholderText(tr("至少 %1 位", SHORTEST_PASSWORD))
        self._problem = label("", 18, bold=True, wrap=True)
        self._problem.setObjectName("problem")
        theme.tint(self._problem, theme.OVER)
        self._problem.hide()
        self.column.addLayout(grid)
        self.column.addWidget(self._problem)
        self._change = self.add_answer(tr("修改密码"), "Return", look="primary")
        self._change.setObjectName("change-password")
        self._change.clicked.connect(self._on_return_pressed)
        self.add_leave()
        self.old.setFocus()

    def show_problem(self, words: str, *, old: bool = False) -> None:
        """Why it was not changed; the field that is to be typed anew is chosen."""
        self._change.setEnabled(True)
        self._tell(words, self.old if old else self.new)

    def _tell(self, words: str, field: QLineEdit) -> None:
        self._problem.setText(words)
        self._problem.show()
        field.selectAll()
        field.setFocus()

    def _on_return_pressed(self) -> None:
        """On to the first empty field; with all filled the change is asked for."""
        empty = next((field for field in self._fields if not field.text()), None)
        if empty is not None:
            empty.setFocus()
        elif self.new.text() != self.again.text():
            self.again.clear()
            self._tell(tr("两次输入的新密码不一样，请重新输入。"), self.new)
        elif self._change.isEnabled():
            self._problem.hide()
            self._change.setEnabled(False)
            self.change_requested.emit(self.old.text(), self.new.text())
