"""The one place where everything is built and wired."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from uuid import uuid4

from hallapp import paths
from hallapp.config import Config, read_config
from hallapp.domain.errors import BadInput, HallError, StoreReadOnly
from hallapp.domain.events import By
from hallapp.services.day import close_past_days
from hallapp.services.hall import Hall
from hallapp.store.opening import open_sqlite
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
        half.write_bytes(starter.read_bytes())
        # linking fails if another program was faster: its file stands, never a half-written one
        with contextlib.suppress(FileExistsError):
            os.link(half, file)
        half.unlink()
    except OSError as error:
        raise StoreReadOnly(str(folder), str(error)) from error
    return file


def open_hall(folder: Path, clock: SystemClock | None = None) -> tuple[Hall, Config]:
    """The hall of a data folder. Raises ConfigError, CatalogueError or StoreError kinds."""
    config = read_config(prepare_folder(folder), folder)
    store = open_sqlite(folder / STORE, config.info.id)
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
    from hallapp.services.reports import report_pdf, save_pdf

    hall, _config = open_hall(folder)
    try:
        day = day or hall.today()
        path = save_pdf(report_pdf(hall, day), out or Path(f"report-{day}.pdf"))
    finally:
        hall.store.close()
    print(TEXTS["report_done"].format(path=path))
    return 0


def run(folder: Path, command: str, window: int | None) -> int:
    """Open the windows of a command and run until the last one closes."""
    from PySide6.QtWidgets import QApplication

    from hallapp.ui import theme
    from hallapp.ui.station import Station

    qt = QApplication([sys.argv[0]])
    hall, config = open_hall(folder)
    start_log(folder)
    sys.excepthook = _log_error
    try:
        number = _window(hall, window)
        theme.apply(qt)
        close_past_days(hall, By(command))
        station = Station(hall, config, command, number)
        station.show()
        status = qt.exec()
        station.close()
        return status
    finally:
        hall.store.close()


def _window(hall: Hall, asked: int | None) -> int:
    """The counter's window number: the one asked for, else the first. Raises BadInput."""
    if asked is None:
        return hall.windows[0].number
    with contextlib.suppress(BadInput):
        return hall.window(asked).number
    known = "、".join(str(window.number) for window in hall.windows)
    print(TEXTS["bad_window"].format(known=known), file=sys.stderr)
    raise SystemExit(2)


def _log_error(kind: type[BaseException], error: BaseException, trace: object) -> None:
    logging.getLogger("hallapp").error("unexpected error", exc_info=error)
    sys.__excepthook__(kind, error, error.__traceback__)
