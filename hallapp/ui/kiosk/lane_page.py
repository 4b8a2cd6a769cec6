"""The kiosk's question to whoever laid an ID card and is old enough: into the priority lane, or not."""

from __future__ import annotations

from PySide6.QtCore import Signal

from hallapp.ui import theme
from hallapp.ui.kiosk.parts import Page, Scale, Tile, words


class LanePage(Page):
    """``number`` is the one just taken, if any; ``chosen``: a business was. It says nothing of the card's owner.

    Signals:
        answered: Into the priority lane (True), or on as before.
    """

    answered = Signal(bool)

    def __init__(self, scale: Scale, number: str, *, chosen: bool) -> None:
        remark = (self.tr("进入后请重新取一张优先号，刚取的 %1 号可以不用。").replace("%1", number) if number
                  else self.tr("已经选好的业务不会丢。") if chosen else "")
        super().__init__(scale, self.tr("您可以走优先通道，现在进入吗？"), remark)
        enter = Tile("lane-enter", self.tr("进入优先通道"), scale=scale, pixels=46, height=200,
                     ground=theme.PRIORITY, edge=theme.PRIORITY_EDGE, ink=theme.PRIORITY_INK)
        enter.add_picture("priority", 110)
        enter.add_line(self.tr("大字显示 · 优先叫号"), 28, ink=theme.PRIORITY_INK)
        enter.clicked.connect(self._on_enter_clicked)
        stay = Tile("lane-stay", self.tr("不用，保留刚取的号") if number else self.tr("不用，继续普通取号"),
                    scale=scale, pixels=36, height=140)
        stay.clicked.connect(self._on_stay_clicked)
        self.column.addWidget(enter, 3)
        self.column.addWidget(stay, 2)
        self.column.addWidget(words(self.tr("只看年龄，不保存身份证上的任何信息。"), scale, 24, ink=theme.QUIET))

    def _on_enter_clicked(self) -> None:
        self.answered.emit(True)

    def _on_stay_clicked(self) -> None:
        self.answered.emit(False)
