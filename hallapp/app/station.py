"""What runs in one process: its windows, its threads and its devices."""

from __future__ import annotations

import contextlib
import logging
import sys
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from hallapp import paths
from hallapp.app.hall import open_hall, start_log
from hallapp.config import Config
from hallapp.devices.voice import SoundPlayer
from hallapp.domain.errors import BadInput
from hallapp.domain.events import By
from hallapp.services.day import close_past_days
from hallapp.services.hall import Hall
from hallapp.ui.commands import TEXTS


def run(folder: Path, command: str, window: int | None) -> int:
    """Open the windows of a command and run until the last one closes."""
    from PySide6.QtWidgets import QApplication

    from hallapp.ui import theme

    qt = QApplication([sys.argv[0]])
    hall, config = open_hall(folder)
    start_log(folder)
    sys.excepthook = _log_error
    try:
        number = _window(hall, window)
        theme.apply(qt)
        close_past_days(hall, By(command))
        with Station(hall, config) as station:
            station.open(command, number)
            return qt.exec()
    finally:
        hall.store.close()


def _window(hall: Hall, asked: int | None) -> int:
    """The counter's window number: the one asked for, else the first."""
    if asked is None:
        return hall.windows[0].number
    with contextlib.suppress(BadInput):
        return hall.window(asked).number
    known = "、".join(str(window.number) for window in hall.windows)
    print(TEXTS["bad_window"].format(known=known), file=sys.stderr)
    raise SystemExit(2)


class Station:
    """What runs in this process: windows, the store's thread, the feed, and a worker for each device.

    ``player`` plays the announcements (``None``: the sound device); a call stays on the board for ``show_seconds``.
    A context manager: leaving it stops all.
    """

    def __init__(
        self, hall: Hall, config: Config, player: SoundPlayer | None = None, show_seconds: float = 8.0
    ) -> None:
        from hallapp.ui.feed import Feed
        from hallapp.ui.lights import Lights
        from hallapp.ui.tasks import Tasks

        self.hall, self.config, self._player, self._show_seconds = hall, config, player, show_seconds
        self.tasks, self.feed, self.lights = Tasks(), Feed(hall), Lights()
        self.office = Tasks("office")  # printing a report must not hold up a number
        for tasks in (self.tasks, self.office):
            tasks.failed.connect(_log_bug)
        self.windows: list[Any] = []
        self._workers: list[Any] = []
        self._screens: object | None = None

    def __enter__(self) -> Station:
        return self

    def __exit__(self, *_error: object) -> None:
        for part in (self.feed, *self._workers, self.office, self.tasks):
            part.close()
        for window in self.windows:
            window.deleteLater()

    def open(self, command: str, window: int) -> None:
        """Build the windows of a command and show them over the screens."""
        from hallapp.ui.screens import Screens

        wanted = {"hall": ("counter", "kiosk", "board", "supervisor")}.get(command, (command,))
        self.windows = [self.make(name, window) for name in wanted]
        self.start()
        self._screens = Screens(self.windows)
        self._screens.show()

    def start(self) -> None:
        self.feed.start()
        for worker in self._workers:
            worker.start()

    def make(self, name: str, window: int) -> Any:
        """One window with its presenter and the devices it needs."""
        return {"kiosk": self._kiosk, "board": self._board, "supervisor": self._supervisor}.get(
            name, lambda: self._counter(window))()

    def _kiosk(self) -> Any:
        from hallapp.ui.kiosk.presenter import KioskPresenter
        from hallapp.ui.kiosk.view import KioskWindow

        view = KioskWindow(self.hall.info.name)
        KioskPresenter(view, self.hall, By("kiosk"), self.tasks, self.feed, self.lights, "kiosk", _new_id)
        self._serve_printer("kiosk")
        return view

    def _board(self) -> Any:
        from hallapp.ui.board.presenter import BoardPresenter
        from hallapp.ui.board.view import BoardWindow

        view = BoardWindow(self.hall.info.name)
        BoardPresenter(view, self.hall, self.tasks, self.feed, self.lights, self._voice(), self.config.notice,
                       self._show_seconds)
        return view

    def _counter(self, window: int) -> Any:
        from hallapp.ui.counter.shell import CounterShell, ShellPresenter
        from hallapp.ui.counter.sign_in import SignInPage

        printer = self.config.counter_printer(window)
        shell = CounterShell(SignInPage(self.hall.info.name, self.hall.windows, window), self.hall.info.name)
        ShellPresenter(shell, self.hall, self.tasks, self.feed, self.lights, printer)
        self._serve_printer(printer)
        return shell

    def _supervisor(self) -> Any:
        from hallapp.ui.supervisor.presenter import SupervisorPresenter
        from hallapp.ui.supervisor.view import SupervisorWindow

        view = SupervisorWindow(self.hall.info.name)
        SupervisorPresenter(view, self.hall, By("supervisor"), self.tasks, self.feed, self.lights,
                            tuple(self.config.printers), office=self.office)
        return view

    def _serve_printer(self, name: str) -> None:
        """A worker for one of this station's printers, once."""
        from hallapp.devices.printers import make_printer
        from hallapp.devices.worker import Worker
        from hallapp.services.printing import doubt_interrupted
        from hallapp.services.slips import take_turn

        thread = f"printer-{name}"
        if any(worker.name == thread for worker in self._workers):
            return
        by = By(thread)
        printer = make_printer(self.config.printers[name], paths.resources() / "fonts" / "NotoSansSC-Regular.ttf")
        doubt_interrupted(self.hall, by, name)
        turn = partial(take_turn, self.hall, by, printer, self.lights.report)
        self._workers.append(Worker(thread, turn, self.hall.store.listen(), _log_bug, printer.close))

    def _voice(self) -> Any:
        """The announcing voice, or ``None`` where the hall has none."""
        if not self.config.voice.enabled:
            return None
        from hallapp.devices.voice import Voice

        voice = Voice(self.hall.rules, self.config.voice, self.lights.report, self._player)
        self._workers.append(voice)
        return voice


def _new_id() -> str:
    return uuid4().hex


def _log_bug(error: Exception) -> None:
    """Something nobody expected: into the log, and the hall goes on."""
    logging.getLogger("hallapp").error("unexpected error", exc_info=error)


def _log_error(kind: type[BaseException], error: BaseException, trace: object) -> None:
    logging.getLogger("hallapp").error("unexpected error", exc_info=error)
    sys.__excepthook__(kind, error, error.__traceback__)
