"""What keeps the program from starting, on the screen: whoever clicked an icon has no terminal to read it in."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from hallapp.ui.counter.dialogs.choice import Choice
from hallapp.ui.widgets.parts import label
from hallapp.ui.words import tr

WIDTH = 760  # px

class FailureWindow(Choice):
    """One sentence and the key that closes it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(tr("程序没有打开"), "", width=WIDTH)
        self.column.addWidget(label(sentence, 20, wrap=True))
        button = self.add_answer(tr("知道了，退出"), "Return", look="primary")
        button.setObjectName("leave")
        button.clicked.connect(self.accept)
        self.setFixedSize(WIDTH, self.column.totalHeightForWidth(WIDTH))  # a dialog by itself counts two lines at most


def show_failure(sentence: str) -> None:
    """In place of the windows that are there; returns once it was read."""
    for window in QApplication.topLevelWidgets():
        window.hide()
    FailureWindow(sentence).exec()
