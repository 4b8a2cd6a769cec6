"""Copies and test pages that were asked for: each is printed once, also when the answer to the wish got lost."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from hallapp.domain.errors import StoreAway
from hallapp.domain.printing import PrintJob
from hallapp.services.hall import Hall
from hallapp.ui.tasks import Tasks
from hallapp.ui.wishes import Wishes


class Copies(QObject):
    """``done`` gets the print job, ``refused`` an error."""

    def __init__(
        self, hall: Hall, tasks: Tasks, new_id: Callable[[], str], done: Callable[[PrintJob], None],
        refused: Callable[[Exception], None], parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._hall, self._tasks, self._done, self._refused = hall, tasks, done, refused
        self._wishes = Wishes(new_id)
        self._lost: set[tuple[Any, ...]] = set()

    def ask(self, work: Callable[..., PrintJob], *args: Hashable) -> None:
        """``work``: a service function that knows a wish again by its ``request``."""
        wish = work, *args
        asked = partial(work, self._hall, *args, request=self._wishes.id_of(wish))
        self._tasks.run(self, asked, partial(self._on_done, wish), {
            StoreAway: partial(self._on_lost, wish), Exception: partial(self._on_refused, wish)})

    def ask_again(self) -> None:
        """The store can be read: what nobody answered is asked for once more."""
        lost, self._lost = self._lost, set()
        for wish in lost:
            self.ask(*wish)

    def _on_done(self, wish: tuple[Any, ...], job: PrintJob) -> None:
        self._wishes.answered(wish)
        self._done(job)

    def _on_lost(self, wish: tuple[Any, ...], error: StoreAway) -> None:
        self._lost.add(wish)
        self._refused(error)

    def _on_refused(self, wish: tuple[Any, ...], error: Exception) -> None:
        self._wishes.answered(wish)
        self._refused(error)
