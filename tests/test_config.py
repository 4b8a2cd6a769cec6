"""hall.toml: what it gives, and how every mistake in it is named."""

from __future__ import annotations

import errno
import os
import platform
import re
from dataclasses import fields
from datetime import date, time
from pathlib import Path

import pytest

from drivers.escpos import PrinterProfile
from drivers.signs.cd5220 import Cd5220Settings
from drivers.signs.modbus import ModbusSettings
from drivers.table import TABLE, find
from hallapp import paths
from hallapp.app.hall import prepare_folder
from hallapp.app.windows import wanted_screens, window_names
from hallapp.config import read_config
from hallapp.devices.settings import VoiceSettings
from hallapp.documents.sign_texts import SignTexts
from hallapp.domain.appointment import AppointmentTimes
from hallapp.domain.errors import ConfigError, ConfigProblem, StoreReadOnly
from hallapp.domain.printing import DeviceState, DeviceStatus
from hallapp.domain.rules import HallInfo, Rules, Window
from hallapp.ui.startup import startup_sentence
from hallapp.ui.words import device_name

HALL = '[hall]\nid = "h1"\nname = "上冈镇"\n'
WINDOW = "[[window]]\nnumber = 1\n"
PRINTER = '[printer.%s]\nkind = "screen"\n'


def read(tmp_path: Path, text: str):
    file = tmp_path / "hall.toml"
    file.write_text(text, encoding="utf-8")
    return read_config(file, tmp_path)


def test_the_starter_is_a_working_hall_with_the_rules_defaults(tmp_path):
    config = read_config(paths.resources() / "starter" / "hall.toml", tmp_path)
    assert config.rules == Rules()
    assert [window.number for window in config.windows] == [1, 2, 3]
    assert config.printers["kiosk"].kind == "screen"
    assert config.catalogue.code == "nantong19"


OPEN = HALL + WINDOW + "[appointments]\n"


def test_without_the_table_a_hall_takes_no_appointments_and_with_it_it_needs_the_hours_only(tmp_path):
    assert read(tmp_path, HALL + WINDOW).appointment_times is None
    times = read(tmp_path, OPEN + 'hours = ["13:30-16:30", "9:00—11:30"]\n').appointment_times
    assert times == AppointmentTimes(((time(9), time(11, 30)), (time(13, 30), time(16, 30))))


def test_the_starters_appointments_are_read_once_their_signs_are_taken_away(tmp_path):
    starter = (paths.resources() / "starter" / "hall.toml").read_text(encoding="utf-8")
    lines = starter[starter.index("# [appointments]") :].splitlines()[:9]
    times = read(tmp_path, HALL + WINDOW + "\n".join(line.removeprefix("# ") for line in lines)).appointment_times
    assert times == AppointmentTimes(  # what it shows are the defaults, but for two days
        times.hours, closed_days=frozenset({date(2027, 1, 1)}), workdays=frozenset({date(2027, 1, 3)}))


def test_holidays_and_the_weekends_worked_for_them_are_dates_with_or_without_quotation_marks(tmp_path):
    times = read(tmp_path, OPEN + 'hours = ["9:00-11:00"]\nclosed_days = [2026-10-01, "2026-10-02"]\n'
                                  "workdays = [2026-10-10]\n").appointment_times
    assert (times.closed_days, times.workdays) == ({date(2026, 10, 1), date(2026, 10, 2)}, {date(2026, 10, 10)})


