"""What runs in one process: its windows, its threads and its devices."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from hallapp.app.devices import Attached, attach_callers, attach_pad, attach_reader, attach_scanner, attach_signs
from hallapp.app.hall import backups_of, configured, hall_at_work, start_log
from hallapp.app.marks import claimed
from hallapp.app.windows import STAFF, make_window, wanted_screens, window_names
from hallapp.config import NO_RATER, Config
from hallapp.devices.served import Served
from hallapp.domain.errors import HallError, StoreAway
from hallapp.domain.events import By
from hallapp.domain.printing import at_pc
from hallapp.ui.commands import TEXTS
from hallapp.ui.startup import startup_sentence

if TYPE_CHECKING:
    from hallapp.app.devices import Report
    from hallapp.devices.voice import SoundPlayer
    from hallapp.services.backups import Backups
    from hallapp.services.hall import Hall

VISITORS = ("kiosk", "board")  # their stations may take no number back, on a server not even an old one
SWITCH = 0.0002  # seconds


def run(folder: Path, command: str, window: int | None) -> int:
    """Open the windows of a command and run until the last one closes. Raises HallError once it was seen."""
    from hallapp.ui.screens import end_by_ctrl_c, start_qt

    end_by_ctrl_c()
    qt = start_qt()
    try:
        return _open(qt, folder, command, window)
    except HallError as error:
        if qt.platformName() != "offscreen":  # where nobody would ever close it
            from hallapp.ui.failure import show_failure

            show_failure(startup_sentence(error))
        raise


def _open(qt: Any, folder: Path, command: str, window: int | None) -> int:
    from hallapp.ui.screens import cover, screen_of

    config = configured(folder)
    number = _window(config, window)
    station = f"{command}-{number}" if command in ("counter", "rater") else command
    mark = claimed(folder, station)
    start_log(folder, station)
    # people see it while the rest is loaded, which takes longer; what they type or tap meanwhile waits for its answer
    names = window_names(command, config)
    first = make_window(names[0], config, number)
    cover(screen_of(wanted_screens(names, config)[0]), first)
    qt.processEvents()
    try:
        return _serve(qt, config, folder, command, number, first)
    finally:
        mark.release()


def _serve(qt: Any, config: Config, folder: Path, command: str, number: int, first: Any) -> int:
    sys.excepthook = _log_error
    opening = partial(_opened, config, folder, command)
    try:
        hall = opening()
    except StoreAway as error:
        if not config.store_url:
            raise
        from hallapp.ui.opening import Opening

        if (hall := Opening(first, opening, command).run(error)) is None:
            return 0
    try:
        backups = None if config.store_url else backups_of(config, folder)
        with Station(hall, config, backups=backups) as station:
            station.open(command, number, first)
            return int(qt.exec())
    finally:
        hall.store.close()


def _opened(config: Config, folder: Path, command: str) -> Hall:
    """The hall, ready for today. Raises NameTaken and other StoreError kinds."""
    hall = hall_at_work(config, folder)
    if command in VISITORS:
        return hall
    from hallapp.services.day import close_past_days

    try:
        close_past_days(hall, By(command))
    except BaseException:
        hall.store.close()
        raise
    return hall


def _window(config: Config, asked: int | None) -> int:
    """The counter's window number: the one asked for, else the first."""
    known = [window.number for window in config.windows]
    if asked is None or asked in known:
        return asked or known[0]
    print(TEXTS["bad_window"].format(known="、".join(map(str, known))), file=sys.stderr)
    raise SystemExit(2)


