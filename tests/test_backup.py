"""The day's copy by itself, and ``hallapp backup`` and ``hallapp restore``, with other programs running."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtWidgets import QLabel

from hallapp.__main__ import main
from hallapp.app import backup
from hallapp.app.backup import LOOK_SECONDS, RETRY_SECONDS, DailyBackup
from hallapp.app.hall import backups_of, open_hall, prepare_folder
from hallapp.app.marks import claimed
from hallapp.app.station import Station
from hallapp.domain.errors import ConfigError, StoreDamaged
from hallapp.domain.events import By
from hallapp.domain.printing import DeviceState, Trouble
from hallapp.domain.upkeep import BeingRestored
from hallapp.services import kiosk
from hallapp.services.hall import look
from hallapp.services.kiosk import Wish
from hallapp.store import queue
from hallapp.store.backup import checked
from hallapp.ui.startup import startup_sentence
from hallapp.ui.words import trouble_sentence

TODAY = "hall-2026-11-23.db"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "our hall"


@pytest.fixture
def opened(folder, clock):
    """A hall from the starter configuration with three numbers."""
    hall, config = open_hall(folder, clock)
    issue(hall, 3)
    yield hall, config
    hall.store.close()


def issue(hall, count=1):
    return [kiosk.issue(hall, By("kiosk"), Wish("enrol")).ticket.number for _ in range(count)]


@pytest.fixture
def daily(opened, folder):
    """``daily(folder=...)``: the worker of the day's copy, not started; ``told`` is what it reported."""
    hall, config = opened
    told, made = [], []

    def make(**changes):
        given = replace(backups_of(config, folder), **changes)
        made.append(DailyBackup(hall, given, told.append, told.append, start_seconds=0))
        return made[-1]

    make.told = told
    yield make
    for one in made:
        one.close()


def copies(folder):
    return sorted(file.name for file in (folder / "backups").iterdir() if file.name != "hall.toml")


def test_the_first_program_of_a_day_makes_its_copy_and_the_next_ones_only_look(daily, folder, monkeypatch):
    assert daily()._turn() == LOOK_SECONDS
    assert copies(folder) == [TODAY]
    assert daily.told[-1].state is DeviceState.READY
    monkeypatch.setattr(backup, "back_up", None)
    assert daily()._turn() == LOOK_SECONDS
    assert daily.told[-1].state is DeviceState.READY


def test_a_program_left_running_copies_the_new_day(daily, folder, clock):
    worker = daily()
    worker._turn()
    first = daily.told[-1]
    clock.advance(minutes=24 * 60)
    worker._turn()
    assert copies(folder) == [TODAY, "hall-2026-11-24.db"]
    assert daily.told[-1].state is DeviceState.READY
    assert daily.told[-1] != first, "whoever shows it is told anew"


def test_it_works_in_a_thread_of_its_own_and_ends_with_the_program(daily, folder, qtbot):
    worker = daily()
    worker.start()
    qtbot.waitUntil(lambda: bool(daily.told))
    worker.close()
    assert copies(folder) == [TODAY]


def test_a_program_that_ends_gives_a_copy_up_that_is_half_made(daily, folder, monkeypatch, qtbot):
    begun, may_go_on = Event(), Event()
    rest = DailyBackup._rest

    def slowly(worker):
        begun.set()
        may_go_on.wait()
        return rest(worker)

    monkeypatch.setattr(DailyBackup, "_rest", slowly)
    worker = daily()
    worker.start()
    begun.wait()
    worker._stopped.set()
    may_go_on.set()
    worker.close()
    assert (copies(folder), daily.told) == ([], [])


