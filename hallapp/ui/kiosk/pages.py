"""The kiosk's pages: home, items of a business, materials, notice, number, and the one for when nothing works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QScroller, QVBoxLayout, QWidget

from hallapp.domain.catalogue import Group, Item, Material
from hallapp.services.kiosk import GroupWait
from hallapp.ui import theme
from hallapp.ui.kiosk.parts import Page, Scale, Tile, plain_button, words
from hallapp.ui.kiosk.told import Told

CHOICES = 6  # on one page


class HomePage(Page):
    """Signals:
        group_chosen: The code of a business group.
        priority_toggled: Into the priority lane with large type (True), or back.
        appointment_requested: Somebody has an appointment.
    """

    group_chosen = Signal(str)
    priority_toggled = Signal(bool)
    appointment_requested = Signal()

    def __init__(
        self, scale: Scale, groups: Sequence[Group], *, card: bool = False, appointments: bool = False
    ) -> None:
        super().__init__(scale, self.tr("请点选您要办的业务"),
                         "" if scale.large else self.tr("取号后请留意叫号屏和广播，叫到您的号码再到窗口办理。"))
        grid = QGridLayout()
        grid.setSpacing(scale.px(22))
        self._waits = {}
        for place, group in enumerate(groups):
            pixels, height = (40, 160) if scale.large else (46, 200)
            tile = Tile(f"group-{group.code}", group.name, scale=scale, pixels=pixels, height=height)
            if not scale.large:
                tile.add_line(group.hint, 26, ink=theme.QUIET)
            self._waits[group.code] = tile.add_line(" ", 30, bold=True, ink=theme.ACCENT)
            tile.setProperty("code", group.code)
            tile.clicked.connect(self._on_tile_clicked)
            grid.addWidget(tile, place // scale.columns, place % scale.columns)
        self.column.addLayout(grid, 1)
        self._lane_words: QLabel | None = None
        row = QHBoxLayout()
        row.setSpacing(scale.px(22))
        row.addWidget(self._priority(), 2)
        if appointments:
            row.addWidget(self._appointment(), 1)
        self.column.addLayout(row)
        self.show_card_entrance(card)

    def show_waits(self, waits: Sequence[GroupWait]) -> None:
        """How many go before whoever takes a number now, and how long that will be."""
        for wait in waits:
            if wait.group in self._waits:
                self._waits[wait.group].setText(self._wait_words(wait))

    def show_card_entrance(self, ready: bool) -> None:
        """Whether an ID card opens the priority lane now."""
        if self._lane_words is not None:
            self._lane_words.setText(self.tr("大字显示 · 可刷身份证进入优先通道 · 也可请工作人员帮忙") if ready
                                     else self.tr("大字显示 · 优先叫号 · 也可请工作人员帮忙"))

    def _wait_words(self, wait: GroupWait) -> str:
        if wait.minutes is None:
            return self.tr("暂无窗口开放")
        if not wait.ahead:
            return self.tr("无人等候") if not wait.minutes else self.tr("约 %1 分钟").replace("%1", str(wait.minutes))
        return self.tr("前面 %1 人　约 %2 分钟").replace("%1", str(wait.ahead)).replace("%2", str(wait.minutes))

    def _priority(self) -> Tile:
        large = self.scale.large
        title = self.tr("返回普通取号（字体变小）") if large else self.tr("老年人、残疾人等优先")
        tile = Tile("priority", title, scale=self.scale, pixels=30 if large else 46, height=80 if large else 140,
                    ground=theme.PRIORITY, edge=theme.PRIORITY_EDGE, ink=theme.PRIORITY_INK)
        tile.setSizePolicy(tile.sizePolicy().horizontalPolicy(), tile.sizePolicy().verticalPolicy().Fixed)
        if not large:
            self._lane_words = tile.add_line(" ", 28, ink=theme.PRIORITY_INK)
        tile.clicked.connect(self._on_priority_clicked)
        return tile

    def _appointment(self) -> Tile:
        large = self.scale.large
        tile = Tile("appointment", self.tr("预约取号"), scale=self.scale, pixels=40 if large else 46,
                    height=80 if large else 140)
        if not large:
            tile.add_line(self.tr("扫码或输入预约号"), 28, ink=theme.QUIET)
        tile.clicked.connect(self.appointment_requested)
        return tile

    def _on_tile_clicked(self) -> None:
        self.group_chosen.emit(self.sender().property("code"))

    def _on_priority_clicked(self) -> None:
        self.priority_toggled.emit(not self.scale.large)


class ItemsPage(Page):
    """Signals:
        item_chosen: An item's code.
        direct_chosen: A number without naming the item.
        page_requested: Another page of items, counted from 0.
    """

    item_chosen = Signal(str)
    direct_chosen = Signal()
    page_requested = Signal(int)

    def __init__(self, scale: Scale, group: Group, items: Sequence[Item], page: int) -> None:
        super().__init__(scale, group.name, self.tr("请点选具体事项，取号前先看要带的材料"))
        grid = QGridLayout()
        grid.setSpacing(scale.px(22))
        for place, item in enumerate(items[page * CHOICES : (page + 1) * CHOICES]):
            tile = Tile(f"item-{item.code}", item.short, scale=scale, pixels=40 if not scale.large else 36, height=150)
            tile.setProperty("code", item.code)
            tile.clicked.connect(self._on_tile_clicked)
            grid.addWidget(tile, place // 2, place % 2)
        self.column.addLayout(grid, 1)
        row = QHBoxLayout()
        row.setSpacing(scale.px(22))
        direct = plain_button("direct", self.tr("不确定具体事项，直接取号"), scale, pixels=32)
        direct.clicked.connect(self.direct_chosen)
        row.addWidget(direct, 1)
        if len(items) > CHOICES:
            pages = -(-len(items) // CHOICES)
            self._next = (page + 1) % pages
            more = plain_button("more", self.tr("更多事项"), scale, pixels=32)
            more.clicked.connect(self._on_more_clicked)
            row.addWidget(more, 1)
        self.column.addLayout(row)

    def _on_tile_clicked(self) -> None:
        self.item_chosen.emit(self.sender().property("code"))

    def _on_more_clicked(self) -> None:
        self.page_requested.emit(self._next)


class MaterialsPage(Page):
    """Signals:
        take_requested: All is there: a number.
        consult_requested: Not all is there: a number for the consultation.
    """

    take_requested = Signal()
    consult_requested = Signal()

    def __init__(
        self, scale: Scale, item: Item, question: str, materials: Sequence[Material], *, consult: bool
    ) -> None:
        super().__init__(scale, question, item.name)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        QScroller.grabGesture(area.viewport(), QScroller.ScrollerGestureType.LeftMouseButtonGesture)
        area.setWidget(self._list(materials))
        area.verticalScrollBar().valueChanged.connect(self.touched)
        self.column.addWidget(area, 1)
        row = QHBoxLayout()
        row.setSpacing(scale.px(22))
        text = self.tr("都带了，取号") if consult else self.tr("现在取号")
        take = plain_button("take", text, scale, filled=True, pixels=36)
        take.setMinimumHeight(scale.touch(110))
        take.clicked.connect(self.take_requested)
        if consult:
            ask = plain_button("consult", self.tr("没带齐，先咨询"), scale, pixels=36)
            ask.setMinimumHeight(scale.touch(110))
            ask.clicked.connect(self.consult_requested)
            row.addWidget(ask, 1)
        row.addWidget(take, 1)
        self.column.addLayout(row)

    def _list(self, materials: Sequence[Material]) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, self.scale.px(12), 0)
        column.setSpacing(self.scale.px(14))
        if not materials:
            column.addWidget(words(self.tr("这个事项需要的材料，请到窗口咨询工作人员。"), self.scale, 34))
        condition = ""
        for material in materials:
            if material.condition != condition:
                condition = material.condition
                column.addWidget(words(self.tr("如果是：") + condition, self.scale, 28, ink=theme.QUIET))
            column.addWidget(self._material(material))
        column.addStretch(1)
        return inside

    def _material(self, material: Material) -> QFrame:
        card = QFrame()
        card.setProperty("look", "card")
        row = QHBoxLayout(card)
        row.setContentsMargins(self.scale.px(28), self.scale.px(16), self.scale.px(28), self.scale.px(16))
        row.addWidget(words(material.name, self.scale, 34, bold=True), 1)
        form = [self.tr("原件")] if material.original else []
        form += [self.tr("复印件 %1 份").replace("%1", str(material.copies))] if material.copies else []
        if form:
            row.addWidget(words("、".join(form), self.scale, 28, ink=theme.QUIET))
        return card


class NumberPage(Page):
    """The number, as large as it gets."""

    def __init__(self, scale: Scale, number: str, facts: Mapping[str, str]) -> None:
        super().__init__(scale, "")
        self.column.addStretch(1)
        sizes = {"business": 40, "number": 210, "ahead": 44, "wait": 44}
        for name, text in {"business": facts["business"], "number": number, **facts}.items():
            # the number is large already: large type must not push it over the edge
            line = words(text, Scale(scale.factor, False, 1) if name == "number" else scale, sizes[name],
                         bold=name == "number", ink=theme.ACCENT if name == "number" else theme.INK)
            line.setObjectName(name)
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self.column.addWidget(line)
        self._slip = words("", scale, 40, bold=True)
        self._slip.setObjectName("slip")
        self._slip.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column.addWidget(self._slip)
        self.column.addStretch(2)

    def show_slip(self, sentence: str, loud: bool) -> None:
        """What there is to know of the slip; ``loud``: there is none, and the number must be remembered."""
        pixels, ground, edge = (54, theme.PRIORITY, theme.PRIORITY_EDGE) if loud else (40, "transparent", "transparent")
        ink = theme.PRIORITY_INK if loud else theme.INK
        size = self.scale.px(pixels) if loud else self.scale.type(pixels)  # loud is large already
        self._slip.setText(sentence)
        self._slip.setStyleSheet(
            f"color: {ink}; background: {ground}; border: 3px solid {edge}; border-radius: {self.scale.px(16)}px; "
            f"padding: {self.scale.px(12)}px; font-size: {size}px; font-weight: 700;")


class ToldPage(Page):
    """An answer to what was scanned: a number, if it is about one, the answer, and what to do next."""

    def __init__(self, scale: Scale, told: Told) -> None:
        super().__init__(scale, "")
        self.column.addStretch(1)
        sizes = {"number": 150, "answer": 72, "advice": 44}
        for name, text in (("number", told.number), ("answer", told.answer), ("advice", told.advice)):
            if text:
                fixed = Scale(scale.factor, False, 1) if name == "number" else scale
                line = words(text, fixed, sizes[name], bold=name != "advice",
                             ink=theme.ACCENT if name == "number" else theme.INK)
                line.setObjectName(name)
                line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
                self.column.addWidget(line)
        self.column.addStretch(2)


class AwayPage(Page):
    """Nothing can be issued now; whom to ask."""

    def __init__(self, scale: Scale) -> None:
        super().__init__(scale, "")
        self.column.addStretch(1)
        whom = self.tr("请联系大厅工作人员取号，系统恢复后自动开放。")
        for text, pixels in ((self.tr("暂停取号"), 110), (whom, 40)):
            line = words(text, scale, pixels, bold=pixels > 100)
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self.column.addWidget(line)
        self.column.addStretch(2)
