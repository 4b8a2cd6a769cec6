"""The supervisor's window: sign in, then pages by large buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from hallapp.ui import theme
from hallapp.ui.supervisor.pages import Page
from hallapp.ui.widgets.elided import ElidedLabel
from hallapp.ui.widgets.parts import Banner, Card, KeyButton, label
from hallapp.ui.widgets.room import SMALLEST, Room, room_for

NARROW, WIDE = 240, 400  # px of the hall's name at most, beside a message, on a small screen and on others


class SupervisorWindow(QWidget):
    """Signals:
        sign_in_requested: number and password.
        page_chosen: The place of a page, from 0.
        lock_requested: Back to the sign-in: others may come to this PC.
    """

    sign_in_requested = Signal(str, str)
    page_chosen = Signal(int)
    lock_requested = Signal()

    def __init__(self, hall_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(hall_name)
        self.setMinimumSize(SMALLEST)
        self.banner, self.message = Banner(), Banner()
        self.pages, self._keys = QStackedWidget(), QVBoxLayout()
        self._buttons: list[KeyButton] = []
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = QFrame()
        bar.setProperty("look", "bar")
        bar.setMinimumHeight(56)
        row = QHBoxLayout(bar)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(16)
        self._title = ElidedLabel(hall_name + self.tr("　管理"))
        self._title.setFont(theme.font(20, bold=True))
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self._title, 1)
        self.who = label("", 18)
        self._lock = KeyButton(self.tr("锁屏"), "Ctrl+L", pixels=16, height=40)
        self._lock.setObjectName("supervisor-lock")
        self._lock.set_tight(True)
        self._lock.setFixedWidth(132)
        self._lock.clicked.connect(self.lock_requested)
        self.message.set_tight(True)
        row.addWidget(self.message, 1000)  # in the bar nothing moves when it comes and goes
        row.addWidget(self.who)
        row.addWidget(self._lock)
        column.addWidget(bar)
        column.addWidget(self.banner)
        column.addWidget(self._stack, 1)
        self._stack.addWidget(self._sign_in())
        self._stack.addWidget(self._work())
        self.show_sign_in()

    def add_pages(self, pages: Sequence[tuple[str, Page]]) -> None:
        """Behind those that are there."""
        for place, (name, page) in enumerate(pages, self.pages.count()):
            button = KeyButton(name, f"Alt+{place + 1}", pixels=20, height=60)
            button.setObjectName(f"page-{place + 1}")
            button.setProperty("place", place)
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setChecked(place == 0)
            button.clicked.connect(self._on_page_clicked)
            self._keys.insertWidget(place, button)
            self._buttons.append(button)
            self.pages.addWidget(page)
        self._fit(self.size())

    def show_windows(self, keys: str) -> None:
        """How the other windows of this program are reached."""
        self._windows.setText(keys.replace("　", "\n"))
        self._windows_below.setText(keys)

    def show_work(self, who: str) -> None:
        self.who.setText(who)
        self.message.hide()
        self.password.clear()
        self._lock.show()
        self._stack.setCurrentIndex(1)

    def show_sign_in(self) -> None:
        """Nobody is signed in; the number stays for whoever comes back."""
        self.who.clear()
        self.message.hide()
        self.password.clear()
        self._lock.hide()
        self._stack.setCurrentIndex(0)
        (self.password if self.number.text() else self.number).setFocus()

    def show_message(self, sentence: str, *, state: str = "warning") -> None:
        self.message.show_sentence(sentence, state=state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size())

    def _fit(self, size: QSize) -> None:
        """Less air and a narrower side on a small screen."""
        room = room_for(size)
        self._title.setMinimumWidth(min(self._title.sizeHint().width(), NARROW if room is Room.TIGHT else WIDE))
        gap = 12 if room is Room.TIGHT else 20
        self._row.setContentsMargins(gap, gap, gap, gap)
        self._row.setSpacing(gap)
        self._side.setFixedWidth(200 if room is Room.TIGHT else 240)
        self._keys.setSpacing(8 if room is Room.TIGHT else 12)
        for button in self._buttons:
            button.setFixedHeight(46 if room is Room.TIGHT else 60)
        for place in range(self.pages.count()):
            self.pages.widget(place).set_room(room)

    def _sign_in(self) -> QWidget:
        page, card = QWidget(), Card(margins=40, spacing=16)
        card.setFixedWidth(520)
        self.number, self.password = QLineEdit(), QLineEdit()
        self.number.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)  # with Chinese input on as well
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.number.setPlaceholderText(self.tr("工号"))
        self.password.setPlaceholderText(self.tr("密码"))
        enter = KeyButton(self.tr("登录"), "Return", look="primary", pixels=22, height=60)
        enter.setObjectName("supervisor-sign-in")
        enter.clicked.connect(self._on_entered)
        self.hint = label(self.tr("管理窗口只对管理员开放。"), 18, look="quiet", wrap=True)
        card.column.addWidget(label(self.tr("登录管理"), 32, bold=True))
        card.column.addWidget(self.hint)
        for part, name in ((self.number, "supervisor-number"), (self.password, "supervisor-password")):
            part.setObjectName(name)
            part.setFont(theme.font(20))
            part.returnPressed.connect(self._on_entered)
            card.column.addWidget(part)
        card.column.addWidget(enter)
        middle = QVBoxLayout(page)
        middle.addStretch(2)
        middle.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(3)
        self._windows_below = label("", 16, look="quiet")
        middle.addWidget(self._windows_below, 0, Qt.AlignmentFlag.AlignHCenter)
        return page

    def _work(self) -> QWidget:
        page = QWidget()
        row = self._row = QHBoxLayout(page)
        side = self._side = QWidget()
        side.setLayout(self._keys)
        self._keys.setContentsMargins(0, 0, 0, 0)
        self._keys.setSpacing(12)
        self._keys.addStretch(1)
        self._windows = label("", 16, look="quiet")
        self._windows.setObjectName("window-keys")
        self._keys.addWidget(self._windows)
        row.addWidget(side)
        row.addWidget(self.pages, 1)
        return page

    def _on_entered(self) -> None:
        if self.number.text().strip() and self.password.text():
            self.sign_in_requested.emit(self.number.text().strip(), self.password.text())

    def _on_page_clicked(self) -> None:
        place = self.sender().property("place")
        self.message.hide()  # it told of the page that is left
        self.pages.setCurrentIndex(place)
        self.pages.currentWidget().take_focus()
        self.page_chosen.emit(place)
