"""A hall's bundle of a day or month, made from its store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hallapp.domain.bundle import Manifest, plain_figures
from hallapp.domain.county import CountyRefused, Period
from hallapp.domain.figures import Figures
from hallapp.services.bundle_file import HallKey, alias_of, sealed
from hallapp.services.hall import Hall, look
from hallapp.services.reports import figures
from hallapp.store import bundles, log
from hallapp.store.opening import open_sqlite
from hallapp.store.stripping import stripped


def key_of(hall: Hall, key: Ed25519PrivateKey) -> HallKey:
    """What the hall hands over once."""
    return HallKey(hall.id, hall.info.name, key.public_key().public_bytes_raw())


def bundle(hall: Hall, period: Period, key: Ed25519PrivateKey) -> tuple[Manifest, bytes]:
    """Of all that was written after the days before the period up to its last day: bundles of following periods follow
    each other without a gap, whatever the clocks showed.

    Raises CountyRefused: ``not_over`` for a period that is not; ``archived`` if its events lie in archive files;
    ``broken`` if the log was changed.
    """
    if hall.today() <= period.last:
        raise CountyRefused("not_over", f"{period.last}")
    with look(hall) as db:
        after = bundles.last_before(db, hall.id, period.first)
        last = max(after, bundles.last_before(db, hall.id, period.last + timedelta(days=1)))
        broken = next(log.broken_links(db, hall.id), None)
        if broken is not None:
            raise CountyRefused("broken", f"{broken}")
        rows = bundles.between(db, hall.id, after, last)
        if len(rows) != last - after:
            raise CountyRefused("archived", f"{period.first}", f"{period.last}")
        then = bundles.as_of(db, hall.id, last, period)
        manifest = Manifest(
            hall.id, hall.info.name, period, after + 1, last, bundles.hash_at(db, hall.id, after),
            bundles.hash_at(db, hall.id, last), _figures(hall, then, period))
    lines = [stripped(row, lambda number: alias_of(key, number)) for row in rows]
    return manifest, sealed(manifest, lines, key)


def _figures(hall: Hall, then: bundles.Then, period: Period) -> dict[str, object]:
    """Of each day with anything in it, as the hall stood ``then``: the morning after, the night's forgotten numbers are
    closed, and the next bundle brings that."""
    with TemporaryDirectory() as folder:
        store = open_sqlite(Path(folder) / "then.db", hall.id)
        try:
            bundles.put(store, then)
            past = replace(hall, store=store)
            days = [period.first + timedelta(days=turn) for turn in range(period.days)]
            found = {f"{day}": plain_figures(figures(past, day)) for day in days}
        finally:
            store.close()
    nothing = plain_figures(Figures(target=float(hall.rules.target_seconds)))
    return {day: one for day, one in found.items() if one != nothing}