@pytest.mark.parametrize(("line", "key", "told"), [
    ("", "hours", "缺少"), ("hours = []", "hours", "9:00-11:30"), ('hours = ["9-11"]', "hours", "9:00-11:30"),
    ('hours = ["11:00-9:00"]', "hours", "9:00-11:30"), ('hours = ["9:00-11:00", "10:30-12:00"]', "hours", "9:00-11:30"),
    ('hours = ["9:00-25:00"]', "hours", "9:00-11:30"), ("hours = [9]", "hours", "9:00-11:30"),
    ('hours = "9:00-11:00"', "hours", "写法不对"), ("slot_minutes = 0", "slot_minutes", "5 - 240"),
    ("slot_minutes = 180", "slot_minutes", "不超过 150"), ("per_slot = 0", "per_slot", "1 - 50"),
    ("days_ahead = 61", "days_ahead", "0 - 60"), ("late_minutes = -1", "late_minutes", "0 - 120"),
    ("weekdays = [0]", "weekdays", "[1, 2, 3, 4, 5]"), ("weekdays = []", "weekdays", "[1, 2, 3, 4, 5]"),
    ('weekdays = ["一"]', "weekdays", "[1, 2, 3, 4, 5]"), ("closed_days = [20261001]", "closed_days", "[2027-01-01"),
    ('workdays = ["10月10日"]', "workdays", "[2027-01-01"), ("workdays = 2027-01-03", "workdays", "写法不对"),
    ("closed_days = [2027-01-01T09:00:00]", "closed_days", "[2027-01-01"), ("slots = 3", "slots", "拼写错误"),
])
def test_a_mistake_in_the_appointments_is_named(tmp_path, line, key, told):
    hours = "" if not line or line.startswith("hours") else 'hours = ["9:00-11:30"]\n'
    with pytest.raises(ConfigError) as found:
        read(tmp_path, OPEN + hours + line + "\n")
    assert found.value.key == f"appointments.{key}"
    assert told in startup_sentence(found.value)


def test_a_window_without_groups_serves_all(tmp_path):
    config = read(tmp_path, HALL + WINDOW)
    assert config.windows[0].groups == {group.code for group in config.catalogue.groups}


def test_rules_printers_modes_and_windows_are_read(tmp_path):
    config = read(tmp_path, HALL.replace("\n[", "[") + 'catalogue = "province13"\n[items.modes]\nNT12 = "assist"\n'
                  "[rules]\nrecall_limit = 5\n[[window]]\nnumber = 4\ngroups = [\"enrol\"]\nlabel = \"优先\"\n"
                  '[printer.kiosk]\nkind = "network"\naddress = "10.0.0.9:9101"\npaper = 58\nrom = "GB2312"\n')
    assert config.rules.recall_limit == 5
    assert config.windows[0].groups == {"enrol"}
    assert config.catalogue.code == "province13"
    assert config.catalogue.find_item("NT12").mode == "assist"
    kiosk = config.printers["kiosk"]
    assert (kiosk.kind, kiosk.address) == ("network", "10.0.0.9:9101")
    assert (kiosk.profile.dots, kiosk.profile.columns, kiosk.profile.rom) == (384, 32, "GB2312")


def test_the_starters_screens_are_read_once_their_signs_are_taken_away(tmp_path):
    assert read(tmp_path, HALL + WINDOW).screens == {"kiosk": "", "board": "", "rater": ""}
    starter = (paths.resources() / "starter" / "hall.toml").read_text(encoding="utf-8")
    lines = starter[starter.index("# [screens]") :].splitlines()[:3]
    config = read(tmp_path, HALL + WINDOW + "\n".join(line.removeprefix("# ") for line in lines) + '\nrater = "TV"\n')
    assert config.screens == {"kiosk": "2", "board": "3", "rater": "TV"}
    assert wanted_screens(window_names("hall", config), config) == [None, "2", "3", None]
    assert wanted_screens(window_names("rater", config), config) == ["TV"]
    assert wanted_screens(window_names("rater", config), read(tmp_path, HALL + WINDOW)) == ["2"]


@pytest.mark.parametrize("line", ["board = 3", 'counter = "2"'])
def test_a_mistake_in_the_screens_is_named(tmp_path, line):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, f"{HALL}{WINDOW}[screens]\n{line}\n")
    assert f"screens.{line.split()[0]}" in startup_sentence(caught.value)


def test_the_starters_scanners_are_read_once_their_signs_are_taken_away(tmp_path):
    starter = (paths.resources() / "starter" / "hall.toml").read_text(encoding="utf-8")
    lines = starter[starter.index("# [scanner.kiosk]") :].splitlines()[:6]
    config = read(tmp_path, HALL + WINDOW + "\n".join(line.removeprefix("# ") for line in lines))
    assert [(one.name, one.driver, one.link) for one in config.devices] == [
        ("scanner-kiosk", "serial", "COM6"), ("scanner-counter", "serial", "COM7")]


