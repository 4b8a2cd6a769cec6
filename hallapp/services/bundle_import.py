"""Taking halls' bundles into a county's database: whole or not at all, each once, none before the one it follows."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from hallapp.domain.bundle import Held, Manifest, difference, plain_figures
from hallapp.domain.county import CountyRefused, Period
from hallapp.domain.figures import Figures
from hallapp.services.bundle_file import HallKey, hall_of, opened
from hallapp.store import bundles, county
from hallapp.store.db import Store, reading
from hallapp.store.spreads import Asked
from hallapp.store.stripping import event_row

LATER = ("booked", "kept")  # bundles of earlier versions bring the appointments, but no figures of them


def trust(store: Store, key: HallKey, *, replace: bool = False) -> None:
    """Believe bundles signed with the key. Raises CountyRefused ``other_key`` if another one is known and it is not to
    be replaced, ``works_here`` for a hall that writes into this database itself."""
    with bundles.county_writing(store) as db:
        known = bundles.trusted_key(db, key.hall_id)
        if known not in (None, key.public) and not replace:
            raise CountyRefused("other_key", key.hall_id, HallKey(key.hall_id, "", known or b"").fingerprint)
        bundles.trust(db, key.hall_id, key.name, key.public)
        held, seq, _ = bundles.held(db, key.hall_id)
        if held.last_seq != seq:
            raise CountyRefused("works_here", key.hall_id)


def take(store: Store, data: bytes, file: str, now: datetime) -> tuple[Manifest, bool]:
    """A bundle's manifest, and whether anything in it was new. Raises CountyRefused or StoreError kinds, and then
    nothing of it is in the database."""
    hall_id = hall_of(data, file)
    with reading(store) as db:
        public = bundles.trusted_key(db, hall_id)
    if public is None:
        raise CountyRefused("no_key", hall_id)
    manifest, lines = opened(data, public, file)
    digest = hashlib.sha256(data).digest()
    with bundles.county_writing(store) as db:
        held, seq, closed_on = bundles.held(db, hall_id)
        if bundles.taken(db, hall_id, digest) or _holds_nothing_for(held, manifest):
            return manifest, False
        if held.last_seq != seq:
            raise CountyRefused("works_here", hall_id)
        if closed_on is not None:
            raise CountyRefused("closed", hall_id, f"{closed_on}")
        _require_next(manifest, held, file)
        try:
            bundles.take(db, manifest, (event_row(line) for line in lines), digest, now)
        except (ValueError, KeyError, TypeError, IntegrityError) as error:
            raise CountyRefused("shape", file) from error
        _verify(db, manifest, file)
    return manifest, True


def _holds_nothing_for(held: Held, manifest: Manifest) -> bool:
    """Of quiet days; those after them came first."""
    return (held.last_day is not None and manifest.period.last <= held.last_day
            and manifest.first_seq > manifest.last_seq)


def _require_next(manifest: Manifest, held: Held, file: str) -> None:
    """Raises CountyRefused if it overlaps what is there, if something lies between, or if the hall's log is another."""
    if (held.last_day is not None and manifest.period.first <= held.last_day) or manifest.first_seq <= held.last_seq:
        raise CountyRefused("overlap", file, f"{held.last_day}")
    if manifest.first_seq > held.last_seq + 1:
        raise CountyRefused("gap", file, _missing(held, manifest))
    if manifest.before != held.head:
        raise CountyRefused("history", file)


def _missing(held: Held, manifest: Manifest) -> str:
    """Which days lie between, and which events."""
    since = f"{held.last_day + timedelta(days=1)}" if held.last_day else ""
    until = manifest.period.first - timedelta(days=1)
    return f"{since}~{until} (#{held.last_seq + 1}~#{manifest.first_seq - 1})"


def _verify(db: Connection, manifest: Manifest, file: str) -> None:
    """The county's own figures of the hall's days are those that the hall worked out itself."""
    for day in manifest.days():
        theirs = manifest.figures.get(f"{day}", {})
        target = theirs.get("target", 600.0)
        mine = plain_figures(county.figures(
            db, Asked([manifest.hall_id], Period(day, day), target))[manifest.hall_id])
        untold = {name: mine[name] for name in LATER}
        wrong = difference(mine, {**plain_figures(Figures(target=target)), **untold, **theirs})
        if wrong is not None:
            raise CountyRefused("differs", file, f"{day}{wrong}")
