"""The kiosk's page before a number is taken: what the visitor should have with them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QScroller, QVBoxLayout, QWidget

from hallapp.domain.catalogue import Item, Material
from hallapp.domain.notice import Notice
from hallapp.ui import theme
from hallapp.ui.kiosk.parts import Page, Scale, plain_button, words

FEW = 3  # materials that can be set larger


class MaterialsPage(Page):
    """What ``item`` needs, or with a ``notice`` what was missing then.

    Signals:
        take_requested: All is there: a number.
        consult_requested: Not all is there: a number for the consultation.
    """

    take_requested = Signal()
    consult_requested = Signal()

    def __init__(self, scale: Scale, item: Item, notice: Notice | None = None) -> None:
        materials: Sequence[Material] = item.materials if notice is None else [
            Material(line.name, original=line.original, copies=line.copies) for line in notice.missing]
        ask = notice is None and bool(materials)
        super().__init__(scale, self.tr("这些材料您带了吗？") if ask else self.tr("上次告知您要补的材料") if materials
                         else self.tr("要带什么材料，请问窗口"), item.name)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        for hide in (self._area.setHorizontalScrollBarPolicy, self._area.setVerticalScrollBarPolicy):
            hide(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        QScroller.grabGesture(self._area.viewport(), QScroller.ScrollerGestureType.LeftMouseButtonGesture)
        self._area.setWidget(self._list(materials))
        self.column.addWidget(self._area, 1)
        self.column.addWidget(self._turner())
        row = QHBoxLayout()
        row.setSpacing(scale.px(22))
        if ask:
            row.addWidget(self._button("consult", self.tr("没带齐，先咨询"), self.consult_requested), 1)
        take = self.tr("都带了，取号") if ask else self.tr("现在取号")
        row.addWidget(self._button("take", take, self.take_requested, filled=True), 1)
        self.column.addLayout(row)

    def _button(self, name: str, text: str, then: Signal, *, filled: bool = False) -> QPushButton:
        button = plain_button(name, text, self.scale, filled=filled, pixels=36)
        button.setMinimumHeight(self.scale.touch(110))
        button.clicked.connect(then)
        return button

    def _turner(self) -> QPushButton:
        """Says that the list goes on below and turns it, for whoever does not know that a list can be pushed."""
        self._turn = plain_button("turn", "", self.scale)
        self._turn.setMinimumHeight(self.scale.touch(64))
        self._turn.clicked.connect(self._on_turn_clicked)
        self._turn.hide()
        bar = self._area.verticalScrollBar()
        bar.rangeChanged.connect(self._on_range_changed)
        bar.valueChanged.connect(self.touched)
        bar.valueChanged.connect(self._show_turner)
        return self._turn

    def _on_range_changed(self) -> None:
        if self._area.verticalScrollBar().maximum():  # once there it stays: the list would jump
            self._turn.show()
        self._show_turner()

    def _show_turner(self) -> None:
        bar = self._area.verticalScrollBar()
        self._turn.setText(self.tr("▼　下面还有，点这里往下看") if bar.value() < bar.maximum() else
                           self.tr("▲　已经到底，点这里回到上面"))

    def _on_turn_clicked(self) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(0 if bar.value() == bar.maximum() else bar.value() + bar.pageStep() * 4 // 5)

    def _list(self, materials: Sequence[Material]) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.scale.px(14))
        if not materials:
            column.addWidget(self._material(Material(self.tr("这个事项需要的材料，请到窗口咨询工作人员。")), 42))
        condition = ""
        for material in materials:
            if material.condition != condition:
                condition = material.condition
                column.addSpacing(self.scale.px(10))
                column.addWidget(words(self.tr("如果是：") + condition, self.scale, 30, ink=theme.QUIET))
            column.addWidget(self._material(material, 42 if len(materials) <= FEW else 34))
        column.addStretch(1)
        return inside

    def _material(self, material: Material, pixels: int) -> QFrame:
        card = QFrame()
        card.setProperty("look", "card")
        row = QHBoxLayout(card)
        row.setContentsMargins(*(self.scale.px(pixels * 0.8), self.scale.px(pixels * 0.47)) * 2)
        row.setSpacing(self.scale.px(24))
        row.addWidget(words(material.name, self.scale, pixels, bold=True), 1)
        form = [self.tr("原件")] if material.original and "原件" not in material.name else []
        form += [self.tr("复印件 %1 份").replace("%1", str(material.copies))] if material.copies else []
        if form:
            told = words("、".join(form), self.scale, 30, ink=theme.QUIET)
            told.setWordWrap(False)
            row.addWidget(told)
        return card
