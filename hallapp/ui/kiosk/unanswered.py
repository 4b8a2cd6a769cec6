"""A wish on its way to a number; if its answer gets lost, whoever was told to wait may have one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer

from hallapp.domain.appointment import AppointmentRefused
from hallapp.domain.errors import BadInput, HallError
from hallapp.services import kiosk
from hallapp.services.hall import Hall
from hallapp.services.kiosk import Issued, Wish
from hallapp.ui.tasks import Tasks

LATE_MS = 3000  # a server may finish what a station no longer waits for, but not later than this


class Unanswered(QObject):
    """``wish``: the one that was sent and not answered; who shows its number, forgets it. ``issue`` a wish; ``found``
    gets its number, also one that an answer lost was about, while nobody is choosing (``free()``); ``lost`` a
    StoreError."""

    def __init__(
        self, hall: Hall, tasks: Tasks, issue: Callable[[Wish], Issued], free: Callable[[], bool],
        found: Callable[[Issued], None], lost: Callable[[Exception], None], parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._hall, self._tasks, self._issue = hall, tasks, issue
        self._free, self._found, self._lost = free, found, lost
        self.wish: Wish | None = None
        self._asked: Wish | None = None
        self._late = QTimer(self, interval=LATE_MS, singleShot=True)
        self._late.timeout.connect(self._on_late)

    def send(self, wish: Wish, refused: Callable[[HallError], None] | None = None) -> None:
        """``refused`` is told why there is no number for an appointment; nothing else refuses one."""
        self.wish = wish
        refusals = (AppointmentRefused, BadInput) if refused else ()
        self._tasks.run(self, partial(self._issue, wish), self._found, {
            **dict.fromkeys(refusals, partial(self._on_refused, refused)), Exception: self._lost})

    def _on_refused(self, refused: Callable[[HallError], None], error: HallError) -> None:
        self.wish = None
        refused(error)

    def ask(self) -> None:
        """The store is back: now, and once more when the server must be done with it."""
        if self.wish is not None:
            self._ask(self._on_first)

    def _ask(self, then: Callable[[Issued | None], None]) -> None:
        self._asked = self.wish
        self._tasks.run(self, partial(kiosk.issued_before, self._hall, self.wish), then, {Exception: self._lost})

    def _on_first(self, issued: Issued | None) -> None:
        if issued is None:
            self._late.start()
        else:
            self._on_last(issued)

    def _on_late(self) -> None:
        if self.wish is not None and self.wish is self._asked:  # nobody has taken a number since
            self._ask(self._on_last)

    def _on_last(self, issued: Issued | None) -> None:
        """It is forgotten now if nobody is to see it, for it must not come up before others at a later outage; with
        the store gone again meanwhile ``found`` shows nothing, and the next ``ask`` is about it once more."""
        if self.wish is not self._asked:
            return
        if issued is not None and self._free():
            self._found(issued)
        else:
            self.wish = None
