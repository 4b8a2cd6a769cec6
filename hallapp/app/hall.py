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
from hallapp.app.marks import at_work
from hallapp.config import Config, read_config
from hallapp.domain.clock import Clock, ServerClock
from hallapp.domain.errors import StoreDamaged, file_error
from hallapp.domain.presence import Sign, pc_of, settings_of
from hallapp.domain.upkeep import NameTaken, NoHall, OtherHall, Restorable

if TYPE_CHECKING:
    from hallapp.services.backups import Backups
    from hallapp.services.hall import Hall

CONFIG, STORE, BACKUPS = "hall.toml", "hall.db", "backups"


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
    starter = paths.resources() / "starter" / CONFIG
    try:
        if file.exists():  # raises where the folder may not be looked into
            return file
        folder.mkdir(parents=True, exist_ok=True)
        half = folder / f".{CONFIG}.{os.getpid()}"
        try:
            half.write_bytes(starter.read_bytes())
            try:
                os.link(half, file)
            except FileExistsError:
                pass  # another program was faster: its file stands, never a half-written one
            except OSError:  # a file system without links, as on a USB stick
                half.replace(file)
        finally:
            half.unlink(missing_ok=True)
    except OSError as error:
        raise file_error(str(folder), error) from error
    return file


def configured(folder: Path) -> Config:
    """What hall.toml of a data folder says. Raises ConfigError, CatalogueError or StoreReadOnly."""
    return read_config(prepare_folder(folder), folder)


def configured_before(folder: Path) -> Config:
    """The same of a hall that is there: a command whose folder was mistyped makes none, to report of its nothing.
    Raises NoHall too."""
    if not (folder / CONFIG).exists():
        raise NoHall(str(folder / CONFIG))
    return configured(folder)


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
        alike = (config.info, config.catalogue, config.windows, config.rules, config.appointment_times)
        sign = Sign(pc_of(hall_id, config.pc), settings=settings_of(*alike))
        store, own = open_postgres(url, hall_id, None if clock else served.heard, sign=sign), served
    else:
        try:
            require_own(folder / STORE, hall_id)
            store = open_sqlite(folder / STORE, hall_id)
        except StoreDamaged as error:
            raise Restorable(error.where, error.why, backups_of(config, folder).newest(), str(folder)) from error
    return Hall(store, config.info, config.rules, config.windows, config.catalogue, clock or own,
                config.appointment_times)


def hall_at_work(config: Config, folder: Path) -> Hall:
    """As ``hall_of``, for a program that stays. Raises NameTaken too."""
    from hallapp.services.presence import has_namesake

    hall = hall_of(config, folder)
    try:
        if has_namesake(hall):
            raise NameTaken(str(config.file), config.pc)
    except BaseException:
        hall.store.close()
        raise
    return hall


def require_own(file: Path, hall_id: str) -> None:
    """An id that was changed later would open a hall without a past in the same file. Raises OtherHall or StoreError
    kinds."""
    from hallapp.store.moving import halls_at

    if file.is_file():
        worked = [one for one, seq in halls_at(f"sqlite:///{file}").items() if seq]
        if worked and hall_id not in worked:
            raise OtherHall(str(file), ", ".join(worked))


def backups_of(config: Config, folder: Path) -> Backups:
    """Where the copies of a data folder's store lie."""
    from hallapp.services.backups import Backups

    return Backups(folder / STORE, config.info.id, config.backup_folder or folder / BACKUPS,
                   config.backup_folder is not None)


@contextlib.contextmanager
def hall_for(command: str, folder: Path) -> Iterator[Hall]:
    """The hall of a data folder, opened for a command and marked as in use by it. Raises as ``configured_before``,
    ``open_hall`` and ``at_work``."""
    config = configured_before(folder)
    with at_work(folder, command):
        hall = hall_of(config, folder)
        try:
            yield hall
        finally:
            hall.store.close()


def start_log(folder: Path, station: str) -> None:
    """Warnings and worse into a file of at most 5 MB, kept ten deep; one for each program, for Windows renames no file
    that another one has open."""
    from logging.handlers import RotatingFileHandler

    with contextlib.suppress(OSError):  # a full disk must not keep the hall shut
        keeper = RotatingFileHandler(
            folder / f"{station}.log", maxBytes=5_000_000, backupCount=9, encoding="utf-8", delay=True)
        keeper.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s %(message)s"))
        root = logging.getLogger("hallapp")
        root.addHandler(keeper)
        root.setLevel(logging.INFO)
