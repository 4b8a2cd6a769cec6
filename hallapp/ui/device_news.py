"""Lights of devices that other stations look after."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer

from hallapp.domain.errors import StoreError
from hallapp.domain.events import HallEvent, Kind
from hallapp.domain.printing import DeviceStatus, split_pc
from hallapp.services.device_news import known_now, status_of
from hallapp.services.hall import Hall
from hallapp.ui.feed import Feed
from hallapp.ui.lights import Lights
from hallapp.ui.tasks import Tasks

AGAIN_MS = 30_000


class DeviceNews(QObject):
    """Hands on what the hall tells of devices; ``own(name)``: whether this station looks after it and knows better.

    Where several PCs have devices it looks again and again: one that was switched off tells nothing any more, and one
    that comes back as it was tells nothing new."""

    def __init__(self, hall: Hall, tasks: Tasks, feed: Feed, lights: Lights, own: Callable[[str], bool]) -> None:
        super().__init__(feed)
        self._hall, self._tasks, self._lights, self._own = hall, tasks, lights, own
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self.read)
        feed.happened.connect(self._on_happened)
        feed.store_back.connect(self.read)

    def read(self) -> None:
        """What was told before this station began to listen, and of which PCs nothing is heard."""
        self._tasks.run(self, partial(known_now, self._hall), self._on_told, {StoreError: self._on_unread})

    def close(self) -> None:
        """It goes in this thread: as garbage in another one its timer could not be stopped."""
        self.deleteLater()

    def _on_told(self, found: tuple[DeviceStatus, ...]) -> None:
        for status in found:
            if not self._own(status.name):
                self._lights.report(status)
            if split_pc(status.name)[1] and not self._again.isActive():
                self._again.start()

    def _on_unread(self, _error: StoreError) -> None:
        """The feed tells when the store is back."""

    def _on_happened(self, events: tuple[HallEvent, ...]) -> None:
        self._on_told(tuple(status_of(event) for event in events if event.kind is Kind.DEVICE_CHANGED))
