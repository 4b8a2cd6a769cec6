"""Waiting for a server that is away when a station starts: PCs are switched on in any order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from hallapp.domain.errors import StoreAway
from hallapp.ui import theme
from hallapp.ui.tasks import Tasks
from hallapp.ui.widgets.parts import label

RETRY_MS = 500


class Cover(QWidget):
    """Lies over a window that can do nothing yet, and says why."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAutoFillBackground(True)
        self._why = label("", 18, look="quiet", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 48, 48, 48)
        column.setSpacing(24)
        column.addStretch(1)
        for part in (label(self.tr("暂时连不上数据库"), 60, bold=True),
                     label(self.tr("正在自动重试，接通后自动开始，不用重新打开。"), 30),
                     label(self.tr("请检查网线，以及数据库服务器是否已开机。"), 30), self._why):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(part)
        theme.tint(self._why, theme.QUIET)
        column.addStretch(2)
        window.installEventFilter(self)
        self.resize(window.size())
        self.show()

    def show_why(self, error: StoreAway) -> None:
        """The server's address and what was said, for whoever looks after it."""
        self._why.setText(f"{error.where}\n{error.why.strip()}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.resize(watched.size())
        return super().eventFilter(watched, event)


class Opening(QObject):
    """Opens the hall again and again, off the UI thread, while ``window`` says so."""

    def __init__(self, window: QWidget, open_hall: Callable[[], Any]) -> None:
        super().__init__(window)
        self._open_hall, self._cover, self._tasks, self._loop = open_hall, Cover(window), Tasks("opening"), QEventLoop()
        self._hall: Any = None
        self._failure: Exception | None = None
        self._again = QTimer(self, interval=RETRY_MS, singleShot=True)
        self._again.timeout.connect(self._on_again)
        self._tasks.failed.connect(self._on_failed)
        QApplication.instance().lastWindowClosed.connect(self._loop.quit)

    def run(self, error: StoreAway) -> Any:
        """The hall once it is open, or ``None`` if the window was closed first. Raises what else went wrong."""
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
