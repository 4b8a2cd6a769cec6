"""A scanner that types is told from a hand by its speed; nothing waits but the keys' own time stamps."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget

from hallapp.ui.widgets import wedge as module
from hallapp.ui.widgets.wedge import GAP_MS, SHORTEST, Wedge
from tests.ui.timed_keys import ENTER, PRESS, RELEASE, TimedKeys

CODE = "N20261123001"
HAND = 4 * GAP_MS


class Place(QWidget):
    """A window with a field, a button and two shortcuts."""

    def __init__(self):
        super().__init__()
        self.field, self.button = QLineEdit(), QPushButton("x")
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.button)
        self.pressed, self.scans = [], []
        self.one = QShortcut(QKeySequence("1"), self)
        self.enter = QShortcut(QKeySequence("F2"), self)
        self.one.activated.connect(self._on_one)
        self.button.clicked.connect(self._on_clicked)
        self.wedge = Wedge(self)
        self.wedge.scanned.connect(self.scans.append)

    def _on_one(self):
        self.pressed.append("1")

    def _on_clicked(self):
        self.pressed.append("x")


@pytest.fixture
def active(qtbot):
    def wait(window):
        def shown():
            window.activateWindow()
            return QGuiApplication.focusWindow() is window.windowHandle()

        window.show()
        qtbot.waitUntil(shown)

    return wait


@pytest.fixture
def place(qtbot, active):
    made = Place()
    qtbot.addWidget(made)
    active(made)
    made.field.setFocus()
    TimedKeys.moment += 1000
    return made


@pytest.fixture
def keys(place):
    return TimedKeys(place.windowHandle())


@pytest.fixture
def settle(place, qtbot):
    """Until no key is kept back any more."""
    return lambda: qtbot.waitUntil(lambda: not place.wedge._held)


@pytest.mark.parametrize("gap", [1, 5, GAP_MS])
def test_a_burst_is_a_scan_and_none_of_it_reaches_the_field(place, keys, gap):
    keys.type(CODE + ENTER, gap)
    assert place.scans == [CODE]
    assert place.field.text() == ""


def test_a_hand_types_into_the_field_and_enter_is_its_own(place, keys, settle):
    entered = []
    place.field.returnPressed.connect(lambda: entered.append(place.field.text()))
    keys.type(CODE + ENTER, HAND)
    settle()
    assert place.scans == []
    assert place.field.text() == CODE
    assert entered == [CODE]


def test_the_last_key_of_a_hand_is_held_no_longer_than_the_gap(place, keys, settle):
    keys.type("1", HAND)
    assert place.field.text() == ""
    assert place.wedge._wait.interval() == GAP_MS
    settle()
    assert place.field.text() == "1"


@pytest.mark.parametrize("text", ["1", "cxjm", "A" * (SHORTEST - 1)])
def test_a_burst_too_short_for_a_code_belongs_to_a_hand(place, keys, text):
    keys.type(text + ENTER, 3)
    assert place.scans == []
    assert place.field.text() == text


@pytest.mark.parametrize("at", range(1, len(CODE) + 1))
def test_one_slow_key_anywhere_makes_it_a_hand_up_to_there(place, keys, settle, at):
    keys.type(CODE[:at], 5)
    TimedKeys.moment += HAND
    keys.type(CODE[at:] + ENTER, 5)
    settle()
    scan = len(CODE) - at >= SHORTEST
    assert place.scans == ([CODE[at:]] if scan else [])
    assert place.field.text() == (CODE[:at] if scan else CODE)


@pytest.mark.parametrize("after", ["", "1"])
def test_a_scanner_without_enter_does_nothing_where_single_keys_would(place, keys, settle, after):
    place.button.setFocus()
    keys.type("1111111", 5)
    TimedKeys.moment += HAND
    keys.type(after, 5)
    settle()
    assert place.scans == ["1111111"]
    assert place.pressed == list(after)


def test_in_a_field_what_comes_without_enter_is_a_hands(place, keys, settle):
    """Over a slow line to a distant keyboard a hand's letters come all at once."""
    keys.type(CODE, 1)
    settle()
    assert place.scans == []
    assert place.field.text() == CODE


