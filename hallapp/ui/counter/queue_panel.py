"""The counter's left side: the current number, the keys of the queue, who is next and the ten-minute mean."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from hallapp.ui import theme
from hallapp.ui.widgets.parts import Card, KeyButton, label, rule


class QueuePanel(Card):
    """Shows; decides nothing.

    Signals:
        call_requested: The next visitor.
        arrive_requested: The called visitor is here.
        recall_requested, miss_requested, hold_requested, transfer_requested, abandon_requested, pause_requested,
        walk_in_requested, undo_requested, find_requested: The step of that name.
    """

    call_requested = Signal()
    arrive_requested = Signal()
    recall_requested = Signal()
    miss_requested = Signal()
    hold_requested = Signal()
    transfer_requested = Signal()
    abandon_requested = Signal()
    pause_requested = Signal()
    walk_in_requested = Signal()
    undo_requested = Signal()
    find_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, margins=20, spacing=6)
        self.number = label("—", 96, bold=True)
        self.number.setObjectName("number")
        theme.tint(self.number, theme.ACCENT)
        self.about = label("", 18, wrap=True)
        self.state = label("", 18, bold=True, wrap=True)
        self.call = KeyButton(self.tr("呼叫下一位"), "F2", look="primary", pixels=24, height=68)
        self.arrive = KeyButton(self.tr("群众已到窗口"), "F2", look="good", pixels=24, height=68)
        for button, name, wish in (
            (self.call, "call", self.call_requested), (self.arrive, "arrive", self.arrive_requested),
        ):
            button.setObjectName(name)
            button.clicked.connect(wish)
        self.arrive.hide()
        self.next_number = label("", 22, bold=True)
        self.next_why = label("", 16, look="quiet", wrap=True)
        self.mean = label("", 34, bold=True)
        self.verdict = label("", 16, look="quiet", wrap=True)
        column = self.column
        self._caption = label(self.tr("当前号码"), 16, look="quiet")
        column.addWidget(self._caption)
        for part in (self.number, self.about, self.state):
            column.addWidget(part)
        column.addSpacing(6)
        column.addWidget(self.call)
        column.addWidget(self.arrive)
        column.addLayout(self._keys())
        column.addStretch(1)
        column.addWidget(self.next_number)
        column.addWidget(self.next_why)
        column.addWidget(rule())
        column.addWidget(label(self.tr("本厅即时件平均办理时长（今日）"), 16, look="quiet"))
        column.addWidget(self.mean)
        column.addWidget(self.verdict)

    def set_calling(self, calling: bool) -> None:
        """One key for the next thing: call, or (while called) arrived."""
        self.call.setVisible(not calling)
        self.arrive.setVisible(calling)

    def set_small(self, small: bool) -> None:
        """Less height on a small screen."""
        self.number.setFont(theme.font(56 if small else 104, bold=True))
        self.number.setFixedHeight(60 if small else 124)
        self.mean.setFont(theme.font(26 if small else 40, bold=True))
        self.mean.setFixedHeight(34 if small else 56)
        self._caption.setVisible(not small)
        for button in (self.call, self.arrive):
            button.setFixedHeight(50 if small else 72)
        for button in self.keys.values():
            button.setFixedHeight(36 if small else 48)
        self._grid.setSpacing(5 if small else 8)
        self.column.setSpacing(4 if small else 6)

    def _keys(self) -> QGridLayout:
        keys = (
            ("recall", self.tr("重呼"), "F3", self.recall_requested),
            ("miss", self.tr("过号"), "F4", self.miss_requested),
            ("hold", self.tr("挂起"), "F5", self.hold_requested),
            ("transfer", self.tr("转移"), "F6", self.transfer_requested),
            ("pause", self.tr("暂停服务"), "F9", self.pause_requested),
            ("walk-in", self.tr("无号接待"), "F10", self.walk_in_requested),
            ("find", self.tr("找号"), "F11", self.find_requested),
            ("abandon", self.tr("弃号"), "Ctrl+D", self.abandon_requested),
            ("undo", self.tr("撤销上一步"), "Ctrl+Z", self.undo_requested),
        )
        grid = self._grid = QGridLayout()
        self.keys: dict[str, KeyButton] = {}
        for place, (name, text, key, wish) in enumerate(keys):
            button = KeyButton(text, key, pixels=17, height=46)
            button.setObjectName(name)
            button.clicked.connect(wish)
            grid.addWidget(button, place // 2, place % 2, 1, 2 if name == "undo" else 1)
            self.keys[name] = button
        return grid
