"""The counter's window: the sign-in page, then the counter. It stands before anything else of the program is loaded."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from hallapp.ui.counter.sign_in import SignInPage
from hallapp.ui.widgets.wedge import Wedge


class CounterShell(QStackedWidget):
    """Shows the sign-in page or the counter.

    Signals:
        lock_requested: The clerk leaves the desk for a moment.
        sign_out_requested: The clerk's shift is over.
        scanned: What a scanner read, as text; by the keyboard, or from a scanner's own thread. At the sign-in nobody
            takes it.
    """

    lock_requested = Signal()
    sign_out_requested = Signal()
    scanned = Signal(str)

    def __init__(self, page: SignInPage, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.page = page
        self.addWidget(page)
        self._wedge = Wedge(self)
        self._wedge.scanned.connect(self.scanned)
        for key, signal in (("Ctrl+L", self.lock_requested), ("Ctrl+Q", self.sign_out_requested)):
            QShortcut(QKeySequence(key), self).activated.connect(signal)

    def show_windows(self, keys: str) -> None:
        self.page.show_windows(keys)

    def show_counter(self, counter: QWidget) -> None:
        self.scanned.connect(counter.scanned)
        self.addWidget(counter)
        self.setCurrentWidget(counter)

    def show_page(self) -> None:
        """Back to the sign-in; the counter window is gone, its work is in the store."""
        self.setCurrentWidget(self.page)
        self.page.clear_password()
        for place in range(self.count() - 1, 0, -1):
            old = self.widget(place)
            self.removeWidget(old)
            old.deleteLater()
