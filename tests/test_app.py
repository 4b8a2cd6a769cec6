"""The program put together: what each command opens, what a broken start says, that closing leaves no thread."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from drivers.raters.keypad import KeypadSettings
from drivers.sim.printer import PrinterSimulator
from hallapp.__main__ import main
from hallapp.app.backup import run_backup
from hallapp.app.hall import open_hall, prepare_folder
from hallapp.app.marks import claimed
from hallapp.app.station import Station
from hallapp.app.windows import make_window
from hallapp.devices.settings import DeviceSettings
from hallapp.domain.errors import StoreDamaged, StoreTooNew
from hallapp.domain.events import By, Kind
from hallapp.domain.staff import Role, Staff
from hallapp.domain.upkeep import OtherHall
from hallapp.services.appointments import book_of
from hallapp.services.hall import look
from hallapp.services.printing import open_jobs
from hallapp.services.staff import add_staff, everyone
from hallapp.store.log import events_after
from hallapp.ui.counter.dialogs.confirm import Confirm
from hallapp.ui.counter.shell import ShellPresenter
from hallapp.ui.day_turn import DayTurn
from hallapp.ui.startup import startup_sentence
from hallapp.ui.words import trouble_sentence


@pytest.fixture
def opened(qtbot, themed, tmp_path):
    """A hall from the starter configuration, as the first start makes it."""
    hall, config = open_hall(tmp_path)
    yield hall, config
    hall.store.close()


@pytest.mark.parametrize(("command", "windows"), [
    ("hall", ["CounterShell", "KioskWindow", "BoardWindow", "SupervisorWindow"]), ("kiosk", ["KioskWindow"]),
    ("board", ["BoardWindow"]), ("counter", ["CounterShell"]), ("supervisor", ["SupervisorWindow"]),
    ("rater", ["RaterWindow"]),
])
def test_each_command_opens_its_windows_and_leaves_no_thread(opened, qtbot, command, windows):
    hall, config = opened
    before = set(threading.enumerate())
    with Station(hall, config) as station:
        station.open(command, 1)
        assert [type(window).__name__ for window in station.windows] == windows
        qtbot.waitUntil(lambda: not station.tasks.busy)
        assert station.windows[0].isVisible()
        assert bool(station.windows[0].findChildren(DayTurn)) == (command not in ("kiosk", "board"))
        for window in station.windows:
            getattr(window, "allow_close", lambda: None)()
    assert set(threading.enumerate()) == before


@pytest.mark.parametrize(("command", "windows"), [
    ("hall", ["CounterShell", "KioskWindow", "BoardWindow", "RaterWindow", "SupervisorWindow"]),
    ("counter", ["CounterShell", "RaterWindow"]), ("rater", ["RaterWindow"]),
])
def test_with_a_rating_screen_the_counter_opens_it_and_takes_it_along(opened, qtbot, command, windows):
    hall, config = opened
    with Station(hall, replace(config, rater="screen")) as station:
        station.open(command, 1)
        assert [type(window).__name__ for window in station.windows] == windows
        qtbot.waitUntil(lambda: not station.tasks.busy)
        rater = next(window for window in station.windows if type(window).__name__ == "RaterWindow")
        assert "1 号窗口" in rater.windowTitle()
        assert rater.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose) == (command == "rater")
        takes_keys = not rater.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
        assert takes_keys == (command == "rater")  # a visitor's touch leaves them to the clerk
        if command != "rater":
            station.windows[0].findChild(ShellPresenter).seated.emit(3)
            assert "3 号窗口" in rater.windowTitle()
        for window in station.windows:
            getattr(window, "allow_close", lambda: None)()


def test_a_rating_pad_is_served_from_the_counter_and_its_trouble_is_shown(opened, qtbot, tmp_path):
    hall, config = opened
    pad = DeviceSettings("rater", "rater", "keypad", str(tmp_path / "gone"), None, "", KeypadSettings(2, {"01": 5}))
    before = set(threading.enumerate())
    with Station(hall, replace(config, rater="keypad", devices=(pad,))) as station:
        station.open("counter", 1)
        qtbot.waitUntil(lambda: any(light.name == "rater" for light in station.lights.troubled()))
        pad_served = next(one for one in station._served if one.kind == "rater")
        assert {line.sign for line in pad_served.wire()} == {"!"}
        assert [type(window).__name__ for window in station.windows] == ["CounterShell"]
    assert set(threading.enumerate()) == before


def test_on_one_screen_the_counter_is_in_front_and_the_others_one_key_away(opened, qtbot):
    hall, config = opened
    with Station(hall, config) as station:
        station.open("hall", 1)
        qtbot.waitUntil(lambda: station.windows[0].isActiveWindow())
        for place, window in ((2, station.windows[1]), (3, station.windows[2]), (1, station.windows[0])):
            qtbot.keyClick(QApplication.activeWindow(), f"{place}", Qt.KeyboardModifier.ControlModifier)
            qtbot.waitUntil(window.isActiveWindow)


def test_the_counter_comes_in_front_again_where_a_desktop_puts_each_new_window_there(opened, qtbot):
    hall, config = opened
    with Station(hall, config) as station:
        station.open("hall", 1)
        for window in station.windows[:0:-1]:
            window.activateWindow()
            qtbot.waitUntil(station.windows[0].isActiveWindow)


def test_a_hall_that_has_set_no_printer_is_told_so_at_counter_and_kiosk(opened, qtbot):
    hall, config = opened
    with Station(hall, config) as station:
        station.open("hall", 1)
        qtbot.waitUntil(lambda: [one.name for one in station.lights.troubled() if one.kind == "printer"] == ["kiosk"])
        light = next(one for one in station.lights.troubled() if one.kind == "printer")
        assert trouble_sentence(light) == "取号机打印机没有设置，小票只画成图片，存在数据文件夹的 slips 里"
        qtbot.waitUntil(lambda: not station.tasks.busy)
        qtbot.mouseClick(station.windows[1].findChild(QPushButton, "group-other"), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: station.windows[1].page.findChild(QLabel, "number") is not None)
        assert "本机不出号码单" in station.windows[1].page.findChild(QLabel, "slip").text()
        for window in station.windows:
            getattr(window, "allow_close", lambda: None)()


def test_those_who_work_here_are_told_the_keys_of_the_other_windows_and_where_the_settings_lie(opened):
    hall, config = opened
    with Station(hall, config) as station:
        station.open("hall", 1)
        shell, _kiosk, _board, supervisor = station.windows
        assert "Ctrl+4 管理" in shell.page.findChild(QLabel, "window-keys").text()
        assert "Ctrl+1 柜台" in supervisor.findChild(QLabel, "window-keys").text()
        assert any(str(config.file) in one.text() for one in supervisor.findChildren(QLabel))


def test_a_damaged_store_is_named_and_left_alone(tmp_path):
    prepare_folder(tmp_path)
    (tmp_path / "hall.db").write_bytes(b"this is no store" * 600)
    with pytest.raises(StoreDamaged) as caught:
        open_hall(tmp_path)
    assert str(tmp_path / "hall.db") in startup_sentence(caught.value)
    assert (tmp_path / "hall.db").read_bytes() == b"this is no store" * 600


def test_the_hall_takes_the_appointments_that_its_hall_toml_says(tmp_path):
    file = prepare_folder(tmp_path)
    for more, taken in (("", False), ('[appointments]\nhours = ["9:00-11:00"]\n', True)):
        file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
        hall, _config = open_hall(tmp_path)
        assert bool(book_of(hall).open) == taken
        hall.store.close()


def test_an_id_that_was_changed_later_opens_no_second_hall_in_the_same_file(tmp_path):
    hall, _config = open_hall(tmp_path)
    add_staff(hall, By("setup"), Staff("0300", "周敏", Role.SUPERVISOR), "long-enough")
    hall.store.close()
    file = tmp_path / "hall.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('id = "hall"', 'id = "sg01"'), encoding="utf-8")
    with pytest.raises(OtherHall) as caught:
        open_hall(tmp_path)
    assert "请把 id 改回 hall" in startup_sentence(caught.value)
    with pytest.raises(OtherHall):
        run_backup(tmp_path, None)
    file.write_text(file.read_text(encoding="utf-8").replace('id = "sg01"', 'id = "hall"'), encoding="utf-8")
    hall, _config = open_hall(tmp_path)
    assert [member.number for member in everyone(hall)] == ["0300"]
    hall.store.close()


def test_a_newer_store_is_named_and_left_alone(tmp_path):
    hall, _config = open_hall(tmp_path)
    hall.store.close()
    db = sqlite3.connect(tmp_path / "hall.db")
    db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.commit()
    db.close()
    with pytest.raises(StoreTooNew) as caught:
        open_hall(tmp_path)
    assert "更新版本" in startup_sentence(caught.value)


OPENED = """
import os, sys
from hallapp.__main__ import main
from hallapp.app.station import Station
open_all = Station.open
def open_and_tell(station, *args):
    open_all(station, *args)
    print(*[type(window).__name__ for window in station.windows], flush=True)
    os._exit(0)