def test_the_starters_signs_are_read_once_their_marks_are_taken_away(tmp_path):
    starter = (paths.resources() / "starter" / "hall.toml").read_text(encoding="utf-8")
    lines = starter[starter.index("# [[sign]]") :].split("\n\n")[0].splitlines()
    signs = "\n".join(line.removeprefix("# ") for line in lines)
    config = read(tmp_path, HALL + WINDOW + "[[window]]\nnumber = 2\n" + signs)
    onbon, modbus, cd5220, template = config.devices
    assert (onbon.name, onbon.link, onbon.window, onbon.settings.width) == ("sign-1", "COM6@9600", 1, 96)
    assert (modbus.settings, cd5220.settings) == (ModbusSettings(), Cd5220Settings())
    assert (template.name, template.window, template.settings.ack) == ("sign-2", 2, "AA 55 .. 06")


@pytest.mark.parametrize("section", ["# [rules]", "# [sign_text]"])
def test_the_starter_tells_the_defaults_of_the_rules_and_of_what_signs_say(tmp_path, section):
    starter = (paths.resources() / "starter" / "hall.toml").read_text(encoding="utf-8")
    lines = [line.removeprefix("# ") for line in starter[starter.index(section) :].split("\n\n")[0].splitlines()]
    config = read(tmp_path, HALL + WINDOW + "\n".join(lines))
    assert (config.rules, config.sign_texts) == (Rules(), SignTexts())


def test_the_starter_tells_of_every_key_there_is():
    own = [find(kind, name).Settings for kind, drivers in TABLE.items() for name in drivers]
    keys = {field.name for one in (HallInfo, Rules, Window, SignTexts, PrinterProfile, VoiceSettings, *own)
            for field in fields(one)}
    words = set(re.findall(r"\w+", (paths.resources() / "starter" / "hall.toml").read_text(encoding="utf-8")))
    assert keys - words == set()


def test_signs_and_callers_are_named_for_their_windows_whatever_their_order(tmp_path):
    sign = '[[sign]]\ndriver = "onbon"\nlink = "COM6"\nwindow = {}\naddress = {}\n'
    caller = '[[caller]]\ndriver = "bus"\nlink = "COM5"\naddress = 1\nwindow = 2\nstaff = "0312"\n'
    tables = "".join(sign.format(*one) for one in ((2, 1), (1, 2), (2, 3), (2, 4))) + caller
    config = read(tmp_path, HALL + WINDOW + "[[window]]\nnumber = 2\n" + tables)
    assert [one.name for one in config.devices] == ["sign-2", "sign-1", "sign-2-2", "sign-2-3", "caller-2"]
    assert [device_name(DeviceStatus(one.name, one.kind, DeviceState.READY)) for one in config.devices] == [
        "2 号窗口屏", "1 号窗口屏", "2 号窗口屏（2）", "2 号窗口屏（3）", "2 号窗口呼叫器"]


def test_a_fault_in_a_signs_template_is_told_with_its_place(tmp_path):
    with pytest.raises(ConfigError) as told:
        read(tmp_path, HALL + WINDOW + '[[sign]]\ndriver = "template"\nlink = "COM7"\nwindow = 1\nform = "hex"\n'
                                       'template = "AA 5G {text}"\n')
    assert told.value.key == "sign[1].template"
    assert "#4: '5G {text}'" in startup_sentence(told.value)


def test_the_starters_reader_is_read_once_its_signs_are_taken_away(tmp_path):
    starter = (paths.resources() / "starter" / "hall.toml").read_text(encoding="utf-8")
    lines = starter[starter.index("# [reader]") :].splitlines()[:3]
    config = read(tmp_path, HALL + WINDOW + "\n".join(line.removeprefix("# ") for line in lines)
                  + "\nread_seconds = 5\n[rules]\npriority_age = 65\n")
    (reader,) = config.devices
    assert (reader.name, reader.driver, reader.link, reader.settings.read_seconds) == ("reader", "sdt", "COM4", 5.0)
    assert config.rules.priority_age == 65
    with pytest.raises(ConfigError, match="reader"):
        read(tmp_path, HALL + WINDOW + '[reader]\ndriver = "sdt"\nlink = "COM4"\nfind_seconds = 0.0\n')


