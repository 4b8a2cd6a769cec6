"""Where a visitor types the number of an appointment, and what one who comes too late for it may do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QVBoxLayout, QWidget

from hallapp.ui import theme
from hallapp.ui.kiosk.parts import Page, Scale, Tile, plain_button, words
from hallapp.ui.kiosk.told import Told

SHORTEST, LONGEST = 7, 9  # digits of a number
KEYS = "123456789"


class PadPage(Page):
    """``typed``: the digits so far.

    Signals:
        typed_on: What the digits are now.
        entered: The number is complete.
    """

    typed_on = Signal(str)
    entered = Signal(str)

    def __init__(self, scale: Scale, typed: str = "") -> None:
        super().__init__(scale, self.tr("请输入预约号"),
                         self.tr("在预约单上，或预约时告诉您的数字；有预约单的请直接扫码。"))
        self.typed = typed
        row = QBoxLayout(QBoxLayout.Direction.TopToBottom if scale.portrait else QBoxLayout.Direction.LeftToRight)
        row.setSpacing(scale.px(48))
        side = QVBoxLayout()
        self._shown = words("", Scale(scale.factor, False, 1), 76, bold=True, ink=theme.ACCENT)
        self._shown.setObjectName("typed")
        self._shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._shown.setWordWrap(False)
        self._shown.setFixedHeight(scale.px(150))
        self._shown.setStyleSheet(
            f"color: {theme.ACCENT}; background: {theme.PAPER}; border: {max(2, scale.px(3))}px solid {theme.EDGE}; "
            f"border-radius: {scale.px(14)}px; font-size: {scale.px(76)}px;")
        self._enter = plain_button("check-in", self.tr("取号"), scale, filled=True, pixels=44)
        self._enter.setMinimumHeight(scale.touch(150))
        self._enter.clicked.connect(self._on_enter_clicked)
        side.addStretch(1)
        side.addWidget(self._shown)
        side.addSpacing(scale.px(36))
        side.addWidget(self._enter)
        side.addStretch(2)
        row.addLayout(side, 4)
        row.addWidget(self._pad(), 6)
        row.addStretch(1 if scale.portrait else 0)
        self.column.addLayout(row, 1)
        self._show()

    def _pad(self) -> QWidget:
        pad = QWidget()
        pad.setMaximumHeight(self.scale.px(800))  # on an upright screen keys as tall as it would be no keys
        grid = QGridLayout(pad)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(self.scale.px(18))
        names = [*((f"digit-{digit}", digit) for digit in KEYS), ("clear", self.tr("清除")), ("digit-0", "0"),
                 ("erase", self.tr("退一位"))]
        for place, (name, text) in enumerate(names):
            key = plain_button(name, text, Scale(self.scale.factor, False, 1), pixels=56 if text.isdecimal() else 30)
            key.setMinimumHeight(self.scale.touch(110))
            key.setSizePolicy(key.sizePolicy().Policy.Expanding, key.sizePolicy().Policy.Expanding)
            key.clicked.connect(self._on_key_clicked)
            grid.addWidget(key, place // 3, place % 3)
            grid.setColumnStretch(place % 3, 1)
        return pad

    def _on_key_clicked(self) -> None:
        key = self.sender().objectName()
        digits = "" if key == "clear" else self.typed[:-1] if key == "erase" else self.typed + key[-1]
        self.typed = digits[:LONGEST]
        self._show()
        self.typed_on.emit(self.typed)
        self.touched.emit()

    def _show(self) -> None:
        self._shown.setText(f"{self.typed[:4]} {self.typed[4:]}".strip())
        self._enter.setEnabled(len(self.typed) >= SHORTEST)

    def _on_enter_clicked(self) -> None:
        self.entered.emit(self.typed)


class LatePage(Page):
    """Signals:
        take_requested: An ordinary number for the same business.
    """

    take_requested = Signal()

    def __init__(self, scale: Scale, told: Told) -> None:
        super().__init__(scale, told.answer)
        advice = words(told.advice, scale, 36, ink=theme.QUIET)
        advice.setObjectName("advice")
        self.column.addWidget(advice)
        take = Tile("take", self.tr("现在取普通号"), scale=scale, pixels=46, height=200)
        take.add_line(self.tr("还是办这项业务，按先后顺序叫号"), 28, ink=theme.QUIET)
        take.clicked.connect(self.take_requested)
        self.column.addStretch(1)
        self.column.addWidget(take, 2)
        self.column.addStretch(2)
