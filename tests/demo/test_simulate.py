"""``hallapp sim``: as a program, and in its small window."""

import re
import signal
import socket
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton

from drivers.signs.onbon import OnbonSettings, OnbonSign
from drivers.signs.sign_text import SignText
from drivers.signs.template import TemplateSettings, TemplateSign
from drivers.sim.console import SIMULATORS, faults, obey, simulator
from drivers.sim.line import LineFault
from drivers.transport import NetworkTransport
from hallapp.demo.simulate import run_simulator, spoken, worked
from hallapp.ui import simulator_words as words
from hallapp.ui.simulator import SimulatorWindow


def run(*arguments, typed="quit\n"):
    return subprocess.run(
        [sys.executable, "-m", "hallapp", "sim", *arguments], input=typed, capture_output=True, text=True, check=False)


def test_a_simulated_printer_runs_as_a_program():
    done = run("printer", "--paper", "20", "--pty", typed="cover_open on\nload 5\nnonsense\nquit\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-3:] == [
        "已打印：0　余纸：20　上次切纸：—　蜂鸣：0　故障：盖子打开",
        "已打印：0　余纸：5　上次切纸：—　蜂鸣：0　故障：盖子打开",
        "没有听懂：nonsense。输入 help 看可以写什么"]


def test_the_console_says_what_can_be_typed_and_what_it_means_and_says_it_again():
    said = run("scanner", typed="help\nquit\n").stdout
    assert said.count("    scan N20261123001   扫码（码的内容）\n") == 2
    assert said.count("    silent on           不应答（off 恢复）\n") == 2


def test_every_device_can_be_typed_to_in_words_that_it_understands(device):
    _name, line = device
    for typed in spoken(line)[1:-3]:
        obey(line, typed.strip().split("  ")[0])


def test_what_it_says_of_itself_is_what_hall_toml_has():
    assert re.search(r'address = "127\.0\.0\.1:\d+"\n或 kind = "serial"　address = "/dev/pts/\d+"',
                     run("printer", "--pty").stdout)
    assert re.search(r'link = "tcp://127\.0\.0\.1:\d+"\n', run("reader").stdout)


def test_several_signs_stand_on_one_bus_and_one_of_them_is_switched_off():
    settings = [OnbonSettings(address=address) for address in (1, 7)]
    words = [sys.executable, "-m", "hallapp", "sim", "onbon", "--address", "1,7"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sim:
        port = re.search(r"127\.0\.0\.1:(\d+)", sim.stdout.readline() + sim.stdout.readline())[1]
        transport = NetworkTransport("127.0.0.1", int(port), timeout=0.5)
        for one in settings:
            OnbonSign(transport, one).show(SignText("A012", one.address, f"请A{one.address}"))
        transport.close()
        said, _ = sim.communicate("\npower 7\nquit\n")
    assert said.splitlines()[-2:] == ["显示：1[请A1]  7[请A7]", "显示：1[请A1]  7[]"]


@pytest.mark.parametrize(("words", "said"), [
    (["printer", "--paper", "0"], "--paper 要是 1 到"), (["printer", "--port", "99999"], "--port 要是 0 到 65535"),
    (["caller", "--address", "1,1"], "不能重复"), (["onbon", "--address", "0"], "--address 要是 1 到 247"),
    (["reader", "--paper", "3"], "不认识 --paper"), (["nothing"], "不能写 'nothing'，可以写 'printer', 'reader'"),
])
def test_what_a_device_does_not_have_is_refused_in_one_sentence(words, said):
    done = run(*words)
    assert done.returncode == 2
    assert said in done.stderr


def test_ctrl_c_ends_it_without_a_word():
    words = [sys.executable, "-m", "hallapp", "sim", "scanner"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as sim:
        while "quit" not in sim.stdout.readline():
            pass
        sim.stdout.readline()
        print("scan 1", file=sim.stdin, flush=True)
        assert sim.stdout.readline() == "已扫码：1\n"  # it listens now
        sim.send_signal(signal.SIGINT)
        assert (sim.wait(10), sim.stderr.read()) == (0, "")


def test_a_serial_line_where_there_is_none_is_told_in_one_sentence(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tty", None)  # as on Windows
    assert run_simulator("scanner", 0, pty=True, window=False, more={}) == 1
    assert "不能用 --pty" in capsys.readouterr().err


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
        port = re.search(r"127\.0\.0\.1:(\d+)", sim.stdout.readline() + sim.stdout.readline())[1]
        transport = NetworkTransport("127.0.0.1", int(port))
        TemplateSign(transport, settings).show(SignText("A012", 3, "请A012号"))
        transport.close()
        said, _ = sim.communicate("\nquit\n")
    assert said.splitlines()[-1] == "显示：请A012号"


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
    taken = {takes for takes in line.machine.ACTIONS.values() if takes}
    assert taken <= words.TAKES.keys()
    assert taken <= words.CHOICES.keys()
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