def test_a_missing_stick_is_told_with_what_to_do_and_tried_again(daily, folder, tmp_path):
    stick = tmp_path / "stick"
    worker = daily(folder=stick, given=True)
    assert worker._turn() == RETRY_SECONDS
    told = daily.told[-1]
    assert (told.state, told.trouble) == (DeviceState.WARNING, Trouble.NO_FOLDER)
    assert trouble_sentence(told) == f"备份没有做成：找不到备份文件夹，请接好备份盘（{stick}）"
    stick.mkdir()
    (stick / "hall-2026-11-20.db").touch()
    assert worker._turn() == LOOK_SECONDS
    assert daily.told[-1].state is DeviceState.READY
    assert sorted(file.name for file in stick.iterdir()) == ["hall-2026-11-20.db", TODAY, "hall.toml"]
    assert (stick / "hall.toml").read_bytes() == (folder / "hall.toml").read_bytes()


def test_the_empty_folder_of_a_disk_that_is_not_mounted_is_told_and_nothing_written_there(daily, tmp_path):
    place = tmp_path / "disk"
    place.mkdir()
    (place / "hall.toml").touch()
    worker = daily(folder=place, given=True)
    assert worker._turn() == RETRY_SECONDS
    assert [file.name for file in place.iterdir()] == ["hall.toml"]
    told = daily.told[-1]
    assert (told.state, told.trouble) == (DeviceState.WARNING, Trouble.BARE_FOLDER)
    assert "请接好备份盘；新盘请运行 hallapp backup" in trouble_sentence(told)


def test_a_new_disk_is_used_from_the_first_copy_on_that_somebody_makes(opened, daily, folder, tmp_path, capsys):
    disk = tmp_path / "disk"
    disk.mkdir()
    with (folder / "hall.toml").open("a", encoding="utf-8") as file:
        file.write(f'[backup]\nfolder = "{disk}"\n')
    worker = daily(folder=disk, given=True)
    worker._turn()
    for first in (True, False):
        assert run(folder, "backup") == 0
        assert (f"{disk} 里的第一份备份" in capsys.readouterr().out) is first
    assert worker._turn() == LOOK_SECONDS
    assert daily.told[-1].state is DeviceState.READY
    assert disk / TODAY in disk.iterdir()


def test_a_folder_that_may_not_be_written_is_told(daily):
    assert daily(folder=Path("/proc/self"))._turn() == RETRY_SECONDS
    assert daily.told[-1].trouble is Trouble.NO_RIGHTS


def test_a_damaged_store_is_told_as_down(daily, opened, folder):
    hall, _config = opened
    hall.store.close()
    data = bytearray((folder / "hall.db").read_bytes())
    data[4096 * 30:4096 * 31] = b"\x55" * 4096
    (folder / "hall.db").write_bytes(data)
    daily()._turn()
    assert (daily.told[-1].state, daily.told[-1].trouble) == (DeviceState.DOWN, Trouble.STORE_DAMAGED)


COPYING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from hallapp.app import backup
from hallapp.app.hall import SystemClock, backups_of, open_hall
SystemClock.now = lambda clock: datetime(2026, 11, 23, 1, tzinfo=UTC)
folder = Path(sys.argv[1])
hall, config = open_hall(folder)
def rest(worker):
    print("half", flush=True)
    return bool(sys.stdin.readline())
