"""What a newcomer would be told for each business, read anew as the hall changes."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from hallapp.services import kiosk
from hallapp.services.hall import Hall
from hallapp.services.kiosk import GroupWait
from hallapp.ui.tasks import Tasks


class Waits(QObject):
    """``current``: as last read.

    Signals:
        changed: They were read.
    """

    changed = Signal()

    def __init__(self, hall: Hall, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._hall, self._tasks = hall, tasks
        self.current: tuple[GroupWait, ...] = ()
        self._priority = self._reading = self._stale = False

    def read(self, priority: bool) -> None:
        """For an ordinary newcomer or one of the priority lane; asked while a read is under way, it is one more."""
        self._priority = priority
        if self._reading:
            self._stale = True
            return
        self._reading, self._stale = True, False
        self._tasks.run(self, partial(kiosk.group_waits, self._hall, priority), self._on_read,
                        {Exception: self._on_unread})

    def start_anew(self) -> None:
        """The store is back: an answer that never came is waited for no more."""
        self._reading = False

    def _on_read(self, waits: tuple[GroupWait, ...]) -> None:
        self._reading, self.current = False, waits
        self.changed.emit()
        if self._stale:
            self.read(self._priority)

    def _on_unread(self, _error: Exception) -> None:
        self._reading = False
