"""The counter's middle: the items of the visit with their clocks, the outcome keys, the end of the visit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from hallapp.domain.catalogue import Catalogue
from hallapp.domain.handling import ItemState, Outcome
from hallapp.domain.rules import Rules
from hallapp.services.desk import RunningItem
from hallapp.ui.counter.item_card import ItemCard
from hallapp.ui.counter.item_entry import ItemEntry
from hallapp.ui.widgets.parts import Card, KeyButton, label
from hallapp.ui.words import OUTCOMES, tr


class VisitPanel(Card):
    """Shows; decides nothing. ``entry`` finds items; the arrows choose a card; ``selected`` is its item.

    Signals:
        outcome_requested: The chosen item's id and its Outcome.
        toggle_requested: Suspend or resume the chosen item (id).
        quantity_requested: The chosen item's id and its new quantity.
        notice_requested: A one-time notice from the chosen item (id).
        finish_requested: The visitor leaves.
    """

    outcome_requested = Signal(int, object)
    toggle_requested = Signal(int)
    quantity_requested = Signal(int, int)
    notice_requested = Signal(int)
    finish_requested = Signal()

    def __init__(self, catalogue: Catalogue, rules: Rules) -> None:
        super().__init__(margins=20, spacing=12)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._catalogue, self._rules = catalogue, rules
        self._items: tuple[RunningItem, ...] = ()
        self.cards: list[ItemCard] = []
        self.selected: int | None = None
        self.entry = ItemEntry(catalogue)
        self.entry.left.connect(self.setFocus)
        self.hint = label("", 22, look="quiet", wrap=True)
        column = self.column
        column.addWidget(label(self.tr("本次办理事项"), 16, look="quiet"))
        column.addWidget(self.entry)
        column.addWidget(self.hint)
        column.addWidget(self._card_area(), 1)
        column.addWidget(label(self.tr("所选事项的办理结果"), 16, look="quiet"))
        column.addLayout(self._outcome_keys())
        column.addLayout(self._item_keys())
        self.finish = KeyButton(self.tr("办理完成"), "F12", look="good", pixels=24, height=64)
        self.finish.setObjectName("finish")
        self.finish.clicked.connect(self.finish_requested)
        column.addWidget(self.finish)

    def show_items(self, items: Sequence[RunningItem]) -> None:
        """The visit's items; the choice stays, or goes to the running one."""
        self._items = tuple(items)
        known = {one.item.id for one in items}
        if self.selected not in known or self._item_of(self.selected).state is ItemState.ENDED:
            still = [one.item.id for one in items if one.item.state is not ItemState.ENDED]
            running = [one.item.id for one in items if one.item.state is ItemState.RUNNING]
            self.selected = (running or still or [one.item.id for one in items[-1:]] or [None])[0]
        self._draw_cards()
        self._refresh_keys()

    def show_seconds(self, seconds: Sequence[float]) -> None:
        for card, one in zip(self.cards, seconds, strict=True):
            card.show_seconds(one)

    def set_open(self, open_visit: bool, hint: str = "") -> None:
        """Whether somebody is at the window."""
        self.entry.setEnabled(open_visit)
        self.finish.setEnabled(open_visit)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def set_small(self, small: bool) -> None:
        """Less height on a small screen."""
        for button in (*self._outcomes, self.toggle, self.notice):
            button.setFixedHeight(38 if small else 48)
        self.finish.setFixedHeight(50 if small else 68)
        self.column.setSpacing(7 if small else 12)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose an item, + and - change its quantity."""
        places = [one.item.id for one in self._items]
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and places:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._on_chosen(places[(places.index(self.selected) + step) % len(places)])
        elif event.text() in ("+", "=", "-") and self.selected is not None:
            now = self._item_of(self.selected).quantity
            self.quantity_requested.emit(self.selected, max(1, now + (-1 if event.text() == "-" else 1)))
        else:
            super().keyPressEvent(event)

    def _card_area(self) -> QScrollArea:
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return self._area

    def _draw_cards(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.cards = []
        for one in self._items:
            item = self._catalogue.find_item(one.item.item_code)
            name = f"{item.seq} {item.name}" if item else one.item.item_code
            card = ItemCard(name, one, self._rules.target_seconds, self._rules.near_share)
            card.show_seconds(one.seconds)
            card.set_selected(one.item.id == self.selected)
            card.chosen.connect(self._on_chosen)
            column.addWidget(card)
            self.cards.append(card)
        column.addStretch(1)
        self._area.setWidget(inside)

    def _outcome_keys(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        self._outcomes: list[KeyButton] = []
        for place, (outcome, text) in enumerate(OUTCOMES.items()):
            button = KeyButton(tr(text), str(place + 1), pixels=18, height=46)
            button.setObjectName(f"outcome-{place + 1}")
            button.setProperty("outcome", outcome)
            button.clicked.connect(self._on_outcome_clicked)
            grid.addWidget(button, place // 4, place % 4)
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

    def _refresh_keys(self) -> None:
        item = self._item_of(self.selected) if self.selected is not None else None
        still = item is not None and item.state is not ItemState.ENDED
        for button in (*self._outcomes, self.toggle):
            button.setEnabled(still)
        self.notice.setEnabled(item is not None)
        paused = item is not None and item.state is ItemState.SUSPENDED
        self.toggle.set_text(self.tr("继续计时") if paused else self.tr("暂停计时"))

    def _item_of(self, item_id: int | None):
        return next(one.item for one in self._items if one.item.id == item_id)

    def _on_chosen(self, item_id: int) -> None:
        self.selected = item_id
        for card in self.cards:
            card.set_selected(card.item_id == item_id)
        self._refresh_keys()

    def _on_outcome_clicked(self) -> None:
        outcome = self.sender().property("outcome")
        if self.selected is None:
            return
        if outcome == Outcome.NOTICE:
            self.notice_requested.emit(self.selected)
        else:
            self.outcome_requested.emit(self.selected, Outcome(outcome))

    def _on_toggle_clicked(self) -> None:
        if self.selected is not None:
            self.toggle_requested.emit(self.selected)

    def _on_notice_clicked(self) -> None:
        if self.selected is not None:
            self.notice_requested.emit(self.selected)
