"""A hall carried from its file to a server and back: nothing lost, nothing mixed, a break made good."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from hallapp.app.move import run_move
from hallapp.domain.errors import BadInput, HallError, ServerFailed
from hallapp.domain.upkeep import CannotMove, HallUnknown
from hallapp.services import kiosk, staff
from hallapp.services.hall import Hall
from hallapp.services.reports import figures
from hallapp.store import log, moving
from hallapp.store.db import reading
from hallapp.store.moving import halls_at, move
from hallapp.store.opening import open_postgres, open_sqlite
from tests.conftest import PASSWORD, TestClock
from tests.services.conftest import KIOSK, staffed_store  # noqa: F401
from tests.services.replay import rows
from tests.services.test_replay import TIMES, Day, moves


@pytest.fixture
def hall_id():
    return uuid4().hex


@pytest.fixture
def lived(staffed_store, tmp_path, hall_id):  # noqa: F811
    """A hall on SQLite after a random long day; its id is one that the server does not know yet."""
    path, plan = staffed_store
    shutil.copyfile(path, tmp_path / "hall.db")
    renamed(tmp_path / "hall.db", hall_id)
    store = open_sqlite(tmp_path / "hall.db", hall_id)
    clock = TestClock()
    hall = Hall(store, replace(plan.info, id=hall_id), plan.rules, plan.windows, plan.catalogue, clock,
                TIMES)
    day = Day(hall, clock)
    for name, by, pick in (*moves(1), *moves(2), *moves(3)):
        clock.advance(1)
        try:
            getattr(day, name)(by, pick)
        except HallError:
            continue
    yield hall
    store.close()


def renamed(path, hall_id):
    with closing(sqlite3.connect(path)) as raw, raw:
        for (table,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if table != "alembic_version":
                raw.execute(f'UPDATE "{table}" SET hall_id = ? WHERE hall_id = ?', (hall_id, "h1"))


@pytest.fixture
def server(postgres_url, hall_id):
    store = open_postgres(postgres_url, hall_id)
    yield store
    store.close()


def nobody(_done, _end):
    """Nobody wants to know how far it is."""


def test_a_hall_goes_to_the_server_and_works_on_there_and_comes_back(lived, server, tmp_path, hall_id):
    moved = move(lived.store, server, nobody)
    assert moved.events > 60
    assert rows(server) == rows(lived.store)
    assert rows(server)["appointment"]
    there = replace(lived, store=server)
    assert figures(there, lived.today()) == figures(lived, lived.today())
    assert staff.check_password(there, "0312", PASSWORD).number == "0312"
    number = kiosk.issue(there, KIOSK, kiosk.Wish("enrol")).ticket.number
    back = open_sqlite(tmp_path / "back.db", hall_id)
    move(server, back, nobody)
    assert rows(back) == rows(server)
    assert number in str(rows(back)["ticket"])
    back.close()


def test_a_broken_move_goes_on_where_it_stopped(lived, server, hall_id, monkeypatch):
    monkeypatch.setattr(moving, "BATCH", 7)

    class CableOut(Exception):
        pass

    def cut(done, end):
        if done > end // 2:
            raise CableOut

    with pytest.raises(CableOut):
        move(lived.store, server, cut)
    batches = []
    move(lived.store, server, lambda done, end: batches.append(done))
    with reading(lived.store) as db:
        assert batches[0] > log.last_seq(db, hall_id) // 2
    assert rows(server) == rows(lived.store)
    move(lived.store, server, nobody)  # once more: there is nothing left to do
    assert rows(server) == rows(lived.store)
    kiosk.issue(lived, KIOSK, kiosk.Wish("enrol"), "kiosk")  # the hall went on working, it was a rehearsal
    move(lived.store, server, nobody)
    assert rows(server) == rows(lived.store)


def test_two_histories_are_never_mixed(lived, server):
    kiosk.issue(replace(lived, store=server), KIOSK, kiosk.Wish("claim"))
    before = rows(server)
    with pytest.raises(CannotMove) as refused:
        move(lived.store, server, nobody)
    assert refused.value.why == "mixed"
    assert rows(server) == before


def test_somebody_who_begins_to_work_there_during_the_move_stops_it(lived, server, monkeypatch):
    monkeypatch.setattr(moving, "BATCH", 7)

    def work(done, _end):
        if done == 7:
            kiosk.issue(replace(lived, store=server), KIOSK, kiosk.Wish("claim"))

    with pytest.raises(CannotMove):
        move(lived.store, server, work)


def test_a_log_that_was_changed_is_not_carried_on(lived, server):
    with lived.store.engine.connect().execution_options(writes=True) as db, db.begin():
        db.execute(text("UPDATE event SET station = 'elsewhere' WHERE seq = 5"))
    with pytest.raises(CannotMove) as refused:
        move(lived.store, server, nobody)
    assert (refused.value.why, refused.value.where) == ("broken", "5")


def test_tables_that_do_not_follow_from_the_log_are_found(lived, server):
    with lived.store.engine.connect().execution_options(writes=True) as db, db.begin():
        db.execute(text("UPDATE ticket SET number = 'X999' WHERE id = (SELECT min(id) FROM ticket)"))
    with pytest.raises(CannotMove) as refused:
        move(lived.store, server, nobody)
    assert (refused.value.why, refused.value.where) == ("differs", "ticket")


def test_the_command_tells_what_arrived(lived, postgres_url, hall_id, tmp_path, capsys):
    assert run_move(f"sqlite:///{tmp_path / 'hall.db'}", postgres_url, hall_id) == 0
    with reading(lived.store) as db:
        events = db.execute(text("SELECT count(*) FROM event")).scalar()
    assert f"事件 {events} 条" in capsys.readouterr().out


def test_a_files_only_hall_need_not_be_named_and_no_other_is_made_there(lived, database, hall_id, tmp_path, capsys):
    path = f"sqlite:///{tmp_path / 'hall.db'}"
    with pytest.raises(HallUnknown):
        run_move(path, database, "mistyped")
    assert halls_at(path).keys() == {hall_id}
    assert run_move(path, database, None) == 0
    assert f"{hall_id} 搬移完成" in capsys.readouterr().out
    other = open_postgres(database, "other")
    kiosk.issue(replace(lived, store=other, info=replace(lived.info, id="other")), KIOSK, kiosk.Wish("claim"))
    other.close()
    with pytest.raises(ServerFailed) as refused:
        run_move(database, f"sqlite:///{tmp_path / 'new.db'}", None)
    assert refused.value.what == "which"
    assert not (tmp_path / "new.db").exists()
    assert run_move(database, f"sqlite:///{tmp_path / 'new.db'}", hall_id) == 0
    assert halls_at(f"sqlite:///{tmp_path / 'new.db'}") == halls_at(path)


def test_an_empty_database_has_no_hall_to_move(postgres_url, tmp_path):
    empty_database = f"{postgres_url.rpartition('/')[0]}/postgres"
    with pytest.raises(CannotMove) as refused:
        run_move(empty_database, f"sqlite:///{tmp_path / 'new.db'}", None)
    assert refused.value.why == "none"
    assert halls_at(empty_database) == {}


def test_a_hall_is_not_moved_onto_itself(lived, hall_id, tmp_path):
    (tmp_path / "folder").mkdir()
    for other in (tmp_path / "hall.db", tmp_path / "folder" / ".." / "hall.db"):
        with pytest.raises(CannotMove) as refused:
            run_move(f"sqlite:///{tmp_path / 'hall.db'}", f"sqlite:///{other}", hall_id)
        assert refused.value.why == "same"


@pytest.mark.parametrize("address", ["mysql://h/d", "postgresql://hall@h/hall?sslmod=require", "postgresql://[h/d",
                                     "hall.db"])
def test_an_address_that_is_none_is_refused(lived, tmp_path, address):
    for way in ((f"sqlite:///{tmp_path / 'hall.db'}", address), (address, f"sqlite:///{tmp_path / 'new.db'}")):
        with pytest.raises(BadInput):
            run_move(*way, None)
    assert not (tmp_path / "new.db").exists()


def test_a_file_that_is_not_there_is_not_made(postgres_url, tmp_path):
    with pytest.raises(HallError):
        run_move(f"sqlite:///{tmp_path / 'none.db'}", postgres_url, "h1")
    assert list(tmp_path.iterdir()) == []
