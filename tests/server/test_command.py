"""``hallapp server`` as people type it."""

import os
import sys
from contextlib import contextmanager
from datetime import date

import pytest

from hallapp.__main__ import main
from hallapp.server.cluster import Cluster, free_port
from hallapp.server.service import halt
from hallapp.store.partitions import following


@pytest.fixture
def folder(server_folder):
    """Where a test makes a server, which does not outlive it."""
    made = server_folder / "typed"
    yield made
    if (made / "data" / "PG_VERSION").exists():
        halt(Cluster(made))


def test_from_its_making_to_its_end(run, server_folder, folder):
    made = run("init", "--folder", folder, "--port", free_port())
    assert (made.returncode, made.stderr) == (0, "")
    assert "postgresql://hall@127.0.0.1:" in made.stdout
    assert (folder / "password").read_text() not in made.stdout
    assert run("status", "--folder", folder).returncode == 3
    started = run("start", "--folder", folder)
    assert started.returncode == 0, started.stderr
    assert "PostgreSQL 18" in started.stdout
    assert run("start", "--folder", folder).returncode == 0, "starting what runs is no error"
    upgraded = run("upgrade", "--folder", folder, "--out", folder / "kept.backup")
    assert (upgraded.returncode, upgraded.stderr) == (0, "")
    assert (folder / "kept.backup").read_bytes().startswith(b"PGDMP")
    assert run("status", "--folder", "typed", cwd=server_folder).returncode == 0
    kept = run("backup", "--folder", "typed", cwd=server_folder)  # as it is typed where one stands
    assert (kept.returncode, kept.stderr) == (0, "")
    assert [path.read_bytes()[:5] for path in server_folder.glob("hall-*.backup")] == [b"PGDMP"]
    archived = run("archive", "--folder", folder, "--before", "2025-01", "--out", folder)
    assert (archived.returncode, archived.stdout.strip()) == (0, "2025-01 以前没有要归档的事件。")
    early = run("archive", "--folder", folder, "--before", f"{following(date.today().replace(day=1)):%Y-%m}")
    assert (early.returncode, "还没有过完，没有归档" in early.stderr) == (1, True)
    assert run("archive", "--folder", folder).stderr.startswith("请用 --before 写明")
    lost = run("unarchive", "--folder", folder, "--out", folder / "none.gz")
    assert (lost.returncode, "none.gz 没有找到" in lost.stderr) == (1, True)
    stopped = run("stop", "--folder", folder)
    assert (stopped.returncode, stopped.stdout.strip()) == (0, "数据库已停止。")
    assert run("status", "--folder", folder).returncode == 3
    for action in (("backup",), ("upgrade",), ("archive", "--before", "2025-01"), ("alone",)):
        off = run(*action, "--folder", folder)
        assert (off.returncode, off.stderr.strip()) == (
            1, f"{folder} 的数据库没有运行。请先运行 hallapp server start。")


def test_mistakes_are_told_in_one_sentence(run, tmp_path):
    for action in ("start", "status", "stop", "backup", "boot"):
        done = run(action, "--folder", tmp_path / "nowhere")
        assert done.returncode == 1
        assert done.stderr.strip() == f"{tmp_path / 'nowhere'} 里没有数据库。请先运行 hallapp server init。"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="anybody else runs the server themselves")
def test_a_folder_that_is_closed_to_the_servers_account_is_named_with_the_way_out(run, tmp_path):
    """As root's own home is, where the data folder lies by default."""
    tmp_path.chmod(0o700)
    done = run("init", "--folder", tmp_path / "server", "--port", free_port())
    assert (done.returncode, f"进不去 {tmp_path / 'server'}。请用普通用户运行" in done.stderr) == (1, True)
    assert list((tmp_path / "server").iterdir()) == []


def test_who_may_not_have_it_started_at_boot_is_told_the_command_that_may(cluster, server_folder, monkeypatch, capsys):
    closed = server_folder / "closed"
    closed.mkdir(mode=0o500)
    monkeypatch.setattr("hallapp.app.server.UNIT", closed / "hallapp-server.service")
    with as_owner_of(cluster.folder):
        assert main(["server", "boot", "--folder", str(cluster.folder)]) == 1
    assert f'sudo "{sys.executable}" -m hallapp server boot --folder "{cluster.folder}"\n' in capsys.readouterr().err


@contextmanager
def as_owner_of(folder):
    """Root may write anywhere."""
    before = os.geteuid()
    os.seteuid(folder.stat().st_uid)
    yield
    os.seteuid(before)


def test_a_data_folder_of_ones_own_holds_its_server_too(tmp_path, capsys):
    for command in (["server", "status"], ["halls", "list"]):
        assert main(["--data", str(tmp_path), *command]) == 1
        assert str(tmp_path / "server") in capsys.readouterr().err
