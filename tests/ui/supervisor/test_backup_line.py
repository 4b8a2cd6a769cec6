"""The supervisor sees in one line when the store was last copied, and whether that failed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QLabel

from hallapp.domain.events import By
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble
from hallapp.domain.staff import Role
from hallapp.ui.supervisor.presenter import SupervisorPresenter
from hallapp.ui.supervisor.view import SupervisorWindow
from tests.conftest import PASSWORD
from tests.ui.contrast import faint
from tests.ui.supervisor.test_supervisor import new_id

MADE = datetime(2026, 11, 23, 0, 31, tzinfo=UTC)
READY = DeviceStatus("backup", "backup", DeviceState.READY, detail="2026-11-23")
NO_STICK = DeviceStatus("backup", "backup", DeviceState.WARNING, Trouble.NO_FOLDER, "/media/hall")


@pytest.fixture
def made():
    """When copies were made, the newest last; a test adds to it."""
    return []


@pytest.fixture
def opened(qtbot, themed, hall, tasks, feed, lights, employed, made):
    """``opened(**more)``: the window, the supervisor signed in."""
    employed("0300", "周敏", Role.SUPERVISOR)

    def open_window(**more):
        view = SupervisorWindow(hall.info.name)
        qtbot.addWidget(view)
        SupervisorPresenter(view, hall, By("supervisor"), tasks, feed, lights, ("kiosk",), new_id(), **more)
        view.resize(1366, 768)
        view.show()
        view.sign_in_requested.emit("0300", PASSWORD)
        qtbot.waitUntil(lambda: view.who.text() == "0300 周敏" and not tasks.busy)
        return view

    return open_window


def line(view):
    return view.findChild(QLabel, "today-backup")


@pytest.fixture
def shown(opened, made):
    return opened(last_backup=lambda: made[-1] if made else None)


def test_a_hall_without_a_copy_yet_says_so(shown):
    assert line(shown).text().startswith("还没有备份")


def test_the_last_copy_is_told_in_the_halls_time_as_soon_as_it_is_made(shown, made, lights, qtbot, tasks):
    made.append(MADE)
    lights.report(READY)
    qtbot.waitUntil(lambda: line(shown).text() == "上次备份：2026-11-23 08:31　（每天第一次打开程序时自动备份）")
    assert line(shown).isVisible()


def test_a_copy_that_failed_is_told_with_what_to_do_and_the_last_good_one_and_goes_away_again(
        shown, made, lights, qtbot):
    made.append(MADE)
    lights.report(NO_STICK)
    qtbot.waitUntil(lambda: line(shown).text() == (
        "▲ 备份没有做成：找不到备份文件夹，请接好备份盘（/media/hall）。上次备份：2026-11-23 08:31"))
    assert faint(shown, 4.5) == []
    lights.report(READY)
    qtbot.waitUntil(lambda: line(shown).text().startswith("上次备份"))


def test_in_a_hall_whose_store_is_on_a_server_there_is_no_such_line(opened):
    assert line(opened()) is None