Station.open = open_and_tell
main(["--data", *sys.argv[1:]])
"""


@pytest.mark.parametrize(("arguments", "windows"), [
    ([], "CounterShell KioskWindow BoardWindow SupervisorWindow"), (["kiosk"], "KioskWindow"),
    (["counter", "--window", "2"], "CounterShell"),
])
def test_the_command_line_opens_its_windows(tmp_path, arguments, windows):
    ran = subprocess.run([sys.executable, "-c", OPENED, str(tmp_path), *arguments], capture_output=True, text=True,
                         timeout=60, check=False)
    assert ran.stdout.strip() == windows, ran.stderr


def test_each_program_has_a_log_of_its_own(tmp_path):
    """Windows renames no file that another program has open, and what is logged then would be lost."""
    script = OPENED.replace("open_all(station, *args)", "import logging; logging.getLogger('hallapp').error('seen')")
    for arguments in ([], ["kiosk"], ["counter", "--window", "2"]):
        subprocess.run([sys.executable, "-c", script, str(tmp_path), *arguments], timeout=60, check=True)
    logs = {file.name: file.read_text(encoding="utf-8") for file in tmp_path.glob("*.log")}
    assert logs.keys() == {"hall.log", "kiosk.log", "counter-2.log"}
    assert all(text.count("seen") == 1 for text in logs.values())


LEFT = """
import sys
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from hallapp.__main__ import main
from hallapp.app.station import Station
open_all = Station.open
def open_and_leave(station, *args):
    open_all(station, *args)
    def leave():
        for window in station.windows[1:]:
            window.close()
        window = station.windows[0]
        QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        QTest.keyClick(window.findChild(Confirm), Qt.Key.Key_Return)
    QTimer.singleShot(0, leave)
