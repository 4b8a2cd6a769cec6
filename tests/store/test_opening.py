"""Opening a store: new, again, at once, and every way in which it cannot be."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select

from hallapp.domain.errors import StoreAway, StoreDamaged, StoreFull, StoreReadOnly, StoreTooNew, StoreTooOld
from hallapp.store import opening, tables
from hallapp.store.db import reading
from hallapp.store.opening import HEAD, MIGRATIONS, open_postgres, open_sqlite
from hallapp.store.sqlite import Sqlite


def test_a_new_store_has_all_tables_and_its_hall(tmp_path):
    store = open_sqlite(tmp_path / "sub" / "hall.db", "h1")
    with reading(store) as db:
        assert set(inspect(db).get_table_names()) == {*tables.metadata.tables, "alembic_version"}
        assert db.execute(select(tables.hall)).all() == [("h1", 0, None, "", None, None, None, None)]
    store.close()


def test_opening_again_changes_nothing(tmp_path):
    path = tmp_path / "hall.db"
    open_sqlite(path, "h1").close()
    before = path.read_bytes()
    open_sqlite(path, "h1").close()
    assert path.read_bytes() == before


def test_a_second_hall_may_live_in_the_same_store(store_path):
    store = open_sqlite(store_path, "h2")
    with reading(store) as db:
        assert db.execute(select(tables.hall.c.hall_id)).scalars().all() == ["h1", "h2"]
    store.close()


def test_a_commit_survives_a_power_cut(store_path):
    store = open_sqlite(store_path, "h1")
    with reading(store) as db:
        assert db.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert db.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
    store.close()


def test_the_migrations_end_in_the_tables(store_path):
    store = open_sqlite(store_path, "h1")
    with reading(store) as db:
        assert compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), tables.metadata) == []
    store.close()


def test_the_opening_knows_the_newest_migration():
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [HEAD]


def test_a_newer_programs_store_is_refused_and_left_alone(store_path):
    with closing(sqlite3.connect(store_path)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreTooNew) as refused:
        open_sqlite(store_path, "h1")
    assert refused.value.where == str(store_path)
    with closing(sqlite3.connect(store_path)) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_another_programs_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "hall.db"
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("CREATE TABLE theirs (x)")
    with pytest.raises(StoreDamaged):
        open_sqlite(path, "h1")
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "hall.db"
    path.write_bytes(b"these are the minutes of a meeting\n" * 100)
    with pytest.raises(StoreDamaged):
        open_sqlite(path, "h1")
    assert path.read_bytes().startswith(b"these are")


def test_damaged_pages_are_found_when_they_are_read(store_path):
    data = bytearray(store_path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    store_path.write_bytes(data)
    with pytest.raises(StoreDamaged):
        open_sqlite(store_path, "h1")


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreReadOnly) as refused:
        open_sqlite(tmp_path / "file" / "data" / "hall.db", "h1")
    assert refused.value.where == str(tmp_path / "file" / "data")


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path):
    (tmp_path / "hall.db").mkdir()
    with pytest.raises(StoreReadOnly):
        open_sqlite(tmp_path / "hall.db", "h1")


def failure(path, statement, *, mode="rw", prepare=()):
    with closing(sqlite3.connect(f"file:{path}?mode={mode}", uri=True, timeout=0)) as raw:
        for line in prepare:
            raw.execute(line).close()
        with pytest.raises(sqlite3.Error) as failed:
            raw.execute(statement)
        return Sqlite().failure(failed.value)


def test_sqlites_own_words_become_store_errors(store_path, tmp_path):
    write = "UPDATE hall SET seq = 1"
    assert failure(store_path, write, mode="ro") is StoreReadOnly
    assert failure(store_path, "CREATE TABLE more AS SELECT zeroblob(99999)",
                   prepare=["PRAGMA max_page_count = 1"]) is StoreFull
    with closing(sqlite3.connect(store_path)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert failure(store_path, write) is StoreAway
    (tmp_path / "junk").write_bytes(b"x" * 5000)
    assert failure(tmp_path / "junk", "SELECT * FROM hall") is StoreDamaged


OPEN = """
import sys
from pathlib import Path
from hallapp.store.opening import open_sqlite
print("ready", flush=True)
sys.stdin.readline()
open_sqlite(Path(sys.argv[1]), "h1").close()
"""


def test_programs_that_start_at_once_make_one_store(tmp_path):
    path = tmp_path / "hall.db"
    starting = [
        subprocess.Popen([sys.executable, "-c", OPEN, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in starting:
        assert process.stdout.readline() == "ready\n"
    for process in starting:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in starting:
        _, complaint = process.communicate(timeout=30)
        assert process.returncode == 0, complaint
    store = open_sqlite(path, "h1")
    with reading(store) as db:
        assert db.execute(select(tables.hall)).all() == [("h1", 0, None, "", None, None, None, None)]
    store.close()


def test_a_server_makes_its_tables_once_for_all_halls(postgres_url):
    first, second = (open_postgres(postgres_url, uuid4().hex) for _ in range(2))
    with reading(first) as db:
        halls = set(db.execute(select(tables.hall.c.hall_id)).scalars())
    assert {first.hall_id, second.hall_id} <= halls
    first.close()
    second.close()


def test_a_server_that_is_not_there_is_said_without_its_password():
    with pytest.raises(StoreAway) as away:
        open_postgres("postgresql://hall:secret@127.0.0.1:1/hall", "h1")
    assert away.value.where == "postgresql://hall:***@127.0.0.1:1/hall"
    assert "secret" not in str(away.value)


def test_a_server_that_is_too_old_is_refused(postgres_url, monkeypatch):
    monkeypatch.setattr(opening, "OLDEST_POSTGRES", (99,))
    with pytest.raises(StoreTooOld, match="18"):
        open_postgres(postgres_url, "h1")


@pytest.mark.parametrize(("code", "kind"), [
    (sqlite3.SQLITE_IOERR_SHMSIZE, StoreFull), (sqlite3.SQLITE_IOERR_READ, StoreAway),
    (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreAway), (sqlite3.SQLITE_READONLY_DBMOVED, StoreReadOnly)])
def test_sqlites_failures_are_told_by_their_kind_or_their_own_number(code, kind):
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    assert Sqlite().failure(error) is kind
