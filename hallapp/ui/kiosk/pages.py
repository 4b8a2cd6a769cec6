"""The kiosk's pages: home, items of a business, number, answer, and the one for when nothing works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QLabel

from hallapp.domain.catalogue import Group, Item
from hallapp.services.kiosk import GroupWait
from hallapp.ui import theme
from hallapp.ui.kiosk.parts import Page, Scale, Tile, plain_button, words
from hallapp.ui.kiosk.told import Told

CHOICES = 6  # on one page
PICTURE = {1: 96, 2: 96, 3: 72}  # pixels of a business's picture, by columns
TITLE_ROOM = {1: 520, 2: 520, 3: 400}  # pixels for a business's name, by columns
TALLEST = 360  # of a tile
TURNED_MS = 30000  # whoever turned the page of businesses has gone by then


def lay_tiles(grid: QGridLayout, tiles: Sequence[Tile], columns: int) -> None:
    """Equally wide and high, none higher than looks like a button; the rest of the page stays free."""
    for place, tile in enumerate(tiles):
        tile.setMaximumHeight(tile.scale.px(TALLEST))
        grid.addWidget(tile, *divmod(place, columns))
    for column in range(columns):
        grid.setColumnStretch(column, 1)
    rows = -(-len(tiles) // columns)
    for row in range(rows):
        grid.setRowStretch(row, 100)
    grid.setRowStretch(rows, 1)


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
        self, scale: Scale, groups: Sequence[Group], *, hours: str = "", card: bool = False, appointments: bool = False
    ) -> None:
        self._open = self.tr("取号后请留意叫号屏和广播，叫到您的号码再到窗口办理。")
        self._closed = self.tr("现在没有窗口开放，可以先取号，窗口开放后按顺序叫号。") + (
            self.tr("办公时间：") + hours if hours else "")
        super().__init__(scale, self.tr("请点选您要办的业务"), "" if scale.large else self._open)
        step = CHOICES if len(groups) <= CHOICES else CHOICES - 1  # one place is for the way to the others
        self._pages = [groups[start : start + step] for start in range(0, len(groups), step)]
        self._page, self._waits, self._known = 0, dict[str, QLabel](), dict[str, GroupWait]()
        self._grid = QGridLayout()
        self._grid.setSpacing(scale.px(22))
        self.column.addLayout(self._grid, 1)
        self._turned = QTimer(self, interval=TURNED_MS, singleShot=True)
        self._turned.timeout.connect(self._on_left)
        self._fill(0)
        self._lane_words: QLabel | None = None
        row = QBoxLayout(QBoxLayout.Direction.TopToBottom if scale.portrait else QBoxLayout.Direction.LeftToRight)
        row.setSpacing(scale.px(22))
        row.addWidget(self._priority(), 2)
        if appointments:
            row.addWidget(self._appointment(), 1)
        self.column.addLayout(row)
        self.show_card_entrance(card)

    def _fill(self, page: int) -> None:
        """The tiles of that page, the first being the start."""
        self._page, self._waits = page, {}
        while self._grid.count():
            tile = self._grid.takeAt(0).widget()
            tile.hide()
            tile.deleteLater()
        tiles = [self._group_tile(group) for group in self._pages[page]]
        if len(self._pages) > 1:
            more = Tile("more-groups", self.tr("更多业务"), scale=self.scale, pixels=46, height=160, ink=theme.ACCENT)
            more.clicked.connect(self._on_more_clicked)
            tiles.append(more)
        lay_tiles(self._grid, tiles, self.scale.columns)
        self.show_waits(tuple(self._known.values()))
        if page:
            self._turned.start()

    def _group_tile(self, group: Group) -> Tile:
        most, height = (40, 160) if self.scale.large else (46, 150 if self.scale.portrait else 200)
        pixels = max(34, min(most, TITLE_ROOM[self.scale.columns] // len(group.name)))  # in one line if it can be
        tile = Tile(f"group-{group.code}", group.name, scale=self.scale, pixels=pixels, height=height)
        tile.add_picture(f"group-{group.code}", PICTURE[self.scale.columns])
        if not self.scale.large:
            tile.add_line(group.hint, 26, ink=theme.QUIET)
        self._waits[group.code] = (tile.add_side(32, ink=theme.ACCENT) if self.scale.portrait
                                   else tile.add_line(" ", 30, bold=True, ink=theme.ACCENT))
        tile.setProperty("code", group.code)
        tile.clicked.connect(self._on_tile_clicked)
        return tile

    def show_waits(self, waits: Sequence[GroupWait]) -> None:
        """How many go before whoever takes a number now, and how long that will be."""
        for wait in waits:
            self._known[wait.group] = wait
            if wait.group in self._waits:
                self._waits[wait.group].setText(self._wait_words(wait))
        closed = bool(waits) and all(wait.minutes is None for wait in waits)
        self.remark.setText(self._closed if closed else self._open)
        theme.tint(self.remark, theme.PRIORITY_INK if closed else theme.QUIET)

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
        said = self.tr("前面 %1 人　约 %2 分钟")
        said = said.replace("　", "\n") if self.scale.portrait else said
        return said.replace("%1", str(wait.ahead)).replace("%2", str(wait.minutes))

    def _priority(self) -> Tile:
        large = self.scale.large
        title = self.tr("返回普通取号（字体变小）") if large else self.tr("老年人、残疾人等优先")
        tile = Tile("priority", title, scale=self.scale, pixels=30 if large else 46, height=80 if large else 140,
                    ground=theme.PRIORITY, edge=theme.PRIORITY_EDGE, ink=theme.PRIORITY_INK)
        tile.setSizePolicy(tile.sizePolicy().horizontalPolicy(), tile.sizePolicy().verticalPolicy().Fixed)
        if not large:
            tile.add_picture("priority", PICTURE[self.scale.columns])
            self._lane_words = tile.add_line(" ", 28, ink=theme.PRIORITY_INK)
        tile.clicked.connect(self._on_priority_clicked)
        return tile

    def _appointment(self) -> Tile:
        large = self.scale.large
        tile = Tile("appointment", self.tr("预约取号"), scale=self.scale, pixels=40 if large else 46,
                    height=80 if large else 140)
        tile.setSizePolicy(tile.sizePolicy().horizontalPolicy(), tile.sizePolicy().verticalPolicy().Fixed)
        if not large:
            tile.add_picture("appointment", PICTURE[self.scale.columns])
            tile.add_line(self.tr("扫码或输入预约号"), 28, ink=theme.QUIET)
        tile.clicked.connect(self.appointment_requested)
        return tile

    def _on_tile_clicked(self) -> None:
        self.group_chosen.emit(self.sender().property("code"))

    def _on_more_clicked(self) -> None:
        self._fill((self._page + 1) % len(self._pages))

    def _on_left(self) -> None:
        self._fill(0)

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
        grid, columns = QGridLayout(), min(2, scale.columns)
        grid.setSpacing(scale.px(22))
        tiles = [self._item_tile(item) for item in items[page * CHOICES : (page + 1) * CHOICES]]
        row = QHBoxLayout()
        row.setSpacing(scale.px(22))
        if len(tiles) % columns:  # it fills the hole in the grid
            tiles.append(Tile("direct", self._direct(), scale=scale, pixels=36, height=150, ink=theme.ACCENT))
            tiles[-1].clicked.connect(self.direct_chosen)
        else:
            direct = plain_button("direct", self._direct(), scale, pixels=32)
            direct.clicked.connect(self.direct_chosen)
            row.addWidget(direct, 1)
        lay_tiles(grid, tiles, columns)
        self.column.addLayout(grid, 1)
        if len(items) > CHOICES:
            self._next = (page + 1) % -(-len(items) // CHOICES)
            more = plain_button("more", self.tr("更多事项"), scale, pixels=32)
            more.clicked.connect(self._on_more_clicked)
            row.addWidget(more, 1)
        self.column.addLayout(row)

    def _direct(self) -> str:
        return self.tr("不确定具体事项，直接取号")

    def _item_tile(self, item: Item) -> Tile:
        pixels = 46 if self.scale.portrait else 36 if self.scale.large else 40
        tile = Tile(f"item-{item.code}", item.short, scale=self.scale, pixels=pixels, height=150)
        tile.setProperty("code", item.code)
        tile.clicked.connect(self._on_tile_clicked)
        return tile

    def _on_tile_clicked(self) -> None:
        self.item_chosen.emit(self.sender().property("code"))

    def _on_more_clicked(self) -> None:
        self.page_requested.emit(self._next)


class NumberPage(Page):
    """The number, as large as it gets, and what to do with it."""

    def __init__(self, scale: Scale, number: str, facts: Mapping[str, str]) -> None:
        super().__init__(scale, "")
        self._slip, self._next = words("", scale, 40, bold=True), words("", scale, 32, ink=theme.QUIET)
        lines = {
            "business": words(facts["business"], scale, 40),
            # the number is large already: large type must not push it over the edge
            "number": words(number, Scale(scale.factor, False, 1), 180 if scale.large else 240, bold=True,
                            ink=theme.ACCENT),
            "ahead": words(facts["ahead"], scale, 48), "wait": words(facts["wait"], scale, 48, bold=True),
            "slip": self._slip, "next": self._next,
        }
        self.column.addStretch(2)
        for name, line in lines.items():
            line.setObjectName(name)
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.column.addWidget(line)
        self.column.addStretch(3)

    def show_slip(self, sentence: str, loud: bool) -> None:
        """What there is to know of the slip; ``loud``: there is none, and the number must be remembered."""
        pixels, ground, edge = (54, theme.PRIORITY, theme.PRIORITY_EDGE) if loud else (44, "transparent", "transparent")
        ink = theme.PRIORITY_INK if loud else theme.ACCENT
        size = self.scale.px(pixels) if loud else self.scale.type(pixels)  # loud is large already
        advice = self.tr("请到等候区就座，听广播、看叫号屏，叫到这个号再去窗口。")
        self._next.setText(advice if loud else advice + self.tr("号码单丢了请告诉工作人员。"))
        self._slip.setText(sentence)
        self._slip.setStyleSheet(
            f"color: {ink}; background: {ground}; border: 3px solid {edge}; border-radius: {self.scale.px(16)}px; "
            f"padding: {self.scale.px(12)}px {self.scale.px(28)}px; font-size: {size}px; font-weight: 700;")


class ToldPage(Page):
    """An answer to what was scanned: a number, if it is about one, the answer, and what to do next."""

    def __init__(self, scale: Scale, told: Told) -> None:
        super().__init__(scale, "")
        self.column.addStretch(1)
        sizes = {"number": 190, "answer": 80, "advice": 48}
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

    takes_scans = False

    def __init__(self, scale: Scale) -> None:
        super().__init__(scale, "")
        self.column.addStretch(1)
        whom = self.tr("请联系大厅工作人员取号，系统恢复后自动开放。")
        for text, pixels in ((self.tr("暂停取号"), 110), (whom, 40)):
            line = words(text, scale, pixels, bold=pixels > 100)
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self.column.addWidget(line)
        self.column.addStretch(2)
