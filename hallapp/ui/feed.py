"""The hall's news as Qt signals."""

from __future__ import annotations

from threading import Event, Thread

from PySide6.QtCore import QObject, Signal

from hallapp.domain.errors import StoreError
from hallapp.services.feed import RETRY_SECONDS, follow
from hallapp.services.hall import Hall


class Feed(QObject):
    """Follows the event log in a thread of its own. After an error that nobody expected, such as an event of a newer
    program, it begins anew: windows that hear no news any more would go on showing what was.

    Signals:
        happened: New events, a tuple of HallEvent in order; an empty one: all is to be read again.
        failed: An error nobody expected: a bug, for the log.
        store_lost: The store stopped answering (a StoreError).
        store_back: It answers again; everybody re-reads.
    """

    happened = Signal(object)
    failed = Signal(Exception)
    store_lost = Signal(object)
    store_back = Signal()

    def __init__(self, hall: Hall, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hall, self._stopped = hall, Event()
        self._thread = Thread(target=self._run, name="feed", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                follow(self._hall, self._stopped, self.happened.emit, self._lost, self.store_back.emit)
            except Exception as error:  # whatever it was, the windows need their news
                self.failed.emit(error)
                self._stopped.wait(RETRY_SECONDS)

    def _lost(self, error: StoreError) -> None:
        self.store_lost.emit(error)
