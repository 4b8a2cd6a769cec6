"""A hall's bundle of a day or month, made from its store."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from hallapp.domain.bundle import Manifest, plain_figures
from hallapp.domain.county import CountyRefused, Period
from hallapp.domain.figures import Figures
from hallapp.services.bundle_file import HallKey, alias_of, sealed
from hallapp.services.files import save_file
from hallapp.services.hall import Hall, look
from hallapp.services.reports import figures
from hallapp.store import bundles, log
from hallapp.store.opening import open_sqlite
from hallapp.store.stripping import stripped

Borders = Mapping[date, int]  # the last event that was handed over with the days before a day
BORDER_FILE = "bundle.borders"


def key_of(hall: Hall, key: Ed25519PrivateKey) -> HallKey:
    """What the hall hands over once."""
    return HallKey(hall.id, hall.info.name, key.public_key().public_bytes_raw())


def bundle(
    hall: Hall, period: Period, key: Ed25519PrivateKey, kept: Borders | None = None
) -> tuple[Manifest, bytes]:
    """Of all that was written after the days before the period up to its last day: bundles of following periods follow
    each other without a gap, whatever the clocks showed.

    ``kept``: the borders of earlier bundles, which stay where they are: what a clock that was set back wrote since for
    days that are handed over already comes with the next bundle. Raises CountyRefused: ``not_over`` for a period that
    is not; ``archived`` if its events lie in archive files; ``broken`` if the log was changed.
    """
    if hall.today() <= period.last:
        raise CountyRefused("not_over", f"{period.last}")
    with look(hall) as db:
        after = _border(db, hall.id, period.first, kept or {})
        last = max(after, _border(db, hall.id, period.last + timedelta(days=1), kept or {}))
        broken = next(log.broken_links(db, hall.id), None)
        if broken is not None:
            raise CountyRefused("broken", f"{broken}")
        rows = bundles.between(db, hall.id, after, last)
        if len(rows) != last - after:
            raise CountyRefused("archived", f"{period.first}", f"{period.last}")
        days = {period.first + timedelta(days=turn) for turn in range(period.days)}
        days |= {row["day"] for row in rows if row["day"] < period.first}
        then = bundles.as_of(db, hall.id, last, days)
        manifest = Manifest(
            hall.id, hall.info.name, period, after + 1, last, bundles.hash_at(db, hall.id, after),
            bundles.hash_at(db, hall.id, last), _figures(hall, then, days))
    lines = [stripped(row, lambda number: alias_of(key, number)) for row in rows]
    return manifest, sealed(manifest, lines, key)


def _border(db: Connection, hall_id: str, day: date, kept: Borders) -> int:
    """Between those kept of days before and after it."""
    end = log.last_seq(db, hall_id)
    known = {one: seq for one, seq in kept.items() if seq <= end}  # a log restored from a backup ends before the others
    if day in known:
        return known[day]
    found = max([bundles.last_before(db, hall_id, day), *(seq for one, seq in known.items() if one < day)])
    return min([found, *(seq for one, seq in known.items() if one > day)])


def borders(folder: Path) -> dict[date, int]:
    """Those that the hall of that data folder has decided on. Raises CountyRefused for a damaged file."""
    file = folder / BORDER_FILE
    if not file.exists():
        return {}
    try:
        return {date.fromisoformat(day): int(seq) for day, seq in json.loads(file.read_bytes()).items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise CountyRefused("borders", str(file)) from error


def keep_borders(folder: Path, manifest: Manifest) -> None:
    """Those of a bundle, before it leaves the hall. Raises StoreReadOnly, StoreFull, or as ``borders``."""
    kept = borders(folder)
    kept[manifest.period.first] = manifest.first_seq - 1
    kept[manifest.period.last + timedelta(days=1)] = manifest.last_seq
    text = json.dumps({f"{day}": seq for day, seq in sorted(kept.items())}, indent=1)
    save_file(text.encode(), folder / BORDER_FILE)


def _figures(hall: Hall, then: bundles.Then, days: Collection[date]) -> dict[str, object]:
    """Of each day with anything in it, as the hall stood ``then``: the morning after, the night's forgotten numbers are
    closed, and the next bundle brings that."""
    with TemporaryDirectory() as folder:
        store = open_sqlite(Path(folder) / "then.db", hall.id)
        try:
            bundles.put(store, then)
            past = replace(hall, store=store)
            found = {f"{day}": plain_figures(figures(past, day)) for day in sorted(days)}
        finally:
            store.close()
    nothing = plain_figures(Figures(target=float(hall.rules.target_seconds)))
    return {day: one for day, one in found.items() if one != nothing}