backup.DailyBackup._rest = rest
worker = backup.DailyBackup(hall, backups_of(config, folder), lambda told: print(told.state, flush=True), print, 0)
worker._turn()
hall.store.close()
"""


def test_an_error_that_nobody_expected_is_told_as_a_copy_that_was_not_made(daily, monkeypatch):
    def fail(*_given):
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(backup, "back_up", fail)
        with pytest.raises(ZeroDivisionError):
            daily()._turn()
    assert [(one.state, one.trouble) for one in daily.told] == [(DeviceState.WARNING, Trouble.COPY_FAILED)]
    daily()._turn()
    assert daily.told[-1].state is DeviceState.READY


@pytest.fixture
def copying(opened, folder):
    """Another program, in the middle of the day's copy."""
    with subprocess.Popen([sys.executable, "-c", COPYING, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "half\n", process.stderr.read()
        yield process
        process.kill()


def test_of_two_programs_that_start_at_once_one_makes_the_copy(copying, daily, folder):
    assert daily()._turn() == LOOK_SECONDS
    assert daily.told == [], "neither made nor failed: the other one is at it"
    assert copies(folder) == [f".{TODAY}.half"]
    said, complaint = copying.communicate("go on\n" * 9, timeout=60)
    assert (said.splitlines()[-1], copying.returncode) == ("ready", 0), complaint
    daily()._turn()
    assert daily.told[-1].state is DeviceState.READY
    assert copies(folder) == [TODAY]


def test_a_copy_that_another_program_made_at_the_last_moment_is_not_made_again(daily, folder, monkeypatch):
    first, second, claim = daily(), daily(), backup.at_work

    def claim_later(*where):
        monkeypatch.setattr(backup, "at_work", claim)
        first._turn()
        monkeypatch.setattr(backup, "back_up", None)
        return claim(*where)

    monkeypatch.setattr(backup, "at_work", claim_later)
    assert second._turn() == LOOK_SECONDS
    assert copies(folder) == [TODAY]


def test_numbers_are_issued_while_another_program_copies(copying, opened):
    assert issue(opened[0], 2) == ["A004", "A005"]


def test_a_copy_that_was_killed_half_way_never_counts_and_the_next_program_makes_it(copying, daily, opened, folder):
    copying.kill()
    copying.wait()
    assert copies(folder) == [f".{TODAY}.half"]
    assert backups_of(opened[1], folder).newest() is None
    assert daily()._turn() == LOOK_SECONDS
    assert copies(folder) == [TODAY]
    assert checked(folder / "backups" / TODAY, "hall").numbers == 3


def run(folder, *arguments):
    return main(["--data", str(folder), *map(str, arguments)])


def closed_hall(folder, count=3):
    hall, _config = open_hall(folder)
    issue(hall, count)
    hall.store.close()
    return hall.today()


def test_a_copy_is_made_by_hand_into_the_folder_or_a_file_while_the_hall_is_open(opened, folder, tmp_path, capsys):
    assert run(folder, "backup", "--to", tmp_path / "away.db") == 0
    assert checked(tmp_path / "away.db", "hall").numbers == 3
    assert str(tmp_path / "away.db") in capsys.readouterr().out
    assert run(folder, "backup") == 0
    [made] = copies(folder)
    assert made in capsys.readouterr().out
    issue(opened[0])
    assert run(folder, "backup") == 0
    assert checked(folder / "backups" / made, "hall").numbers == 4, "the later one of the day stands"


def test_no_copy_takes_the_place_of_the_store_itself(opened, folder, capsys):
    before = (folder / "hall.db").stat().st_ino
    (folder / "link.db").symlink_to("hall.db")
    for place in ("hall.db", "link.db"):
        assert run(folder, "backup", "--to", folder / place) == 1
        assert "正在使用的数据文件，没有改动" in capsys.readouterr().err
    assert (folder / "hall.db").stat().st_ino == before
    assert issue(opened[0]) == ["A004"]


def test_a_copy_to_where_there_is_no_folder_says_so(opened, folder, tmp_path, capsys):
    (tmp_path / "file").touch()
    for place in ("none", "file"):
        assert run(folder, "backup", "--to", tmp_path / place / "copy.db") == 1
        assert f"{tmp_path / place / 'copy.db'}：那里没有这个文件夹" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["none.db", "folder"])
def test_what_is_no_file_is_not_called_damaged(folder, tmp_path, capsys, name):
    closed_hall(folder)
    (tmp_path / "folder").mkdir()
    assert run(folder, "restore", tmp_path / name) == 1
    assert f"没有找到备份文件 {tmp_path / name}" in capsys.readouterr().err


def test_nothing_is_copied_and_no_store_made_where_there_is_none(folder, capsys):
    prepare_folder(folder)
    assert run(folder, "backup") == 1
    assert "没有找到数据文件" in capsys.readouterr().err
    assert not (folder / "hall.db").exists()


@pytest.mark.parametrize(("command", "advice"), [
    ("backup", "请在服务器上运行 hallapp server backup"),
    ("restore", "hallapp server restore --folder 新文件夹 --out 备份文件\n")])
def test_a_hall_on_a_server_is_told_of_its_own_command(folder, capsys, command, advice):
    folder.mkdir()
    (folder / "hall.toml").write_text(
        '[hall]\nid = "hall"\nname = "大厅"\n[[window]]\nnumber = 1\n[store]\n'
        'url = "postgresql://h1_desk:pw@10.0.0.9:5432/hall?sslmode=verify-ca&passfile=C:/hall/pgpass"\n',
        encoding="utf-8")
    assert run(folder, command) == 1
    said = capsys.readouterr().err
    assert "本厅的数据在数据库服务器 10.0.0.9:5432/hall 上，不在本机" in said
    assert advice in said
    for secret in ("h1_desk", "pw", "passfile"):
        assert secret not in said


def test_the_message_of_a_damaged_store_gives_the_command_and_the_command_brings_the_hall_back(folder):
    day = closed_hall(folder)
    run(folder, "backup")
    held = open_hall(folder)[0]
    issue(held, 2)
    held.store.close()
    (folder / "hall.db").write_bytes(b"\x55" * 90_000)
    with pytest.raises(StoreDamaged) as damaged:
        open_hall(folder)
    said = startup_sentence(damaged.value)
    copy = folder / "backups" / f"hall-{day}.db"
    [command] = [line for line in said.splitlines() if line.endswith(" restore")]
    assert str(copy) in said
    assert "读不出的会丢失" in said
    ran = subprocess.run(command, shell=True, capture_output=True, text=True, check=True,
                         env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])})
    told = ran.stdout
    [aside] = folder.glob("hall-replaced-*.db")
    for words in (str(copy), f"{day}", "发了 3 个号", "已经丢失", "从 501 起", "无号接待", str(aside)):
        assert words in told
    assert aside.read_bytes() == b"\x55" * 90_000
    hall, _config = open_hall(folder)
    assert issue(hall) == ["A501"]
    with look(hall) as db:
        assert len(queue.tickets_of_day(db, "hall", day)) == 4
    hall.store.close()