Station.open = open_and_leave
from hallapp.ui.counter.dialogs.confirm import Confirm
sys.exit(main(["--data", *sys.argv[1:]]))
"""


@pytest.mark.parametrize("arguments", [["kiosk"], []])
def test_the_key_that_leaves_ends_a_program_though_its_kiosk_does_not_close(tmp_path, arguments):
    ran = subprocess.run([sys.executable, "-c", LEFT, str(tmp_path), *arguments], capture_output=True, text=True,
                         timeout=60, check=False, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    assert (ran.returncode, "Traceback" in ran.stderr) == (0, False), ran.stderr


def test_a_desktops_key_for_closing_asks_staff_and_does_nothing_at_the_windows_of_visitors(opened, qtbot):
    hall, config = opened
    with Station(hall, config) as station:
        station.open("hall", 1)
        for window, asks in zip(station.windows, (True, False, False, True), strict=True):
            window.windowHandle().close()
            assert window.isVisible()
            asked = window.findChild(Confirm)
            assert bool(asked) is asks
            if asked:
                asked.reject()
        station.windows[1].allow_close()


def test_the_window_shown_first_becomes_the_stations_first_window(opened, qtbot):
    hall, config = opened
    first = make_window("counter", config, 2)
    with Station(hall, config) as station:
        station.open("hall", 2, first)
        assert station.windows[0] is first
        assert [type(window).__name__ for window in station.windows[1:]] == [
            "KioskWindow", "BoardWindow", "SupervisorWindow"]
        qtbot.waitUntil(lambda: not station.tasks.busy)
        assert "首次使用" in [words.text() for words in first.findChildren(QLabel)]  # its presenter found nobody yet
        station.windows[1].allow_close()


def test_a_tap_at_the_kiosk_is_printed_once_by_the_stations_own_thread(qtbot, themed, tmp_path):
    with PrinterSimulator() as simulator:
        file = prepare_folder(tmp_path)
        network = f'[printer.kiosk]\nkind = "network"\naddress = "127.0.0.1:{simulator.port}"\n'
        file.write_text(file.read_text(encoding="utf-8") + network, encoding="utf-8")
        hall, config = open_hall(tmp_path)
        with Station(hall, config) as station:
            station.open("kiosk", 1)

            def button(name):
                return next((b for b in station.windows[0].findChildren(QPushButton, name) if b.isVisible()), None)

            for name in ("group-enrol", "direct"):
                qtbot.waitUntil(lambda name=name: button(name) is not None)
                QTest.mouseClick(button(name), Qt.MouseButton.LeftButton)
            qtbot.waitUntil(lambda: len(simulator.slips) == 1)
            qtbot.waitUntil(lambda: open_jobs(hall) == () and not station.tasks.busy)
            station.windows[0].allow_close()
        with look(hall) as db:
            kinds = [event.kind for event in events_after(db, hall.id, 0) if event.kind is not Kind.DEVICE_CHANGED]
        hall.store.close()
        assert kinds == [Kind.ISSUED, Kind.PRINTED]  # recorded as being sent with the number
        assert len(simulator.slips) == 1


@pytest.mark.parametrize("command", ["counter", "kiosk", "board", "supervisor"])
def test_a_store_that_does_not_open_ends_a_program_whose_window_is_up_with_one_sentence(tmp_path, command):
    prepare_folder(tmp_path)
    (tmp_path / "hall.db").write_bytes(b"this is no store" * 600)
    ran = subprocess.run([sys.executable, "-m", "hallapp", "--data", str(tmp_path), command], capture_output=True,
                         text=True, env={**os.environ}, timeout=60, check=False)
    assert ran.returncode == 1
    assert str(tmp_path / "hall.db") in ran.stderr
    assert "Traceback" not in ran.stderr


TOLD = """
import sys
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from hallapp.__main__ import main
from hallapp.ui.failure import FailureWindow
def read_and_leave(window):
    window.show()
    print(*[words.text() for words in window.findChildren(QLabel)], sep="\\n")
    print("others", sum(one.isVisible() for one in QApplication.topLevelWidgets()) - 1, flush=True)
    window.findChild(QPushButton, "leave").click()
