"""``hallapp devices`` as people type it, against simulated devices."""

import subprocess
import sys

import pytest

from drivers.sim.console import obey, simulator
from drivers.sim.line import LineFault
from hallapp.app.hall import prepare_folder

TABLES = {
    "sign": '[[sign]]\ndriver = "onbon"\nlink = "{link}"\nwindow = 1\n',
    "reader": '[reader]\ndriver = "sdt"\nlink = "{link}"\n',
    "scanner": '[scanner.kiosk]\ndriver = "serial"\nlink = "{link}"\n',
    "caller": '[[caller]]\ndriver = "bus"\nlink = "{link}"\nwindow = 1\nstaff = "0312"\n',
    "rater": '[rater]\ndriver = "keypad"\nlink = "{link}"\n[rater.keys]\n"01" = 5\n',
}
SIMULATED = {"sign": "onbon", "rater": "keypad"}


@pytest.fixture
def typed(tmp_path):
    """``typed(words, table)``: what the command prints; ``table`` is added to hall.toml first."""

    def run(*words, table=""):
        file = prepare_folder(tmp_path)
        file.write_text(file.read_text(encoding="utf-8") + "\n" + table, encoding="utf-8")
        return subprocess.run([sys.executable, "-m", "hallapp", "devices", "--data", str(tmp_path), *words],
                              capture_output=True, text=True, check=False)

    return run


def test_what_is_there_and_what_is_configured_is_listed(typed):
    done = typed(table=TABLES["reader"].format(link="COM4"))
    assert (done.returncode, done.stderr) == (0, "")
    assert [line for line in done.stdout.splitlines() if line.endswith("：")] == [
        "串口：", "打印机：", "屏幕：", "hall.toml 中的设备："]
    assert "    reader  sdt COM4" in done.stdout
    assert "    kiosk  screen " in done.stdout


@pytest.mark.parametrize("kind", TABLES)
def test_a_device_that_is_well_is_told_so(typed, kind):
    with simulator(SIMULATED.get(kind, kind), 0, pty=True) as line:
        done = typed("test", kind, table=TABLES[kind].format(link=line.device))
        assert (done.returncode, done.stderr) == (0, "")
        assert "正常" in done.stdout
        if kind == "sign":
            assert obey(line, "")["shown"] == "测试"


@pytest.mark.parametrize("kind", ["sign", "reader"])
def test_a_silent_device_is_told_with_what_to_do_and_what_was_sent(typed, kind):
    with simulator(SIMULATED.get(kind, kind), 0, pty=True) as line:
        line.set(LineFault.SILENT)
        done = typed("test", kind, table=TABLES[kind].format(link=line.device))
    assert done.returncode == 1
    assert "没有应答，请检查电源和连接线" in done.stdout
    assert " > " in done.stdout


def test_a_printer_prints_its_test_slip(typed):
    with simulator("printer", 0, pty=False) as printer:
        table = f'[printer.kiosk]\nkind = "network"\naddress = "127.0.0.1:{printer.port}"\n'
        done = typed("test", "printer", table=table)
        assert (done.returncode, done.stdout) == (0, "kiosk: 取号机打印机正常\n")
        assert len(printer.slips) == 1


def test_a_hall_without_the_device_says_so(typed):
    done = typed("test", "reader")
    assert (done.returncode, done.stderr.strip()) == (2, "hall.toml 里没有配置 reader。")


def test_the_voice_is_heard_or_its_lack_is_told(typed):
    done = typed("test", "voice")
    assert done.returncode == 0
    assert done.stdout.startswith("voice: 语音")
