"""A hall's own server: real PostgreSQL behind its encrypted front."""

import os
import shutil
import signal
import socket
import ssl
import stat
import struct
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import psycopg
import pytest
from cryptography import x509

import hallapp
from hallapp.domain.errors import ServerFailed, StoreAway
from hallapp.server import programs
from hallapp.server.backup import back_up
from hallapp.server.cluster import Cluster, free_port
from hallapp.server.programs import windows_rights
from hallapp.server.service import halt, ready, systemd_unit, windows_task, within
from hallapp.store.opening import open_postgres


def with_password(cluster, password):
    return cluster.url("127.0.0.1").replace("hall@", f"hall:{password}@")


def test_a_hall_opens_its_store_through_the_front(cluster, password):
    store = open_postgres(with_password(cluster, password), "h1")
    with store.engine.connect() as db:
        driver = db.connection.driver_connection
        assert driver.pgconn.ssl_in_use
    store.close()
    assert cluster.status().running
    assert cluster.status().version.startswith("18")


def test_passwords_are_scram(cluster, password):
    with psycopg.connect(with_password(cluster, password)) as db:
        [stored] = db.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'hall'").fetchone()
    assert stored.startswith("SCRAM-SHA-256$")


def test_nobody_gets_in_with_a_wrong_password_or_without_one(cluster):
    for secret in ("wrong", ""):
        with pytest.raises(StoreAway, match="password"):
            open_postgres(with_password(cluster, secret), "h1")


def test_nobody_gets_in_without_encryption(cluster, password):
    with pytest.raises(psycopg.OperationalError, match="encrypted connections only"):
        psycopg.connect(with_password(cluster, password).replace("require", "disable"))


def test_a_station_can_check_that_it_is_this_very_server(cluster, password):
    root = quote(str(cluster.folder / "server.crt"))
    url = with_password(cluster, password).replace("require", f"verify-full&sslrootcert={root}")
    psycopg.connect(url).close()


def test_a_station_whose_clock_fell_back_to_its_makers_year_still_trusts_the_server(cluster):
    made = x509.load_pem_x509_certificate((cluster.folder / "server.crt").read_bytes())
    assert made.not_valid_before_utc.year == 1980
    assert made.not_valid_after_utc.year >= datetime.now(UTC).year + 19


@pytest.mark.skipif(not Path("/proc/self").exists() or os.geteuid() != 0, reason="only root has rights to give up")
def test_what_stations_come_in_by_runs_as_postgresql_does_and_not_as_root(cluster):
    front = int((cluster.folder / "pid").read_text())
    postgres = int((cluster.data / "postmaster.pid").read_text().split()[0])
    owner = (cluster.data / "PG_VERSION").stat().st_uid
    assert owner != 0
    for pid in (front, postgres):
        said = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        assert said["Uid"].split() == [str(owner)] * 4
        assert said["Groups"].split() in ([], [said["Gid"].split()[0]])


@pytest.mark.parametrize("hello", [b"", b"GET / HTTP/1.1\r\n\r\n", bytes(8), struct.pack("!ii", 8, 80877103) + b"junk",
                                   struct.pack("!ii", 2**31 - 1, 196608)])
def test_the_front_outlives_whatever_comes_in(cluster, password, hello):
    with socket.create_connection((cluster.front().hosts[0], cluster.front().port)) as visitor:
        visitor.sendall(hello)
        visitor.shutdown(socket.SHUT_WR)
        while visitor.recv(4096):
            pass
    psycopg.connect(with_password(cluster, password)).close()


def test_old_tls_is_refused(cluster):
    front = cluster.front()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection((front.hosts[0], front.port)) as visitor:
        visitor.sendall(struct.pack("!ii", 8, 80877103))
        assert visitor.recv(1) == b"S"
        with pytest.raises((ssl.SSLError, ConnectionError)):
            context.wrap_socket(visitor)