FailureWindow.exec = read_and_leave
sys.exit(main(["--data", *sys.argv[1:]]))
"""


@pytest.mark.parametrize("broken", ["hall.db", "hall.toml"])
def test_whoever_clicked_an_icon_sees_on_the_screen_why_the_program_does_not_open(tmp_path, broken):
    prepare_folder(tmp_path)
    (tmp_path / broken).write_bytes(b"this is neither" * 600)
    ran = subprocess.run([sys.executable, "-c", TOLD, str(tmp_path), "counter"], capture_output=True, text=True,
                         env={**os.environ, "QT_QPA_PLATFORM": "minimal"}, timeout=60, check=False)
    assert ran.returncode == 1, ran.stderr
    assert str(tmp_path / broken) in ran.stdout
    assert "others 0" in ran.stdout  # the window that is up already does not hide it
    assert str(tmp_path / broken) in ran.stderr


WITHOUT_CONSOLE = "import sys; sys.stdin = sys.stdout = sys.stderr = None\n"
SEEN = "import os; sys.stdout = open(os.environ['SEEN'], 'w', encoding='utf-8')"


def test_a_program_without_a_console_opens_and_tells_on_the_screen_why_it_does_not(tmp_path):
    """As ``hallappw`` runs on Windows, where there are no standard streams then."""
    seen, broken = tmp_path / "seen", tmp_path / "broken"

    def run(script, *arguments, platform="offscreen"):
        known = {**os.environ, "QT_QPA_PLATFORM": platform, "SEEN": str(seen)}
        ran = subprocess.run([sys.executable, "-c", WITHOUT_CONSOLE + script, *map(str, arguments)], env=known,
                             timeout=60, check=False)
        return ran.returncode, seen.read_text(encoding="utf-8")

    assert run(OPENED.replace("open_all(", f"{SEEN}; open_all(", 1), tmp_path, "kiosk") == (0, "KioskWindow\n")
    prepare_folder(broken)
    (broken / "hall.db").write_bytes(b"this is neither" * 600)
    status, told = run(TOLD.replace("window.show()", SEEN), broken, "counter", platform="minimal")
    assert status == 1
    assert str(broken / "hall.db") in told


def test_a_station_that_runs_already_is_not_opened_a_second_time_until_its_process_is_gone(tmp_path):
    prepare_folder(tmp_path)
    hold = ("import sys; from pathlib import Path; from hallapp.app.marks import claimed; "
            "mark = claimed(Path(sys.argv[1]), 'counter-1'); print('here', flush=True); sys.stdin.read()")
    with subprocess.Popen([sys.executable, "-c", hold, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as first:
        assert first.stdout.readline() == "here\n"
        ran = subprocess.run([sys.executable, "-m", "hallapp", "--data", str(tmp_path), "counter"], capture_output=True,
                             text=True, timeout=60, check=False)
        assert ran.returncode == 1
        assert "程序已经打开" in ran.stderr
        assert not (tmp_path / "hall.db").exists()
        claimed(tmp_path, "counter-2").release()  # another window's counter may run beside it
        first.kill()
    claimed(tmp_path, "counter-1").release()


def test_a_mark_left_by_a_power_cut_keeps_nobody_out_though_its_process_number_is_in_use_again(tmp_path):
    file = tmp_path / ".kiosk.lock"
    left = QLockFile(str(file))
    assert left.tryLock(0)
    written = file.read_bytes()  # this process's number and name: both exist
    left.unlock()
    file.write_bytes(written)
    claimed(tmp_path, "kiosk").release()
    assert list(tmp_path.iterdir()) == []


def test_programs_that_come_and_go_at_one_mark_never_hold_it_together(tmp_path):
    come_and_go = ("import sys; from pathlib import Path; from hallapp.app.marks import claimed\n"
                   "from hallapp.domain.errors import AlreadyOpen\n"
                   "folder, held, taken = Path(sys.argv[1]), Path(sys.argv[1]) / 'held', 0\n"
                   "while taken < 1500:\n"
                   "    try: mark = claimed(folder, 'kiosk')\n"
                   "    except AlreadyOpen: continue\n"
                   "    held.touch(exist_ok=False); held.unlink(); mark.release(); taken += 1\n")
    programs = [subprocess.Popen([sys.executable, "-c", come_and_go, str(tmp_path)]) for _ in range(3)]
    assert [program.wait(60) for program in programs] == [0, 0, 0]
    assert list(tmp_path.iterdir()) == []


def test_nothing_slow_is_loaded_before_the_first_window():
    """SQLAlchemy alone takes longer than a bare window."""
    look = ("import sys, hallapp.app.station, hallapp.ui.theme, hallapp.ui.screens, hallapp.ui.counter.window; "
            "print(*{name.partition('.')[0] for name in sys.modules})")
    ran = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=60, check=True)
    assert not {"sqlalchemy", "PIL", "escpos", "reportlab", "segno", "miniaudio", "argon2"} & set(ran.stdout.split())


def test_a_broken_configuration_ends_the_program_with_one_sentence(tmp_path):
    (tmp_path / "hall.toml").write_text("[hall]\nid = 7\n", encoding="utf-8")
    ran = subprocess.run([sys.executable, "-m", "hallapp", "report", "--data", str(tmp_path)], capture_output=True,
                         text=True, env={**os.environ}, timeout=60, check=False)
    assert ran.returncode == 1
    assert "hall.toml" in ran.stderr
    assert "hall.id" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.fixture
def locked(tmp_path, monkeypatch):
    """A folder that nobody here may look into, whoever runs the tests."""
    stat = Path.stat

    def denied(path, **more):
        if tmp_path in path.parents:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return stat(path, **more)

    monkeypatch.setattr(Path, "stat", denied)
    return tmp_path


@pytest.mark.parametrize("words", [
    ["report", "--data", "{}"], ["backup", "--data", "{}"], ["restore", "--data", "{}"], ["devices", "--data", "{}"],
    ["kiosk", "--data", "{}"], ["export-bundle", "--day", "2026-11-23", "--out", "{}", "--data", "{}"],
    ["halls", "list", "--folder", "{}/server"], ["server", "status", "--folder", "{}"],
    ["county", "report", "--from", "2026-11-01", "--to", "2026-11-02", "--folder", "{}", "--out", "{}/a.pdf"],
])
def test_a_folder_one_may_not_look_into_is_one_sentence(locked, themed, capsys, words):
    assert main([word.format(locked) for word in words]) == 1
    said = capsys.readouterr().err
    assert "权限" in said
    assert str(locked) in said


def test_a_report_is_written_without_a_screen(tmp_path):
    prepare_folder(tmp_path)
    out = tmp_path / "day.pdf"
    wanted = ["--data", str(tmp_path), "report", "--date", "2026-11-23", "--out", str(out)]
    ran = subprocess.run([sys.executable, "-m", "hallapp", *wanted], capture_output=True, text=True, timeout=60,
                         check=False, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)})
    assert ran.returncode == 0, ran.stderr
    assert out.read_bytes().startswith(b"%PDF")
    assert str(out) in ran.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["report", "--help"], ["counter", "--help"], ["rater", "--help"],
                                       ["demo", "--help"]])
def test_help_is_given_in_chinese(arguments):
    ran = subprocess.run([sys.executable, "-m", "hallapp", *arguments], capture_output=True, text=True, timeout=60,
                         check=False)
    assert ran.returncode == 0
    assert any("\u4e00" <= letter <= "\u9fff" for letter in ran.stdout)


def test_a_wrong_date_is_refused_with_an_example():
    ran = subprocess.run([sys.executable, "-m", "hallapp", "report", "--date", "23.11."], capture_output=True,
                         text=True, timeout=60, check=False)
    assert ran.returncode == 2
    assert "2026-11-23" in ran.stderr


@pytest.mark.parametrize("name", ["hall.db", "hall.toml", "report"])
def test_no_report_takes_the_place_of_what_is_none(tmp_path, capsys, name):
    (file := prepare_folder(tmp_path).with_name(name)).touch()
    before = file.read_bytes()
    with pytest.raises(SystemExit, match="2"):
        main(["report", "--data", str(tmp_path), "--out", str(file)])
    assert "以 .pdf 结尾" in capsys.readouterr().err
    assert file.read_bytes() == before


@pytest.mark.parametrize(("option", "value", "told"), [
    ("--visits", "0", "1 到 500"), ("--visits", "-3", "1 到 500"), ("--speed", "fast", "max"), ("--speed", "0", "max"),
    ("--visits", "²", "1 到 500"), ("--speed", "²", "max"),
])
def test_a_demo_of_nobody_or_at_no_speed_is_refused_in_chinese(tmp_path, option, value, told):
    wanted = [f"{option}={value}", "--out", str(tmp_path / "demo")]
    ran = subprocess.run([sys.executable, "-m", "hallapp", "demo", *wanted], capture_output=True, text=True, timeout=60,
                         check=False)
    assert ran.returncode == 2
    assert told in ran.stderr
    assert not (tmp_path / "demo").exists()
