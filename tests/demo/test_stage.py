"""Where the demo's day is played."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QLineEdit
from shiboken6 import isValid

from hallapp.demo.clock import DemoClock
from hallapp.demo.run import CLERKS, SUPERVISOR
from hallapp.demo.stage import PASSWORD, Stage
from hallapp.domain.printing import DeviceState, DeviceStatus
from hallapp.services.device_news import DeviceTeller


def test_it_comes_to_rest_also_if_a_device_tells_how_it_is_before_anybody_listens(themed, tmp_path):
    stage = Stage(tmp_path, DemoClock(datetime(2026, 11, 23, 0, 20, tzinfo=UTC)), 20, (SUPERVISOR, *CLERKS))
    DeviceTeller(stage.hall, stage.by, print).report(DeviceStatus("kiosk", "printer", DeviceState.READY))
    with stage:
        stage.settle()


def test_it_comes_to_rest_while_several_slips_wait_for_paper(themed, tmp_path):
    with Stage(tmp_path, DemoClock(datetime(2026, 11, 23, 0, 20, tzinfo=UTC)), 1, (SUPERVISOR, *CLERKS)) as stage:
        for _ in range(3):
            stage.click("group-other", stage.kiosk)
            stage.click("home", stage.kiosk)
        assert stage.out_of_paper()
        assert len(stage.printer.slips) == 1
        stage.refill(10)
        assert len(stage.printer.slips) == 3


def test_a_stage_leaves_none_of_its_windows(themed, tmp_path):
    with Stage(tmp_path, DemoClock(datetime(2026, 11, 23, 0, 20, tzinfo=UTC)), 20, (SUPERVISOR, *CLERKS)) as stage:
        pass
    assert len(stage.station.windows) == 3 + 2 * len(stage.counters)
    assert not any(map(isValid, stage.station.windows))


def test_what_is_typed_reaches_its_window_whichever_one_is_in_front(themed, tmp_path):
    with Stage(tmp_path, DemoClock(datetime(2026, 11, 23, 0, 20, tzinfo=UTC)), 20, (SUPERVISOR, *CLERKS)) as stage:
        stage.counters[2].activateWindow()  # its sign-in page has a key of its own for Enter
        stage.settle()
        assert stage.counters[2].isActiveWindow()
        stage.supervisor.findChild(QLineEdit, "supervisor-number").setText(SUPERVISOR.number)
        stage.type(PASSWORD, "supervisor-password", stage.supervisor)
        assert not stage.supervisor.findChild(QLineEdit, "supervisor-password").isVisible()


SEEN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from hallapp.demo.run import CLERKS, SUPERVISOR
from hallapp.demo.clock import DemoClock
from hallapp.demo.stage import Stage
from hallapp.ui.screens import start_qt
app = start_qt()
with Stage(Path(sys.argv[1]), DemoClock(datetime(2026, 11, 23, 0, 20, tzinfo=UTC)), 20,
           (SUPERVISOR, *CLERKS), 60.0) as stage:
    for window in (stage.counters[1], stage.counters[2], stage.kiosk, stage.board, stage.raters[1]):
        x, y, *size = window.geometry().getRect()
        print(x // 5 * 5, y // 5 * 5, *size)  # a frame moves a window by some pixels
"""


@pytest.mark.parametrize(("size", "places"), [
    ((1920, 1080), ["0 0 1280 720", "0 0 1280 720", "1280 0 640 1080", "0 720 1280 360", "1280 0 640 1080"]),
    ((1366, 768), ["0 0 1366 768"] * 5),
])
def test_who_looks_on_sees_each_window_whole(tmp_path, size, places):
    screen = {"name": "DP-1", "x": 0, "y": 0, "width": size[0], "height": size[1]}
    (tmp_path / "screens.json").write_text(json.dumps({"screens": [screen]}))
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={tmp_path / 'screens.json'}"}
    ran = subprocess.run([sys.executable, "-c", SEEN, str(tmp_path)], capture_output=True, text=True, check=False,
                         env=environment, timeout=60)
    assert ran.stdout.splitlines() == places, ran.stderr