def test_a_scan_right_behind_a_hands_letter_is_still_a_scan(place, keys):
    keys.type("ab", HAND)
    TimedKeys.moment += HAND
    keys.type(CODE + ENTER, 5)
    assert place.scans == [CODE]
    assert place.field.text() == "ab"


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_both_enter_keys_end_it_and_a_line_feed_after_it_reaches_nobody(place, keys, end):
    entered = []
    place.field.returnPressed.connect(lambda: entered.append(1))
    keys.type(CODE, 5)
    for _ in range(2):
        TimedKeys.moment += 5
        keys.press(end, "\r")
    assert (place.scans, entered) == ([CODE], [])
    TimedKeys.moment += HAND
    keys.press(end, "\r")
    assert entered == [1]


def test_two_scans_one_after_the_other_are_two(place, keys):
    keys.type(CODE + ENTER + "T20261123A012" + ENTER, 5)
    assert place.scans == [CODE, "T20261123A012"]


def test_a_scanner_triggers_no_shortcut_but_a_hand_does(place, keys, settle):
    place.button.setFocus()
    keys.type("111111111" + ENTER, 5)
    assert (place.scans, place.pressed) == (["111111111"], [])
    keys.type("1", HAND)
    assert place.pressed == []
    settle()
    assert place.pressed == ["1"]


def test_a_shortcut_that_is_off_takes_no_key(place, keys, settle):
    place.button.setFocus()
    place.one.setEnabled(False)
    keys.type("1", HAND)
    settle()
    assert place.pressed == []


def test_space_held_back_still_presses_a_button_once(place, keys, settle):
    place.button.setFocus()
    TimedKeys.moment += HAND
    keys.press(Qt.Key.Key_Space, " ")
    keys.send(RELEASE, Qt.Key.Key_Space, " ", Qt.KeyboardModifier.NoModifier)
    settle()
    assert place.pressed == ["x"]
    assert not place.button.isDown()


def test_keys_that_are_no_signs_give_back_what_is_held_and_pass(place, keys):
    keys.type("ab", 5)
    TimedKeys.moment += 5
    keys.press(Qt.Key.Key_Backspace, "\b")
    assert place.field.text() == "a"
    keys.press(Qt.Key.Key_A, "\x01", Qt.KeyboardModifier.ControlModifier)
    assert place.field.selectedText() == "a"


def test_a_key_held_down_is_no_scanner(place, keys):
    for _ in range(10):
        TimedKeys.moment += 5
        event = QKeyEvent(PRESS, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a", autorep=True)
        event.setTimestamp(TimedKeys.moment)
        QApplication.sendEvent(keys.window, event)
    assert place.field.text() == "a" * 10


def test_the_same_sign_twice_in_a_burst_is_none_held_down_though_x_calls_it_repeated(place, keys):
    keys.type("T2026", 1)
    for repeated in (False, True):
        TimedKeys.moment += 1
        event = QKeyEvent(PRESS, Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, "1", autorep=repeated)
        event.setTimestamp(TimedKeys.moment)
        QApplication.sendEvent(keys.window, event)
    keys.type("26A001" + ENTER, 1)
    assert (place.scans, place.field.text()) == (["T20261126A001"], "")


def test_a_burst_is_whole_though_this_pc_was_busy_in_the_middle_of_it(place, keys, settle):
    keys.type(CODE[:7], 5)
    place.wedge._wait.timeout.emit()  # as after a halt: the timer's end is seen before the keys that lie waiting
    keys.type(CODE[7:] + ENTER, 5)
    settle()
    assert (place.scans, place.field.text()) == ([CODE], "")


def test_keys_without_a_time_stamp_pass_by(place):
    QTest.keyClicks(place.field, CODE)
    QTest.keyClick(place.field, Qt.Key.Key_Return)
    assert (place.scans, place.field.text()) == ([], CODE)


def test_it_hears_in_a_dialog_and_keeps_its_field_clean(place, keys, active, qtbot):
    dialog = QDialog(place)
    field = QLineEdit(dialog)
    dialog.open()
    active(dialog)
    field.setFocus()
    TimedKeys(dialog.windowHandle()).type(CODE + ENTER, 5)
    assert (place.scans, field.text()) == ([CODE], "")
    assert dialog.isVisible()
    dialog.close()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is not dialog.windowHandle())
    active(place)
    keys.type(CODE + ENTER, 5)
    assert place.scans == [CODE, CODE]