class Station:
    """What runs in this process: windows, the store's thread, the feed, and a worker for each device.

    ``player`` plays the announcements (``None``: the sound device); a call stays on the board for ``show_seconds``.
    With ``backups`` the day's copy of the store is made here if no other program was quicker.
    A context manager: leaving it stops all.
    """

    def __init__(
        self, hall: Hall, config: Config, player: SoundPlayer | None = None, show_seconds: float = 8.0,
        backups: Backups | None = None,
    ) -> None:
        from hallapp.app.printers import StationPrinters
        from hallapp.ui.device_news import DeviceNews
        from hallapp.ui.feed import Feed
        from hallapp.ui.lights import Lights
        from hallapp.ui.tasks import Tasks

        self.hall, self.config, self._player, self._show_seconds = hall, config, player, show_seconds
        self.tasks, self.feed, self.lights = Tasks(), Feed(hall), Lights()
        self.office = Tasks("office")  # printing a report must not hold up a number
        for part in (self.tasks, self.office, self.feed):
            part.failed.connect(_log_bug)
        self.windows: list[Any] = []
        self._workers: list[Any] = []
        self._running = False
        self._served: list[Served] = []
        self._printers = StationPrinters(hall, config, self.lights, _log_bug, self._work, self._served)
        self._news = DeviceNews(hall, self.tasks, self.feed, self.lights, self._serves)
        self._backups = backups
        if backups is not None:
            from hallapp.app.backup import DailyBackup

            self._work(DailyBackup(hall, backups, self.lights.report, _log_bug))
        self._screens: object | None = None
        self._seated: Any = None  # the signal of the counter made last: who belongs to it follows its clerk

    def __enter__(self) -> Station:
        return self

    def __exit__(self, *_error: object) -> None:
        from PySide6.QtCore import QCoreApplication, QEvent

        for part in (self._news, self.feed, *self._workers, self.office, self.tasks):
            part.close()
        for window in self.windows:  # they go here: the loop has ended, and nobody collects them any more (ui.garbage)
            window.deleteLater()
        QCoreApplication.processEvents()  # what they are still told
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def open(self, command: str, window: int, first: Any = None) -> None:
        """Build the windows of a command, all but the ``first`` if that is there, and show them over the screens."""
        from PySide6.QtCore import QCoreApplication

        from hallapp.ui.day_turn import DayTurn
        from hallapp.ui.screens import Screens
        from hallapp.ui.words import window_keys

        names = window_names(command, self.config)
        for place, name in enumerate(names):
            self.make(name, window, None if place else first)
        for made, name in zip(self.windows, names, strict=True):
            if name in STAFF:
                made.show_windows(window_keys(names))
        self.start()
        if command not in VISITORS:
            DayTurn(self.hall, By(command), self.tasks, self.lights, self.windows[0])
        self._screens = Screens(self.windows, wanted_screens(names, self.config))
        self._screens.left.connect(QCoreApplication.exit)  # quit() would ask the kiosk, which does not close
        self._screens.show()

    def start(self) -> None:
        sys.setswitchinterval(SWITCH)  # a slip or a call must not wait for Python's 5 ms until a page is built
        self.feed.start()
        self._running = True
        for worker in self._workers:
            worker.start()

    def make(self, name: str, window: int, view: Any = None) -> Any:
        """One window, or ``view`` if it is there, with its presenter and the devices it needs."""
        view = view or make_window(name, self.config, window)
        presenters: dict[str, Callable[[Any], None]] = {
            "kiosk": self._kiosk, "board": self._board, "supervisor": self._supervisor,
            "rater": partial(self._rater, window), "counter": partial(self._counter, window)}
        presenters[name](view)
        self.windows.append(view)
        return view

    def _kiosk(self, view: Any) -> None:
        from hallapp.ui.kiosk.presenter import KioskPresenter

        presenter = KioskPresenter(view, self.hall, By("kiosk"), self.tasks, self.feed, self.lights,
                                   self.config.kiosk_printer, _new_id, self._printers.keep(self.config.kiosk_printer))
        told = self._news.reporter(By("kiosk"))
        self._attach(attach_reader, presenter, report=told)
        self._attach(attach_scanner, "kiosk", view.scanned.emit, report=told)

    def _board(self, view: Any) -> None:
        from hallapp.ui.board.presenter import BoardPresenter

        BoardPresenter(view, self.hall, self.tasks, self.feed, self.lights, self._voice(), self.config.notice,
                       self._show_seconds)
        told = self._news.reporter(By("board"))
        self._attach(attach_signs, self.feed.happened, report=told)
        self._attach(attach_callers, report=told)

    def _counter(self, window: int, view: Any) -> None:
        from hallapp.ui.counter.shell import ShellPresenter

        asks = self.config.rater != NO_RATER
        shell = ShellPresenter(view, self.hall, self.tasks, self.feed, self.lights, self.config.counter_printer,
                               _new_id, asks)
        self._printers.expect(window)
        self._seated = shell.seated
        self._seated.connect(self._printers.follow)
        shell.left.connect(self._printers.leave)
        self._attach(attach_pad, window, self._seated)
        self._attach(attach_scanner, "counter", view.scanned.emit)

    def _rater(self, window: int, view: Any) -> None:
        from hallapp.domain.rating import Channel
        from hallapp.services.answers import Answers
        from hallapp.ui.rater.presenter import RaterPresenter

        answers = Answers(self.config.answers, self.hall.id, Channel.SCREEN)
        presenter = RaterPresenter(view, self.hall, window, self.tasks, self.feed, answers)
        if self._seated is not None:
            view.stay_beside()
            self._seated.connect(presenter.sit_at)

    def _supervisor(self, view: Any) -> None:
        from hallapp.config.edit import keep_basics, read_basics
        from hallapp.ui.supervisor.hall_page import HallPresenter
        from hallapp.ui.supervisor.presenter import SupervisorPresenter

        SupervisorPresenter(view, self.hall, By("supervisor"), self.tasks, self.feed, self.lights,
                            self.config.offered_printers, _new_id, self._served, office=self.office,
                            last_backup=self._backups.last if self._backups else None,
                            settings=str(self.config.file))
        HallPresenter(view, read_basics(self.config.file), str(self.config.file),
                      partial(keep_basics, self.config.file), self.tasks)

    def _serves(self, name: str) -> bool:
        """Whether this process knows best how a device is."""
        return self._printers.serves(name) or any(one.name == name for one in self._served if one.kind != "printer")

    def _attach(self, attach: Callable[..., Iterable[Attached]], *more: Any, report: Report | None = None) -> None:
        """Serve devices on lines of their own in this process."""
        for attached in attach(self.hall, self.config, report or self.lights.report, _log_bug, *more):
            self._workers.append(attached.worker)
            self._served += attached.served

    def _work(self, worker: Any) -> None:
        """Run a worker from now on, or once the others run."""
        self._workers.append(worker)
        if self._running:
            worker.start()

    def _voice(self) -> Any:
        """The announcing voice, or ``None`` where the hall has none."""
        if not self.config.voice.enabled:
            return None
        from hallapp.devices.voice import Voice

        voice = Voice(self.hall.rules, self.config.voice, self._news.reporter(By("board")), self._player,
                      name=at_pc("voice", self.config.pc))
        self._workers.append(voice)
        self._served.append(Served(voice.name, "voice", self.config.voice.engine, partial(voice.say, "A001", 1)))
        return voice


def _new_id() -> str:
    return uuid4().hex


def _log_bug(error: Exception) -> None:
    """Something nobody expected: into the log, and the hall goes on."""
    logging.getLogger("hallapp").error("unexpected error", exc_info=error)


def _log_error(kind: type[BaseException], error: BaseException, trace: object) -> None:
    logging.getLogger("hallapp").error("unexpected error", exc_info=error)
    sys.__excepthook__(kind, error, error.__traceback__)