@pytest.mark.parametrize(("lines", "dots", "columns", "cutter"), [
    ("", 576, 48, "partial"), ("paper = 58", 384, 32, "none"), ("columns = 42", 512, 42, "partial"),
    ("columns = 42\ndots = 520", 520, 42, "partial"), ('paper = 58\ncutter = "full"', 384, 32, "full"),
])
def test_a_printers_paper_gives_its_columns_and_they_its_dots(tmp_path, lines, dots, columns, cutter):
    config = read(tmp_path, HALL + WINDOW + f'[printer.kiosk]\nkind = "screen"\n{lines}\n')
    profile = config.printers["kiosk"].profile
    assert (profile.dots, profile.columns, profile.cutter) == (dots, columns, cutter)


def test_a_shared_printer_and_one_that_cannot_answer_are_what_they_are(tmp_path):
    config = read(tmp_path, HALL + WINDOW + '[printer.kiosk]\nkind = "network"\naddress = "10.0.0.9"\nshared = true\n'
                  '[printer.counter]\nkind = "file"\naddress = "/dev/usb/lp0"\ncan_answer = false\nbuzzer = true\n')
    assert config.printers["kiosk"].profile == PrinterProfile(shared=True)
    assert config.printers["counter"].profile == PrinterProfile(can_answer=False, buzzer=True)


@pytest.mark.parametrize(("names", "used"), [
    ((), "kiosk"), (("kiosk",), "kiosk"), (("counter",), "counter"), (("counter", "window-1"), "window-1"),
    (("window-2",), "kiosk"),
])
def test_a_counter_prints_on_its_windows_printer_else_on_the_counters_else_on_the_kiosks(tmp_path, names, used):
    config = read(tmp_path, HALL + WINDOW + WINDOW.replace("1", "2") + "".join(PRINTER % name for name in names))
    assert config.counter_printer(1) == used