def test_a_damaged_store_without_any_good_copy_is_said_to_have_none(folder):
    closed_hall(folder)
    (folder / "hall.db").write_bytes(b"\x55" * 90_000)
    with pytest.raises(StoreDamaged) as damaged:
        open_hall(folder)
    assert "联系维护人员" in startup_sentence(damaged.value)
    assert "restore" not in startup_sentence(damaged.value)


def test_without_a_file_the_newest_good_copy_comes_back_and_nothing_is_lost_that_can_be_read(folder, capsys):
    day = closed_hall(folder)
    run(folder, "backup")
    bad = folder / "backups" / f"hall-{day + timedelta(days=1)}.db"
    bad.write_bytes(b"\x55" * 9000)
    hall = open_hall(folder)[0]
    issue(hall, 2)
    hall.store.close()
    capsys.readouterr()
    assert run(folder, "restore") == 0
    told = capsys.readouterr().out
    assert "又读出备份以后的 2 条记录" in told
    assert "没有丢失" in told
    hall, _config = open_hall(folder)
    assert issue(hall) == ["A006"]
    hall.store.close()


@pytest.mark.parametrize("content", [None, b"\x55" * 9000])
def test_without_a_good_copy_nothing_is_restored_and_nothing_changed(folder, capsys, content):
    closed_hall(folder)
    before = (folder / "hall.db").read_bytes()
    arguments = []
    if content is not None:
        (folder / "stick.db").write_bytes(content)
        arguments = [folder / "stick.db"]
    assert run(folder, "restore", *arguments) == 1
    assert ("stick.db 已损坏，或不是本厅的备份" if content else "没有完好的备份") in capsys.readouterr().err
    assert (folder / "hall.db").read_bytes() == before
    assert not list(folder.glob("hall-replaced-*"))


