"""The hall's news as Qt signals."""

from __future__ import annotations

from threading import Event, Thread

from PySide6.QtCore import QObject, Signal

from hallapp.domain.errors import StoreError
from hallapp.services.feed import follow
from hallapp.services.hall import Hall


class Feed(QObject):
    """Follows the event log in a thread of its own.

    Signals:
        happened: New events, a tuple of HallEvent in order.
        store_lost: The store stopped answering (a StoreError).
        store_back: It answers again; everybody re-reads.
    """

    happened = Signal(object)
    store_lost = Signal(object)
    store_back = Signal()

    def __init__(self, hall: Hall, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stopped = Event()
        self._thread = Thread(target=follow, name="feed", daemon=True,
                              args=(hall, self._stopped, self.happened.emit, self._lost, self.store_back.emit))

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _lost(self, error: StoreError) -> None:
        self.store_lost.emit(error)
