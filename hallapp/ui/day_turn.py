"""The turn of the day under a program that is left running overnight."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QObject, QTimer

from hallapp.domain.errors import StoreError
from hallapp.domain.events import By
from hallapp.services.day import close_past_days
from hallapp.services.hall import Hall
from hallapp.ui.tasks import Tasks

MINUTE_MS = 60_000


class DayTurn(QObject):
    """Closes the days before as soon as a new one has begun, as a program does that starts on it."""

    def __init__(self, hall: Hall, by: By, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._hall, self._by, self._tasks = hall, by, tasks
        self._day: date | None = hall.today()
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(self._on_minute)
        self._minute.start()

    def _on_minute(self) -> None:
        today = self._hall.today()
        if today != self._day:
            self._day = today
            self._tasks.run(self, partial(close_past_days, self._hall, self._by), self._on_closed,
                            {StoreError: self._on_unclosed})

    def _on_closed(self, _count: int) -> None:
        """The feed tells everybody."""

    def _on_unclosed(self, _error: StoreError) -> None:
        self._day = None  # once more in a minute
