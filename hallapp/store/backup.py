"""Copies of a hall's SQLite file: made while it works, checked, and what a damaged file still tells beyond one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, select

from hallapp.domain.errors import StoreDamaged, StoreError, StoreTooNew, file_error
from hallapp.domain.upkeep import BackupStopped
from hallapp.store import log, tables
from hallapp.store.db import Store, reading
from hallapp.store.moving import BATCH, append, copy_passwords
from hallapp.store.opening import HEAD, sqlite_failures
from hallapp.store.rows import Change
from hallapp.store.sqlite import BUSY_SECONDS, Sqlite

STEP = 256  # pages of 4 KB that are copied, and brought to the disk, between two rests
HEADER = 100  # bytes of a file's header; with the size of a page at 16, and that of the file in pages at 28
WAL, SHM = "-wal", "-shm"  # what SQLite keeps beside a file in use


@dataclass(frozen=True, slots=True)
class Contents:
    """How far the hall had come in a file: its last event's seq, moment and day, and the numbers issued on that day."""

    seq: int
    at: datetime | None
    day: date | None
    numbers: int


@dataclass(frozen=True, slots=True)
class Salvaged:
    """Events after the backup that a replaced file still held, and whether they were all that it ever held."""

    events: int
    complete: bool


def copy(source: Path, target: Path, rest: Callable[[], bool]) -> None:
    """Copy a store's file as it is at this moment, while others go on writing to it.

    It is one read transaction, which in WAL mode no writer waits for, and so nothing that is written meanwhile makes
    the copy begin anew. ``VACUUM INTO`` is as good to writers on a quick disk, but brings all of the copy to the disk
    at its end, for which they wait on a slow one, and cannot be given up when the program ends. After each step
    ``rest`` is called: it waits a little, and says whether to go on. Raises BackupStopped if not, and StoreError kinds;
    a half copy may be left then.
    """
    with (sqlite_failures(target), closing(sqlite3.connect(target, isolation_level=None)) as made,
          closing(sqlite3.connect(source, timeout=BUSY_SECONDS, isolation_level=None)) as store):
        for begin in ("BEGIN", "SELECT count(*) FROM hall"):
            store.execute(begin).fetchall()
        for pragma in ("journal_mode=OFF", "synchronous=OFF"):  # a broken copy is thrown away, a whole one synced
            made.execute(f"PRAGMA {pragma}").close()

        def stepped(_status: int, _left: int, _all: int) -> None:
            sync(target)
            if not rest():
                raise BackupStopped(str(target))

        store.backup(made, pages=STEP, progress=stepped)
    sync(target)


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk. Raises StoreFull or StoreReadOnly."""
    if path.is_dir() and os.name == "nt":  # Windows opens no folder
        return
    try:
        opened = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
    except OSError as error:
        raise file_error(str(path), error) from error


def checked(path: Path, hall_id: str) -> Contents:
    """How far the hall had come in a copy; nothing is written beside it.

    Raises StoreTooNew, or StoreDamaged for a file that is no store of this hall, whose pages are damaged, or whose log
    does not end where the hall's row says or ends at no moment.
    """
    if not path.is_file():
        raise StoreDamaged(str(path), "no file")
    try:
        with closing(_as_it_lies(path)) as db:
            if (found := db.execute("PRAGMA quick_check(1)").fetchone()) != ("ok",):
                raise StoreDamaged(str(path), found[0])
            if (version := _version(db)) > HEAD:
                raise StoreTooNew(str(path), version)
            return _contents(db, path, hall_id)
    except (sqlite3.Error, TypeError, ValueError) as error:  # no such row, or rubbish in one
        raise StoreDamaged(str(path), str(error)) from error


def _contents(db: sqlite3.Connection, path: Path, hall_id: str) -> Contents:
    seq, head = db.execute("SELECT seq, head FROM hall WHERE hall_id = ?", (hall_id,)).fetchone()
    last = db.execute("SELECT seq, hash, at, day FROM event WHERE hall_id = ? ORDER BY seq DESC LIMIT 1",
                      (hall_id,)).fetchone()
    if (seq, head) != (last[:2] if last else (0, None)):
        raise StoreDamaged(str(path), "the log's end")
    if last is None:
        return Contents(0, None, None, 0)
    (numbers,) = db.execute("SELECT count(*) FROM ticket WHERE hall_id = ? AND day = ?", (hall_id, last[3])).fetchone()
    return Contents(seq, datetime.fromisoformat(last[2]).replace(tzinfo=UTC), date.fromisoformat(last[3]), numbers)


def salvage(damaged: Path, restored: Store) -> Salvaged:
    """Carry the events after the restored store's last one over from the file that it replaces, as far as they can be
    read and each follows from the one before. ``damaged`` is a copy for this use: reading may change it.
    """
    with reading(restored) as db:
        first, head = log.head(db, restored.hall_id)
    seq = first
    with _source(damaged, restored.hall_id) as source:
        try:
            while rows := _following(source, seq, head):
                append(restored, seq, rows)
                seq, head = rows[-1]["seq"], bytes(rows[-1]["hash"])
            with reading(source) as db:
                complete = log.head(db, restored.hall_id) == (seq, head)
        except (StoreError, ValueError, TypeError):  # what is damaged may be read as anything
            return Salvaged(seq - first, False)
        if complete:
            with suppress(StoreError):
                copy_passwords(source, restored)
    return Salvaged(seq - first, complete)


def lend_first_page(copy: Path, damaged: Path) -> bool:
    """Lay the first page of a backup over that of a later file of the same store, which tells where each table lies:
    tables stay where they are once made, so a file whose own first page is destroyed can be read by it. Whether the
    file tells the same version of the tables then. What is read must be checked: the page is an old one."""
    with copy.open("rb") as source, damaged.open("r+b") as target:
        header = source.read(HEADER)
        size = int.from_bytes(header[16:18], "big")
        size = 65536 if size == 1 else size  # the one that does not fit
        pages = damaged.stat().st_size // size
        target.write(header[:28] + pages.to_bytes(4, "big") + header[32:] + source.read(size - HEADER))
    try:
        with closing(_as_it_lies(copy)) as one, closing(_as_it_lies(damaged)) as other:
            return _version(one) == _version(other)
    except (sqlite3.Error, TypeError):
        return False


def _as_it_lies(path: Path) -> sqlite3.Connection:
    """A file to be looked into, and nothing beside it."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _version(db: sqlite3.Connection) -> str:
    return str(db.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _following(source: Store, seq: int, head: bytes) -> list[dict[str, Any]]:
    """Up to BATCH readable events that follow ``seq``, whose hash is ``head``."""
    found: list[dict[str, Any]] = []
    with suppress(ValueError, TypeError, StoreError), reading(source) as db:
        for row in log.rows_after(db, source.hall_id, seq, BATCH):
            plain = {name: row[name] for name in row if name not in ("hall_id", "hash")}
            if row["seq"] != seq + 1 or bytes(row["hash"]) != log.chained(head, plain):
                break
            found.append(row)
            seq, head = row["seq"], bytes(row["hash"])
    return found


@contextmanager
def _source(path: Path, hall_id: str) -> Iterator[Store]:
    address = f"{path.absolute().as_uri()}?mode=ro"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)
    store = Store(engine, Sqlite(), hall_id, str(path))
    try:
        yield store
    finally:
        store.close()


def serials_after(db: Connection, hall_id: str, day: date, serial: int) -> Change:
    """On ``day`` the numbers of every lane come after this serial."""
    row = db.execute(select(tables.hall).where(tables.hall.c.hall_id == hall_id)).one()
    before = {"restored_on": row.restored_on and row.restored_on.isoformat(), "serials_after": row.serials_after}
    return Change("hall", hall_id, before, {"restored_on": day.isoformat(), "serials_after": serial})
