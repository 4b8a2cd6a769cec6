"""Finding a service item by number, pinyin initials or name, with a quantity: ``2*3`` is three cases of item 2."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from hallapp.domain.catalogue import Catalogue
from hallapp.ui import theme

_CODE = Qt.ItemDataRole.UserRole
_QUANTITY = re.compile(r"(.*?)\s*[*×xX]\s*(\d{1,2})")
ROWS = 6


class ItemEntry(QWidget):
    """A field with the matching items under it.

    Signals:
        item_requested: An item's code and how many cases.
        left: Enter on the empty field: on to the items.
    """

    item_requested = Signal(str, int)
    left = Signal()

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self._catalogue = catalogue
        self.field = QLineEdit()
        self.field.setObjectName("item-entry")
        self.field.setFont(theme.font(22))
        self.field.setMinimumHeight(44)
        self.field.setPlaceholderText(self.tr("输入序号、拼音首字母或名称添加事项，如 cxjm；2*3 表示 3 件　F7"))
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhPreferLatin)
        self.list = QListWidget()
        self.list.setFont(theme.font(20))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows choose among the matches while typing goes on; Esc clears."""
        if event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.list.count():
                step = 1 if key == Qt.Key.Key_Down else -1
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
            if key == Qt.Key.Key_Escape and self.field.text():
                self.field.clear()
                return True
        return super().eventFilter(watched, event)

    def _parsed(self) -> tuple[str, int]:
        text = self.field.text().strip()
        match = _QUANTITY.fullmatch(text)
        return (match[1], int(match[2])) if match else (text, 1)

    def _on_text_changed(self, _text: str) -> None:
        wanted, _quantity = self._parsed()
        self.list.clear()
        for item in self._catalogue.find(wanted)[:ROWS] if wanted else ():
            line = QListWidgetItem(f"{item.seq}　{item.name}")
            line.setData(_CODE, item.code)
            self.list.addItem(line)
        self.list.setVisible(bool(self.list.count()))
        if self.list.count():
            self.list.setCurrentRow(0)
            self.list.setFixedHeight(self.list.sizeHintForRow(0) * self.list.count() + 8)

    def _on_return_pressed(self) -> None:
        if not self.field.text().strip():
            self.left.emit()
        elif self.list.currentItem() is not None:
            self._on_item_clicked(self.list.currentItem())

    def _on_item_clicked(self, line: QListWidgetItem) -> None:
        code, quantity = line.data(_CODE), self._parsed()[1]
        self.field.clear()
        self.item_requested.emit(code, max(1, quantity))
