"""``hallapp devices`` as people type it, against simulated devices."""

import signal
import subprocess
import sys

import pytest

from drivers.sim.console import obey, simulator
from drivers.sim.line import LineFault
from drivers.sim.reader import CardFault
from drivers.transport import SerialTransport
from hallapp.app.hall import prepare_folder
from hallapp.app.trial import try_devices

TABLES = {
    "sign": '[[sign]]\ndriver = "onbon"\nlink = "{link}"\nwindow = 1\n',
    "reader": '[reader]\ndriver = "sdt"\nlink = "{link}"\n',
    "scanner": '[scanner.kiosk]\ndriver = "serial"\nlink = "{link}"\n',
    "caller": '[[caller]]\ndriver = "bus"\nlink = "{link}"\nwindow = 1\nstaff = "0312"\n',
    "rater": '[rater]\ndriver = "keypad"\nlink = "{link}"\n[rater.keys]\n"01" = 5\n',
}
SIMULATED = {"sign": "onbon", "rater": "keypad"}


@pytest.fixture
def started(tmp_path):
    """``started(words, table)``: the running command; ``table`` is added to hall.toml first."""
    running = []

    def start(*words, table=""):
        file = prepare_folder(tmp_path)
        file.write_text(file.read_text(encoding="utf-8") + "\n" + table, encoding="utf-8")
        running.append(subprocess.Popen(
            [sys.executable, "-m", "hallapp", "devices", "--data", str(tmp_path), *words], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        return running[-1]

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def typed(started):
    """``typed(words, table)``: what the command prints when it has ended."""

    def run(*words, table=""):
        process = started(*words, table=table)
        said, wrong = process.communicate()
        return subprocess.CompletedProcess(words, process.returncode, said, wrong)

    return run


def test_what_is_there_and_what_is_configured_is_listed(typed):
    done = typed(table=TABLES["reader"].format(link="COM4"))
    assert (done.returncode, done.stderr) == (0, "")
    assert [line for line in done.stdout.splitlines() if line.endswith("：")] == [
        "串口：", "打印机：", "屏幕：", "hall.toml 中的设备："]
    assert "    reader  身份证阅读器  sdt COM4" in done.stdout
    assert "    kiosk  取号机打印机  screen " in done.stdout


@pytest.mark.parametrize("kind", ["sign", "reader"])
def test_a_device_that_answers_is_told_to_be_well(typed, kind):
    with simulator(SIMULATED.get(kind, kind), 0, pty=True) as line:
        done = typed("test", kind, table=TABLES[kind].format(link=line.device))
        assert (done.returncode, done.stderr) == (0, "")
        assert "正常" in done.stdout
        if kind == "sign":
            assert obey(line, "")["shown"] == "测试"


@pytest.mark.parametrize(("driver", "settings", "simulated"), [
    ("onbon", "answers = false", "onbon"), ("cd5220", "", "cd5220"), ("template", 'encoding = "gbk"', "template"),
])
def test_a_sign_that_cannot_answer_is_not_called_well_and_somebody_is_asked_to_look(typed, driver, settings, simulated):
    text = {"cd5220": "A001 -> 1"}.get(driver, "测试")
    with simulator(simulated, 0, pty=True) as line:
        table = f'[[sign]]\ndriver = "{driver}"\nlink = "{line.device}"\nwindow = 1\n{settings}\n'
        done = typed("test", "sign", table=table)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == "sign-1: 1 号窗口屏线路已通，不会应答，请看屏上显示得对不对\n"
        assert text in obey(line, "")["shown"]


CREDENTIAL = "4241234567890123456789320000"
PERSON = "99999919500102003X"  # 999999 is nowhere: nobody has this number
HEARD = [
    ("scanner", "scan N20261123001", "scanner-kiosk: 取号机扫码器正常，收到了扫码（N20261123001）"),
    ("scanner", "scan Y20261125032", "scanner-kiosk: 取号机扫码器正常，收到了扫码（Y20261125032）"),
    ("scanner", f"scan {CREDENTIAL}", "scanner-kiosk: 取号机扫码器正常，收到了扫码（医保电子凭证，内容不显示）"),
    ("scanner", f"scan {PERSON}",
     "scanner-kiosk: 取号机扫码器正常，收到了扫码（18 个字符，不是本厅的码，内容不显示）"),
    ("caller", "press 1 recall", "caller-1: 1 号窗口呼叫器正常，收到了按键（“重呼”键）"),
    ("rater", "press 01", "rater: 评价器正常，收到了按键（评价 5 分）"),
    ("rater", "press 09", "rater: 评价器收到不认识的按键，请核对 hall.toml 的 [rater.keys] 和接线"),
]


@pytest.mark.parametrize(("kind", "deed", "told"), HEARD)
def test_a_device_that_cannot_be_asked_is_listened_to(started, kind, deed, told):
    with simulator(SIMULATED.get(kind, kind), 0, pty=True) as line:
        trial = started("test", kind, "--seconds", "60", table=TABLES[kind].format(link=line.device))
        asked = trial.stdout.readline()
        assert ("请扫一个码" if kind == "scanner" else "请按一个键") in asked
        assert "最多等 60 秒" in asked
        obey(line, deed)
        said, wrong = trial.communicate()
    assert (said, wrong) == (f"{told}\n", "")
    assert trial.returncode == int("不认识" in told)
    assert not any(secret in said for secret in (CREDENTIAL, PERSON))


def test_a_key_of_a_pad_with_another_address_is_told_and_the_waiting_goes_on(started):
    with simulator("caller", 0, pty=True) as line:
        trial = started("test", "caller", "--seconds", "60", table=TABLES["caller"].format(link=line.device))
        trial.stdout.readline()
        obey(line, "press 2 call")
        assert trial.stdout.readline() == "caller-1: 收到地址 2 的按键；hall.toml 里这一台的地址是 1\n"
        obey(line, "press 1 call")
        assert "“叫号”键" in trial.communicate()[0]


@pytest.mark.parametrize("kind", ["scanner", "caller", "rater"])
def test_a_device_of_which_nothing_came_is_not_called_well(typed, kind):
    with simulator(SIMULATED.get(kind, kind), 0, pty=True) as line:
        done = typed("test", kind, "--seconds", "0", table=TABLES[kind].format(link=line.device))
    assert (done.returncode, done.stderr) == (1, "")
    assert "线路已通" in done.stdout
    assert "没有等到" in done.stdout
    assert "正常" not in done.stdout


def test_the_waiting_ends_when_somebody_has_waited_enough(started):
    with simulator("scanner", 0, pty=True) as line:
        trial = started("test", "scanner", "--seconds", "600", table=TABLES["scanner"].format(link=line.device))
        trial.stdout.readline()
        trial.send_signal(signal.SIGINT)
        said, wrong = trial.communicate()
    assert (trial.returncode, wrong) == (1, "")
    assert "没有等到" in said


@pytest.mark.parametrize("kind", ["sign", "reader"])
def test_a_silent_device_is_told_with_what_to_do_and_what_was_sent(typed, kind):
    with simulator(SIMULATED.get(kind, kind), 0, pty=True) as line:
        line.set(LineFault.SILENT)
        done = typed("test", kind, table=TABLES[kind].format(link=line.device))
    assert done.returncode == 1
    assert "没有应答，请检查电源和连接线" in done.stdout
    assert " > " in done.stdout


@pytest.mark.parametrize(("fault", "words"), [
    (CardFault.NOT_AUTHORISED, "报告故障，请关机重开"), (LineFault.HALF, "应答不完整或有错码，请检查连接线和速度设置"),
    (LineFault.CORRUPT, "应答不完整或有错码，请检查连接线和速度设置"),
])
def test_a_reader_in_trouble_is_told_with_what_fits(typed, fault, words):
    with simulator("reader", 0, pty=True) as line:
        line.set(fault)
        done = typed("test", "reader", table=TABLES["reader"].format(link=line.device))
    assert done.returncode == 1
    assert f"reader: 身份证阅读器{words}" in done.stdout


def test_a_printer_prints_its_test_slip(typed):
    with simulator("printer", 0, pty=False) as printer:
        table = f'[printer.kiosk]\nkind = "network"\naddress = "127.0.0.1:{printer.port}"\n'
        done = typed("test", "printer", table=table)
        assert (done.returncode, done.stdout) == (0, "kiosk: 取号机打印机正常\n")
        assert len(printer.slips) == 1


def test_a_printer_that_cannot_answer_is_not_called_well_and_somebody_is_asked_to_look(typed):
    with simulator("printer", 0, pty=False) as printer:
        table = f'[printer.kiosk]\nkind = "network"\naddress = "127.0.0.1:{printer.port}"\ncan_answer = false\n'
        done = typed("test", "printer", table=table)
        assert (done.returncode, done.stdout) == (
            0, "kiosk: 取号机打印机状态未知（不会报告缺纸等情况），请常看一眼（请看测试页打出来没有）\n")
        assert len(printer.wait_for_slips(1)) == 1


def test_a_printer_that_hangs_up_is_said_to_be_cut_off(typed):
    with simulator("printer", 0, pty=False) as printer:
        printer.set(LineFault.DROP)
        table = f'[printer.kiosk]\nkind = "network"\naddress = "127.0.0.1:{printer.port}"\n'
        done = typed("test", "printer", table=table)
    assert done.returncode == 1
    assert "kiosk: 取号机打印机连接断开了，请检查连接线和电源" in done.stdout


def test_a_hall_without_the_device_says_so(typed, tmp_path):
    done = typed("test", "reader")
    assert (done.returncode, done.stderr.strip()) == (
        2, f"hall.toml 里没有配置身份证阅读器（reader）；怎样写，见 {tmp_path / 'hall.toml'} 里的例子。")


def test_a_voice_that_is_switched_off_is_told_with_how_to_switch_it_on(tmp_path, capsys):
    file = prepare_folder(tmp_path)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[voice]\nenabled = true", "[voice]\nenabled = false"), encoding="utf-8")
    assert try_devices(tmp_path, "voice", 0.0, ()) == 2
    assert "语音关着" in (said := capsys.readouterr().err)
    assert "改成 enabled = true" in said


def test_the_voice_is_heard_or_its_lack_is_told(typed):
    done = typed("test", "voice")
    assert done.returncode == int("正常" not in done.stdout)
    assert done.stdout.startswith("voice: 语音")


@pytest.mark.parametrize(("screens", "status", "told"), [
    (("HDMI-1  1920x1080",), 1, "现在没有找到（HDMI-1  1920x1080）。请接上，"), ((), 1, "现在没有找到"),
    (("HDMI-1  1920x1080", "DP-1  1366x768"), 0, "有第二块屏幕可用"),
])
def test_a_rating_screen_is_told_whether_there_is_a_screen_for_it(tmp_path, capsys, screens, status, told):
    file = prepare_folder(tmp_path)
    file.write_text(file.read_text(encoding="utf-8") + '\n[rater]\ndriver = "screen"\n', encoding="utf-8")
    assert try_devices(tmp_path, "rater", 0, screens) == status
    assert told in capsys.readouterr().out


def test_a_rating_screen_is_tried_out_and_listed_as_it_is_typed(typed):
    done = typed("test", "rater", table='[rater]\ndriver = "screen"\n')
    assert (done.returncode, done.stderr) == (1, "")
    assert "请接上，并在系统的显示设置里选“扩展”" in done.stdout
    assert {"    rater  评价器  screen", "    voice  语音  clips"} <= set(typed().stdout.splitlines())


def test_a_port_that_the_running_hall_holds_is_told_to_be_in_use(typed):
    with simulator("reader", 0, pty=True) as line:
        held = SerialTransport(line.device)
        held.open()
        done = typed("test", "reader", table=TABLES["reader"].format(link=line.device))
        held.close()
    assert done.returncode == 1
    assert done.stdout.startswith("reader: 身份证阅读器端口正被另一个程序使用，请关掉那个程序\n")