HOLD = """
import sys
from pathlib import Path
from hallapp.app.marks import claimed, claimed_alone
mark = claimed_alone(Path(sys.argv[1])) if sys.argv[2] == "restore" else claimed(Path(sys.argv[1]), sys.argv[2])
print("here", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holding(folder):
    """``holding(name)``: another program that works under this mark."""
    running = []

    def hold(name):
        running.append(subprocess.Popen([sys.executable, "-c", HOLD, str(folder), name], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True))
        assert running[-1].stdout.readline() == "here\n"
        return running[-1]

    yield hold
    for one in running:
        one.kill()
        one.communicate()


@pytest.mark.parametrize(("station", "name"), [
    ("kiosk", "“取号机”"), ("counter-2", "“2 号窗口的柜台”"), ("hall", "“本厅的窗口”"), ("backup", "“备份”"),
    ("move", "“搬移数据”")])
def test_no_copy_is_brought_back_while_a_program_of_the_hall_runs_and_one_that_was_killed_is_none(
        folder, holding, capsys, station, name):
    closed_hall(folder)
    run(folder, "backup")
    before = (folder / "hall.db").read_bytes()
    program = holding(station)
    assert run(folder, "restore") == 1
    said = capsys.readouterr().err
    assert f"{name}正在使用数据文件夹 {folder}" in said
    assert "请先关闭" in said
    assert (folder / "hall.db").read_bytes() == before
    program.kill()
    program.wait()
    assert run(folder, "restore") == 0


def test_no_program_starts_while_a_copy_is_brought_back(folder, holding):
    closed_hall(folder)
    restoring = holding("restore")
    with pytest.raises(BeingRestored) as told:
        claimed(folder, "kiosk")
    assert "正在恢复备份" in startup_sentence(told.value)
    restoring.kill()
    restoring.wait()
    claimed(folder, "kiosk").release()


def test_every_program_in_the_way_of_a_restore_is_named(folder, holding, capsys):
    closed_hall(folder)
    for name in ("report", "rater-1", "board"):
        holding(name)
    assert run(folder, "restore") == 1
    assert "“叫号屏”、“1 号窗口的评价屏”、“生成日报表”正在使用" in capsys.readouterr().err


def commands(folder, tmp_path):
    """Every command that opens the hall's file: the name of its mark, and how it is typed."""
    store = f"sqlite:///{folder / 'hall.db'}"
    return {
        "report": ["--data", folder, "report", "--out", tmp_path / "report.pdf"],
        "export-bundle": ["--data", folder, "export-bundle", "--day", "2026-11-20", "--out", tmp_path],
        "backup": ["--data", folder, "backup", "--to", tmp_path / "copy.db"],
        "move": ["move", store, f"sqlite:///{tmp_path / 'moved.db'}"],
        "restore": ["--data", folder, "restore"],
    }


COMMANDS = ["report", "export-bundle", "backup", "move", "restore"]


