"""The turn of the day under a program that is left running overnight."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QObject, QTimer

from hallapp.domain.errors import StoreError
from hallapp.domain.events import By
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble
from hallapp.services.day import clock_behind, close_past_days
from hallapp.services.hall import Hall
from hallapp.ui.lights import Lights
from hallapp.ui.tasks import Tasks

MINUTE_MS = 60_000
CLOCK = "clock"


class DayTurn(QObject):
    """Closes the days before as soon as a new one has begun, as a program does that starts on it. While the clock
    stands before days on which the hall has worked, that is a light."""

    def __init__(self, hall: Hall, by: By, tasks: Tasks, lights: Lights, parent: QObject) -> None:
        super().__init__(parent)
        self._hall, self._by, self._tasks, self._lights = hall, by, tasks, lights
        self._day: date | None = hall.today()
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(self._on_minute)
        self._minute.start()
        self._read_clock()

    def _on_minute(self) -> None:
        self._read_clock()
        today = self._hall.today()
        if today != self._day:
            self._day = today
            self._tasks.run(self, partial(close_past_days, self._hall, self._by), self._on_closed,
                            {StoreError: self._on_unclosed})

    def _on_closed(self, _count: int) -> None:
        """The feed tells everybody."""

    def _on_unclosed(self, _error: StoreError) -> None:
        self._day = None  # once more in a minute

    def _read_clock(self) -> None:
        self._tasks.run(self, partial(clock_behind, self._hall), self._on_clock, {StoreError: self._on_unread})

    def _on_clock(self, behind: bool) -> None:
        if behind:
            self._lights.report(DeviceStatus(
                CLOCK, CLOCK, DeviceState.DOWN, Trouble.CLOCK_BEHIND, f"{self._hall.today()}"))
        else:
            self._lights.forget(CLOCK)

    def _on_unread(self, _error: StoreError) -> None:
        """It is asked again in a minute."""