def test_key_and_password_are_for_the_servers_account_only(cluster):
    for name in ("password", "server.key"):
        assert stat.S_IMODE((cluster.folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="PostgreSQL refuses to run as root only")
def test_as_root_another_account_runs_it(cluster):
    assert cluster.data.owner() == "hallapp"


def test_a_backup_is_whole_and_can_be_read(cluster, password, tmp_path):
    open_postgres(with_password(cluster, password), "h1").close()
    file = back_up(cluster, tmp_path / "hall.backup")  # where the server's account may not go
    assert file.read_bytes().startswith(b"PGDMP")
    assert list(tmp_path.iterdir()) == [file]
    assert os.name != "posix" or stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_a_server_whose_postgres_was_killed_is_started_again(cluster, password, run):
    before = postmaster(cluster)
    os.kill(before, signal.SIGKILL)
    assert within(30, lambda: postmaster(cluster) not in (before, None) and ready(cluster))
    psycopg.connect(with_password(cluster, password)).close()
    os.kill(postmaster(cluster), signal.SIGKILL)
    started = run("start", "--folder", cluster.folder)
    assert (started.returncode, "正在运行" in started.stdout) == (0, True), started.stderr


def postmaster(cluster):
    """Its process, ``None`` while it writes down which."""
    with suppress(OSError, ValueError):
        return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


@pytest.mark.skipif(os.name != "posix", reason="kill")
def test_the_number_that_a_power_cut_left_behind_ends_no_other_program(server_folder):
    stopped = Cluster(server_folder / "cut")
    stopped.init(datetime.now(UTC), ("127.0.0.1",), free_port())
    with subprocess.Popen(["sleep", "600"]) as other:
        (stopped.folder / "pid").write_text(str(other.pid))
        halt(stopped)
        assert other.poll() is None
        other.kill()
    assert not (stopped.folder / "pid").exists()


def test_a_server_that_another_account_runs_is_left_as_it_is(cluster, monkeypatch):
    """As Windows' service, for who is no administrator: its number must not be lost, by which it is stopped later."""
    def refused(_process, _signal):
        raise PermissionError

    monkeypatch.setattr("os.kill", refused)
    with pytest.raises(ServerFailed) as told:
        halt(cluster)
    assert told.value.what == "foreign"
    assert (cluster.folder / "pid").exists()
    assert cluster.running()


def test_a_second_server_in_the_same_folder_or_at_the_same_port_is_refused(cluster, server_folder):
    with pytest.raises(ServerFailed) as exists:
        cluster.init(datetime.now(UTC))
    assert exists.value.what == "exists"
    with pytest.raises(ServerFailed) as taken:
        Cluster(server_folder / "second").init(datetime.now(UTC), ("127.0.0.1",), cluster.front().port)
    assert taken.value.what == "listen"
    assert not (server_folder / "second").exists()


def test_a_service_that_finds_the_server_at_work_leaves_it_at_work(cluster, run):
    """By hand and at boot, as ``systemctl enable --now`` does it while a server runs that was started by hand."""
    marks = [cluster.folder / "pid", cluster.data / "postmaster.pid"]
    before = [mark.read_text() for mark in marks]
    second = run("serve", "--folder", cluster.folder)
    assert second.returncode != 0
    assert "127.0.0.1" in second.stderr
    assert "端口有没有被占用" in second.stderr
    assert [mark.read_text() for mark in marks] == before


def test_a_making_that_was_broken_off_is_in_nobodys_way(server_folder, monkeypatch):
    half, start = Cluster(server_folder / "half"), Cluster.start

    def stopped(_cluster):
        raise KeyboardInterrupt

    monkeypatch.setattr(Cluster, "start", stopped)
    with pytest.raises(KeyboardInterrupt):
        half.init(datetime.now(UTC), port=free_port())
    monkeypatch.setattr(Cluster, "start", start)
    half.init(datetime.now(UTC), port=free_port())


def test_an_address_that_is_not_this_pcs_is_refused(server_folder):
    with pytest.raises(ServerFailed) as refused:
        Cluster(server_folder / "third").init(datetime.now(UTC), ("192.0.2.1",), 5999)
    assert refused.value.what == "listen"


def test_it_starts_with_the_pc_by_a_unit_or_a_task(cluster):
    unit = systemd_unit(cluster.folder)
    assert f' -m hallapp server serve --folder "{cluster.folder.resolve()}"\n' in unit
    assert "WantedBy=multi-user.target" in unit
    assert "Restart=on-failure" in unit  # who runs `hallapp server stop` wants it stopped
    assert "StartLimitIntervalSec=0\n\n[Service]" in unit  # tried for ever: its network cable may come in later
    assert "KillMode=mixed" in unit  # PostgreSQL is told to stop by hallapp, not by systemd


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root gives a folder away")
def test_a_server_that_somebody_made_without_being_root_starts_as_theirs(cluster, tmp_path):
    (tmp_path / "data").mkdir()
    shutil.chown(tmp_path / "data", "nobody")
    assert "\nUser=nobody\nExecStart=" in systemd_unit(tmp_path)
    assert "User=" not in systemd_unit(cluster.folder)  # root starts it, and PostgreSQL as the account made for it


def test_windows_starts_it_with_the_pc_and_never_ends_it(server_folder):
    task = windows_task(server_folder / "a & b").encode("utf-16")  # schtasks reads no other encoding
    found = {one.tag.rpartition("}")[2]: one.text for one in ElementTree.fromstring(task).iter()}
    assert (found["Command"], found["UserId"]) == (sys.executable, "S-1-5-20")
    assert found["Arguments"] == f'-m hallapp server serve --folder "{(server_folder / "a & b").resolve()}"'
    assert found["ExecutionTimeLimit"] == "PT0S"
    assert found["DisallowStartIfOnBatteries"] == found["StopIfGoingOnBatteries"] == "false"
    assert "BootTrigger" in found


@pytest.mark.parametrize("name", ["executable", "base_prefix"])
def test_what_windows_cannot_start_from_somebodys_own_folder_is_named(monkeypatch, tmp_path, name):
    assert programs.private(tmp_path) is None
    monkeypatch.setattr(sys, name, str(tmp_path / "Programs" / "Python312"))
    assert programs.private(tmp_path) == tmp_path / "Programs" / "Python312"


def test_what_pip_put_into_somebodys_own_folder_is_named():
    assert programs.private(Path(hallapp.__file__).parent) == Path(hallapp.__file__)
    assert programs.private(programs.program("postgres").parent) == programs.program("postgres")


def test_on_windows_nobody_else_gets_into_the_folder():
    command = windows_rights(Path("srv"), "wang")
    assert command[:4] == ["icacls", "srv", "/inheritance:r", "/grant:r"]
    assert command[4:] == [f"{one}:(OI)(CI)F" for one in ("*S-1-5-20", "*S-1-5-18", "*S-1-5-32-544", "wang")]
