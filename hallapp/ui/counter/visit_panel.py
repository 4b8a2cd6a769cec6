"""The counter's middle: the items of the visit with their clocks, the outcome keys, the end of the visit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from hallapp.documents.wording import OUTCOMES
from hallapp.domain.catalogue import Catalogue
from hallapp.domain.handling import HandledItem, ItemState, Outcome
from hallapp.domain.notice import Notice
from hallapp.domain.rules import Rules
from hallapp.services.desk import RunningItem
from hallapp.ui.counter.item_cards import ItemCards
from hallapp.ui.counter.item_entry import ItemEntry
from hallapp.ui.counter.materials import Materials
from hallapp.ui.widgets.parts import Card, KeyButton, label
from hallapp.ui.widgets.room import Room
from hallapp.ui.words import tr

# by room, in px: the heights of the keys and of the last one, the gaps between keys and between lines, the keys' type
SIZES = {Room.TIGHT: (36, 44, 5, 4, 16), Room.LOW: (38, 50, 8, 4, 18), Room.SMALL: (38, 50, 8, 7, 18),
         Room.WIDE: (48, 68, 8, 12, 18)}


class VisitPanel(Card):
    """Shows; decides nothing. ``entry`` finds items; the arrows choose a card; ``selected`` is its item.

    Signals:
        outcome_requested: The chosen item's id and its Outcome.
        correction_requested: The same for an item that has another one.
        toggle_requested: Suspend or resume the chosen item (id).
        quantity_requested: The chosen item's id and its new quantity.
        notice_requested: A one-time notice from the chosen item (id).
        finish_requested: The visitor leaves.
    """

    outcome_requested = Signal(int, object)
    correction_requested = Signal(int, object)
    toggle_requested = Signal(int)
    quantity_requested = Signal(int, int)
    notice_requested = Signal(int)
    finish_requested = Signal()

    def __init__(self, catalogue: Catalogue, rules: Rules) -> None:
        super().__init__(margins=20, spacing=12)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._catalogue = catalogue
        self._items: tuple[RunningItem, ...] = ()
        self._live = self._low = False
        self.selected: int | None = None
        self.entry = ItemEntry(catalogue)
        self.entry.left.connect(self.setFocus)
        self.returned = label("", 18, look="priority", wrap=True)
        self.returned.setMargin(4)
        self.returned.hide()
        self.hint = label("", 26, look="quiet", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._cards = ItemCards(catalogue, rules)
        self._cards.chosen.connect(self._on_chosen)
        self.materials = Materials()
        column = self.column
        self._captions = (label(self.tr("本次办理事项"), 16, look="quiet"),
                          label(self.tr("所选事项的办理结果"), 16, look="quiet"))
        column.addWidget(self._captions[0])
        column.addWidget(self.entry)
        column.addWidget(self.returned)
        column.addWidget(self.hint, 100)
        column.addWidget(self._cards, 100)
        column.addWidget(self.materials, 1)
        column.addWidget(self._captions[1])
        column.addLayout(self._outcome_keys())
        column.addLayout(self._item_keys())
        self.finish = KeyButton(self.tr("办理完成"), "F12", look="good", pixels=24, height=64)
        self.finish.setObjectName("finish")
        self.finish.clicked.connect(self.finish_requested)
        column.addWidget(self.finish)

    @property
    def cards(self):
        return self._cards.cards

    def show_items(self, items: Sequence[RunningItem], hint: str) -> None:
        """The visit's items; the choice stays, also with one that has ended, and from one that ends it goes to the
        running one. ``hint`` is said while there is none."""
        ended = {one.item.id for one in self._items if one.item.state is ItemState.ENDED}
        self._items = tuple(items)
        self.entry.show_few(self._low and bool(items))
        known = {one.item.id: one.item for one in items}
        if self.selected not in known or (
                known[self.selected].state is ItemState.ENDED and self.selected not in ended):
            still = [one.item.id for one in items if one.item.state is not ItemState.ENDED]
            running = [one.item.id for one in items if one.item.state is ItemState.RUNNING]
            self.selected = (running or still or [one.item.id for one in items[-1:]] or [None])[0]
        self.hint.setText(hint)
        for part, shown in ((self.hint, not items), (self._cards, bool(items)), (self.materials, bool(items))):
            part.setVisible(shown)
        self._cards.show_items(self._items, self.selected)
        self._show_chosen()

    def show_seconds(self, seconds: Sequence[float]) -> None:
        self._cards.show_seconds(seconds)

    def show_returned(self, notice: Notice | None) -> None:
        """What was missing the last time, if the visitor brought a notice back."""
        self.returned.setVisible(notice is not None)
        if notice is not None:
            missing = "、".join(line.name for line in notice.missing) or notice.remark or notice.reason or tr("无")
            self.returned.setText(tr("告知单 %1 复办，上次缺少：%2", notice.number, missing))

    def set_live(self, live: bool) -> None:
        """Whether keys make sense: somebody is at the window and the store answers."""
        self._live = live
        self._refresh_keys()

    def set_room(self, room: Room) -> None:
        """Less height on a small screen, and at last no captions."""
        key, finish, gap, spacing, pixels = SIZES[room]
        for button in (*self._outcomes, self.toggle, self.notice):
            button.setFixedHeight(key)
            button.set_tight(room < Room.WIDE, pixels)
        self.finish.setFixedHeight(finish)
        self._grid.setSpacing(gap)
        self.column.setSpacing(spacing)
        for caption in self._captions:
            caption.setVisible(room > Room.TIGHT)
        self._low = room < Room.WIDE
        self.entry.set_room(room)
        self.entry.show_few(self._low and bool(self._items))
        self._cards.set_room(room)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose an item, + and - change its quantity."""
        places = [one.item.id for one in self._items]
        item = self._chosen()
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and places:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._on_chosen(places[(places.index(self.selected) + step) % len(places)])
        elif event.text() in ("+", "=", "-") and item is not None:
            self.quantity_requested.emit(item.id, max(1, item.quantity + (-1 if event.text() == "-" else 1)))
        else:
            super().keyPressEvent(event)

    def _outcome_keys(self) -> QGridLayout:
        grid = self._grid = QGridLayout()
        grid.setSpacing(8)
        self._outcomes: list[KeyButton] = []
        for place, (outcome, text) in enumerate(OUTCOMES.items()):
            button = KeyButton(tr(text), str(place + 1), pixels=18, height=46)
            button.setObjectName(f"outcome-{place + 1}")
            button.setProperty("outcome", outcome)
            button.clicked.connect(self._on_outcome_clicked)
            grid.addWidget(button, place // 4, place % 4)
            grid.setColumnStretch(place % 4, 1)
            self._outcomes.append(button)
        return grid

    def _item_keys(self) -> QHBoxLayout:
        self.toggle = KeyButton(self.tr("暂停计时"), "0", pixels=18, height=46)
        self.notice = KeyButton(self.tr("写一次性告知单"), "F8", pixels=18, height=46)
        for button, name in ((self.toggle, "toggle"), (self.notice, "notice")):
            button.setObjectName(name)
        self.toggle.clicked.connect(self._on_toggle_clicked)
        self.notice.clicked.connect(self._on_notice_clicked)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.toggle)
        row.addWidget(self.notice)
        return row

    def _chosen(self) -> HandledItem | None:
        return next((one.item for one in self._items if one.item.id == self.selected), None)

    def _show_chosen(self) -> None:
        item = self._chosen()
        self.materials.show_item(self._catalogue.find_item(item.item_code) if item else None)
        self._refresh_keys()

    def _refresh_keys(self) -> None:
        item = self._chosen()
        live = self._live and item is not None
        still = live and item is not None and item.state is not ItemState.ENDED
        for button in self._outcomes:  # of one that has ended a wrong outcome is corrected
            outcome = button.property("outcome")
            button.setEnabled(still or (live and outcome not in (Outcome.NOTICE, item and item.outcome)))
        self.toggle.setEnabled(still)
        self.notice.setEnabled(live)
        paused = item is not None and item.state is ItemState.SUSPENDED
        self.toggle.set_text(self.tr("继续计时") if paused else self.tr("暂停计时"))

    def _on_chosen(self, item_id: int) -> None:
        self.selected = item_id
        self._cards.choose(item_id)
        self._show_chosen()

    def _on_outcome_clicked(self) -> None:
        outcome = Outcome(self.sender().property("outcome"))
        if (item := self._chosen()) is None:
            return
        if item.state is ItemState.ENDED:
            self.correction_requested.emit(item.id, outcome)
        elif outcome is Outcome.NOTICE:
            self.notice_requested.emit(item.id)
        else:
            self.outcome_requested.emit(item.id, outcome)

    def _on_toggle_clicked(self) -> None:
        if self.selected is not None:
            self.toggle_requested.emit(self.selected)

    def _on_notice_clicked(self) -> None:
        if self.selected is not None:
            self.notice_requested.emit(self.selected)
