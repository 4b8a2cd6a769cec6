"""The copies of a hall's SQLite file: one a day, and bringing one back."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from hallapp.domain.errors import Misplaced, StoreDamaged, StoreError, StoreFull, StoreReadOnly, file_error
from hallapp.domain.events import By, Kind
from hallapp.domain.upkeep import BackupRefused, kept
from hallapp.services.files import save_file
from hallapp.services.hall import Hall, step
from hallapp.store.backup import (
    SHM,
    WAL,
    Contents,
    Salvaged,
    checked,
    copy,
    lend_first_page,
    salvage,
    serials_after,
    sync,
)

NAME, SETTINGS = "hall-{day}.db", "hall.toml"
_NAMED = re.compile(r"hall-(\d{4}-\d{2}-\d{2})\.db")
RESTORING, ASIDE = ".restoring", "hall-replaced-"
# No hall issues so many numbers a day in one lane, nor so many between two restores of a day: what people hold today
# is below, whatever the damaged file kept of it.
LOST_SERIALS, LOST_AGAIN = 500, 100


@dataclass(frozen=True, slots=True)
class Backups:
    """Where the copies of the file ``store`` lie. A folder that hall.toml names (``given``) is not made: if it is not
    there, a disk is missing. On Linux an empty folder is left in the place of a disk that is not mounted, so a given
    one is taken for right once a copy lies there, and the first is made by hand."""

    store: Path
    hall_id: str
    folder: Path
    given: bool = False

    def of_day(self, day: date) -> Path:
        return self.folder / NAME.format(day=day)

    def days(self) -> list[date]:
        """Of which days there are copies, newest first."""
        found = []
        with suppress(OSError):
            for file in self.folder.iterdir():
                if named := _NAMED.fullmatch(file.name):
                    with suppress(ValueError):
                        found.append(date.fromisoformat(named[1]))
        return sorted(found, reverse=True)

    def bare(self) -> bool:
        """Whether the given folder is there without any copy."""
        return self.given and self.folder.is_dir() and not self.days()

    def last(self) -> datetime | None:
        """When the newest copy was made."""
        with suppress(OSError):
            for day in self.days():
                return datetime.fromtimestamp(self.of_day(day).stat().st_mtime, UTC)
        return None

    def newest(self) -> Path | None:
        """The newest copy that is good."""
        for day in self.days():
            with suppress(StoreError):
                checked(self.of_day(day), self.hall_id)
                return self.of_day(day)
        return None


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: the copy's contents, what more the replaced file (now ``aside``; ``None``: there was none) still
    told, and the serial that today's numbers come after if it did not tell all."""

    contents: Contents
    salvaged: Salvaged
    aside: Path | None
    serials_after: int | None


def back_up(backups: Backups, day: date, rest: Callable[[], bool]) -> Path:
    """Make the copy of ``day``, in the place of one that is there, and remove those that need not be kept any longer;
    the settings beside the store are laid beside the copies.

    One program at a time may do so. ``rest`` as in store.backup.copy. Raises BackupRefused (``folder``) if the folder
    is not there, BackupStopped, StoreDamaged if the store does not pass the check, StoreFull, StoreReadOnly, StoreAway.
    """
    if not backups.given:
        try:
            backups.folder.mkdir(exist_ok=True)
        except OSError as error:
            raise file_error(str(backups.folder), error) from error
    if not backups.folder.is_dir():
        raise BackupRefused(str(backups.folder), "folder")
    made = back_up_to(backups, backups.of_day(day), rest)
    with suppress(OSError, StoreError):  # with both the hall can be set up on another PC
        save_file(backups.store.with_name(SETTINGS).read_bytes(), backups.folder / SETTINGS)
    days = backups.days()
    for old in set(days) - kept(days):
        with suppress(OSError):
            backups.of_day(old).unlink()
    return made


