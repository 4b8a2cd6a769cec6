"""The rater's window, a second screen at the counter: one page at a time under the hall's name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hallapp.ui import theme
from hallapp.ui.kiosk.parts import Bar, Guard, Page, Scale, scale_for
from hallapp.ui.words import tr


class RaterWindow(QWidget):
    """Shows; decides nothing.

    Signals:
        touched: Somebody is there.
        resized: The screen has another size; pages are built anew.
    """

    touched = Signal()
    resized = Signal()

    def __init__(self, hall_name: str, window: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rater")
        self.setStyleSheet(f"#rater {{ background: {theme.GROUND}; }}")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setMinimumSize(480, 300)
        self.page: Page | None = None
        self.guard = Guard(self)
        self._bar = Bar(hall_name)
        self.show_window(window)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._bar)

    def show_window(self, window: int) -> None:
        """The number of the counter beside it."""
        self.setWindowTitle(tr("%1 号窗口评价器", window))
        self._bar.time.setText(tr("%1 号窗口", window))

    def stay_beside(self) -> None:
        """It belongs to a counter: the program ends with the counter, and does not wait for this window."""
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.leave_keys()

    def leave_keys(self) -> None:
        """Neither its coming nor who touches it takes the keyboard from the clerk."""
        self.setWindowFlag(Qt.WindowType.WindowDoesNotAcceptFocus)

    def show_page(self, make: Callable[[Scale], Page], *, bar: bool = True) -> Page:
        """Put a page in place of the one before; for a moment it cannot be pressed."""
        scale = scale_for(self.width(), self.height(), False)
        page = make(scale)
        if self.page is not None:
            self._column.removeWidget(self.page)
            self.page.hide()
            self.page.deleteLater()
        self.page = page
        self.guard.hold(page)
        page.touched.connect(self.touched)
        self._column.insertWidget(1, page, 1)
        self._bar.fit(scale)
        self._bar.setVisible(bar)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A touch beside the buttons: somebody is there."""
        super().mousePressEvent(event)
        self.touched.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Visitors have no keys."""
        event.accept()
