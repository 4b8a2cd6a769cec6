"""Waiting for a server that is away when a station starts: PCs are switched on in any order."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from hallapp.domain.errors import StoreAway
from hallapp.ui import theme
from hallapp.ui.kiosk.parts import scale_for
from hallapp.ui.startup import refused_by_server
from hallapp.ui.tasks import Tasks
from hallapp.ui.widgets.parts import label
from hallapp.ui.words import tr

RETRY_MS, HELD_MS = 500, 3000
CORNER = 160  # px from the left and the top: where staff hold a finger to see what is wrong
VISITORS = {  # what the visitor at such a screen is told: what it means, and what to do
    "kiosk": ("暂停取号", "请联系大厅工作人员取号，系统恢复后自动开放。"),
    "board": ("叫号屏暂停显示", "请留意工作人员叫号。"),
    "rater": ("暂时不能评价", "系统恢复后自动开放，您不用等候。"),
}
STAFF = ("暂时连不上数据库", "正在自动重试，接通后自动开始，不用重新打开。", "请检查网线，以及数据库服务器是否已开机。")

_log = logging.getLogger(__name__)


class Cover(QWidget):
    """Lies over a window that can do nothing yet, and says so. ``command`` opened it: clerks are told why, visitors
    what to do; there whoever holds the upper left corner sees why."""

    def __init__(self, window: QWidget, command: str) -> None:
        super().__init__(window)
        self.setAutoFillBackground(True)
        self._open_to_visitors = command in VISITORS
        self._texts = [label(tr(text)) for text in VISITORS.get(command, STAFF)]
        self._why = label("", wrap=True)
        self._why.setObjectName("why")
        self.held = QTimer(self, interval=HELD_MS, singleShot=True)
        self.held.timeout.connect(self._why.show)
        column = self._column = QVBoxLayout(self)
        column.addStretch(1)
        for part in (*self._texts, self._why):
            part.setWordWrap(True)
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part)
        column.addStretch(2)
        theme.tint(self._why, theme.QUIET)
        self._why.setVisible(not self._open_to_visitors)
        window.installEventFilter(self)
        self.resize(window.size())
        self._fit()
        self.show()

    def show_why(self, error: StoreAway) -> None:
        """The server's address and what was said, for whoever looks after it; staff need not look for a cable where the
        server itself refuses."""
        if not self._open_to_visitors:
            self._texts[-1].setText(refused_by_server(error) or tr(STAFF[-1]))
        self._why.setText(f"{error.where}\n{error.why.strip()}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._open_to_visitors and max(place.x(), place.y()) <= CORNER:
            self.held.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.held.stop()
        self._why.setVisible(not self._open_to_visitors)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.resize(watched.size())
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        """As large as the screen lets it be: a board is read from across the hall."""
        scale = scale_for(self.width(), self.height(), False)
        self._column.setContentsMargins(*4 * (scale.px(48),))
        self._column.setSpacing(scale.px(28))
        for part, pixels in zip(self._texts, (96, 48, 48), strict=False):
            part.setFont(theme.font(scale.px(pixels), bold=pixels > 90))
        self._why.setFont(theme.font(max(18, scale.px(26))))


class Opening(QObject):
    """Opens the hall again and again, off the UI thread, while ``window``, which ``command`` opened, says so."""

    def __init__(self, window: QWidget, open_hall: Callable[[], Any], command: str) -> None:
        super().__init__(window)
        self._open_hall, self._cover = open_hall, Cover(window, command)
        self._tasks, self._loop = Tasks("opening"), QEventLoop()
        self._hall: Any = None
        self._failure: Exception | None = None
        self._again = QTimer(self, interval=RETRY_MS, singleShot=True)
        self._again.timeout.connect(self._on_again)
        self._tasks.failed.connect(self._on_failed)
        QApplication.instance().lastWindowClosed.connect(self._loop.quit)

    def run(self, error: StoreAway) -> Any:
        """The hall once it is open, or ``None`` if the window was closed first. Raises what else went wrong."""
        _log.warning("waiting for the server %s: %s", error.where, error.why.strip())
        self._on_away(error)
        self._loop.exec()
        self._again.stop()
        self._tasks.close()
        self._cover.hide()
        self._cover.deleteLater()
        if self._failure is not None:
            raise self._failure
        return self._hall

    def _on_again(self) -> None:
        self._tasks.run(self, self._open_hall, self._on_opened, {StoreAway: self._on_away})

    def _on_away(self, error: StoreAway) -> None:
        self._cover.show_why(error)
        self._again.start()

    def _on_opened(self, hall: Any) -> None:
        self._hall = hall
        self._loop.quit()

    def _on_failed(self, error: Exception) -> None:
        self._failure = error
        self._loop.quit()
