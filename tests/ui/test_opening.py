"""What is seen while the server is away at the start: clerks are told why, visitors what to do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from hallapp.domain.errors import StoreAway
from hallapp.ui.opening import VISITORS, Cover
from tests.ui.contrast import faint
from tests.ui.test_windows import SIZES, cut, overlapping, settle

ERROR = StoreAway("postgresql://hall:***@192.168.1.10:5432/hall", "connection refused: is the server running?\n" * 2)

REFUSED = StoreAway(ERROR.where, 'connection failed: FATAL:  password authentication failed for user "shanggang_desk"')


@pytest.fixture
def covered(themed, qtbot):
    """``covered(command, size)``: what lies over the window that the command opened."""

    windows = []

    def make(command, size=(1366, 768)):
        window = QWidget()
        windows.append(window)
        qtbot.addWidget(window)
        window.resize(*size)
        cover = Cover(window, command)
        cover.show_why(ERROR)
        window.show()
        settle()
        return cover

    return make


def seen(cover):
    return "\n".join(each.text() for each in cover.findChildren(QLabel) if each.isVisible())


@pytest.mark.parametrize("command", ["counter", "hall", "supervisor"])
def test_a_clerk_is_told_where_the_server_is_and_what_it_said(covered, command):
    assert "192.168.1.10:5432" in seen(covered(command))
    assert "connection refused" in seen(covered(command))


def test_a_clerk_is_not_sent_to_the_cables_when_the_server_refuses_the_pc(covered):
    cover = covered("counter")
    assert "网线" in seen(cover)
    cover.show_why(REFUSED)
    assert "网线" not in seen(cover)
    assert "再运行一次 hallapp join" in seen(cover)
    cover.show_why(ERROR)
    assert "网线" in seen(cover)


@pytest.mark.parametrize("command", VISITORS)
def test_a_visitor_is_told_what_to_do_and_no_address(covered, command):
    cover = covered(command)
    assert VISITORS[command][1] in seen(cover)
    assert "192.168" not in seen(cover)
    assert "数据库" not in seen(cover)


def test_staff_who_hold_the_upper_left_corner_see_why_and_nobody_afterwards(covered, qtbot):
    cover = covered("kiosk")
    cover.held.setInterval(0)
    QTest.mousePress(cover, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))
    qtbot.waitUntil(lambda: "192.168.1.10:5432" in seen(cover))
    QTest.mouseRelease(cover, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))
    assert "192.168" not in seen(cover)


@pytest.mark.parametrize("place", [(400, 40), (40, 400)])
def test_a_tap_elsewhere_shows_nothing(covered, place):
    cover = covered("kiosk")
    QTest.mousePress(cover, Qt.MouseButton.LeftButton, pos=QPoint(*place))
    assert not cover.held.isActive()


def test_a_short_tap_in_the_corner_shows_nothing(covered):
    cover = covered("kiosk")
    QTest.mouseClick(cover, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))
    assert not cover.held.isActive()
    assert "192.168" not in seen(cover)


@pytest.mark.parametrize("command", ["counter", *VISITORS])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("error", [ERROR, REFUSED], ids=["away", "refused"])
def test_nothing_is_cut(covered, command, size, error):
    cover = covered(command, size)
    cover.show_why(error)
    settle()
    assert cut(cover) == []
    assert overlapping(cover) == []
    assert faint(cover, 7.0) == []
