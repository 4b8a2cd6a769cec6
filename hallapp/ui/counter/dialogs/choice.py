"""The frame of the counter's small questions: a title, an answer a key, Esc to leave."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from hallapp.ui import theme
from hallapp.ui.widgets.parts import KeyButton, label


class Choice(QDialog):
    """A dialog that is answered with one key; ``column`` takes the content."""

    def __init__(self, title: str, hint: str, parent: QWidget | None = None, width: int = 640) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(width)
        self.setObjectName("choice")
        self.setStyleSheet(
            f"#choice {{ border: 2px solid {theme.ACCENT}; border-radius: 0px; background: {theme.PAPER}; }}")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(28, 24, 28, 24)
        self.column.setSpacing(12)
        self.column.addWidget(label(title, 26, bold=True))
        if hint:
            self.column.addWidget(label(hint, 18, look="quiet", wrap=True))
        self.column.addSpacing(4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Grown by what it tells, it stays in the middle: a window manager's own place for it may never have come to
        Qt, which would send it to the upper left corner."""
        super().resizeEvent(event)
        if self.isVisible() and self.parentWidget() is not None:
            self.move(self.parentWidget().window().geometry().center() - self.rect().center())

    def add_answer(self, text: str, key: str, explanation: str = "", *, look: str = "") -> KeyButton:
        """One answer with its key and, under it, what it means."""
        button = KeyButton(text, key, pixels=20, height=56, look=look)
        button.setAutoDefault(False)
        answer = QVBoxLayout()
        answer.setSpacing(4)
        answer.addWidget(button)
        if explanation:
            words = label(explanation, 16, look="quiet", wrap=True)
            words.setContentsMargins(16, 0, 16, 8)
            answer.addWidget(words)
        self.column.addLayout(answer)
        return button

    def add_leave(self) -> QPushButton:
        """The way out, last."""
        button = KeyButton(self.tr("返回"), "Esc", height=48)
        button.setAutoDefault(False)
        button.clicked.connect(self.reject)
        self.column.addSpacing(4)
        self.column.addWidget(button)
        return button
