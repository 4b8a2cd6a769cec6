"""Copies of the store's file: one a day by itself, and the commands ``hallapp backup`` and ``hallapp restore``."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event

from hallapp.app.hall import SystemClock, backups_of, configured_before, require_own
from hallapp.app.marks import at_work, claimed_alone
from hallapp.config import Config
from hallapp.devices.worker import Worker
from hallapp.domain.clock import business_day
from hallapp.domain.errors import AlreadyOpen, HallError, StoreDamaged, StoreFull, StoreReadOnly
from hallapp.domain.events import By
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble
from hallapp.domain.upkeep import BackupRefused, BackupStopped, BeingRestored, FolderBare
from hallapp.services.backups import Backups, Restored, back_up, back_up_to, restore
from hallapp.services.hall import Hall
from hallapp.store.opening import open_sqlite
from hallapp.ui.commands import TEXTS

NAME = "backup"
START_SECONDS = 5.0  # the windows come first
LOOK_SECONDS, RETRY_SECONDS = 60.0, 600.0
REST_SECONDS = 0.005  # between two steps of a copy: the disk is a writer's meanwhile

_TROUBLES: dict[type[HallError], Trouble] = {
    BackupRefused: Trouble.NO_FOLDER, FolderBare: Trouble.BARE_FOLDER, StoreFull: Trouble.NO_ROOM,
    StoreReadOnly: Trouble.NO_RIGHTS, StoreDamaged: Trouble.STORE_DAMAGED,
}


class DailyBackup:
    """Makes the day's copy if no program of this PC has made it yet, in a thread of its own; ``report`` hears how it
    went. A copy that could not be made is tried again every ten minutes, by every program, so each one's staff see it.
    """

    def __init__(
        self, hall: Hall, backups: Backups, report: Callable[[DeviceStatus], None],
        failed: Callable[[Exception], None], start_seconds: float = START_SECONDS,
    ) -> None:
        self._hall, self._backups, self._report = hall, backups, report
        self._start_seconds, self._stopped = start_seconds, Event()
        self._worker = Worker(NAME, self._turn, Event(), failed, self._stopped.set)

    def start(self) -> None:
        self._worker.start()

    def close(self) -> None:
        """A copy under way is given up; it is made anew at the next start."""
        self._stopped.set()
        self._worker.close()

    def _turn(self) -> float:
        if self._stopped.wait(self._start_seconds):
            return 0.0
        self._start_seconds = 0.0
        try:
            self._make()
        except (AlreadyOpen, BeingRestored, BackupStopped):  # another program makes it, or this one ends
            return LOOK_SECONDS
        except HallError as error:
            trouble = next((one for kind, one in _TROUBLES.items() if isinstance(error, kind)), Trouble.COPY_FAILED)
            state = DeviceState.DOWN if trouble is Trouble.STORE_DAMAGED else DeviceState.WARNING
            self._report(DeviceStatus(NAME, NAME, state, trouble, str(self._backups.folder)))
            return RETRY_SECONDS
        except Exception:  # the worker writes it down
            self._report(DeviceStatus(NAME, NAME, DeviceState.WARNING, Trouble.COPY_FAILED, str(self._backups.folder)))
            raise
        self._report(DeviceStatus(NAME, NAME, DeviceState.READY, detail=f"{self._backups.last()}"))
        return LOOK_SECONDS

    def _make(self) -> None:
        day = self._hall.today()
        if day in self._backups.days():
            return
        if self._backups.bare():
            raise FolderBare(str(self._backups.folder))
        with at_work(self._backups.store.parent, NAME):
            if day not in self._backups.days():  # nobody was quicker
                back_up(self._backups, day, self._rest)

    def _rest(self) -> bool:
        return not self._stopped.wait(REST_SECONDS)


def run_backup(folder: Path, to: Path | None) -> int:
    """``hallapp backup``: now, as the copy of today or into a file. Raises BackupRefused, AlreadyOpen while another
    copy is made, or StoreError kinds."""
    config = configured_before(folder)
    backups = _on_this_pc(config, folder, "server")
    require_own(backups.store, config.info.id)
    first = to is None and backups.bare()
    with at_work(folder, NAME):
        if to is not None:
            made = back_up_to(backups, to, _rested)
        else:
            made = back_up(backups, business_day(SystemClock().now(), config.rules.zone), _rested)
    print(TEXTS["backup_done"].format(path=made))
    if first:
        print(TEXTS["backup_first"].format(folder=backups.folder))
    return 0


def run_restore(folder: Path, file: Path | None) -> int:
    """``hallapp restore``: a copy, or the newest good one, in the place of the store. Raises BackupRefused,
    InUse or StoreError kinds."""
    config = configured_before(folder)
    backups = _on_this_pc(config, folder, "on_server")
    mark = claimed_alone(folder)
    try:
        file = file or backups.newest()
        if file is None:
            raise BackupRefused(str(backups.folder), "none")
        done = restore(backups, file, partial(_hall_in, config), By("restore"))
    except StoreDamaged as error:
        raise BackupRefused(f"{file}", "bad" if file and file.is_file() else "file") from error
    finally:
        mark.release()
    _tell(config, file, done)
    return 0


def _on_this_pc(config: Config, folder: Path, why_not: str) -> Backups:
    """Raises BackupRefused ``why_not`` where the store is on a server."""
    if config.store_url:
        from hallapp.store.bounded import place  # psycopg is there only where the server extra is installed

        raise BackupRefused(place(config.store_url), why_not)
    return backups_of(config, folder)


def _hall_in(config: Config, file: Path) -> Hall:
    store = open_sqlite(file, config.info.id)
    return Hall(store, config.info, config.rules, config.windows, config.catalogue, SystemClock())


def _tell(config: Config, file: Path, done: Restored) -> None:
    contents, salvaged = done.contents, done.salvaged
    at = contents.at and contents.at.astimezone(config.rules.zone)
    lines = [TEXTS["restore_done"].format(path=file), TEXTS["restore_empty"] if at is None else TEXTS[
        "restore_contents"].format(day=contents.day, numbers=contents.numbers, at=f"{at:%Y-%m-%d %H:%M:%S}")]
    if salvaged.events:
        lines.append(TEXTS["restore_salvaged"].format(events=salvaged.events))
    lines.append(TEXTS["restore_complete"] if done.serials_after is None else TEXTS["restore_lost"].format(
        serial=f"{done.serials_after + 1:03d}"))
    if done.aside is not None:
        lines.append(TEXTS["restore_aside"].format(path=done.aside))
    print("\n".join(lines))


def _rested() -> bool:
    time.sleep(REST_SECONDS)
    return True
