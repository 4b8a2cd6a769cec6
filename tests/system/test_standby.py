"""A standby takes the place of the hall's server: what was answered is there, and the stations go on by themselves."""

import shutil
from datetime import UTC, datetime
from threading import Condition
from urllib.parse import quote
from uuid import uuid4

import psutil
import pytest

from hallapp.__main__ import main
from hallapp.load.halls import stations_of
from hallapp.server.cluster import Cluster, free_port
from hallapp.server.service import halt, launch
from hallapp.server.standby import SECRETS
from tests.system import stations
from tests.system.test_server_killed import HALL, SOON, Running, checked, everybody_works, kill

STATIONS = (("kiosk", 1), ("counter", 1), ("counter", 2), ("board-window", 0))


@pytest.fixture
def primary(server_folder):
    made = Cluster(server_folder / f"primary-{uuid4().hex}")
    made.init(datetime.now(UTC), port=free_port())
    launch(made)
    yield made
    halt(made)


@pytest.fixture
def standby(server_folder, primary):
    """As the README's recipe makes it."""
    made = Cluster(server_folder / f"standby-{uuid4().hex}")
    made.folder.mkdir()
    for name in SECRETS:
        shutil.copy(primary.folder / name, made.folder)
    assert main(["server", "standby", "--folder", str(made.folder), "--of", f"127.0.0.1:{primary.front().port}",
                 "--port", str(free_port())]) == 0
    yield made
    halt(made)


@pytest.fixture
def address(primary, standby):
    """Both servers, by their encrypted fronts, as a station's hall.toml has it."""
    places = ",".join(f"127.0.0.1:{one.front().port}" for one in (primary, standby))
    root = quote(str(primary.folder / "server.crt"))
    return (f"postgresql://hall:{primary.password_file.read_text()}@{places}/hall"
            f"?sslmode=verify-ca&sslrootcert={root}")


@pytest.fixture
def hall(address):
    made = stations.open_hall(address, HALL)
    stations_of(made)
    yield made
    made.store.close()


@pytest.fixture
def heard():
    return Condition()


@pytest.fixture
def running(address, hall, heard):
    made = [Running(kind, window, address, heard) for kind, window in STATIONS]
    *others, board = made
    board.begin()
    with heard:
        assert heard.wait_for(lambda: board.said("watching"), SOON)
    for one in others:
        one.begin()
    yield made
    for one in made:
        one.close()


def test_after_the_servers_end_the_standby_has_all_that_was_answered_and_the_stations_go_on(
        primary, standby, hall, running, heard, tmp_path, capsys):
    everybody_works(running, heard)
    service = psutil.Process(int((primary.folder / "pid").read_text()))
    kill(primary)
    service.kill()  # the PC is gone with everything on it
    (primary.folder / "pid").unlink()
    assert main(["server", "promote", "--folder", str(standby.folder)]) == 0
    assert "已接替" in capsys.readouterr().out
    everybody_works(running, heard)
    checked(running, heard, hall, tmp_path)
    assert main(["server", "promote", "--folder", str(standby.folder)]) == 1  # it follows nobody any more


def test_a_server_whose_standby_is_gone_waits_until_it_is_told_to_go_on_alone(primary, standby, hall, capsys):
    halt(standby)
    station, told = stations.StubbornKiosk(hall, stations.By("kiosk-1")), stations.Figures()
    with pytest.raises(stations.StoreError):
        station.turn(told)
    assert main(["server", "alone", "--folder", str(primary.folder)]) == 0
    station.turn(told)
    assert "told issued" in capsys.readouterr().out


def test_a_standby_is_not_made_without_the_other_servers_files_or_over_another_server(primary, tmp_path, capsys):
    wish = ["server", "standby", "--of", f"127.0.0.1:{primary.front().port}", "--port", str(free_port()), "--folder"]
    assert main([*wish, str(tmp_path)]) == 1
    assert "password、server.crt、server.key" in capsys.readouterr().err
    assert main([*wish, str(primary.folder)]) == 1
    assert "已经有数据库" in capsys.readouterr().err
    assert main(["server", "standby", "--folder", str(tmp_path)]) == 1
    assert "--of" in capsys.readouterr().err
