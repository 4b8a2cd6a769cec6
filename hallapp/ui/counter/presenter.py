"""Keeps the counter's picture of the hall: reads the desk, ticks the clocks, tells what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from hallapp.domain.errors import StoreError
from hallapp.domain.events import Clerk, HallEvent
from hallapp.domain.handling import handled_seconds
from hallapp.services.desk import Desk, desk
from hallapp.services.hall import Hall
from hallapp.ui.counter.appointment_actions import AppointmentActions
from hallapp.ui.counter.help import HelpDialog
from hallapp.ui.counter.password_actions import PasswordActions
from hallapp.ui.counter.queue_actions import QueueActions
from hallapp.ui.counter.scan_actions import ScanActions
from hallapp.ui.counter.view import CounterWindow
from hallapp.ui.counter.visit_actions import VisitActions
from hallapp.ui.feed import Feed
from hallapp.ui.lights import Lights
from hallapp.ui.tasks import Tasks
from hallapp.ui.words import sentence, tr

MESSAGE_MS = 6000


class CounterPresenter(QObject):
    """The clerk's wishes go to QueueActions and VisitActions; both act through ``act``.

    Signals:
        displaced: The clerk sits here no more: somebody took the window over, or a new day began.
    """

    displaced = Signal()

    def __init__(
        self, view: CounterWindow, hall: Hall, clerk: Clerk, tasks: Tasks, feed: Feed, lights: Lights,
        printer: str | None, asks: bool = False,
    ) -> None:
        super().__init__(view)
        self.view, self.hall, self.clerk, self.printer = view, hall, clerk, printer
        view.asks = asks
        self.desk: Desk | None = None
        self._tasks, self._lights = tasks, lights
        self._reading = self._stale = self._unread = self._away = False
        self._steps = 0  # asked for and not answered yet
        queue = QueueActions(self)
        self._visit = VisitActions(self)
        ScanActions(self, queue, AppointmentActions(self))
        PasswordActions(self, tasks)
        view.help_requested.connect(self._on_help_requested)
        feed.happened.connect(self._on_happened)
        feed.store_lost.connect(self._on_store_lost)
        feed.store_back.connect(self._on_store_back)
        lights.changed.connect(self._on_lights_changed)
        self._second, self._quiet = QTimer(self, interval=1000), QTimer(self, interval=MESSAGE_MS, singleShot=True)
        self._second.timeout.connect(self._on_second)
        self._quiet.timeout.connect(view.message.hide)
        self._second.start()
        self._on_lights_changed(lights.current())
        self.read()

    def act(self, work: Callable[..., Any], *args: Any, then: Callable[[Any], None] | None = None,
            **more: Any) -> None:
        """Run a service function for this clerk; afterwards the desk is read again."""
        self._steps += 1
        self.view.set_busy(True)
        done = partial(self._on_done, then)
        self._tasks.run(self, partial(work, self.hall, self.clerk, *args, **more), done, {Exception: self._on_refused})

    def fetch(self, work: Callable[..., Any], *args: Any, then: Callable[[Any], None],
              refused: Callable[[Exception], None] | None = None) -> None:
        """Run a service function that changes nothing."""
        self._tasks.run(self, partial(work, self.hall, *args), then, {Exception: refused or self._on_not_found})

    def request_of(self, wish: str) -> str:
        """The wish of a clerk who saw the hall like this: asked again when the answer was lost, it is the same one."""
        seen = self.desk.seq if self.desk else 0
        digest = sha256(wish.encode()).hexdigest()[:16]  # a hall's own item codes may be as long as the store's column
        return f"w{self.clerk.window}-{seen}-{digest}"

    def read(self) -> None:
        """Read the desk; wishes that come while a read is under way are answered by one more."""
        if self._reading:
            self._stale = True
            return
        self._reading, self._stale, self._unread = True, False, False
        self._tasks.run(self, partial(desk, self.hall, self.clerk.window), self._on_desk,
                        {Exception: self._on_read_failed})

    def tell(self, words: str, *, state: str = "ready") -> None:
        """A sentence for some seconds."""
        self.view.show_message(words, state=state)
        self._quiet.start()

    def _on_done(self, then: Callable[[Any], None] | None, result: Any) -> None:
        self._steps -= 1
        self.view.message.hide()
        if then is not None:
            then(result)
        self.read()

    def _on_refused(self, error: Exception) -> None:
        self._steps -= 1
        self._on_not_found(error)

    def _on_not_found(self, error: Exception) -> None:
        self.tell(sentence(error), state="warning")
        self.read()

    def _on_desk(self, found: Desk) -> None:
        self._reading, self.desk = False, found
        if found.session is None or found.session.staff != self.clerk.staff:
            self.displaced.emit()
            return
        self.view.show_desk(found, self.hall.clock.now())
        self.view.set_busy(self._steps > 0)  # a desk read before the step must not offer the step once more
        self._on_second()
        if self._stale:
            self.read()

    def _on_read_failed(self, _error: Exception) -> None:
        self._reading, self._unread = False, True

    def _on_second(self) -> None:
        """What moves with time alone, without the store; and a read that failed is tried again."""
        now, found = self.hall.clock.now(), self.desk
        if found is not None:
            self.view.visit.show_seconds([handled_seconds(one.intervals, self.hall.clock) for one in found.items])
        self.view.show_time(now, now.astimezone(self.hall.rules.zone))
        if self._unread and not self._reading:
            self.read()

    def _on_happened(self, _events: tuple[HallEvent, ...]) -> None:
        self.read()

    def _on_store_lost(self, error: StoreError) -> None:
        self._away = True
        self.view.banner.show_sentence(sentence(error) + tr("办理计时继续，输入的内容不会丢失。"), state="down")
        self.view.set_away(True)
        self._on_lights_changed(self._lights.current())

    def _on_store_back(self) -> None:
        self._away = self._reading = False
        self.view.banner.hide()
        self.view.set_away(False)
        self._on_lights_changed(self._lights.current())
        self._visit.save_draft()
        self.read()

    def _on_lights_changed(self, lights: tuple[Any, ...]) -> None:
        self.view.show_lights(lights, self._away)

    def _on_help_requested(self) -> None:
        HelpDialog(self.view, appointments=self.hall.appointment_times is not None).open()
