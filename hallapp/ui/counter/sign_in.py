"""Signing in: who, with what password, at which window. On a new hall: the first supervisor."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from hallapp.domain.rules import Window
from hallapp.domain.staff import LONGEST
from hallapp.ui import theme
from hallapp.ui.widgets.parts import Banner, Card, KeyButton, label, one_line
from hallapp.ui.widgets.room import SMALLEST, Room, room_for
from hallapp.ui.window_words import own_name


class SignInPage(QWidget):
    """Signals:
        sign_in_requested: staff number, password, window, and whether to take the window over.
        first_requested: staff number, name, telephone, password of the first supervisor.
        name_typed: the name so far.
    """

    sign_in_requested = Signal(str, str, int, bool)
    first_requested = Signal(str, str, str, str)
    name_typed = Signal(str)

    def __init__(self, hall_name: str, windows: Sequence[Window], window: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sign-in-page")
        self._first = self._busy = False
        self._away = Banner()
        self._card = Card(margins=40, spacing=16)
        self._card.setFixedWidth(560)
        self._title = label("", 32, bold=True)
        self._hint = label("", 18, look="quiet", wrap=True)
        self.number, self.name, self.phone, self.password = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.number.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)  # with Chinese input on as well
        for entry, field in ((self.number, "number"), (self.name, "name"), (self.phone, "phone")):
            entry.setMaxLength(LONGEST[field])
        self.name.textChanged.connect(self.name_typed)
        self.window_box = QComboBox()
        for one in windows:
            number, own = self.tr("%1 号窗口").replace("%1", str(one.number)), own_name(one.number, one.label)
            self.window_box.addItem(f"{number}　{own}" if own else number, one.number)
        self.window_box.setCurrentIndex(self.window_box.findData(window))
        self._button = KeyButton("", "Return", look="primary", pixels=22, height=60)
        self._button.setObjectName("sign-in")
        self._button.clicked.connect(self._on_confirmed)
        self._take_over = KeyButton(self.tr("对方已离开，接管此窗口"), "F6", look="danger")
        self._take_over.setObjectName("take-over")
        self._take_over.clicked.connect(self._on_take_over_clicked)
        self._problem = label("", 18, bold=True, wrap=True)
        theme.tint(self._problem, theme.OVER)
        self._lay_out(hall_name)
        self._fit(SMALLEST)  # what it needs before it is as large as its screen must be no more than any screen has
        self.show_sign_in()

    @property
    def asks_first(self) -> bool:
        return self._first

    def show_sign_in(self) -> None:
        """Ask for number, password and window."""
        self._set_first(False)
        self._title.setText(self.tr("登录柜台"))
        self._hint.setText(self.tr("输入工号和密码，选择窗口，按回车。"))
        self._button.set_text(self.tr("登录"))

    def show_first(self) -> None:
        """Nobody works here yet: ask for the first supervisor."""
        self._set_first(True)
        self._title.setText(self.tr("首次使用"))
        self._hint.setText(self.tr("请先建立管理员账号，密码至少 6 位。然后在管理窗口填写本厅设置、添加其他人员。"))
        self._button.set_text(self.tr("建立账号并登录"))

    def show_windows(self, keys: str) -> None:
        """How the other windows of this program are reached; nobody knows before having read it somewhere."""
        self._windows.setText(keys)

    def show_problem(self, sentence: str, *, may_take_over: bool = False) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self._take_over.setVisible(may_take_over)
        self.password.selectAll()  # a wrong one is typed anew, not behind its end
        self.set_busy(False)

    def set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._button.setDisabled(busy or bool(self._away.sentence()))

    def show_away(self, sentence: str) -> None:
        """The store does not answer, so nobody can sign in; what was typed stays. Empty: it answers."""
        if sentence:
            self._away.show_sentence(sentence, state="down")
        else:
            self._away.hide()
        self.set_busy(self._busy and not sentence)

    def clear_password(self) -> None:
        self.password.clear()
        (self.password if self.number.text() else self.number).setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size())

    def _fit(self, size: QSize) -> None:
        across, down, spacing = (40, 20, 10) if room_for(size) is Room.TIGHT else (40, 40, 16)
        self._card.column.setContentsMargins(across, down, across, down)
        self._card.column.setSpacing(spacing)
        self._grid.setVerticalSpacing(spacing)

    def _lay_out(self, hall_name: str) -> None:
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        grid = self._grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        self._rows = []
        for place, (text, entry, name) in enumerate((
            (self.tr("工号"), self.number, "staff-number"), (self.tr("姓名"), self.name, "staff-name"),
            (self.tr("电话"), self.phone, "staff-phone"), (self.tr("密码"), self.password, "password"),
            (self.tr("窗口"), self.window_box, "window"),
        )):
            entry.setObjectName(name)
            entry.setMinimumHeight(36)
            words = label(text, 20)
            grid.addWidget(words, place, 0)
            grid.addWidget(entry, place, 1)
            self._rows.append((words, entry))
            if isinstance(entry, QLineEdit):
                entry.returnPressed.connect(self._on_confirmed)
        column = self._card.column
        for part in (self._title, self._hint):
            column.addWidget(part)
        column.addLayout(grid)
        for part in (self._problem, self._take_over, self._button):
            column.addWidget(part)
        self._lay_page(hall_name)

    def _lay_page(self, hall_name: str) -> None:
        """The card in the middle, the hall above it, the keys of the other windows at the foot."""
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._card)
        middle.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self._away)
        page.addStretch(2)
        page.addWidget(label(hall_name, 28, bold=True), 0, Qt.AlignmentFlag.AlignHCenter)
        page.addSpacing(16)
        page.addLayout(middle)
        page.addStretch(3)
        self._windows = label("", 16, look="quiet")
        self._windows.setObjectName("window-keys")
        page.addWidget(self._windows, 0, Qt.AlignmentFlag.AlignHCenter)
        page.addSpacing(12)

    def _set_first(self, first: bool) -> None:
        self._first = first
        self.phone.setPlaceholderText(self.tr("首问负责电话，印在告知单上"))
        self.password.setPlaceholderText(self.tr("至少 6 位") if first else "")
        for words, entry in self._rows[1:3]:
            words.setVisible(first)
            entry.setVisible(first)
        self.show_problem("")

    def _on_confirmed(self) -> None:
        if not self._button.isEnabled():
            return
        number, password = self.number.text().strip(), self.password.text()
        for entry in (self.number, *((self.name,) if self._first else ()), self.password):
            if not entry.text().strip():
                entry.setFocus()
                return
        self.set_busy(True)
        if self._first:
            self.first_requested.emit(number, one_line(self.name), one_line(self.phone), password)
        else:
            self.sign_in_requested.emit(number, password, self.window_box.currentData(), False)

    def _on_take_over_clicked(self) -> None:
        self.set_busy(True)
        self.sign_in_requested.emit(
            self.number.text().strip(), self.password.text(), self.window_box.currentData(), True)
