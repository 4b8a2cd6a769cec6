"""What is wrong is said with what to do."""

from __future__ import annotations

from threading import Event

from hallapp.domain.errors import StoreFull
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble


def test_a_full_disk_is_told_apart_from_a_store_that_does_not_answer(counter, feed):
    feed.store_lost.emit(StoreFull("hall.db"))
    assert "磁盘已满" in counter.view.banner.sentence()


def test_a_silent_printer_is_said_in_the_last_line(counter, lights):
    lights.report(DeviceStatus("counter", "printer", DeviceState.DOWN, Trouble.SILENT))
    assert "柜台打印机没有应答，请检查电源和连接线" in "".join(counter.view.lights.words())


def test_a_wrong_date_is_said_before_any_device(counter, lights):
    for name in ("sign-1", "kiosk"):
        lights.report(DeviceStatus(name, name.partition("-")[0], DeviceState.DOWN, Trouble.SILENT))
    lights.report(DeviceStatus("clock", "clock", DeviceState.DOWN, Trouble.CLOCK_BEHIND, "2015-01-05"))
    assert "日期不对" in counter.view.lights.words()[0]


def test_a_desk_read_before_a_step_does_not_offer_the_step_once_more(counter, qtbot):
    """The news of another window may bring it while the step is under way."""
    answered, done = Event(), []
    counter.presenter.read()
    counter.presenter.act(lambda _hall, _clerk: answered.wait(10), then=done.append)
    qtbot.waitUntil(lambda: not counter.presenter._reading)
    assert counter.view._busy
    assert not done
    answered.set()
    counter.settle()
    assert done
    assert not counter.view._busy


def test_after_an_error_nobody_expected_the_counter_can_be_worked_on(counter, bugs):
    counter.presenter.act(lambda _hall, _clerk: 1 / 0)
    counter.settle()
    assert [type(bug) for bug in bugs] == [ZeroDivisionError]
    assert "程序出错，已记入日志" in counter.view.message.sentence()
    counter.press("F2")
    assert counter.number == "A001"
