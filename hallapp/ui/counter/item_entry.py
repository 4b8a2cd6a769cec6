"""Finding a service item by number, pinyin initials or name, with a quantity: ``2*3`` is three cases of item 2."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from hallapp.domain.catalogue import Catalogue, Item
from hallapp.services.visits import MOST_CASES
from hallapp.ui import theme
from hallapp.ui.widgets.room import Room
from hallapp.ui.words import tr

_CODE = Qt.ItemDataRole.UserRole
_QUANTITY = re.compile(r"(.*?)\s*(?:[*×＊]\s*(\d*)|[xX](\d{1,2}))")
_NOTICE = re.compile(r"[Nn]?\d{11,13}")
ROWS = 6
FEW = 4  # of them in sight


class ItemEntry(QWidget):
    """A field with the matching items under it; empty, it offers what was suggested.

    What was typed stays until ``clear``: a store that does not answer loses nothing.

    Signals:
        item_requested: An item's code and how many cases.
        notice_typed: The number of a one-time notice somebody brought back, where there is no scanner.
        left: Enter or Esc on the empty field: on to the items.
    """

    item_requested = Signal(str, int)
    notice_typed = Signal(str)
    left = Signal()

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._suggested: tuple[Item, ...] = ()
        self._known = self._busy = self._few = False
        self.field = QLineEdit()
        self.field.setObjectName("item-entry")
        self.field.setFont(theme.font(22))
        self.field.setMinimumHeight(44)
        self.set_room(Room.WIDE)
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhPreferLatin)
        self.list = QListWidget()
        self.list.setObjectName("matches")
        self.list.setStyleSheet("QListWidget { padding: 4px; } QListWidget::item { padding: 5px 10px; }")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFont(theme.font(20))
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # it would cover the last line
        self.list.setItemDelegate(_Fitting(self.list))
        self.list.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self.field.textChanged.connect(self._on_text_changed)
        self.field.returnPressed.connect(self._on_return_pressed)
        self.list.itemClicked.connect(self._on_item_clicked)
        self.field.installEventFilter(self)

    def take_focus(self) -> None:
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_room(self, room: Room) -> None:
        """A shorter hint in a narrow field."""
        example = "" if room is Room.TIGHT else self.tr("，如 cxjm；2*3 为 3 件")
        self.field.setPlaceholderText(self.tr("序号、拼音首字母或名称") + example + "　F7")

    def clear(self) -> None:
        self.field.clear()

    def set_busy(self, busy: bool) -> None:
        """An answer is awaited: Enter starts nothing."""
        self._busy = busy

    def suggest(self, items: Sequence[Item], known: bool) -> None:
        """Offered while nothing is typed; ``known``: Enter takes the first, it is why the visitor came."""
        if (tuple(items), known) != (self._suggested, self._known):
            self._suggested, self._known = tuple(items), known
            self._on_text_changed(self.field.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows choose among the matches while typing goes on; Esc clears, and then leaves; an empty field has no
        step of its own to take back."""
        if event.type() == QEvent.Type.ShortcutOverride and event.matches(QKeySequence.StandardKey.Undo):
            return not self.field.text()
        if event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.list.count():
                step = 1 if key == Qt.Key.Key_Down else -1
                row = max(self.list.currentRow(), -1 if step > 0 else 0)
                self.list.setCurrentRow((row + step) % self.list.count())
                return True
            if key == Qt.Key.Key_Escape:
                if self.field.text():
                    self.field.clear()
                else:
                    self.left.emit()
                return True
        return super().eventFilter(watched, event)

    def _parsed(self) -> tuple[str, int]:
        text = self.field.text().strip()
        match = _QUANTITY.fullmatch(text)
        return (match[1], int(match[2] or match[3] or 1)) if match else (text, 1)

    def _on_text_changed(self, _text: str) -> None:
        wanted, quantity = self._parsed()
        self.list.clear()
        countable = 1 <= quantity <= MOST_CASES
        for item in (self._catalogue.find(wanted) if wanted else self._suggested)[:ROWS] if countable else ():
            cases = tr("× %1 件　", quantity) if quantity > 1 else ""
            line = QListWidgetItem(f"{item.seq}　{cases}{item.name}")
            line.setData(_CODE, item.code)
            self.list.addItem(line)
        self.list.setCurrentRow(0 if wanted or self._known else -1)
        if not countable:
            refusal = QListWidgetItem(tr("件数要写 1 到 %1", MOST_CASES))
            refusal.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(refusal)
        self.list.setVisible(bool(self.list.count()))
        self._fit()

    def show_few(self, few: bool) -> None:
        """Where the cards below need the height; the arrows scroll to the other matches."""
        self._few = few
        self._fit()

    def _fit(self) -> None:
        if count := self.list.count():
            self.list.setFixedHeight(self.list.sizeHintForRow(0) * min(count, FEW if self._few else count) + 12)

    def _on_return_pressed(self) -> None:
        text = self.field.text().strip()
        if _NOTICE.fullmatch(text):
            self.notice_typed.emit(text)
        elif self.list.currentItem() is not None:
            self._on_item_clicked(self.list.currentItem())
        elif not text:
            self.left.emit()

    def _on_item_clicked(self, line: QListWidgetItem) -> None:
        code = line.data(_CODE)  # the line that refuses a count has none
        if code and not self._busy:
            self.item_requested.emit(code, self._parsed()[1])


class _Fitting(QStyledItemDelegate):
    """No line is wider than its list: a long name ends in …"""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(0, super().sizeHint(option, index).height())
