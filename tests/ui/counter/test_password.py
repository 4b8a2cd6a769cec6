"""A clerk changes the own password by keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel

from hallapp.domain.errors import WrongPassword
from hallapp.services import staff
from tests.conftest import PASSWORD

NEW = "geheim-1"


def opens(hall, password):
    try:
        return staff.check_password(hall, "0312", password).number == "0312"
    except WrongPassword:
        return False


def problem(counter):
    shown = counter.dialog("problem")
    return shown.text() if shown.isVisible() else ""


def test_the_old_one_and_twice_the_new_one_make_it_and_the_counter_goes_on(counter, hall):
    counter.press(f"F2 Ctrl+M {PASSWORD} Enter {NEW} Enter {NEW} Enter")
    assert counter.open_dialog() is None
    assert "密码已修改" in counter.view.message.sentence()
    assert (opens(hall, NEW), opens(hall, PASSWORD)) == (True, False)
    counter.press("F2")
    assert len(counter.visits()) == 1


def test_tab_goes_from_field_to_field_as_well(counter, hall):
    counter.press(f"Ctrl+M {PASSWORD} Tab {NEW} Tab {NEW} Enter")
    assert opens(hall, NEW)


def test_a_wrong_old_one_is_said_and_typed_anew_in_its_place(counter, hall):
    counter.press(f"Ctrl+M wrong! Enter {NEW} Enter {NEW} Enter")
    assert "原密码不对" in problem(counter)
    assert opens(hall, PASSWORD)
    counter.press(f"{PASSWORD} Enter")
    assert counter.open_dialog() is None
    assert opens(hall, NEW)


@pytest.mark.parametrize(("new", "again", "words"), [
    ("12345", "12345", "密码至少 6 位"), (NEW, "geheim-2", "两次输入的新密码不一样")])
def test_a_new_one_that_will_not_do_is_said_and_changes_nothing(counter, hall, new, again, words):
    counter.press(f"Ctrl+M {PASSWORD} Enter {new} Enter {again} Enter")
    assert words in problem(counter)
    assert opens(hall, PASSWORD)
    counter.dialog("new-again").clear()
    counter.press(f"{NEW} Enter {NEW} Enter")
    assert opens(hall, NEW)


def test_escape_keeps_the_password(counter, hall):
    counter.press(f"Ctrl+M {PASSWORD} Enter {NEW} Enter {NEW} Esc")
    assert counter.open_dialog() is None
    assert opens(hall, PASSWORD)


def test_nothing_typed_can_be_read_over_the_shoulder(counter):
    counter.press(f"Ctrl+M {PASSWORD} Enter {NEW}")
    for name in ("old-password", "new-password", "new-again"):
        assert counter.dialog(name).displayText() not in (PASSWORD, NEW)


def test_the_key_is_named_beside_that_of_signing_out(counter):
    assert any("Ctrl+M 改密码" in each.text() and "签退" in each.text() for each in counter.view.findChildren(QLabel))
    counter.press("F1")
    assert any(each.text() == "Ctrl+M" for each in counter.open_dialog().findChildren(QLabel))


def test_what_is_typed_and_what_is_wrong_with_it_stand_above_the_answer(counter):
    counter.press(f"Ctrl+M {PASSWORD} Enter {NEW} Enter other Enter")
    names = ("old-password", "new-password", "new-again", "problem", "change-password")
    tops = [counter.dialog(name).mapTo(counter.open_dialog(), QPoint()).y() for name in names]
    assert tops == sorted(tops)
