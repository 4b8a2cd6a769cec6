"""Which programs are at work on a data folder: each holds a file of its own, until it ends."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from hallapp.domain.errors import AlreadyOpen
from hallapp.domain.upkeep import BeingRestored, InUse

RESTORE = "restore"
BRIEFLY, PAUSE = 0.5, 0.02  # s, in which two that start at the same moment look at each other's marks


class Mark:
    """A file that one process holds. The system itself takes it back when the process ends, also by a crash or a power
    cut. What QLockFile writes into its files is not enough on Windows: there the number of a process that is gone,
    found again at another one after the next start, keeps a station shut."""

    def __init__(self, path: Path, file: int | None) -> None:
        """``file`` is open; None where nothing may be written, so that there are no marks."""
        self._path, self._file = path, file

    def release(self) -> None:
        if self._file is None:
            return
        if sys.platform == "win32":  # which lets nobody take a file away that somebody has open
            os.close(self._file)
        with contextlib.suppress(OSError):
            self._path.unlink()
        if sys.platform != "win32":  # held until it is away: nobody else's file is taken
            os.close(self._file)
        self._file = None


@contextlib.contextmanager
def at_work(folder: Path, program: str) -> Iterator[None]:
    """The time in which a program uses the store in a data folder. Raises as ``claimed``."""
    mark = claimed(folder, program)
    try:
        yield
    finally:
        mark.release()


def claimed(folder: Path, program: str) -> Mark:
    """The mark of a station that runs on this PC, such as ``counter-2``, or of a command: until its process ends, even
    by a crash.

    Whoever clicks an icon twice must not get two boards that speak at once. Raises AlreadyOpen, and BeingRestored while
    a backup is brought back.
    """
    mark = _marked(folder, program)
    if mark is None:
        raise AlreadyOpen(str(folder), program)
    restoring = _marked(folder, RESTORE, BRIEFLY)  # others who start at this moment look too
    if restoring is None:
        mark.release()
        raise BeingRestored(str(folder))
    restoring.release()
    return mark


def claimed_alone(folder: Path) -> Mark:
    """The mark of a restore: while it stands no program opens the store. Raises AlreadyOpen for another restore, and
    InUse with every program that has the store open."""
    mark = _marked(folder, RESTORE, BRIEFLY)
    if mark is None:
        raise AlreadyOpen(str(folder), RESTORE)
    others = sorted({file.name[1:].removesuffix(".lock") for file in folder.glob(".*.lock")} - {RESTORE})
    if running := tuple(name for name in others if not _free(folder, name)):
        mark.release()
        raise InUse(str(folder), running)
    return mark


def _free(folder: Path, program: str) -> bool:
    mark = _marked(folder, program)
    if mark is not None:
        mark.release()
    return mark is not None


def _marked(folder: Path, name: str, seconds: float = 0) -> Mark | None:
    """A mark that is held now; None: another process has it, and so long did not let go of it."""
    path, until = folder / f".{name}.lock", time.monotonic() + seconds
    while True:
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError:
            return Mark(path, None)
        try:
            held = _lock(file)
        except OSError:  # a file system that knows no locks
            return Mark(path, file)
        if held and _same(path, file):
            return Mark(path, file)
        os.close(file)
        if not held:
            if time.monotonic() >= until:
                return None
            time.sleep(PAUSE)


def _same(path: Path, file: int) -> bool:
    """Whether that file still is where it was opened: who held it may have taken it away meanwhile."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file))
    except FileNotFoundError:
        return False


def _lock(file: int) -> bool:
    """False: another process has it. Raises OSError where there are no locks."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if sys.platform == "win32" or isinstance(error, BlockingIOError):  # Windows tells no other reason reliably
            return False
        raise
    return True
