"""Where a visitor is transferred to (转移)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from hallapp.domain.catalogue import Group
from hallapp.domain.rules import Window
from hallapp.ui import theme
from hallapp.ui.counter.dialogs.choice import Choice
from hallapp.ui.widgets.parts import KeyButton, label
from hallapp.ui.window_words import own_name


class TransferChoice(Choice):
    """Letters choose a business, digits a window, R whether the visitor comes back here.

    ``manned``: the windows where somebody is signed in; of the others it is said that nobody would call there.

    Signals:
        chosen: group code or None, window number or None, and whether to come back.
    """

    chosen = Signal(object, object, bool)

    def __init__(
        self, groups: Sequence[Group], windows: Sequence[Window], manned: Collection[int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(self.tr("转移"), self.tr("号码不变，等候时间不重新计算。"), parent, width=900)
        self.back = QCheckBox(self.tr("办完后再转回本窗口（按 R 勾选）"))
        self.back.setObjectName("back-to-me")
        QShortcut(QKeySequence("R"), self).activated.connect(self.back.toggle)  # at once, not after 100 ms
        self.back.setFont(theme.font(20))
        self.column.addWidget(self.back)
        self.column.addWidget(label(self.tr("转到其他业务"), 18, look="quiet"))
        self._fill([(group.name, group.letter, f"to-group-{group.code}", (group.code, None)) for group in groups])
        if windows:
            self.column.addWidget(label(self.tr("转到指定窗口"), 18, look="quiet"))
            self._fill([
                (self._name(w, w.number in manned), str(w.number) if w.number < 10 else "", f"to-window-{w.number}",
                 (None, w.number))
                for w in windows
            ])
        self.add_leave()

    def _name(self, window: Window, manned: bool) -> str:
        """Its number, and below what it is called besides, or that nobody is there."""
        number = self.tr("%1 号窗口").replace("%1", str(window.number))
        below = own_name(window.number, window.label) if manned else self.tr("现在没有人")
        return f"{number}\n{below}" if below else number

    def _fill(self, answers: Sequence[tuple[str, str, str, tuple[str | None, int | None]]]) -> None:
        grid = QGridLayout()
        grid.setSpacing(8)
        for place in range(3):
            grid.setColumnStretch(place, 1)
        for place, (text, key, name, target) in enumerate(answers):
            button = KeyButton(text, key, pixels=16 if "\n" in text else 18, height=56)
            button.setAutoDefault(False)
            button.setObjectName(name)
            button.setProperty("target", target)
            button.clicked.connect(self._on_clicked)
            grid.addWidget(button, place // 3, place % 3)
        self.column.addLayout(grid)

    def _on_clicked(self) -> None:
        group, window = self.sender().property("target")
        self.chosen.emit(group, window, self.back.isChecked())
        self.accept()
