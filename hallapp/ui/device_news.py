"""Lights of devices that other stations look after."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from hallapp.domain.errors import StoreError
from hallapp.domain.events import HallEvent, Kind
from hallapp.domain.printing import DeviceStatus
from hallapp.services.device_news import status_of, told_today
from hallapp.services.hall import Hall
from hallapp.ui.feed import Feed
from hallapp.ui.lights import Lights
from hallapp.ui.tasks import Tasks


class DeviceNews(QObject):
    """Hands on what the hall tells of devices; ``own(name)``: whether this station looks after it and knows better."""

    def __init__(self, hall: Hall, tasks: Tasks, feed: Feed, lights: Lights, own: Callable[[str], bool]) -> None:
        super().__init__(feed)
        self._hall, self._tasks, self._lights, self._own = hall, tasks, lights, own
        feed.happened.connect(self._on_happened)
        feed.store_back.connect(self.read)

    def read(self) -> None:
        """What was told before this station began to listen."""
        self._tasks.run(self, partial(told_today, self._hall), self._on_told, {StoreError: self._on_unread})

    def _on_told(self, found: tuple[DeviceStatus, ...]) -> None:
        for status in found:
            if not self._own(status.name):
                self._lights.report(status)

    def _on_unread(self, _error: StoreError) -> None:
        """The feed tells when the store is back."""

    def _on_happened(self, events: tuple[HallEvent, ...]) -> None:
        self._on_told(tuple(status_of(event) for event in events if event.kind is Kind.DEVICE_CHANGED))
