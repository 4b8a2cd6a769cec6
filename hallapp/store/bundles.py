"""The store's part of bundles: the events and the figures' rows that go out of a hall, and what a county takes in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, insert, select, union, update

from hallapp.domain.bundle import Held, Manifest
from hallapp.domain.upkeep import NotOwner
from hallapp.store import log, tables
from hallapp.store.db import LONG_SECONDS, Store, translated
from hallapp.store.rights import is_owner
from hallapp.store.rows import Change, reversed_change

BATCH = 500
_event, _hall, _bundle, _archive = tables.event, tables.hall, tables.bundle, tables.archive
_BY_DAY = (tables.ticket, tables.call, tables.item, tables.notice, tables.rating, tables.appointment)


@dataclass(frozen=True, slots=True)
class Then:
    """The rows of a period as they are now, by table, and the changes that take them back to an earlier moment."""

    rows: dict[str, list[dict[str, Any]]]
    back: list[Change]


def last_before(db: Connection, hall_id: str, day: date) -> int:
    """The last seq that an event of an earlier day has; 0 for none."""
    live = select(func.max(_event.c.seq)).where(_event.c.hall_id == hall_id, _event.c.day < day)
    kept = select(func.max(_archive.c.last_seq)).where(_archive.c.hall_id == hall_id, _archive.c.month < day)
    return max(db.execute(live).scalar() or 0, db.execute(kept).scalar() or 0)


def between(db: Connection, hall_id: str, after: int, last: int) -> list[dict[str, Any]]:
    query = select(_event).where(_event.c.hall_id == hall_id, _event.c.seq > after, _event.c.seq <= last)
    return [dict(row) for row in db.execute(query.order_by(_event.c.seq)).mappings()]


def hash_at(db: Connection, hall_id: str, seq: int) -> str:
    """The hash of the event, in hex; empty if there is none."""
    live = select(_event.c.hash).where(_event.c.hall_id == hall_id, _event.c.seq == seq)
    kept = select(_archive.c.head).where(_archive.c.hall_id == hall_id, _archive.c.last_seq == seq)
    found = db.execute(live).scalar() or db.execute(kept).scalar()
    return bytes(found).hex() if found else ""


def as_of(db: Connection, hall_id: str, seq: int, days: Collection[date]) -> Then:
    """What the reports of the days are made of, as it was after the event ``seq``."""
    def all_of(query: Select[Any]) -> list[dict[str, Any]]:
        return [dict(row) for row in db.execute(query).mappings()]

    item, interval, visit = tables.item, tables.interval, tables.visit
    mine = item.c.hall_id == hall_id, item.c.day.in_(days)
    visits = union(
        select(visit.c.id).where(visit.c.hall_id == hall_id, visit.c.day.in_(days)),
        select(item.c.visit_id).where(*mine))
    own = and_(interval.c.hall_id == item.c.hall_id, interval.c.item_id == item.c.id)
    rows = {
        **{one.name: all_of(select(one).where(one.c.hall_id == hall_id, one.c.day.in_(days))) for one in _BY_DAY},
        "visit": all_of(select(visit).where(visit.c.hall_id == hall_id, visit.c.id.in_(visits))),
        "interval": all_of(select(interval).join(item, own).where(*mine)),
    }
    later = db.execute(select(_event.c.changes).where(
        _event.c.hall_id == hall_id, _event.c.seq > seq).order_by(_event.c.seq.desc())).scalars()
    back = [reversed_change(Change(*plain)) for changes in later for plain in reversed(changes) if plain[0] in rows]
    return Then(rows, back)


def put(store: Store, then: Then) -> None:
    """Into an empty store."""
    with store.engine.connect().execution_options(writes=True) as db, db.begin():
        for name, rows in then.rows.items():
            if rows:
                db.execute(insert(tables.metadata.tables[name]), rows)
        log.apply(db, store.hall_id, then.back)


def trusted_key(db: Connection, hall_id: str) -> bytes | None:
    found = db.execute(select(_hall.c.bundle_key).where(_hall.c.hall_id == hall_id)).scalar()
    return None if found is None else bytes(found)


def trust(db: Connection, hall_id: str, name: str, public: bytes) -> None:
    """From now on bundles of the hall must be signed with that key; its row is made if need be."""
    given = {"bundle_key": public, "name": case((_hall.c.name == "", name), else_=_hall.c.name)}
    if db.execute(update(_hall).where(_hall.c.hall_id == hall_id).values(given)).rowcount == 0:
        db.execute(insert(_hall), {"hall_id": hall_id, "seq": 0, "name": name, "bundle_key": public})


@contextmanager
def county_writing(store: Store) -> Iterator[Connection]:
    """One transaction of the owner's, all or nothing. Raises NotOwner for anybody else, or StoreError kinds."""
    with translated(store.kind, store.where), store.engine.connect().execution_options(
            writes=True, seconds=LONG_SECONDS) as db, db.begin():
        if not is_owner(db):
            raise NotOwner(store.where)
        yield db


def held(db: Connection, hall_id: str) -> tuple[Held, int, date | None]:
    """What came by bundles so far, the last seq that there is, and the day on which the hall was closed; its row is
    held till the transaction ends."""
    hall = db.execute(select(_hall).where(_hall.c.hall_id == hall_id).with_for_update()).one()
    query = select(_bundle).where(_bundle.c.hall_id == hall_id).order_by(_bundle.c.last_day.desc()).limit(1)
    row = db.execute(query).first()
    found = Held(None, 0, "") if row is None else Held(row.last_day, row.last_seq, row.head)
    return found, hall.seq, hall.closed_on


def taken(db: Connection, hall_id: str, digest: bytes) -> bool:
    """Whether that very bundle came in before."""
    query = select(_bundle.c.last_day).where(_bundle.c.hall_id == hall_id, _bundle.c.digest == digest)
    return db.execute(query).first() is not None


def take(db: Connection, manifest: Manifest, events: Iterable[dict[str, Any]], digest: bytes, now: datetime) -> None:
    """Append a bundle's events, make their changes, and note the bundle. The log of the county's own chain goes on."""
    seq, head = log.head(db, manifest.hall_id)
    rows: list[dict[str, Any]] = []
    for row in events:
        seq, head = row["seq"], log.chained(head, row)
        rows.append({"hall_id": manifest.hall_id, **row, "hash": head})
        log.apply(db, manifest.hall_id, [Change(*plain) for plain in row["changes"]])
    for start in range(0, len(rows), BATCH):
        db.execute(insert(_event), rows[start:start + BATCH])
    if rows:
        db.execute(update(_hall).where(_hall.c.hall_id == manifest.hall_id).values(seq=seq, head=head))
    db.execute(insert(_bundle), {
        "hall_id": manifest.hall_id, "first_day": manifest.period.first, "last_day": manifest.period.last,
        "first_seq": manifest.first_seq, "last_seq": manifest.last_seq, "head": manifest.head, "digest": digest,
        "taken_at": now})


def bundled_to(db: Connection, halls: Sequence[str]) -> dict[str, date | None]:
    """Of the halls that send bundles, up to which day they came."""
    last = select(func.max(_bundle.c.last_day)).where(_bundle.c.hall_id == _hall.c.hall_id).scalar_subquery()
    sending = _hall.c.hall_id.in_(halls), _hall.c.bundle_key.is_not(None)
    return dict(db.execute(select(_hall.c.hall_id, last).where(*sending)).tuples().all())