@pytest.mark.parametrize(("text", "key", "problem"), [
    ("[hall\n", "", ConfigProblem.SYNTAX),
    ('[hall]\nname = "x"\n', "hall.id", ConfigProblem.MISSING),
    ('[hall]\nid = "h 1"\nname = "x"\n', "hall.id", ConfigProblem.VALUE),
    ('[hall]\nid = "H1"\nname = "x"\n', "hall.id", ConfigProblem.VALUE),
    ('[hall]\nid = "上冈"\nname = "x"\n', "hall.id", ConfigProblem.VALUE),
    ('[hall]\nid = "-1"\nname = "x"\n', "hall.id", ConfigProblem.VALUE),
    ('[hall]\nid = "h1"\nname = "𠮷镇"\n', "hall.name", ConfigProblem.GLYPHS),
    (HALL.replace("上冈镇", 65 * "镇"), "hall.name", ConfigProblem.VALUE),
    (HALL + 'address = "𠮷街8号"\n', "hall.address", ConfigProblem.GLYPHS),
    (HALL, "window", ConfigProblem.MISSING),
    (HALL + WINDOW + WINDOW, "window[2].number", ConfigProblem.TWICE),
    (HALL + '[[window]]\nnumber = "1"\n', "window[1].number", ConfigProblem.TYPE),
    (HALL + WINDOW + 'groups = ["nix"]\n', "window[1].groups", ConfigProblem.VALUE),
    (HALL + WINDOW + 'groups = [["enrol"]]\n', "window[1].groups", ConfigProblem.VALUE),
    (HALL + WINDOW + "[rules]\nrecal_limit = 3\n", "rules.recal_limit", ConfigProblem.UNKNOWN),
    (HALL + WINDOW + "[rules]\nrecall_limit = -1\n", "rules.recall_limit", ConfigProblem.VALUE),
    (HALL + WINDOW + '[rules]\ntimezone = "Mars"\n', "rules.timezone", ConfigProblem.VALUE),
    (HALL + 'catalogue = "nix"\n' + WINDOW, "hall.catalogue", ConfigProblem.VALUE),
    (HALL + WINDOW + '[items.modes]\nXX99 = "assist"\n', "items.modes", ConfigProblem.ABSENT),
    (HALL + WINDOW + '[items]\nonly = ["XX99"]\n', "items.only", ConfigProblem.ABSENT),
    (HALL + WINDOW + '[printer.kiosk]\nkind = "lpt"\naddress = "x"\n', "printer.kiosk.kind", ConfigProblem.VALUE),
    (HALL + WINDOW + '[printer.kiosk]\nkind = "network"\n', "printer.kiosk.address", ConfigProblem.MISSING),
    (HALL + WINDOW + '[printer.kiosk]\nkind = "network"\naddress = "a:b"\n', "printer.kiosk.address",
     ConfigProblem.VALUE),
    (HALL + WINDOW + '[printer.kitchen]\nkind = "screen"\n', "printer.kitchen", ConfigProblem.UNKNOWN),
    (HALL + WINDOW + PRINTER % "window-2", "printer.window-2", ConfigProblem.UNKNOWN),
    (HALL + WINDOW + PRINTER % "kiosk" + "columns = 40\n", "printer.kiosk.columns", ConfigProblem.VALUE),
    (HALL + WINDOW + PRINTER % "kiosk" + "dots = 400\n", "printer.kiosk.dots", ConfigProblem.VALUE),
    (HALL + WINDOW + PRINTER % "kiosk" + 'cutter = "yes"\n', "printer.kiosk.cutter", ConfigProblem.VALUE),
    (HALL + WINDOW + PRINTER % "kiosk" + "shared = true\n", "printer.kiosk.shared", ConfigProblem.VALUE),
    (HALL + WINDOW + '[printer.kiosk]\nkind = "network"\naddress = "x"\nshared = true\ncan_answer = false\n',
     "printer.kiosk.shared", ConfigProblem.VALUE),
    (HALL + WINDOW + '[voice]\nengine = "sam"\n', "voice.engine", ConfigProblem.VALUE),
    (HALL + WINDOW + "[voice]\nvolume = 9\n", "voice.volume", ConfigProblem.VALUE),
    (HALL + WINDOW + "[prnter]\n", "prnter", ConfigProblem.UNKNOWN),
    (HALL + WINDOW + '[rater]\ndriver = "smiley"\n', "rater.driver", ConfigProblem.VALUE),
    (HALL + WINDOW + '[rater]\ndriver = "screen"\nlink = "COM3"\n', "rater.link", ConfigProblem.UNKNOWN),
    (HALL + WINDOW + '[rater]\ndriver = "keypad"\n', "rater.link", ConfigProblem.MISSING),
    (HALL + WINDOW + '[rater]\ndriver = "keypad"\nlink = "COM3"\n', "rater.keys", ConfigProblem.MISSING),
    (HALL + WINDOW + '[rater]\ndriver = "keypad"\nlink = "COM3"\nkeys = {"01" = 9}\n', "rater.keys.01",
     ConfigProblem.VALUE),
    (HALL + WINDOW + '[rater]\ndriver = "keypad"\nlink = "tcp://x"\nkeys = {"01" = 5}\n', "rater.link",
     ConfigProblem.VALUE),
    (HALL + WINDOW + "[rules]\nrating_seconds = -1\n", "rules.rating_seconds", ConfigProblem.VALUE),
    (HALL + WINDOW + "[rules]\ntarget_seconds = 0\n", "rules.target_seconds", ConfigProblem.VALUE),
    (HALL + WINDOW + "[rules]\nkiosk_idle_seconds = 0\n", "rules.kiosk_idle_seconds", ConfigProblem.VALUE),
    (HALL + WINDOW + "[rules]\nreturn_minutes = 99999999999999\n", "rules.return_minutes", ConfigProblem.VALUE),
    (HALL + WINDOW + "[rules]\ndefault_visit_minutes = inf\n", "rules.default_visit_minutes", ConfigProblem.VALUE),
    (HALL + WINDOW + "[rules]\ndefault_visit_minutes = nan\n", "rules.default_visit_minutes", ConfigProblem.VALUE),
    (HALL + WINDOW + "[rules]\nnear_share = 80.0\n", "rules.near_share", ConfigProblem.VALUE),
    (HALL + WINDOW + '[voice]\nfolder = "nix"\n', "voice.folder", ConfigProblem.ABSENT),
    (HALL + WINDOW + '[store]\npc = "east@hall"\n', "store.pc", ConfigProblem.VALUE),
    (HALL + WINDOW + f'[store]\npc = "{21 * "东"}"\n', "store.pc", ConfigProblem.VALUE),
])
def test_every_mistake_names_its_key_and_the_file(tmp_path, text, key, problem):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert caught.value.problem is problem
    assert key in caught.value.key
    sentence = startup_sentence(caught.value)
    assert str(tmp_path / "hall.toml") in sentence
    assert problem is ConfigProblem.SYNTAX or caught.value.key in sentence  # that one is told in Chinese


