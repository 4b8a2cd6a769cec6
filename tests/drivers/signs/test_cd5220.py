"""The customer display: two lines of twenty characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import BadSetting, NotInCharset
from drivers.signs.cd5220 import Cd5220Settings, Cd5220Sign
from drivers.signs.sign_text import SignText
from drivers.sim.sign import Cd5220Machine
from tests.drivers.signs.wire import Wire

CALL = SignText("A012", 3, "请A012号到3号窗口")


def shown(text, **settings):
    display = Cd5220Machine()
    Cd5220Sign(Wire(display), Cd5220Settings(**settings)).show(text)
    return display.shown


def test_the_bytes_are_those_of_the_manual():
    wire = Wire(Cd5220Machine())
    Cd5220Sign(wire, Cd5220Settings(brightness=2)).show(CALL)
    assert wire.sent == [b"\x1b*\x02" + b"\x1bQAA012 -> 3           \r" + b"\x1bQB" + b" " * 20 + b"\r"]


@given(number=st.from_regex(r"[A-Z][0-9]{3}", fullmatch=True), window=st.integers(1, 99))
def test_any_call_is_read_as_number_and_window(number, window):
    assert shown(SignText(number, window, "请")) == f"{number} -> {window}"


def test_both_lines_can_be_set():
    assert shown(CALL, upper="NO. {number}", lower="WINDOW {window}") == "NO. A012\nWINDOW 3"


def test_without_a_number_the_idle_line_stands_and_a_dark_sign_is_empty():
    assert shown(SignText("", 3, "热情为您服务"), idle="WELCOME", lower="WINDOW") == "WELCOME"
    assert shown(SignText("", 3, ""), idle="WELCOME", lower="WINDOW") == ""


def test_a_shorter_text_leaves_nothing_of_a_longer_one():
    display = Cd5220Machine()
    sign = Cd5220Sign(Wire(display), Cd5220Settings(upper="{number}", lower="{window}"))
    sign.show(SignText("A" * 30, 12, "x"))
    assert display.shown == "A" * 20 + "\n12"
    sign.show(SignText("B1", 3, "x"))
    assert display.shown == "B1\n3"


def test_it_shows_on_a_real_line(connected):
    line, transport = connected(Cd5220Machine())
    sign = Cd5220Sign(transport, Cd5220Settings())
    sign.check()
    sign.show(CALL)
    assert line.wait_until(lambda: line.machine.shown == "A012 -> 3")


def test_chinese_in_a_number_is_told():
    with pytest.raises(NotInCharset):
        shown(SignText("甲1", 3, "x"))


@pytest.mark.parametrize(("given", "key"), [
    ({"upper": "{nummer}"}, "upper"), ({"upper": "{number"}, "upper"), ({"lower": "{window:3}"}, "lower"),
    ({"upper": "号{number}"}, "upper"), ({"idle": "\x1b"}, "idle"), ({"brightness": 0}, "brightness"),
    ({"upper": "{}"}, "upper"),
])
def test_a_setting_that_cannot_be_is_told_by_its_key(given, key):
    with pytest.raises(BadSetting) as told:
        Cd5220Settings(**given)
    assert told.value.key == key
