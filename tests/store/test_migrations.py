"""A store of an earlier version is backed up and upgraded with all that is in it."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import downgrade, upgrade
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from hallapp.domain.errors import StoreFull, StoreReadOnly
from hallapp.domain.events import By
from hallapp.domain.rules import HallInfo, Rules
from hallapp.services import kiosk
from hallapp.services.hall import Hall
from hallapp.store import log, opening, tables
from hallapp.store.db import reading
from hallapp.store.opening import HEAD, MIGRATIONS, open_postgres, open_sqlite
from hallapp.store.sqlite import engine_of
from tests.services.replay import check_store


def migrate(path, move, to):
    engine = engine_of(path)
    with engine.connect().execution_options(writes=True) as db, db.begin():
        move_in(db, move, to)
    engine.dispose()


def move_in(db, move, to):
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = db
    move(config, to)


def schema(path):
    """Every table and index as SQLite wrote it down."""
    with closing(sqlite3.connect(path)) as raw:
        return dict(raw.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall())


def rows(path):
    with closing(sqlite3.connect(path)) as raw:
        names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: raw.execute(f'SELECT * FROM "{name}"').fetchall() for name in names if name != "alembic_version"}


def issue(path, clock, catalogue, windows, count):
    store = open_sqlite(path, "h1")
    hall = Hall(store, HallInfo("h1", "大厅"), Rules(), windows, catalogue, clock)
    for _ in range(count):
        kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol"), "kiosk")
    return store


@pytest.fixture
def old(store_path, clock, catalogue, windows):
    """A store of version 0001 in which three numbers were issued."""
    issue(store_path, clock, catalogue, windows, 3).close()
    migrate(store_path, downgrade, "0001")
    return store_path


def test_an_old_store_is_upgraded_with_its_data_and_goes_on(old, clock, catalogue, windows, tmp_path):
    before = rows(old)
    assert len(before["ticket"]) == 3
    assert "rating" not in before
    open_sqlite(old, "h1").close()
    after = rows(old)
    assert [after.pop(name) for name in ("rating", "archive", "bundle", "appointment")] == [[], [], [], []]
    last = before["event"][-1][-1]
    knows = (*before.pop("hall")[0], last, "", None, None, None, None)
    assert after.pop("hall") == [knows], "the hall's row knows the last hash"
    before["ticket"] = [(*row, None) for row in before["ticket"]]  # booked for nothing
    assert after == before
    store = issue(old, clock, catalogue, windows, 1)
    check_store(store, tmp_path / "replayed.db")
    store.close()
    assert [row[3] for row in rows(old)["ticket"]] == ["A001", "A002", "A003", "A004"]


def test_before_an_upgrade_the_store_is_kept_beside_it(old):
    before = rows(old)
    open_sqlite(old, "h1").close()
    kept = old.with_name("hall.db.0001")
    assert rows(kept) == before
    assert {file.name for file in old.parent.iterdir()} >= {"hall.db", "hall.db.0001"}
    assert not list(old.parent.glob(".hall.db*"))


def test_without_a_copy_there_is_no_upgrade_and_the_place_is_told(old):
    in_the_way = old.with_name(f".hall.db.0001.{os.getpid()}")
    in_the_way.mkdir()
    before, laid_out = rows(old), schema(old)
    with pytest.raises(StoreReadOnly) as refused:
        open_sqlite(old, "h1")
    assert refused.value.where == str(old.with_name("hall.db.0001"))
    assert (rows(old), schema(old)) == (before, laid_out)
    in_the_way.rmdir()
    open_sqlite(old, "h1").close()


def test_a_backup_that_is_there_is_not_written_over(old):
    kept = old.with_name("hall.db.0001")
    kept.write_bytes(b"the first one")
    open_sqlite(old, "h1").close()
    assert kept.read_bytes() == b"the first one"


def test_a_store_that_needs_no_upgrade_is_not_copied(store_path):
    open_sqlite(store_path, "h1").close()
    assert not list(store_path.parent.glob("hall.db.0*"))


def test_an_upgrade_that_fails_leaves_the_old_store_and_its_copy(old, monkeypatch):
    before, laid_out = rows(old), schema(old)

    def full(_db):
        raise StoreFull(str(old))

    monkeypatch.setattr(opening, "_upgrade", full)
    with pytest.raises(StoreFull):
        open_sqlite(old, "h1")
    assert (rows(old), schema(old)) == (before, laid_out)
    assert rows(old.with_name("hall.db.0001")) == before


@pytest.mark.parametrize(("before", "tables_there"), [
    ("base", set()), ("0001", {"ticket"}), ("0002", {"ticket", "rating"}), ("0003", {"ticket", "rating", "archive"})])
def test_each_step_goes_down_and_up_again(store_path, before, tables_there):
    new = schema(store_path)
    migrate(store_path, downgrade, before)
    assert {"ticket", "rating", "archive"} & set(schema(store_path)) == tables_there
    migrate(store_path, upgrade, "head")
    assert schema(store_path) == new


def test_a_servers_event_log_goes_into_months_and_back_with_all_that_is_in_it(database, clock, catalogue, windows):
    store = open_postgres(database, "h1")
    hall = Hall(store, HallInfo("h1", "大厅"), Rules(), windows, catalogue, clock)
    clock.set_wall(datetime(2024, 12, 31, 2, tzinfo=UTC))
    for month in (1, 2):  # days 31 December, 31 January and back: the event log in two old months
        for _ in range(2):
            kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol", request=f"{month}-{_}"), "kiosk")
        clock.advance(minutes=31 * 24 * 60)
    with reading(store) as db:
        before = log.events_after(db, "h1", 0)
        assert len(before) == 4
    for to in ("0002", "head"):
        with store.engine.connect().execution_options(writes=True) as db, db.begin():
            move_in(db, downgrade if to == "0002" else upgrade, to)
        with reading(store) as db:
            assert log_of(db) == [one.seq for one in before]
    with reading(store) as db:
        assert log.events_after(db, "h1", 0) == before
        assert list(log.broken_links(db, "h1")) == []
        parts = db.execute(text("SELECT tableoid::regclass::text FROM event ORDER BY seq")).scalars().all()
    assert parts == ["event_2024_12"] * 2 + ["event_2025_01"] * 2
    store.close()


def log_of(db):
    return db.execute(text("SELECT seq FROM event WHERE hall_id = 'h1' ORDER BY seq")).scalars().all()


def test_the_first_version_is_frozen_as_it_was_given_out(store_path):
    """The tables of version 0001 by their columns; a change of store/tables.py must not reach it."""
    migrate(store_path, downgrade, "base")
    migrate(store_path, upgrade, "0001")
    found = {name: sql for name, sql in schema(store_path).items() if sql.startswith("CREATE TABLE")}
    assert set(found) == {"alembic_version", "hall", "event", "ticket", "call", "visit", "item", "interval", "notice",
                          "print_job", "staff", "session", "credential"}
    for file in (MIGRATIONS / "versions").glob("*.py"):
        assert "hallapp" not in file.read_text(encoding="utf-8"), f"{file.name} follows the program"


def test_head_is_the_models(store_path):
    store = open_sqlite(store_path, "h1")
    with reading(store) as db:
        assert compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), tables.metadata) == []
        assert {index["name"] for index in inspect(db).get_indexes("rating")} == {"ix_rating_day"}
        assert MigrationContext.configure(db).get_current_revision() == HEAD
    store.close()
