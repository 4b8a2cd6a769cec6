"""``hallapp sim``: as a program, and in its small window."""

import re
import socket
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton

from drivers.signs.sign_text import SignText
from drivers.signs.template import TemplateSettings, TemplateSign
from drivers.sim.console import SIMULATORS, faults, obey, simulator
from drivers.sim.line import LineFault
from drivers.transport import NetworkTransport
from hallapp.demo.simulate import worked
from hallapp.ui import simulator as words
from hallapp.ui.commands import SIM_TAKES
from hallapp.ui.simulator import SimulatorWindow


def run(*arguments, typed="quit\n"):
    return subprocess.run(
        [sys.executable, "-m", "hallapp", "sim", *arguments], input=typed, capture_output=True, text=True, check=False)


def test_a_simulated_printer_runs_as_a_program():
    done = run("printer", "--paper", "20", "--pty", typed="cover_open on\nload 5\nnonsense\nquit\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"127\.0\.0\.1:\d+ /dev/pts/", done.stdout)
    assert done.stdout.splitlines()[2:] == ["slips=0  paper=20", "slips=0  paper=5", "没有听懂：nonsense"]


def test_the_console_tells_of_actions_only_where_there_are_some():
    signs, scanner = run("onbon").stdout, run("scanner").stdout
    assert "动作（scan TEXT（例如 N20261123001））" in scanner
    assert "故障名加 on 或 off（" in signs
    assert "动作" not in signs


def test_a_taken_port_is_told_in_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run("printer", "--port", port)
    assert done.returncode == 1
    assert f"端口 {port} 不能使用" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_makers_private_frame_is_tried_out_on_a_simulated_sign_that_speaks_it():
    settings = TemplateSettings("AA 55 {length:3} 01 {text} 00 00 {sum8:2}", "hex", ack="AA 55 .. 06")
    words = [sys.executable, "-m", "hallapp", "sim", "template", "--template", settings.template, "--form", "hex",
             "--ack", settings.ack]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sim:
        port = re.search(r"127\.0\.0\.1:(\d+)", sim.stdout.readline())[1]
        transport = NetworkTransport("127.0.0.1", int(port))
        TemplateSign(transport, settings).show(SignText("A012", 3, "请A012号"))
        transport.close()
        said, _ = sim.communicate("\nquit\n")
    assert said.splitlines()[-1] == "shown=请A012号"


def test_a_frame_that_cannot_be_is_told_in_one_sentence():
    done = run("template", "--template", "AA {nothing}", "--form", "hex")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("template 写得不对，应为：{number} | {window} | {text}")


@pytest.fixture(params=sorted(SIMULATORS))
def device(request):
    with simulator(request.param, 0, pty=True) as line:
        yield request.param, line


@pytest.fixture
def window(themed, qtbot, device):
    name, line = device
    made = SimulatorWindow(name, "127.0.0.1:1", [str(fault) for fault in faults(line)], line.machine.ACTIONS)
    qtbot.addWidget(made)
    return made


def test_the_small_window_has_chinese_words_for_everything(device, window):
    name, line = device
    window.show_seen(obey(line, ""))
    assert name in words.NAMES
    assert {str(fault) for fault in faults(line)} <= words.FAULTS.keys()
    assert line.machine.ACTIONS.keys() <= words.ACTIONS.keys()
    assert {takes for takes in line.machine.ACTIONS.values() if takes} <= SIM_TAKES.keys()
    assert obey(line, "").keys() <= words.SEEN.keys()


def test_its_switches_and_keys_say_what_the_console_understands(device, window, qtbot):
    _name, line = device
    said = []
    window.said.connect(said.append)
    for switch in window.findChildren(QCheckBox):
        switch.click()
    for field in window.findChildren(QLineEdit):
        field.setText("1")
    for key in window.findChildren(QPushButton):
        qtbot.mouseClick(key, Qt.MouseButton.LeftButton)
    assert len(said) == len(faults(line)) + len(line.machine.ACTIONS)
    known = {*map(str, faults(line)), *line.machine.ACTIONS}
    assert {words.split()[0] for words in said} == known


def test_a_key_without_its_text_does_nothing(device, window, qtbot):
    _name, line = device
    said = []
    window.said.connect(said.append)
    for name, takes in line.machine.ACTIONS.items():
        if takes:
            qtbot.mouseClick(window.findChild(QPushButton, f"action-{name}"), Qt.MouseButton.LeftButton)
    assert said == []


def test_a_device_without_actions_has_no_place_for_them(device, window):
    _name, line = device
    heads = [one.text() for one in window.findChildren(QLabel)]
    assert ("可以做的事" in heads) == bool(line.machine.ACTIONS)


def test_the_return_key_does_what_was_typed_before_it(device, window, qtbot):
    _name, line = device
    said = []
    window.said.connect(said.append)
    for name, takes in line.machine.ACTIONS.items():
        if takes:
            field = window.findChild(QLineEdit, f"text-{name}")
            qtbot.keyClicks(field, "20")
            qtbot.keyClick(field, Qt.Key.Key_Return)
    assert said == [f"{name} 20" for name, takes in line.machine.ACTIONS.items() if takes]


def test_the_switches_follow_the_device_and_what_it_did_not_understand_is_told(themed, qtbot):
    with simulator("keypad", 0, pty=True) as line:
        made = worked("keypad", "127.0.0.1:1", line)
        qtbot.addWidget(made)
        made.said.emit("silent on")
        assert made.findChild(QCheckBox, "fault-silent").isChecked()
        line.set(LineFault.SILENT, on=False)
        made.said.emit("press nothing")
        assert not made.findChild(QCheckBox, "fault-silent").isChecked()
        assert made.refused.text() == "■ 没有听懂：press nothing"
        assert made.refused.isVisibleTo(made)
        made.findChild(QPushButton, "action-press").click()
        assert not made.refused.isVisibleTo(made)
        made.findChild(QTimer).stop()  # before the device is gone
