"""A hall opened from its data folder."""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from hallapp import paths
from hallapp.config import Config, read_config
from hallapp.domain.clock import Clock, ServerClock
from hallapp.domain.errors import AlreadyOpen, StoreDamaged, file_error
from hallapp.domain.upkeep import BeingRestored, InUse, Restorable

if TYPE_CHECKING:
    from PySide6.QtCore import QLockFile

    from hallapp.services.backups import Backups
    from hallapp.services.hall import Hall

CONFIG, STORE, LOG, BACKUPS = "hall.toml", "hall.db", "hallapp.log", "backups"
RESTORE, BRIEFLY_MS = "restore", 500


class SystemClock:
    """This process's time."""

    def __init__(self) -> None:
        self.id = uuid4().hex

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


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


def configured(folder: Path) -> Config:
    """What hall.toml of a data folder says. Raises ConfigError, CatalogueError or StoreReadOnly."""
    return read_config(prepare_folder(folder), folder)


def open_hall(folder: Path, clock: Clock | None = None) -> tuple[Hall, Config]:
    """The hall of a data folder. Raises ConfigError, CatalogueError or StoreError kinds."""
    config = configured(folder)
    return hall_of(config, folder, clock), config


def hall_of(config: Config, folder: Path, clock: Clock | None = None) -> Hall:
    """The hall with its store opened. Raises StoreError kinds."""
    from hallapp.services.hall import Hall  # with SQLAlchemy, which takes longer to import than a window to appear
    from hallapp.store.opening import open_postgres, open_sqlite

    url, hall_id = config.store_url, config.info.id
    own: Clock = SystemClock()
    if url:
        served = ServerClock(own)  # with several PCs the database's clock is the hall's
        store, own = open_postgres(url, hall_id, None if clock else served.heard), served
    else:
        try:
            store = open_sqlite(folder / STORE, hall_id)
        except StoreDamaged as error:
            raise Restorable(error.where, error.why, backups_of(config, folder).newest(), str(folder)) from error
    return Hall(store, config.info, config.rules, config.windows, config.catalogue, clock or own,
                config.appointment_times)


def backups_of(config: Config, folder: Path) -> Backups:
    """Where the copies of a data folder's store lie."""
    from hallapp.services.backups import Backups

    return Backups(folder / STORE, config.info.id, config.backup_folder or folder / BACKUPS,
                   config.backup_folder is not None)


@contextlib.contextmanager
def hall_for(command: str, folder: Path) -> Iterator[Hall]:
    """The hall of a data folder, opened for a command and marked as in use by it. Raises as ``open_hall`` and
    ``at_work``."""
    config = configured(folder)
    with at_work(folder, command):
        hall = hall_of(config, folder)
        try:
            yield hall
        finally:
            hall.store.close()


@contextlib.contextmanager
def at_work(folder: Path, program: str) -> Iterator[None]:
    """The time in which a program uses the store in a data folder. Raises as ``claimed``."""
    mark = claimed(folder, program)
    try:
        yield
    finally:
        mark.unlock()


def claimed(folder: Path, program: str) -> QLockFile:
    """The mark of a station that runs on this PC, such as ``counter-2``, or of a command: until its process ends, even
    by a crash.

    Whoever clicks an icon twice must not get two boards that speak at once. Raises AlreadyOpen, and BeingRestored while
    a backup is brought back.
    """
    mark = _marked(folder, program)
    if mark is None:
        raise AlreadyOpen(str(folder), program)
    restoring = _marked(folder, RESTORE, BRIEFLY_MS)  # others who start at this moment look too
    if restoring is None:
        mark.unlock()
        raise BeingRestored(str(folder))
    restoring.unlock()
    return mark


def claimed_alone(folder: Path) -> QLockFile:
    """The mark of a restore: while it stands no program opens the store. Raises AlreadyOpen for another restore, and
    InUse with every program that has the store open."""
    mark = _marked(folder, RESTORE, BRIEFLY_MS)
    if mark is None:
        raise AlreadyOpen(str(folder), RESTORE)
    others = sorted({file.name[1:].removesuffix(".lock") for file in folder.glob(".*.lock")} - {RESTORE})
    if running := tuple(name for name in others if not _free(folder, name)):
        mark.unlock()
        raise InUse(str(folder), running)
    return mark


def _free(folder: Path, program: str) -> bool:
    mark = _marked(folder, program)
    if mark is not None:
        mark.unlock()
    return mark is not None


def _marked(folder: Path, name: str, wait_ms: int = 0) -> QLockFile | None:
    """A mark that is set now; ``None``: another process has it. Where nothing may be written there are no marks."""
    from PySide6.QtCore import QLockFile

    mark = QLockFile(str(folder / f".{name}.lock"))
    mark.setStaleLockTime(0)  # however long the station runs
    taken = not mark.tryLock(wait_ms) and mark.error() is QLockFile.LockError.LockFailedError
    return None if taken else mark


def start_log(folder: Path) -> None:
    """Warnings and worse into a file of at most 5 MB, kept ten deep."""
    from logging.handlers import RotatingFileHandler

    with contextlib.suppress(OSError):  # a full disk must not keep the hall shut
        keeper = RotatingFileHandler(folder / LOG, maxBytes=5_000_000, backupCount=9, encoding="utf-8", delay=True)
        keeper.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s %(message)s"))
        root = logging.getLogger("hallapp")
        root.addHandler(keeper)
        root.setLevel(logging.INFO)