@pytest.mark.parametrize(("text", "told"), [
    (HALL + WINDOW + '[items]\nonly = ["NT01", "XX99"]\n', "items.only 的值找不到（写的是 XX99），应为：NT01 ..."),
    (HALL + WINDOW + '[items.modes]\nXX99 = "assist"\n', "items.modes 的值找不到（写的是 XX99），应为：NT01 ..."),
    (HALL + WINDOW + '[voice]\nfolder = "nix"\n', "voice.folder 的值找不到（写的是 nix）。"),
    (HALL + WINDOW + WINDOW, "window[2].number 重复了（写的是 1）。"),
    (HALL + '[[window]]\nnumber = "1"\n', "应为：整数"),
    (HALL + "[rules\n", "第 4 行第 7 列"),
])
def test_what_stands_there_is_never_told_as_what_should(tmp_path, text, told):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert told in startup_sentence(caught.value)


def test_a_file_saved_in_the_old_chinese_encoding_is_told_how_to_save_it(tmp_path):
    file = tmp_path / "hall.toml"
    file.write_bytes((HALL + WINDOW).encode("gbk"))
    with pytest.raises(ConfigError) as caught:
        read_config(file, tmp_path)
    assert "编码选 UTF-8" in startup_sentence(caught.value)


def test_without_a_word_about_it_nobody_is_asked_for_a_rating(tmp_path):
    config = read(tmp_path, HALL + WINDOW)
    assert (config.rater, config.devices) == ("none", ())


def test_a_screen_and_a_key_pad_are_raters(tmp_path):
    screen = read(tmp_path, HALL + WINDOW + '[rater]\ndriver = "screen"\n')
    assert (screen.rater, screen.devices) == ("screen", ())
    keypad = read(tmp_path, HALL + WINDOW + '[rater]\ndriver = "keypad"\nlink = "COM3@4800"\naddress = 7\n'
                  '[rater.keys]\n"01" = 5\n"0A" = 1\n')
    pad = keypad.devices[0]
    assert (keypad.rater, pad.name, pad.link) == ("keypad", "rater", "COM3@4800")
    assert (pad.settings.address, pad.settings.ratings()) == (7, {1: 5, 10: 1})


def test_a_driver_nobody_has_is_told_with_what_a_rater_can_be(tmp_path):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, HALL + WINDOW + '[rater]\ndriver = "smiley"\nlink = "COM3"\n')
    assert caught.value.expected == "none | screen | keypad"


SIGN = '[[sign]]\ndriver = "onbon"\nlink = "COM6"\nwindow = 1\naddress = %d\n'
CALLER = '[[caller]]\ndriver = "bus"\nlink = "%s"\nwindow = 1\nstaff = "0312"\naddress = %d\n'
SCANNER = '[scanner.%s]\ndriver = "serial"\nlink = "COM8"\n'


@pytest.mark.parametrize(("text", "told"), [
    (2 * (SIGN % 1), "sign-1-2: link 重复了（写的是 COM6 (sign-1)）。"),
    (2 * (CALLER % ("COM5", 1)), "caller-1-2: link 重复了（写的是 COM5 (caller-1)）。"),
    (SIGN % 1 + CALLER % ("COM6", 1), "caller-1: link 重复了（写的是 COM6 (sign-1)）。"),
    (SCANNER % "kiosk" + SCANNER % "counter", "scanner-counter: link"),
    (CALLER % ("COM5", 1) + CALLER % ("COM5@9600", 2), "caller-1-2: link 重复了（写的是 COM5@9600 (caller-1)）。"),
    (SIGN % 1 + '[rater]\ndriver = "keypad"\nlink = "COM6"\nkeys = {"01" = 5}\n', "rater: link"),
])
def test_two_devices_that_a_line_cannot_tell_apart_are_refused(tmp_path, text, told):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, HALL + WINDOW + text)
    assert told in startup_sentence(caught.value)


