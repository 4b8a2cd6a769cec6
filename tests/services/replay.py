"""Replaying a store's log into a fresh one, for the tests that prove the log is the whole truth."""

from hallapp.store import log, tables
from hallapp.store.db import Store, reading
from hallapp.store.opening import open_sqlite
from hallapp.store.rows import Change


def rows(store: Store) -> dict[str, list]:
    """All rows of the hall in all state tables, in order of their keys."""
    with reading(store) as db:
        return {table.name: [tuple(row) for row in db.execute(_of_hall(table, store).order_by(*table.primary_key))]
                for table in tables.STATE_TABLES}


def _of_hall(table, store):
    return table.select().where(table.c.hall_id == store.hall_id)


def replayed(store: Store, path) -> dict[str, list]:
    """The state tables of a fresh store at ``path`` after all of ``store``'s recorded changes."""
    fresh = open_sqlite(path, store.hall_id)
    seen = 0
    with fresh.engine.connect() as target, target.begin(), reading(store) as source:
        while events := log.events_after(source, store.hall_id, seen):
            for event in events:
                log.apply(target, store.hall_id, [Change(*change) for change in event.changes])
            seen = events[-1].seq
    found = rows(fresh)
    fresh.close()
    return found


def check_store(store: Store, path) -> None:
    """The log is whole, its chain holds, and replaying it gives the tables."""
    with reading(store) as db:
        seqs = [row.seq for row in db.execute(_of_hall(tables.event, store).order_by(tables.event.c.seq))]
        assert seqs == list(range(1, len(seqs) + 1))
        assert list(log.broken_links(db, store.hall_id)) == []
    assert replayed(store, path) == rows(store)
