"""Every failure, state and trouble has Chinese words."""

import inspect
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hallapp.config.section import parsed
from hallapp.domain import errors
from hallapp.domain.appointment import AppointmentRefused, AppointmentState, Refusal
from hallapp.domain.errors import ConfigError, ConfigProblem, HallError
from hallapp.domain.printing import DeviceState, DeviceStatus, JobState, SlipKind, Trouble
from hallapp.domain.queue import NextUp, Why
from hallapp.domain.ticket import HoldKind, Ticket, TicketState
from hallapp.ui import appointment_words, words
from hallapp.ui.startup import startup_sentence

EXAMPLES = {
    "ServerFailed": ("start", "log"),
    "WrongState": ("A001", "done"), "NotFound": ("A001",), "TooSoon": (7,), "RecallLimit": (3,), "TooFewCalls": (2,),
    "WindowTaken": (2, "0313"), "SignedInElsewhere": (2,), "ItemsOpen": ((1, 2),), "WeakPassword": (8,),
    "StaffExists": ("0312",), "BadInput": ("quantity",), "PrintFailed": (Trouble.PAPER_OUT,),
    "NotToday": ("A001", date(2026, 11, 22)),
    "AlreadyRated": (7,),
    "OfficePrintFailed": ("lp: no such printer",),
}
KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)
         if issubclass(kind, HallError) and kind not in (HallError, ConfigError)]
MOMENT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TEN_LATER = MOMENT + timedelta(minutes=10)
TICKET = Ticket(1, MOMENT.date(), "L001", "L", 1, "enrol", None, True, TicketState.WAITING, MOMENT, MOMENT, "kiosk")


def example(kind):
    needed = ("hall.db",) if issubclass(kind, errors.StoreError) else EXAMPLES.get(kind.__name__, ())
    return kind(*needed)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_expected_failure_is_one_chinese_sentence(kind):
    said = words.sentence(example(kind))
    assert re.search("[\u4e00-\u9fff]", said)
    assert said.endswith("。")
    assert "操作没有成功" not in said
    assert "%" not in said


def test_a_failure_names_what_it_is_about():
    assert words.sentence(errors.TooSoon(7)) == "请再等 7 秒。"
    assert words.sentence(errors.WindowTaken(2, "0313")) == "2 号窗口正由工号 0313 使用。"
    assert words.sentence(errors.BadInput("quantity")) == "请检查：件数。"
    assert words.sentence(example(errors.NotToday)) == "A001 是11月22日的号，不是今天的，请重新取号。"


def test_a_store_of_a_newer_program_and_a_full_disk_are_told_apart():
    kinds = (errors.StoreTooNew, errors.StoreReadOnly, errors.StoreFull, errors.StoreDamaged, errors.StoreAway)
    assert len({words.sentence(kind("hall.db")) for kind in kinds}) == len(kinds)


def test_what_has_no_sentence_is_still_said_in_chinese():
    problem = ConfigError("hall.toml", "hall.id", ConfigProblem.MISSING)
    assert words.sentence(problem).startswith("操作没有成功：")


@pytest.mark.parametrize(("table", "kind"), [
    (words.HOLDS, HoldKind), (words.STATES, TicketState), (words.TROUBLES, Trouble),
    (words.SLIPS, SlipKind), (words.JOBS, JobState), (appointment_words.STATES, AppointmentState),
    (appointment_words.REFUSALS, Refusal),
])
def test_no_member_is_without_a_word(table, kind):
    assert set(table) == set(kind)
    assert len(set(table.values())) == len(table)


def test_a_device_says_what_is_wrong_and_what_to_do():
    ready = DeviceStatus("kiosk", "printer", DeviceState.READY)
    out = DeviceStatus("counter", "printer", DeviceState.DOWN, Trouble.PAPER_OUT)
    assert words.trouble_sentence(ready) == "取号机打印机正常"
    assert words.trouble_sentence(out) == "柜台打印机缺纸，请装纸，装好后自动补打"
    clip = DeviceStatus("voice", "voice", DeviceState.WARNING, Trouble.BAD_CLIP, "3.wav")
    assert words.trouble_sentence(clip) == "语音有录音文件不能用，已改用自带语音（3.wav）"
    mute = DeviceStatus("window-2", "printer", DeviceState.WARNING, Trouble.UNWATCHED)
    assert words.trouble_sentence(mute) == "2 号窗口打印机状态未知（不会报告缺纸等情况），请常看一眼"


@pytest.mark.parametrize(("kind", "name", "what_to_do"), [
    ("scanner", "扫码器", "扫一个码"), ("caller", "硬件呼叫器", "键"), ("rater", "评价器", "键"),
    ("sign", "窗口屏", "看屏上"),
])
def test_only_a_device_that_was_heard_is_called_well(kind, name, what_to_do):
    mute = DeviceStatus(kind, kind, DeviceState.READY, Trouble.MUTE)
    assert words.trouble_sentence(mute) == f"{name}线路已通（不会应答）"
    assert words.state_words(mute) == "线路已通"
    assert what_to_do in words.trouble_words(mute)
    assert "正常" not in words.trouble_words(mute)
    heard = DeviceStatus(kind, kind, DeviceState.READY)
    assert words.trouble_sentence(heard) == f"{name}正常"
    assert words.state_words(heard) == "正常"
    assert words.trouble_words(heard).startswith("正常")


