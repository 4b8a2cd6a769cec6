"""The cards of a visit's items under each other, the chosen one always in sight."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from hallapp.domain.catalogue import Catalogue
from hallapp.domain.handling import ItemState
from hallapp.domain.rules import Rules
from hallapp.services.desk import RunningItem
from hallapp.ui.counter.item_card import ItemCard
from hallapp.ui.widgets.room import Room
from hallapp.ui.words import tr

ROOMY, ROOMY_SMALL = 3, 2  # so many items are all shown large
GAPS = {Room.TIGHT: 2, Room.LOW: 6, Room.SMALL: 6, Room.WIDE: 10}  # px between cards


class ItemCards(QScrollArea):
    """As high as its cards, lower where there is no room.

    Signals:
        chosen: A card was clicked; its item's id.
    """

    chosen = Signal(int)

    def __init__(self, catalogue: Catalogue, rules: Rules) -> None:
        super().__init__()
        self._catalogue, self._rules = catalogue, rules
        self._items: tuple[RunningItem, ...] = ()
        self._selected: int | None = None
        self._room = Room.SMALL
        self._seconds: tuple[float, ...] = ()
        self.cards: list[ItemCard] = []
        self._laid_out = QTimer(self, interval=0, singleShot=True)  # once the cards lie where they belong
        self._laid_out.timeout.connect(self._reveal)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # a bar would take width, and names that wrap for it make it needed; the chosen card is always in sight
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_items(self, items: Sequence[RunningItem], selected: int | None) -> None:
        self._items, self._selected = tuple(items), selected
        self._draw([one.seconds for one in items])

    def show_seconds(self, seconds: Sequence[float]) -> None:
        self._seconds = tuple(seconds)
        for card, one in zip(self.cards, seconds, strict=True):
            card.show_seconds(one)

    def choose(self, item_id: int) -> None:
        self._selected = item_id
        self._draw(self._seconds)

    def set_room(self, room: Room) -> None:
        if room is not self._room:
            self._room = room
            self._draw(self._seconds)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _draw(self, seconds: Sequence[float]) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAPS[self._room])
        self.cards = []
        small = self._room < Room.WIDE
        roomy = ROOMY_SMALL if small else ROOMY
        for one in self._items:
            chosen = one.item.id == self._selected
            aside = not chosen and one.item.state is not ItemState.RUNNING and len(self._items) > roomy
            name = self._name(one.item.item_code, aside or self._room is Room.TIGHT)
            card = ItemCard(name, one, self._rules.target_seconds, self._rules.near_share, small=small, compact=aside)
            card.set_selected(chosen)
            card.chosen.connect(self.chosen)
            column.addWidget(card)
            self.cards.append(card)
        column.addStretch(1)
        if old := self.takeWidget():
            old.deleteLater()  # a click on one of its cards may be what brought us here
        self.setWidget(inside)
        self.show_seconds(seconds)
        self._fit()

    def _name(self, code: str, short: bool) -> str:
        item = self._catalogue.known_item(code)
        return tr("已停用事项 %1", code) if item is None else f"{item.seq} {item.short if short else item.name}"

    def _fit(self) -> None:
        layout = self.widget() and self.widget().layout()
        if layout:
            self.setMaximumHeight(max(1, layout.totalHeightForWidth(self.width())))
        self._laid_out.start()

    def _reveal(self) -> None:
        for card in self.cards:
            if card.item_id == self._selected:
                self.ensureWidgetVisible(card, 0, 0)
