"""Writing a one-time notice (一次性告知单) from the running item."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from hallapp.domain.catalogue import Item
from hallapp.domain.notice import Situation
from hallapp.services.notices import NoticeDraft
from hallapp.ui import theme
from hallapp.ui.counter.notice_lines import MaterialRows
from hallapp.ui.widgets.parts import Card, KeyButton, label, one_line
from hallapp.ui.widgets.room import SMALLEST

NARROW = 1100  # px


class NoticeDialog(QDialog):
    """Conditions first, so that only the materials that apply are listed; then what is missing. Left as it is, it may
    be opened again with all that was ticked and written: whoever made it lets it go.

    Signals:
        given: The NoticeDraft, complete.
        words_typed: What the clerk wrote so far.
    """

    given = Signal(object)
    words_typed = Signal(str)

    def __init__(self, item: Item, item_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("notice")
        self.setStyleSheet(f"#notice {{ border: 2px solid {theme.ACCENT}; background: {theme.GROUND}; }}")
        room = parent.window().size() if parent is not None else SMALLEST
        self.resize(min(1180, room.width() - 32), min(680, room.height() - 32))
        self._item, self.item_id = item, item_id
        self._asked, self._unprintable = False, ""
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 20, 28, 20)
        column.setSpacing(10)
        column.addWidget(label(self.tr("一次性告知单　") + item.name, 24, bold=True, wrap=True))
        self._problem = label("", 18, bold=True, wrap=True)  # no sentence makes the dialog wider than its screen
        theme.tint(self._problem, theme.OVER)
        column.addLayout(self._situations())
        column.addLayout(self._middle(), 1)
        column.addLayout(self._words())
        column.addLayout(self._buttons())
        self._show_materials()
        if item.materials_for():
            self.rows.take_focus()
        else:
            (self._conditions[0] if self._conditions else self.remark).setFocus()

    def show_unprintable(self, sentence: str) -> None:
        """What of the words no slip can print; it may be given all the same."""
        self._unprintable = sentence
        self._refresh_problem()

    def conditions(self) -> tuple[str, ...]:
        return tuple(box.text() for box in self._conditions if box.isChecked())

    def situation(self) -> Situation:
        return Situation(self._group.checkedButton().property("situation"))  # Qt hands enums back as text

    def _situations(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(32 if self.width() > NARROW else 18)
        row.addWidget(label(self.tr("告知情形"), 18, look="quiet"))
        self._group = QButtonGroup(self)
        words = {Situation.INCOMPLETE: self.tr("材料不全"), Situation.CONSULTATION: self.tr("咨询告知"),
                 Situation.REFUSED: self.tr("不予受理")}
        for place, (situation, text) in enumerate(words.items(), 1):
            button = QRadioButton(f"{text}  Alt+{place}")
            QShortcut(QKeySequence(f"Alt+{place}"), self).activated.connect(button.click)  # at once
            button.setObjectName(f"situation-{situation.value}")
            button.setFont(theme.font(20))
            button.setProperty("situation", situation)
            button.toggled.connect(self._on_situation_toggled)
            self._group.addButton(button)
            row.addWidget(button)
        row.addWidget(self._problem, 1, theme.ALIGN_RIGHT)
        return row

    def _middle(self) -> QHBoxLayout:
        self._conditions: list[QCheckBox] = []
        row = QHBoxLayout()
        row.setSpacing(16)
        if self._item.conditions:
            card = Card(margins=12, spacing=0)
            card.setMinimumWidth(400)  # wider for a longer condition
            card.column.addWidget(label(self.tr("先选适用情形：空格勾选，→ 到材料"), 18, look="quiet"))
            card.column.addSpacing(6)
            for place, condition in enumerate(self._item.conditions, 1):
                box = QCheckBox(condition)
                box.setObjectName(f"condition-{place}")
                box.setFont(theme.font(18))
                box.setToolTip(condition)
                box.toggled.connect(self._show_materials)
                box.installEventFilter(self)
                self._conditions.append(box)
                card.column.addWidget(box)
            card.column.addStretch(1)
            row.addWidget(card)
        materials = Card(margins=12)
        materials.column.addWidget(label(self.tr("材料：空格勾选缺少，R 勾选已收，↑ ↓ 移动") + (
            self.tr("，← 回到情形") if self._item.conditions else ""), 18, look="quiet"))
        self.rows = MaterialRows()
        self.rows.left.connect(self._on_rows_left)
        self.rows.ticked.connect(self._refresh_problem)
        materials.column.addWidget(self.rows, 1)
        row.addWidget(materials, 1)
        return row

    def _words(self) -> QHBoxLayout:
        self.reason, self.remark = QLineEdit(), QLineEdit()
        for entry, name, hint in (
            (self.reason, "refusal-reason", self.tr("不予受理的原因（必填）")),
            (self.remark, "remark", self.tr("补充说明（可不填）　F7")),
        ):
            entry.setObjectName(name)
            entry.setPlaceholderText(hint)
            entry.setMaxLength(120)
            entry.textChanged.connect(self._on_text_changed)
        QShortcut(QKeySequence("F7"), self).activated.connect(self.remark.setFocus)  # past every material's two boxes
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.reason, 1)
        row.addWidget(self.remark, 1)
        self._group.buttons()[0].setChecked(True)
        return row

    def _buttons(self) -> QHBoxLayout:
        leave = KeyButton(self.tr("返回"), "Esc")
        leave.clicked.connect(self.reject)
        give = KeyButton(self.tr("打印告知单"), "F8", look="primary", pixels=22, height=56)
        give.setObjectName("give-notice")
        give.clicked.connect(self._on_give_clicked)
        row = QHBoxLayout()
        row.setSpacing(16)
        for button, share in ((leave, 1), (give, 3)):
            button.setAutoDefault(False)
            row.addWidget(button, share)
        return row

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the conditions, which are many, one key leads to the materials."""
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Right:
            self.rows.take_focus()
            return True
        return super().eventFilter(watched, event)

    def _on_rows_left(self) -> None:
        if self._conditions:
            self._conditions[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_materials(self, _checked: bool = False) -> None:
        empty = self.tr("请先选适用情形。") if self._conditions else self.tr("目录中没有列出材料，请写补充说明。")
        self.rows.show_materials(self._item.materials_for(frozenset(self.conditions())), empty)
        self.rows.follow((*self._group.buttons(), *self._conditions)[-1])

    def _on_situation_toggled(self, _checked: bool) -> None:
        if self._group.checkedButton() is not None:
            refused = self.situation() is Situation.REFUSED
            self.reason.setVisible(refused)
            if refused:  # it must be given
                self.reason.setFocus()
            self._refresh_problem()

    def _on_text_changed(self) -> None:
        self.words_typed.emit(self.reason.text() + self.remark.text())
        self._refresh_problem()

    def _wanting(self) -> str:
        """What it must say before it is given."""
        if self.situation() is Situation.REFUSED:
            return "" if one_line(self.reason) else self.tr("请写明不予受理的原因。")
        if self.situation() is Situation.INCOMPLETE and not self.rows.missing() and not one_line(self.remark):
            return self.tr("请勾选缺少的材料，或写补充说明。")
        return ""

    def _refresh_problem(self) -> None:
        """What was asked for in vain stands until it is done."""
        self._problem.setText((self._asked and self._wanting()) or self._unprintable)

    def _on_give_clicked(self) -> None:
        self._asked = True
        self._refresh_problem()
        if not self._wanting():
            self._asked = False
            self.given.emit(NoticeDraft(
                self.item_id, self.situation(), self.rows.missing(), self.rows.received(), self.conditions(),
                one_line(self.remark), one_line(self.reason)))
            self.accept()
        elif self.situation() is Situation.REFUSED:
            self.reason.setFocus()
        else:
            self.rows.take_focus()
