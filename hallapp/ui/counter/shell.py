"""Who sits at the counter, from the sign-in to the lock."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from hallapp.documents.fonts import lacking
from hallapp.domain.errors import StoreAway, StoreError, WindowTaken
from hallapp.domain.events import By, Clerk
from hallapp.domain.staff import Role, Session, Staff
from hallapp.services import staff as service
from hallapp.services.hall import Hall
from hallapp.ui.counter.presenter import CounterPresenter
from hallapp.ui.counter.view import CounterWindow
from hallapp.ui.counter.window import CounterShell
from hallapp.ui.feed import Feed
from hallapp.ui.lights import Lights
from hallapp.ui.tasks import Tasks
from hallapp.ui.wishes import Wishes
from hallapp.ui.words import sentence, unprintable

AGAIN_MS = 1000


class ShellPresenter(QObject):
    """Signs clerks in and out; each sign-in builds a fresh counter. ``printer_of`` a window: where its slips are
    printed; ``asks``: visitors are asked for a rating here.

    Signals:
        seated: A clerk has sat down at this window (its number).
        left: The clerk's shift is over, or somebody else has the window now; not when the counter is only locked.
    """

    seated = Signal(int)
    left = Signal()

    def __init__(
        self, shell: CounterShell, hall: Hall, tasks: Tasks, feed: Feed, lights: Lights,
        printer_of: Callable[[int], str | None], new_id: Callable[[], str], asks: bool = False,
    ) -> None:
        super().__init__(shell)
        self._shell, self._hall, self._tasks = shell, hall, tasks
        self._feed, self._lights, self._printer_of, self._asks = feed, lights, printer_of, asks
        self._clerk: Clerk | None = None
        self._wishes = Wishes(new_id)
        self._password = ""
        shell.page.sign_in_requested.connect(self._on_sign_in_requested)
        shell.page.first_requested.connect(self._on_first_requested)
        shell.page.name_typed.connect(self._on_name_typed)
        shell.lock_requested.connect(self._on_lock_requested)
        shell.sign_out_requested.connect(self._on_sign_out_requested)
        feed.store_lost.connect(self._on_store_lost)
        feed.store_back.connect(self._read)
        self._again = QTimer(self, interval=AGAIN_MS, singleShot=True)
        self._again.timeout.connect(self._read)
        self._read()

    def _read(self) -> None:
        self._tasks.run(self, partial(service.everyone, self._hall), self._on_everyone,
                        {StoreError: self._on_unread})

    def _on_store_lost(self, error: StoreError) -> None:
        self._shell.page.show_away(sentence(error))

    def _on_unread(self, error: StoreError) -> None:
        """The feed may not have missed the store yet, or not at all."""
        self._on_store_lost(error)
        self._again.start()

    def _on_everyone(self, everyone: tuple[Staff, ...]) -> None:
        self._shell.page.show_away("")
        if not everyone:
            self._shell.page.show_first()
        elif self._shell.page.asks_first:  # made at another PC, or here and the answer got lost: the password is typed
            self._shell.page.show_sign_in()

    def _on_name_typed(self, name: str) -> None:
        self._tasks.run(self, partial(lacking, name), self._on_lacking)  # it looks into the typeface's file

    def _on_lacking(self, chars: str) -> None:
        self._shell.page.show_problem(unprintable(chars) if chars else "")

    def _on_first_requested(self, number: str, name: str, phone: str, password: str) -> None:
        first = Staff(number, name, Role.SUPERVISOR, phone)
        work = partial(service.add_staff, self._hall, By("setup", number), first, password)
        window = self._shell.page.window_box.currentData()
        self._tasks.run(self, work, partial(self._sign_in_first, password, window),
                        {StoreAway: self._on_unread, Exception: self._on_refused})

    def _sign_in_first(self, password: str, window: int, first: Staff) -> None:
        self._shell.page.show_sign_in()
        self._on_sign_in_requested(first.number, password, window, False)

    def _on_sign_in_requested(self, number: str, password: str, window: int, take_over: bool) -> None:
        wish = number, window, take_over
        work = partial(service.sign_in, self._hall, f"window-{window}", number, password, window, take_over=take_over,
                       request=self._wishes.id_of(wish))
        self._tasks.run(self, work, partial(self._on_signed_in, wish), {
            WindowTaken: partial(self._on_taken, wish), StoreAway: self._on_unread,
            Exception: partial(self._on_sign_in_refused, wish)})

    def _on_signed_in(self, wish: Hashable, session: Session) -> None:
        self._wishes.answered(wish)
        self._clerk = Clerk(f"window-{session.window}", session.staff, session.window)
        self._shell.page.show_problem("")
        counter = CounterWindow(self._hall.catalogue, self._hall.rules,
                                appointments=self._hall.appointment_times is not None)
        presenter = CounterPresenter(counter, self._hall, self._clerk, self._tasks, self._feed,
                                     self._lights, self._printer_of(session.window), self._asks)
        presenter.displaced.connect(self._on_displaced)
        self._shell.show_counter(counter)
        counter.setFocus()
        self.seated.emit(session.window)

    def _on_taken(self, wish: Hashable, error: WindowTaken) -> None:
        self._wishes.answered(wish)
        self._shell.page.show_problem(sentence(error), may_take_over=True)

    def _on_sign_in_refused(self, wish: Hashable, error: Exception) -> None:
        self._wishes.answered(wish)
        self._on_refused(error)

    def _on_refused(self, error: Exception) -> None:
        self._shell.page.show_problem(sentence(error))

    def _on_lock_requested(self) -> None:
        if self._clerk is not None:
            self._clerk = None
            self._shell.show_page()

    def _on_displaced(self) -> None:
        if self._clerk is not None:
            self._on_lock_requested()
            self.left.emit()
            self._shell.page.show_problem(self.tr("您在本窗口的登录已结束（他人接管或过了一夜），请重新登录。"))

    def _on_sign_out_requested(self) -> None:
        if self._clerk is not None:
            work = partial(service.sign_out, self._hall, self._clerk)
            self._tasks.run(self, work, self._on_signed_out, {Exception: self._on_sign_out_refused})

    def _on_signed_out(self, _nothing: None) -> None:
        self._on_lock_requested()
        self.left.emit()
        self._shell.page.number.clear()
        self._shell.page.clear_password()

    def _on_sign_out_refused(self, error: Exception) -> None:
        """A visitor is still at the window: the counter itself shows who, unless it was locked meanwhile."""
        if self._clerk is not None:
            self._shell.currentWidget().show_message(sentence(error))
