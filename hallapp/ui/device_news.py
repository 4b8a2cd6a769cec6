"""Lights of devices that other stations look after, and what these are told of this one's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer

from hallapp.domain.errors import StoreError
from hallapp.domain.events import By, HallEvent, Kind
from hallapp.domain.printing import DeviceStatus, split_pc
from hallapp.services.device_news import DeviceTeller, known_now, status_of
from hallapp.services.hall import Hall
from hallapp.ui.feed import Feed
from hallapp.ui.lights import Lights
from hallapp.ui.tasks import Tasks

AGAIN_MS = 30_000


class DeviceNews(QObject):
    """Hands on what the hall tells of devices; ``own(name)``: whether this station looks after it and knows better.
    Tells the hall of those of this station at which no clerk sits, so that the counters of other programs send somebody
    there.

    Again and again it tells what is still to be told and, where several PCs have devices, looks which are at work: one
    that was switched off tells nothing any more, and one that comes back as it was tells nothing new."""

    def __init__(self, hall: Hall, tasks: Tasks, feed: Feed, lights: Lights, own: Callable[[str], bool]) -> None:
        super().__init__(feed)
        self._hall, self._tasks, self._lights, self._own = hall, tasks, lights, own
        self._tellers: dict[str, DeviceTeller] = {}
        self._several_pcs = False
        feed.happened.connect(self._on_happened)
        feed.store_back.connect(self.read)
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self._on_again)
        self._again.start()

    def close(self) -> None:
        """It asks nothing more: the store goes next."""
        self.deleteLater()

    def reporter(self, by: By) -> Callable[[DeviceStatus], None]:
        """Reports devices to this station's lights and to the hall, each from its own thread."""
        return partial(self._report, by)

    def _report(self, by: By, status: DeviceStatus) -> None:
        self._tellers.setdefault(status.name, DeviceTeller(self._hall, by, self._lights.report)).report(status)

    def _on_again(self) -> None:
        self._tasks.run(self, self._tell_again, self._on_told_again, {StoreError: self._on_unread})
        if self._several_pcs:
            self.read()

    def _tell_again(self) -> None:
        """A store that is away is asked for the first one only: each asking may take seconds, and windows wait."""
        for teller in tuple(self._tellers.values()):
            teller.again()

    def _on_told_again(self, _done: None) -> None:
        """The hall knows."""

    def read(self) -> None:
        """What was told before this station began to listen, and of which PCs nothing is heard."""
        self._tasks.run(self, partial(known_now, self._hall), self._on_told, {StoreError: self._on_unread})

    def _on_told(self, found: tuple[DeviceStatus, ...]) -> None:
        for status in found:
            if not self._own(status.name):
                self._lights.report(status)
            self._several_pcs |= bool(split_pc(status.name)[1])

    def _on_unread(self, _error: StoreError) -> None:
        """The feed tells when the store is back."""

    def _on_happened(self, events: tuple[HallEvent, ...]) -> None:
        if not events:  # what happened before the feed began, or began anew, it does not tell
            self.read()
        self._on_told(tuple(status_of(event) for event in events if event.kind is Kind.DEVICE_CHANGED))
