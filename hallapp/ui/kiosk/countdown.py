"""Tells the time, and how long a page stays before it makes room for the next visitor: whoever reads is not cut off."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from hallapp.services.hall import Hall
from hallapp.ui.kiosk.view import KioskWindow

TOLD_SECONDS = 15  # before that it would only make people hurry


class Countdown(QObject):
    """Watches the timers that end a page; the one that runs is shown for its last seconds."""

    def __init__(self, view: KioskWindow, hall: Hall, *timers: QTimer) -> None:
        super().__init__(view)
        self._view, self._hall, self._timers = view, hall, timers
        self._look = QTimer(self, interval=250)
        self._look.timeout.connect(self.show)
        self._look.start()
        self.show()

    def show(self) -> None:
        self._view.show_time(self._hall.clock.now().astimezone(self._hall.rules.zone))
        left = min((-(-timer.remainingTime() // 1000) for timer in self._timers if timer.isActive()), default=0)
        self._view.show_left(left if left <= TOLD_SECONDS else 0)
