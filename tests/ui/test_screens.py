"""What Qt itself says on the screen."""

from __future__ import annotations

import os
import re
import signal

import pytest
from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDateEdit, QFileDialog, QLabel, QLineEdit, QPushButton, QWidget

from hallapp.ui.screens import cover, end_by_ctrl_c, speak_chinese

ENGLISH = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture
def speaking(themed):
    before = QLocale()
    words = speak_chinese(themed)
    yield
    themed.removeTranslator(words)
    QLocale.setDefault(before)


def test_the_menu_of_a_field_is_chinese(speaking, qtbot):
    field = QLineEdit()
    qtbot.addWidget(field)
    said = [action.text().partition("\t")[0] for action in field.createStandardContextMenu().actions()]
    assert "粘贴(&P)" in said
    assert not [words for words in said if ENGLISH.search(words)]


def test_the_file_dialog_is_chinese(speaking, qtbot):
    dialog = QFileDialog(None, "保存日报表")
    qtbot.addWidget(dialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    said = [one.text() for kind in (QPushButton, QLabel) for one in dialog.findChildren(kind)]
    assert "保存(&S)" in said
    assert not [words for words in said if ENGLISH.search(words)]


def test_the_calendar_is_chinese(speaking, qtbot):
    date = QDateEdit()
    qtbot.addWidget(date)
    date.setCalendarPopup(True)
    assert date.calendarWidget().locale().monthName(11) == "十一月"


def test_a_window_over_a_whole_screen_never_has_a_frame(qtbot):
    """On Windows Qt adds the frame that a window had to the least size of one that fills its screen."""
    window = QWidget()
    qtbot.addWidget(window)
    screen = QGuiApplication.primaryScreen()
    cover(screen, window)
    assert window.isFullScreen()
    assert window.geometry() == screen.geometry()
    assert window.windowFlags() & Qt.WindowType.FramelessWindowHint


def test_ctrl_c_ends_the_program_even_where_a_slot_runs(themed):
    before = signal.getsignal(signal.SIGINT)
    end_by_ctrl_c()
    pressed = QTimer(singleShot=True)
    pressed.timeout.connect(_press_ctrl_c)
    pressed.start(0)
    late = QTimer(singleShot=True)
    late.timeout.connect(themed.quit)
    late.start(10_000)
    try:
        assert themed.exec() == 130
    finally:
        signal.signal(signal.SIGINT, before)


def _press_ctrl_c():
    os.kill(os.getpid(), signal.SIGINT)