@pytest.mark.parametrize(("seconds", "text"), [
    (0, "00:00"), (384.9, "06:24"), (3599, "59:59"), (3600, "1:00:00"), (3984, "1:06:24"),
])
def test_a_clock(seconds, text):
    assert words.clock_text(seconds) == text


@pytest.mark.parametrize(("seconds", "long", "short", "span"), [
    (58.4, "不到 1 分", "刚刚", "59 秒"), (60, " 1 分", "1 分", "1 分 00 秒"), (408, " 6 分", "6 分", "6 分 48 秒"),
    (600.0004, " 10 分", "10 分", "10 分 00 秒"), (600.4, " 10 分", "10 分", "10 分 01 秒"),
])
def test_durations(seconds, long, short, span):
    assert (words.minutes_text(seconds), words.short_minutes(seconds), words.span_text(seconds)) == (long, short, span)


@pytest.mark.parametrize(("why", "overtaken", "text"), [
    (Why.LONGEST, None, "等得最久，已等 10 分"), (Why.RETURNED, None, "过号返回，已等 10 分"),
    (Why.SENT_HERE, None, "转到或留在本窗口，已等 10 分"),
    (Why.HEAD_START, "A002", "优先号，排在先到的 A002 之前，已等 10 分"),
])
def test_why_somebody_is_next_is_one_line(why, overtaken, text):
    assert words.why_text(NextUp(TICKET, why, overtaken), TEN_LATER, ZoneInfo("Asia/Shanghai")) == text


def test_a_server_that_refuses_this_pc_is_not_one_that_is_silent():
    url = "postgresql://hall@10.0.0.9:5432/hall"
    refused = errors.StoreAway(url, 'FATAL:  password authentication failed for user "hall"')
    assert "再运行一次 hallapp join" in words.sentence(refused)
    assert "暂时没有响应" in words.sentence(errors.StoreAway(url, "Connection refused"))


@pytest.mark.parametrize(("why", "told"), [
    ('root certificate file "server.crt" does not exist', "找不到或读不出服务器的证书"),
    ("SSL error: certificate verify failed", "证书与本机的 server.crt 不同"),
])
def test_a_certificate_that_is_missing_or_anothers_is_no_missing_database(why, told):
    said = words.sentence(errors.StoreAway("postgresql://hall@10.0.0.9:5432/hall", why))
    assert told in said
    assert "库名" not in said


def test_an_appointment_is_next_for_its_time():
    booked = replace(TICKET, booked_for=datetime(2026, 11, 23, 1, 30, tzinfo=UTC))
    found = words.why_text(NextUp(booked, Why.BOOKED), TEN_LATER, ZoneInfo("Asia/Shanghai"))
    assert found == "预约 09:30，已等 10 分"


@pytest.mark.parametrize("why", Refusal)
def test_a_refused_appointment_is_one_sentence_for_the_clerk(why):
    assert words.sentence(AppointmentRefused(why)).endswith("。")


def test_the_keys_of_the_windows_are_told_where_there_are_several():
    every = words.window_keys(("counter", "kiosk", "board", "supervisor"))
    assert every == "Ctrl+1 柜台　Ctrl+2 取号机　Ctrl+3 叫号屏　Ctrl+4 管理　Ctrl+Shift+Q 退出程序"
    assert words.window_keys(("supervisor",)) == "Ctrl+Shift+Q 退出程序"


@pytest.mark.parametrize(("written", "told"), [
    ('name = 医保', "第 1 行第 8 列附近的写法不对（文字要写在英文双引号"), ('name = “医保”', "不能用中文引号"),
    ('name 医保', "名称和值之间要有英文等号"), ('名称 = "医保"', "这一行要写成 名称 = 值"),
    ('name = "医保"，', "值的后面多了文字"), ('name = "医保', "文件末尾的写法不对（少了后面的引号）"),
    ('folder = "E:\\hall"', "Windows 路径请用英文单引号"), ('folder = "E:\\unit"', "Windows 路径请用英文单引号"),
    ('only = ["NT01"', "少了后面的方括号"), ("a = 1\na = 2", "同一个名称写了两次"), ("[a]\n[a]", "同一段写了两次"),
    ("[a", "少了后面的方括号"), ('a = "x\n"', "引号没有成对"),
])
def test_a_slip_of_the_pen_in_hall_toml_is_told_in_chinese(tmp_path, written, told):
    file = tmp_path / "hall.toml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        parsed(file)
    said = startup_sentence(caught.value)
    assert told in said
    assert str(file) in said
    assert not re.search("[A-Z][a-z]+ [a-z]+", said.replace("Windows", ""))