def test_signs_and_callers_with_their_own_addresses_may_share_a_line(tmp_path):
    callers = "".join(CALLER % place for place in (("COM5", 1), ("COM5", 2), ("COM7", 1)))
    config = read(tmp_path, HALL + WINDOW + SIGN % 1 + SIGN % 2 + callers)
    assert [one.name for one in config.devices] == ["sign-1", "sign-1-2", "caller-1", "caller-1-2", "caller-1-3"]


def test_an_unreadable_file_is_said_to_be_one(tmp_path):
    (tmp_path / "hall.toml").mkdir()
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path / "hall.toml", tmp_path)
    assert caught.value.problem is ConfigProblem.UNREADABLE


def test_only_keeps_the_chosen_items_and_no_empty_choice(tmp_path):
    config = read(tmp_path, HALL + WINDOW + '[items]\nonly = ["NT02", "NT06"]\n')
    assert [item.code for item in config.catalogue.items] == ["NT02", "NT06"]
    assert all(set(group.items) <= {"NT02", "NT06"} for group in config.catalogue.groups)


def test_the_first_start_makes_the_configuration_and_the_second_keeps_it(tmp_path):
    file = prepare_folder(tmp_path / "data")
    file.write_text(HALL + WINDOW, encoding="utf-8")
    assert prepare_folder(tmp_path / "data").read_text(encoding="utf-8") == HALL + WINDOW
    assert [entry.name for entry in (tmp_path / "data").iterdir()] == ["hall.toml"]


def test_a_disk_without_links_gets_its_configuration_too(tmp_path, monkeypatch):
    def unsupported(*_files):
        raise PermissionError(errno.EPERM, "Operation not permitted")  # what Linux says of exFAT

    monkeypatch.setattr(os, "link", unsupported)
    file = prepare_folder(tmp_path)
    assert file.read_bytes() == (paths.resources() / "starter" / "hall.toml").read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == ["hall.toml"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreReadOnly) as caught:
        prepare_folder(tmp_path / "file" / "data")
    assert str(tmp_path / "file" / "data") in startup_sentence(caught.value)


def test_a_hall_of_several_pcs_names_its_server(tmp_path):
    assert read(tmp_path, HALL + WINDOW).store_url == ""
    text = HALL + WINDOW + '[store]\nurl = "postgresql://hall@10.0.0.2/hall"\n'
    assert read(tmp_path, text).store_url == "postgresql://hall@10.0.0.2/hall"


def test_the_devices_of_a_pc_that_shares_a_server_carry_its_name(tmp_path):
    own = ('[printer.window-1]\nkind = "network"\naddress = "10.0.0.3"\n[reader]\ndriver = "sdt"\nlink = "COM4"\n'
           '[scanner.kiosk]\ndriver = "serial"\nlink = "COM5"\n')
    alone = read(tmp_path, HALL + WINDOW + own)
    assert {*alone.printers, *(one.name for one in alone.devices)} == {"kiosk", "window-1", "reader", "scanner-kiosk"}
    assert alone.offered_printers == ("window-1", "kiosk")
    url = '[store]\nurl = "postgresql://hall@10.0.0.2/hall"\n'
    named = read(tmp_path, HALL + WINDOW + own + url + 'pc = "东侧"\n')
    assert {*named.printers, *(one.name for one in named.devices)} == {
        "kiosk@东侧", "window-1@东侧", "reader@东侧", "scanner-kiosk@东侧"}
    assert all(name == one.name for name, one in named.printers.items())
    assert (named.counter_printer(1), named.counter_printer(2)) == ("window-1@东侧", "kiosk@东侧")
    assert named.offered_printers == ("window-1@东侧",)
    assert read(tmp_path, HALL + WINDOW + url).pc == platform.node().split(".")[0][-20:]


@pytest.mark.parametrize("url", ["mysql://hall@10.0.0.2/hall", "10.0.0.2", "hall.db", "http://[::1/hall"])
def test_another_kind_of_database_is_refused_with_what_would_be_right(tmp_path, url):
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, HALL + WINDOW + f'[store]\nurl = "{url}"\n')
    assert refused.value.key == "store.url"
    assert refused.value.expected.startswith("postgresql://")