@pytest.mark.parametrize("command", ["report", "export-bundle", "backup", "restore", "password"])
def test_a_folder_that_is_no_halls_is_named_and_nothing_made_of_it(folder, tmp_path, capsys, command):
    words = {**commands(folder, tmp_path), "password": ["password", "0300", "--data", folder]}[command]
    assert main([str(word) for word in words]) == 1
    assert f"没有找到 {folder / 'hall.toml'}，什么也没有做。" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_opens_the_store_while_a_copy_is_brought_back(folder, holding, tmp_path, capsys, command):
    closed_hall(folder)
    holding("restore")
    assert main([str(word) for word in commands(folder, tmp_path)[command]]) == 1
    assert f"正在恢复备份（数据文件夹 {folder}）" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_restore_finds_every_command_that_has_the_store_open(folder, tmp_path, monkeypatch, capsys, command):
    closed_hall(folder)
    seen = []

    def caught(*_of, **_more):
        seen.append(main(["--data", str(folder), "restore"]))
        raise StoreDamaged("here", "enough")

    for place in ("hallapp.app.hall.hall_of", "hallapp.app.backup.back_up_to", "hallapp.app.move.move",
                  "hallapp.app.backup.restore"):
        monkeypatch.setattr(place, caught)
    (folder / "backups").mkdir(exist_ok=True)
    shutil.copyfile(folder / "hall.db", folder / "backups" / TODAY)
    main([str(word) for word in commands(folder, tmp_path)[command]])
    assert seen == [1]
    said = capsys.readouterr().err
    assert ("不能同时再做一次" if command == "restore" else "正在使用数据文件夹") in said


@pytest.mark.parametrize("command", ["report", "export-bundle", "backup", "move"])
def test_a_command_that_runs_already_is_not_run_twice_at_once(folder, holding, tmp_path, capsys, command):
    closed_hall(folder)
    holding(command)
    assert main([str(word) for word in commands(folder, tmp_path)[command]]) == 1
    assert "不能同时再做一次" in capsys.readouterr().err


def test_stations_that_start_at_once_do_not_take_one_another_for_a_restore(folder):
    closed_hall(folder)
    marks = [claimed(folder, name) for name in ("kiosk", "board", "counter-1")]
    for mark in marks:
        mark.release()


@pytest.mark.parametrize(("line", "given", "expected"), [
    ("", False, "backups"), ('[backup]\nfolder = "other"\n', True, "other"),
    ('[backup]\nfolder = "/media/stick"\n', True, "/media/stick")])
def test_hall_toml_may_name_another_folder(folder, line, given, expected):
    _hall, config = open_hall(folder)
    _hall.store.close()
    file = folder / "hall.toml"
    file.write_text(file.read_text(encoding="utf-8") + line, encoding="utf-8")
    hall, config = open_hall(folder)
    hall.store.close()
    found = backups_of(config, folder)
    assert (found.folder, found.given) == (folder / expected, given)


def test_a_typing_error_in_the_folders_name_is_found(folder):
    hall, _config = open_hall(folder)
    hall.store.close()
    with (folder / "hall.toml").open("a", encoding="utf-8") as file:
        file.write('[backup]\nfolders = "x"\n')
    with pytest.raises(ConfigError) as told:
        open_hall(folder)
    assert told.value.key == "backup.folders"


def test_a_copy_that_a_year_old_hall_keeps_is_taken_back_too(folder, tmp_path):
    """By its full name, from a stick."""
    day = closed_hall(folder)
    run(folder, "backup")
    stick = tmp_path / "stick" / f"hall-{date(2025, 12, 1)}.db"
    stick.parent.mkdir()
    shutil.move(folder / "backups" / f"hall-{day}.db", stick)
    (folder / "hall.db").unlink()
    assert run(folder, "restore", stick) == 0
    assert stick.exists()


@pytest.mark.parametrize("command", ["kiosk", "supervisor"])
def test_every_station_looks_after_the_copy_and_shows_how_it_went(opened, folder, themed, qtbot, command):
    hall, config = opened
    before = set(threading.enumerate())
    with Station(hall, config, backups=backups_of(config, folder)) as station:
        next(one for one in station._workers if isinstance(one, DailyBackup))._start_seconds = 0
        station.open(command, 1)
        qtbot.waitUntil(lambda: any(light.name == "backup" for light in station.lights.current()))
        qtbot.waitUntil(lambda: not station.tasks.busy and not station.office.busy)
        if command == "supervisor":
            assert station.windows[0].findChild(QLabel, "today-backup").text().startswith("上次备份：")
        for window in station.windows:
            getattr(window, "allow_close", lambda: None)()
    assert set(threading.enumerate()) == before
    assert copies(folder) == [TODAY]
