"""The one place where everything is built and wired."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any
from uuid import uuid4

from hallapp import paths
from hallapp.config import Config, read_config
from hallapp.devices.voice import SoundPlayer
from hallapp.domain.clock import Clock
from hallapp.domain.errors import BadInput, HallError, file_error
from hallapp.domain.events import By
from hallapp.services.day import close_past_days
from hallapp.services.hall import Hall
from hallapp.store.opening import open_postgres, open_sqlite
from hallapp.ui.commands import TEXTS
from hallapp.ui.startup import startup_sentence

CONFIG, STORE, LOG = "hall.toml", "hall.db", "hallapp.log"


class SystemClock:
    """This process's time."""

    def __init__(self) -> None:
        self.id = uuid4().hex

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


def default_folder() -> Path:
    return paths.default_data_folder()


def guarded(work: Callable[[], int]) -> int:
    """Run ``work``; an expected failure becomes one sentence on stderr and exit status 1."""
    try:
        return work()
    except HallError as error:
        print(startup_sentence(error), file=sys.stderr)
        return 1


def prepare_folder(folder: Path) -> Path:
    """The data folder with its hall.toml, both made if need be; the file. Raises StoreReadOnly."""
    file = folder / CONFIG
    if file.exists():
        return file
    starter = paths.resources() / "starter" / CONFIG
    try:
        folder.mkdir(parents=True, exist_ok=True)
        half = folder / f".{CONFIG}.{os.getpid()}"
        try:
            half.write_bytes(starter.read_bytes())
            # linking fails if another program was faster: its file stands, never a half-written one
            with contextlib.suppress(FileExistsError):
                os.link(half, file)
        finally:
            half.unlink(missing_ok=True)
    except OSError as error:
        raise file_error(str(folder), error) from error
    return file


def open_hall(folder: Path, clock: Clock | None = None) -> tuple[Hall, Config]:
    """The hall of a data folder. Raises ConfigError, CatalogueError or StoreError kinds."""
    config = read_config(prepare_folder(folder), folder)
    url, hall_id = config.store_url, config.info.id
    store = open_postgres(url, hall_id) if url else open_sqlite(folder / STORE, hall_id)
    hall = Hall(store, config.info, config.rules, config.windows, config.catalogue, clock or SystemClock())
    return hall, config


def start_log(folder: Path) -> None:
    """Warnings and worse into a file of at most 5 MB, kept ten deep."""
    with contextlib.suppress(OSError):  # a full disk must not keep the hall shut
        keeper = RotatingFileHandler(folder / LOG, maxBytes=5_000_000, backupCount=9, encoding="utf-8", delay=True)
        keeper.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s %(message)s"))
        root = logging.getLogger("hallapp")
        root.addHandler(keeper)
        root.setLevel(logging.INFO)


def write_report(folder: Path, day: date | None, out: Path | None) -> int:
    """``hallapp report``: the day's PDF, never a half-written one."""
    from hallapp.services.files import save_file
    from hallapp.services.reports import report_pdf

    hall, _config = open_hall(folder)
    try:
        day = day or hall.today()
        path = save_file(report_pdf(hall, day), out or Path(f"report-{day}.pdf"))
    finally:
        hall.store.close()
    print(TEXTS["report_done"].format(path=path))
    return 0


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
        self.tasks.failed.connect(_log_bug)
        self.windows: list[Any] = []
        self._workers: list[Any] = []
        self._screens: object | None = None

    def __enter__(self) -> Station:
        return self

    def __exit__(self, *_error: object) -> None:
        for part in (self.feed, *self._workers, self.tasks):
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

        printer = "counter" if "counter" in self.config.printers else "kiosk"
        shell = CounterShell(SignInPage(self.hall.info.name, self.hall.windows, window), self.hall.info.name)
        ShellPresenter(shell, self.hall, self.tasks, self.feed, self.lights, printer)
        self._serve_printer(printer)
        return shell

    def _supervisor(self) -> Any:
        from hallapp.ui.supervisor.presenter import SupervisorPresenter
        from hallapp.ui.supervisor.view import SupervisorWindow

        view = SupervisorWindow(self.hall.info.name)
        SupervisorPresenter(view, self.hall, By("supervisor"), self.tasks, self.feed, self.lights,
                            tuple(self.config.printers))
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
