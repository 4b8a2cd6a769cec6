"""A backup, and a new server made from it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hallapp.app.server import run_server
from hallapp.domain.errors import BadInput, ServerFailed
from hallapp.server.cluster import Cluster, ask, free_port
from hallapp.services import kiosk
from hallapp.store import halls
from hallapp.store.opening import open_postgres
from tests.services.conftest import KIOSK
from tests.services.replay import rows


@pytest.fixture
def new_server(server_folder):
    """``new_server(name)``: a server without a hall, running."""
    made = []

    def make(name):
        one = Cluster(server_folder / name)
        one.init(datetime.now(UTC), port=free_port())
        one.start()
        made.append(one)
        return one

    yield make
    for one in made:
        one.stop()


@pytest.fixture
def opened():
    """``opened(url)``: the hall ``shanggang`` there."""
    stores = []

    def open_there(url):
        stores.append(open_postgres(url, "shanggang"))
        return stores[-1]

    yield open_there
    for store in stores:
        store.close()


def test_a_new_server_has_all_that_a_backup_kept_and_its_stations_come_back(new_server, opened, hall, tmp_path, capsys):
    old, file = new_server("lived"), tmp_path / "hall.backup"
    halls.add_hall(old.owner_url(), "shanggang", "上冈镇为民服务中心")
    store = opened(old.owner_url())
    there = replace(hall, store=store, info=replace(hall.info, id="shanggang"))
    kiosk.issue(there, KIOSK, kiosk.Wish("enrol"))
    assert run_server("backup", old.folder, (), None, file) == 0
    with pytest.raises(ServerFailed) as refused:
        run_server("restore", old.folder, (), None, file)
    assert refused.value.what == "filled"

    new = new_server("restored")
    assert run_server("restore", new.folder, (), None, file) == 0
    assert "已恢复" in capsys.readouterr().out
    assert rows(opened(new.owner_url())) == rows(store)
    desk = halls.add_hall(new.owner_url(), "shanggang", "")[0]
    address = new.owner_url().replace("hall:", f"{desk.role}:{desk.password}@", 1).partition("@")
    station = opened(f"{address[0]}@{address[2].partition('@')[2]}")
    assert kiosk.issue(replace(there, store=station), KIOSK, kiosk.Wish("enrol")).ticket.number == "A002"


def test_what_is_no_backup_leaves_a_server_as_it_was(new_server, tmp_path):
    new = new_server("untouched")
    halls.halls(new.owner_url())
    (tmp_path / "hall.backup").write_bytes(b"PGDMP and nothing more")
    with pytest.raises(ServerFailed) as no_backup:
        run_server("restore", new.folder, (), None, tmp_path / "hall.backup")
    assert no_backup.value.what == "no_backup"
    with pytest.raises(ServerFailed) as unread:
        run_server("restore", new.folder, (), None, tmp_path / "none.backup")
    assert unread.value.what == "unread"
    with pytest.raises(BadInput):
        run_server("restore", new.folder, (), None, None)
    assert ask(new, "SELECT count(*) FROM hall").strip() == "0"