def back_up_to(backups: Backups, file: Path, rest: Callable[[], bool]) -> Path:
    """Copy the store into ``file``: checked, and there whole or not at all. Raises as back_up."""
    if not backups.store.is_file():
        raise BackupRefused(str(backups.store), "store")
    if file.exists() and file.samefile(backups.store):
        raise BackupRefused(str(file), "itself")
    if not file.parent.is_dir():
        raise Misplaced(str(file))
    half = file.with_name(f".{file.name}.half")
    try:
        half.unlink(missing_ok=True)  # of a program that was killed
        copy(backups.store, half, rest)
        checked(half, backups.hall_id)
        half.replace(file)
        sync(file.parent)
    except StoreDamaged as error:
        raise StoreDamaged(str(backups.store), error.why) from error
    except (StoreFull, StoreReadOnly) as error:
        raise type(error)(str(file), error.why) from error
    except OSError as error:
        raise file_error(str(file), error) from error
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
    return file


def restore(backups: Backups, file: Path, hall_of: Callable[[Path], Hall], by: By) -> Restored:
    """Bring ``file`` back as the hall's store, with every event after it that the store still tells.

    The replaced file stays beside the new one. No program may have the store open. ``hall_of`` opens the hall in a
    file. Until the last step the store is as it was. Raises StoreDamaged or StoreTooNew for ``file``, StoreFull,
    StoreReadOnly or StoreAway.
    """
    contents = checked(file, backups.hall_id)
    work = backups.store.with_name(RESTORING)
    new, old = work / "hall.db", work / "old.db"
    try:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        shutil.copyfile(file, new)
        with suppress(OSError):  # a disk that cannot be read any more
            for side in ("", WAL):
                if beside(backups.store, side).exists():
                    shutil.copyfile(beside(backups.store, side), beside(old, side))
        hall = hall_of(new)
        try:
            salvaged, after = _caught_up(hall, old, backups, by, file)
            aside = backups.store.with_name(f"{ASIDE}{hall.clock.now().astimezone(hall.rules.zone):%Y%m%d-%H%M%S}.db")
        finally:
            hall.store.close()
        sync(new)
        return Restored(contents, salvaged, _put(backups.store, new, aside), after)
    except OSError as error:
        raise file_error(str(backups.store), error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _caught_up(hall: Hall, old: Path, backups: Backups, by: By, file: Path) -> tuple[Salvaged, int | None]:
    """What the replaced file still tells is in, and the restore itself is in the log."""
    salvaged = salvage(old, hall.store) if old.exists() else Salvaged(0, False)
    if old.exists() and not salvaged.complete and lend_first_page(file, old):
        more = salvage(old, hall.store)
        salvaged = Salvaged(salvaged.events + more.events, more.complete)
    with step(hall) as doing:
        after = None if salvaged.complete else LOST_SERIALS + LOST_AGAIN * len(
            list(backups.store.parent.glob(f"{ASIDE}{doing.day:%Y%m%d}-*.db")))
        changes = [] if after is None else [serials_after(doing.db, hall.id, doing.day, after)]
        doing.record(Kind.RESTORED, by, changes, data={"backup": file.name, "salvaged": salvaged.events,
                                                       "complete": salvaged.complete})
    return salvaged, after


def _put(store: Path, new: Path, aside: Path) -> Path | None:
    """``new`` in the place of the store, which stays as ``aside``: at no moment is there no store, and a log that
    belongs to the old file never lies beside the new one."""
    found = store.exists()
    for side in ("", WAL):
        if beside(store, side).exists():
            try:
                os.link(beside(store, side), beside(aside, side))
            except OSError:  # a file system without links
                shutil.copyfile(beside(store, side), beside(aside, side))
            sync(beside(aside, side))
    sync(store.parent)
    for side in (WAL, SHM):
        beside(store, side).unlink(missing_ok=True)
    new.replace(store)
    sync(store.parent)
    return aside if found else None


def beside(file: Path, side: str) -> Path:
    return file.with_name(file.name + side)
