"""Booking a time (预约): day, slot, business and item by arrows and Tab; today's appointments beside it."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from hallapp.domain.appointment import Appointment, AppointmentState, Slot
from hallapp.domain.catalogue import Catalogue
from hallapp.services.appointments import Book, Booking, OpenSlot
from hallapp.ui import theme
from hallapp.ui.appointment_words import STATES, clock_words, day_words, number_words, slot_words
from hallapp.ui.counter.dialogs.choice import Choice
from hallapp.ui.widgets.elided import Chooser
from hallapp.ui.widgets.parts import KeyButton, label
from hallapp.ui.words import tr

_VALUE = Qt.ItemDataRole.UserRole
# what is chosen in each column, and in which column the arrows move
LISTS = (f"QListWidget {{ border: 2px solid {theme.EDGE}; }} QListWidget:focus {{ border-color: {theme.ACCENT}; }} "
         f"QListWidget::item {{ padding: 3px 6px; }} "
         f"QListWidget::item:selected {{ background: {theme.ACCENT}; color: {theme.PAPER}; }} "
         f"#todays {{ font-size: 16px; }} #todays::item {{ padding: 3px 2px; }}")


class BookChoice(Choice):
    """Only slots with room are in ``book``.

    Signals:
        booked: The Booking, and whether a slip is wanted.
        withdraw_requested: An appointment is to be given up.
        check_in_requested: Somebody with an appointment is here.
    """

    booked = Signal(object, bool)
    withdraw_requested = Signal()
    check_in_requested = Signal()

    def __init__(self, book: Book, catalogue: Catalogue, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        hint = (self.tr("方向键选择，Tab 换到下一列。不登记姓名和证件号，只给预约号。") if book.open
                else self.tr("近期没有可约的时段。"))
        super().__init__(self.tr("预约"), hint, parent, width=1060)
        self.setStyleSheet(self.styleSheet() + LISTS)
        self._open, self._catalogue, self._zone = book.open, catalogue, zone
        self.days, self.slots, self.groups = _list("days"), _list("slots"), _list("groups")
        self.items = Chooser()
        self.items.setObjectName("items")
        self.items.setMinimumWidth(120)
        self.today = label("", 16, look="quiet", wrap=True)
        self.today.setObjectName("today")
        row = QHBoxLayout()
        row.setSpacing(16)
        for heading, parts, share in (  # each line is seen whole, also beside a scroll bar
            (self.tr("日期"), (self.days,), 35), (self.tr("时段"), (self.slots,), 43),
            (self.tr("业务和事项（事项可不选）"), (self.groups, self.items), 43),
            (self.tr("今日预约"), (self.today, self._todays(book.today)), 70),
        ):
            row.addLayout(_column(heading, parts), share)
        self.column.addLayout(row, 1)
        self._add_answers()
        self.days.currentRowChanged.connect(self._on_day_changed)
        self.groups.currentRowChanged.connect(self._on_group_changed)
        for day in dict.fromkeys(one.day for one in self._open):
            _add(self.days, day_words(day), day)
        for group in catalogue.groups:
            _add(self.groups, group.name, group)
        for part in (self.days, self.groups):
            part.setCurrentRow(0)
        self.days.setFocus()

    def _add_answers(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.save = KeyButton(self.tr("登记并打印预约单"), "Return", look="primary", pixels=20, height=56)
        self.telephone = KeyButton(self.tr("只登记（电话预约）"), "Alt+1", pixels=20, height=56)
        withdraw = KeyButton(self.tr("撤销预约"), "Alt+2", pixels=20, height=56)
        check_in = KeyButton(self.tr("到厅取号"), "Alt+3", pixels=20, height=56)
        for name, button, slot in (("book-print", self.save, self._on_save_clicked),
                                   ("book-only", self.telephone, self._on_telephone_clicked),
                                   ("book-withdraw", withdraw, self._on_withdraw_clicked),
                                   ("book-check-in", check_in, self._on_check_in_clicked)):
            button.setObjectName(name)
            button.setAutoDefault(False)
            button.clicked.connect(slot)
            row.addWidget(button)
        if not self._open:
            for button in (self.save, self.telephone):
                button.setEnabled(False)
        self.column.addLayout(row)
        self.add_leave()

    def _todays(self, booked: Iterable[Appointment]) -> QListWidget:
        booked = tuple(booked)
        count = {state: sum(one.state is state for one in booked) for state in AppointmentState}
        self.today.setText(tr("共 %1 个：已到 %2，未到 %3，已撤销 %4", len(booked), count[AppointmentState.CAME],
                              count[AppointmentState.BOOKED], count[AppointmentState.WITHDRAWN]))
        shown = _list("todays")
        shown.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        shown.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        for one in booked:
            group = self._catalogue.find_group(one.group)
            words = (clock_words(one.starts_at, self._zone), self.tr(STATES[one.state]), number_words(one.code),
                     group.name if group else "")
            _add(shown, "  ".join(words), one)
        return shown

    def _on_day_changed(self, _row: int) -> None:
        self.slots.clear()
        day = _chosen(self.days)
        for one in self._open:
            if one.day == day:
                _add(self.slots, tr("%1　余 %2", slot_words(one.slot, self._zone), one.left), one)
        self.slots.setCurrentRow(0)

    def _on_group_changed(self, _row: int) -> None:
        self.items.clear()
        self.items.addItem(self.tr("不选事项"), None)
        group = _chosen(self.groups)
        for item in self._catalogue.items_of(group) if group else ():
            self.items.addItem(item.short, item.code)

    def _on_save_clicked(self) -> None:
        self._book(True)

    def _on_telephone_clicked(self) -> None:
        self._book(False)

    def slot(self) -> Slot | None:
        """The chosen one; none where none is open."""
        chosen: OpenSlot | None = _chosen(self.slots)
        return chosen and chosen.slot

    def _book(self, slip: bool) -> None:
        slot, group = self.slot(), _chosen(self.groups)
        if slot is not None and group is not None:
            self.booked.emit(Booking(slot.starts_at, group.code, self.items.currentData()), slip)
            self.accept()

    def _on_withdraw_clicked(self) -> None:
        self.withdraw_requested.emit()
        self.accept()

    def _on_check_in_clicked(self) -> None:
        self.check_in_requested.emit()
        self.accept()


def _column(heading: str, parts: Iterable[QWidget]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(6)
    title: QLabel = label(heading, 16, look="quiet")
    column.addWidget(title)
    for part in parts:
        column.addWidget(part, 1 if isinstance(part, QListWidget) else 0)
    return column


def _list(name: str) -> QListWidget:
    made = QListWidget()
    made.setObjectName(name)
    made.setFont(theme.font(18))
    made.setMinimumHeight(220)
    made.setTextElideMode(Qt.TextElideMode.ElideRight)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return made


def _add(to: QListWidget, text: str, value: object) -> None:
    line = QListWidgetItem(text)
    line.setData(_VALUE, value)
    to.addItem(line)


def _chosen(of: QListWidget):
    line = of.currentItem()
    return None if line is None else line.data(_VALUE)