def test_it_minds_no_other_window(place, keys, active, qtbot):
    other = QLineEdit()
    qtbot.addWidget(other)
    active(other)
    TimedKeys(other.windowHandle()).type(CODE + ENTER, 5)
    assert (place.scans, other.text()) == ([], CODE)


def test_of_two_windows_each_hears_its_own(place, keys, active, qtbot):
    second = Place()
    qtbot.addWidget(second)
    active(second)
    TimedKeys(second.windowHandle()).type(CODE + ENTER, 5)
    active(place)
    keys.type("T20261123A012" + ENTER, 5)
    assert (second.scans, place.scans) == ([CODE], ["T20261123A012"])


def test_keys_through_the_platform_are_a_scan_too(place, monkeypatch):
    """As the window system hands them over, with time stamps of its own; a busy machine may be slow about it."""
    monkeypatch.setattr(module, "GAP_MS", 60_000)
    place.button.setFocus()
    place.wedge._wait.setInterval(60_000)
    for letter in "N11111":
        QTest.keyClick(place.windowHandle(), Qt.Key(ord(letter)))
    QTest.keyClick(place.windowHandle(), Qt.Key.Key_Return)
    assert [text.upper() for text in place.scans] == ["N11111"]
    assert place.pressed == []


def test_where_nothing_is_typed_into_no_input_method_takes_part(place):
    place.button.setFocus()
    assert not QGuiApplication.focusObject().testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


SIGNS = st.text(st.sampled_from("ABCDEFNT0123456789abcx -+"), max_size=20)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(SIGNS, st.sampled_from([2, GAP_MS, HAND])), max_size=5))
def test_no_key_is_ever_lost_or_doubled(place, keys, settle, pieces):
    """Each sign ends in the field or in a scan, once, in order."""
    place.field.clear()
    place.scans.clear()
    TimedKeys.moment += HAND
    for text, gap in pieces:
        keys.type(text + ENTER, gap)
        TimedKeys.moment += HAND
    place.wedge._give_back()
    scanned = [text for text, gap in pieces if gap <= GAP_MS and len(text) >= SHORTEST]
    typed = [text for text, gap in pieces if not (gap <= GAP_MS and len(text) >= SHORTEST)]
    assert place.scans == scanned
    assert place.field.text() == "".join(typed)


def test_releases_of_a_scans_keys_press_nothing(place, keys):
    place.button.setFocus()
    keys.type("A 1 B 2 C" + ENTER, 5)
    keys.send(QEvent.Type.KeyRelease, Qt.Key.Key_Space, " ", Qt.KeyboardModifier.NoModifier)
    assert place.pressed == []


def test_random_keys_give_scans_of_signs_that_were_typed_or_nothing(place):
    """Any key, sign, modifier, order and moment; what is held is mostly dropped, as giving it back takes long."""
    chance, window = Random(20261125), place.windowHandle()
    kinds = (QEvent.Type.ShortcutOverride, *[PRESS] * 6, RELEASE)
    keys = (*[Qt.Key.Key_A] * 6, Qt.Key.Key_1, Qt.Key.Key_Return, Qt.Key.Key_Shift, Qt.Key.Key_F2)
    signs = (*"A1cz医𠮷" * 3, "", "\r", "\x00", "12")
    modifiers = (*[Qt.KeyboardModifier.NoModifier] * 40, *Qt.KeyboardModifier)
    for turn in range(5_000):
        slow = turn % 20 == 0
        if slow and turn % 200:
            place.wedge._held.clear()
        event = QKeyEvent(chance.choice(kinds), chance.choice(keys), chance.choice(modifiers), chance.choice(signs),
                          chance.random() < 0.01)
        TimedKeys.moment += chance.choice((HAND, -3)) if slow else chance.choice((0, 1, 5, GAP_MS))
        event.setTimestamp(max(0, TimedKeys.moment))
        assert place.wedge.eventFilter(window, event) in (True, False)
    assert len(place.scans) > 2
    assert all(len(scan) >= SHORTEST and scan.isprintable() for scan in place.scans)
