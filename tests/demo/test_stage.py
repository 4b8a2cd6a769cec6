"""Where the demo's day is played."""

from datetime import UTC, datetime

from PySide6.QtWidgets import QLineEdit
from shiboken6 import isValid

from hallapp.demo.clock import DemoClock
from hallapp.demo.run import CLERKS, SUPERVISOR
from hallapp.demo.stage import PASSWORD, Stage
from hallapp.domain.printing import DeviceState, DeviceStatus
from hallapp.services.device_news import DeviceTeller


def test_it_comes_to_rest_also_if_a_device_tells_how_it_is_before_anybody_listens(themed, tmp_path):
    stage = Stage(tmp_path, DemoClock(datetime(2026, 11, 23, 0, 20, tzinfo=UTC)), 20, (SUPERVISOR, *CLERKS),
                  painted=False)
    DeviceTeller(stage.hall, stage.by, print).report(DeviceStatus("kiosk", "printer", DeviceState.READY))
    with stage:
        stage.settle()


def test_it_comes_to_rest_while_several_slips_wait_for_paper(themed, tmp_path):
    with Stage(tmp_path, DemoClock(datetime(2026, 11, 23, 0, 20, tzinfo=UTC)), 1, (SUPERVISOR, *CLERKS),
               painted=False) as stage:
        for _ in range(3):
            stage.click("group-other", stage.kiosk)
            stage.click("home", stage.kiosk)
        assert stage.out_of_paper()
        assert len(stage.printer.slips) == 1
        stage.refill(10)
        assert len(stage.printer.slips) == 3


def test_a_stage_leaves_none_of_its_windows(themed, tmp_path):
    with Stage(tmp_path, DemoClock(datetime(2026, 11, 23, 0, 20, tzinfo=UTC)), 20, (SUPERVISOR, *CLERKS),
               painted=False) as stage:
        pass
    assert len(stage.station.windows) == 3 + 2 * len(stage.counters)
    assert not any(map(isValid, stage.station.windows))


def test_what_is_typed_reaches_its_window_whichever_one_is_in_front(themed, tmp_path):
    with Stage(tmp_path, DemoClock(datetime(2026, 11, 23, 0, 20, tzinfo=UTC)), 20, (SUPERVISOR, *CLERKS),
               painted=False) as stage:
        stage.counters[2].activateWindow()  # its sign-in page has a key of its own for Enter
        stage.settle()
        assert stage.counters[2].isActiveWindow()
        stage.supervisor.findChild(QLineEdit, "supervisor-number").setText(SUPERVISOR.number)
        stage.type(PASSWORD, "supervisor-password", stage.supervisor)
        assert not stage.supervisor.findChild(QLineEdit, "supervisor-password").isVisible()
