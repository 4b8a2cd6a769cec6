"""Old months of a server's event log: written to a file each, checked, taken out of the table; and brought back.

A file is gzipped JSON lines, one an event, in order of hall and seq: the columns of the event table, moments in ISO
8601, the hash in hex. The tables that show the hall's state keep everything, so reports do not need the files.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text

from hallapp.domain.errors import file_error
from hallapp.domain.upkeep import Archived, ArchiveRefused
from hallapp.store import log, tables
from hallapp.store.opening import owned
from hallapp.store.partitions import following, make_month, partition

BATCH = 1000
_event, _archive = tables.event, tables.archive


@dataclass(slots=True)
class Part:
    """What a month holds of one hall's log."""

    first: int
    last: int
    head: bytes


@dataclass(slots=True)
class Checked:
    """A file that was read through: its halls' parts, each a chain in itself, and how many events there are."""

    parts: dict[str, Part] = field(default_factory=dict)
    events: int = 0


def archive_before(url: str, before: date, folder: Path) -> Iterator[Archived]:
    """Every month that ends by ``before``, oldest first; each is one transaction.

    Raises ArchiveRefused, StoreReadOnly or StoreFull for the file, and StoreError kinds.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise file_error(str(folder), error) from error
    with owned(url) as db:
        found = db.execute(text("SELECT DISTINCT date_trunc('month', day)::date AS first FROM event "
                                "WHERE day < :before ORDER BY first"), {"before": before})
        months = [first for first in found.scalars() if following(first) <= before]
    for first in months:
        with owned(url) as db:
            yield _archive_month(db, first, folder / f"event-{first:%Y-%m}.jsonl.gz")


def bring_back(url: str, file: Path) -> Archived:
    """Put a file's events into the table again, the youngest month first. Raises as ``archive_before``."""
    with owned(url) as db:
        first = db.execute(select(func.max(_archive.c.month))).scalar()
        day = next(_rows(file), {"day": None})["day"]
        if first is None or day is None or day.replace(day=1) != first:
            raise ArchiveRefused("order", str(file))
        kept = {row.hall_id: Part(row.first_seq, row.last_seq, bytes(row.head))
                for row in db.execute(select(_archive).where(_archive.c.month == first))}
        db.execute(delete(_archive).where(_archive.c.month == first))
        checked = _read(file, {hall: log.archived(db, hall) for hall in kept})
        if checked.parts != kept:
            raise ArchiveRefused("damaged", str(file))
        if db.execute(text("SELECT to_regclass(:name)"), {"name": partition(first)}).scalar() is None:
            make_month(db, first)
        rows: list[dict[str, Any]] = []
        for row in _rows(file):
            rows.append(row)
            if len(rows) == BATCH:
                db.execute(insert(_event), rows)
                rows.clear()
        if rows:
            db.execute(insert(_event), rows)
    return Archived(first, file, len(kept), checked.events)


def _archive_month(db: Connection, first: date, file: Path) -> Archived:
    name = partition(first)
    if db.execute(text("SELECT to_regclass(:name)"), {"name": name}).scalar() is None:
        make_month(db, first)
    db.execute(text(f"LOCK TABLE {name} IN SHARE MODE"))  # nothing may come into it any more
    half = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        _write(db, first, half)
        halls = db.execute(text(f"SELECT DISTINCT hall_id FROM {name}")).scalars().all()
        checked = _read(half, {hall: log.archived(db, hall) for hall in halls})
        if checked.events != db.execute(text(f"SELECT count(*) FROM {name}")).scalar_one():
            raise ArchiveRefused("count", str(file))
        if file.exists() and file.read_bytes() != half.read_bytes():
            raise ArchiveRefused("exists", str(file))
        half.replace(file)
    except OSError as error:
        raise file_error(str(file), error) from error
    finally:
        half.unlink(missing_ok=True)
    db.execute(insert(_archive), [
        {"hall_id": hall, "month": first, "first_seq": part.first, "last_seq": part.last, "head": part.head}
        for hall, part in checked.parts.items()])
    db.execute(text(f"ALTER TABLE event DETACH PARTITION {name}"))
    db.execute(text(f"DROP TABLE {name}"))
    return Archived(first, file, len(checked.parts), checked.events)


def _write(db: Connection, first: date, path: Path) -> None:
    month = select(_event).where(_event.c.day >= first, _event.c.day < following(first))
    path.touch(mode=0o600)  # the log names the staff
    streamed = db.execute(month.order_by(_event.c.hall_id, _event.c.seq), execution_options={"yield_per": BATCH})
    with streamed as found, path.open("wb") as plain:
        with gzip.GzipFile("", "wb", fileobj=plain, mtime=0) as packed:  # no time in it: the same rows, the same bytes
            for row in found.mappings():
                packed.write(_line(dict(row)))
        plain.flush()
        os.fsync(plain.fileno())


def _line(row: dict[str, Any]) -> bytes:
    plain = {**row, "at": row["at"].astimezone(UTC).isoformat(), "day": row["day"].isoformat(),
             "hash": bytes(row["hash"]).hex()}
    return (json.dumps(plain, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """Raises ArchiveRefused for a file that is none of these."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield {**row, "at": datetime.fromisoformat(row["at"]), "day": date.fromisoformat(row["day"]),
                       "hash": bytes.fromhex(row["hash"])}
    except (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error) as error:
        raise ArchiveRefused("damaged", str(path)) from error


def _read(path: Path, before: dict[str, tuple[int, bytes]]) -> Checked:
    """Read a file through, every event against the hash of the one before it; ``before``: by hall, what the first of
    its events must follow. Raises ArchiveRefused."""
    checked = Checked()
    for row in _rows(path):
        hall, hashed, seq = row.pop("hall_id"), row.pop("hash"), row["seq"]
        part = checked.parts.get(hall)
        follows = (part.last, part.head) if part else before.get(hall)
        if follows and (seq != follows[0] + 1 or log.chained(follows[1], row) != hashed):
            raise ArchiveRefused("chain", f"{hall} {seq}")
        checked.parts[hall] = Part(part.first if part else seq, seq, hashed)
        checked.events += 1
    return checked
