"""The devices page: live states in words, trials in the device's own thread, a wire log without identity data."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Event, current_thread

import pytest
from PySide6.QtCore import Qt

from drivers.sim.line import SimulatedLine
from drivers.transport import NetworkTransport
from drivers.wire import LoggedTransport, WireLog
from hallapp.devices.served import Served
from hallapp.devices.worker import Worker
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble
from hallapp.domain.rules import Rules
from hallapp.ui import theme
from hallapp.ui.supervisor.devices_page import DevicesPage
from hallapp.ui.supervisor.devices_presenter import DevicesPresenter
from hallapp.ui.supervisor.view import SupervisorWindow

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


class Parrot:
    def __init__(self):
        self.faults = set()

    def take(self, data):
        return data


@pytest.fixture
def log():
    return WireLog(lambda: NOON)


@pytest.fixture
def worker(lights, log):
    """A device's thread that speaks to a simulated one when it is tried."""
    with SimulatedLine(Parrot()) as line:
        transport = LoggedTransport(NetworkTransport("127.0.0.1", line.port), log)

        def try_out():
            transport.open()
            transport.write(b"hello")
            transport.read(64)
            lights.report(DeviceStatus("sign-2", "sign", DeviceState.READY))
            seen.append(current_thread().name)

        seen = []
        made = Worker("sign", lambda: 60.0, Event(), seen.append, transport.close)
        made.start()
        made.seen, made.try_out = seen, try_out
        yield made
        made.close()


@pytest.fixture
def page(qtbot, themed, worker, tasks, lights, log):
    served = (
        Served("kiosk", "printer", "network 192.168.1.50:9100", lambda: None),
        Served("sign-2", "sign", "onbon COM5@9600", lambda: worker.ask(worker.try_out), log),
    )
    view = SupervisorWindow("上冈镇为民服务中心")
    qtbot.addWidget(view)
    made = DevicesPage(served, Rules().zone)
    view.add_pages([("设备", made)])
    made.presenter = DevicesPresenter(made, view, tasks, lights)
    made.view = view
    view.show_work("0300")
    view.resize(1366, 768)
    view.show()
    return made


def cells(page):
    return [[page.devices.item(row, column).text() for column in range(3)] for row in range(page.devices.rowCount())]


def test_a_device_that_has_not_reported_yet_is_not_called_well(page):
    assert cells(page)[0] == ["取号机打印机", "… 还没有消息", ""]


def test_a_device_in_trouble_says_what_to_do(page, lights):
    lights.report(DeviceStatus("kiosk", "printer", DeviceState.DOWN, Trouble.PAPER_OUT))
    page.view.repaint()
    assert cells(page)[0][:3] == ["取号机打印机", "■ 不能用", "缺纸，请装纸，装好后自动补打"]
    lights.report(DeviceStatus("kiosk", "printer", DeviceState.READY))
    assert cells(page)[0][:3] == ["取号机打印机", "● 正常", ""]


def test_a_device_that_cannot_be_asked_is_not_called_well(page, lights):
    lights.report(DeviceStatus("sign-2", "sign", DeviceState.READY, Trouble.MUTE))
    page.view.repaint()
    assert cells(page)[1][:3] == ["2 号窗口屏", "● 线路已通", "不会应答，请看屏上显示得对不对"]


def test_a_device_that_was_heard_says_so(page, lights):
    page._served = (*page._served, Served("scanner-kiosk", "scanner", "serial COM6", lambda: None))
    lights.report(DeviceStatus("scanner-kiosk", "scanner", DeviceState.READY))
    page.view.repaint()
    assert cells(page)[2][:3] == ["取号机扫码器", "● 正常", "收到了扫码"]


def test_a_trial_runs_in_the_devices_own_thread_and_its_wire_is_shown(page, worker, qtbot):
    page.devices.selectRow(1)
    qtbot.mouseClick(page.try_key, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: cells(page)[1][1] == "● 正常")
    assert worker.seen == ["sign"]
    qtbot.waitUntil(lambda: "< 68 65 6c 6c 6f  hello" in page.wire.toPlainText(), timeout=3000)
    assert page.wire.toPlainText().startswith("12:00:00.000 > 68 65 6c 6c 6f  hello")  # 04:00 UTC


def test_the_wire_log_is_saved_for_the_maker(page, log, tmp_path, qtbot):
    log.write(">", "10 04 01  ···")
    page.presenter.save_to(page._served[1], tmp_path / "wire.txt")
    qtbot.waitUntil(lambda: (tmp_path / "wire.txt").exists())
    assert (tmp_path / "wire.txt").read_text() == "2026-11-23T04:00:00.000+00:00 > 10 04 01  ···\n"


def test_a_device_without_a_line_has_no_log_to_save(page):
    page.devices.selectRow(0)
    assert not page.save_key.isEnabled()
    page.devices.selectRow(1)
    assert page.save_key.isEnabled()


def test_what_a_private_device_sends_is_counted_and_never_written_down(log):
    with SimulatedLine(Parrot()) as line:
        transport = LoggedTransport(NetworkTransport("127.0.0.1", line.port), log, private=True)
        transport.open()
        transport.write(b"read")
        assert transport.read(64) == b"read"
        transport.close()
    assert [(one.sign, one.text.split("  ")[0]) for one in log.lines()] == [(">", "72 65 61 64"), ("<", "4 bytes")]


def test_the_chosen_device_is_named_with_its_driver_and_address(page):
    page.devices.selectRow(1)
    assert (page.name.text(), page.about.text()) == ("2 号窗口屏", "onbon COM5@9600")


def ink(page, row):
    return page.devices.item(row, 1).foreground().color().name().upper()


def test_a_state_has_its_colour_beside_its_sign_and_its_word(page, lights):
    assert ink(page, 0) == theme.QUIET
    for state in DeviceState:
        lights.report(DeviceStatus("kiosk", "printer", state, Trouble.PAPER_LOW))
        assert ink(page, 0) == theme.STATE_INKS[state.value]
        assert cells(page)[0][1].startswith(theme.SIGNS[state.value])


def shown_devices(qtbot, size, count, lights):
    """A page with ``count`` signs, and its table as it is painted."""
    page = DevicesPage([Served(f"sign-{n}", "sign", "onbon COM5", lambda: None) for n in range(1, count + 1)],
                       Rules().zone)
    view = SupervisorWindow("上冈镇为民服务中心")
    qtbot.addWidget(view)
    view.add_pages([("设备", page)])
    view.show_work("0300")
    view.resize(*size)
    view.show()
    page.show_lights(lights)
    page.view = view
    return page


def test_the_devices_of_this_pc_are_not_called_its_own(qtbot, themed):
    reader = DeviceStatus("reader@东侧取号机", "reader", DeviceState.DOWN, Trouble.PROGRAM)
    page = DevicesPage([Served(reader.name, "reader", "sdt COM4", lambda: None)], Rules().zone)
    qtbot.addWidget(page)
    page.show_lights([reader])
    assert (cells(page)[0][0], page.name.text()) == ("身份证阅读器", "身份证阅读器")


DOWN = DeviceStatus("sign-13", "sign", DeviceState.DOWN, Trouble.SILENT)
NOTED = DeviceStatus("sign-12", "sign", DeviceState.WARNING, Trouble.UNWATCHED)


@pytest.mark.parametrize(("size", "count"), [((1366, 768), 13), ((1920, 1080), 20)])
def test_many_devices_stand_there_without_scrolling(qtbot, themed, size, count):
    page = shown_devices(qtbot, size, count, [DOWN, NOTED])
    page.view.repaint()
    assert not page.devices.verticalScrollBar().isVisible()


def test_what_is_wrong_stands_first_and_the_choice_stays_with_its_device(qtbot, themed):
    page = shown_devices(qtbot, (1366, 768), 13, [NOTED])
    assert page.name.text() == "12 号窗口屏"  # nobody has chosen: the first
    page.devices.selectRow(3)
    assert page.name.text() == "3 号窗口屏"
    page.show_lights([NOTED, DOWN])
    assert [row[0] for row in cells(page)[:4]] == ["13 号窗口屏", "12 号窗口屏", "1 号窗口屏", "2 号窗口屏"]
    assert (page.name.text(), page.devices.currentRow()) == ("3 号窗口屏", 4)
    page.show_lights([])
    assert (page.name.text(), page.devices.currentRow()) == ("3 号窗口屏", 2)


def test_a_row_that_is_half_in_sight_is_not_drawn(qtbot, themed):
    page = shown_devices(qtbot, (1366, 768), 20, [])
    table = page.devices
    room = table.viewport()
    rects = [table.visualItemRect(table.item(row, 0)) for row in range(20)]
    cut = next(row for row, rect in enumerate(rects) if rect.bottom() >= room.height())
    whole, half = (room.grab(rects[row].intersected(room.rect())).toImage() for row in (cut - 1, cut))
    assert not half.isNull()
    assert len(colours(whole)) > 1
    assert len(colours(half)) == 1
    table.scrollToBottom()
    last = table.visualItemRect(table.item(19, 0))
    assert last.bottom() < room.height()
    assert len(colours(room.grab(last).toImage())) > 1


def colours(image):
    return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("size", [(1093, 614), (1280, 720), (1366, 768), (1536, 864), (1920, 1080)])
def test_a_halls_devices_are_all_in_sight_with_every_word_whatever_their_trouble(qtbot, themed, size):
    names = ("kiosk", "counter", "sign-1", "sign-2", "reader", "scanner-kiosk", "scanner-counter", "voice")
    for trouble in Trouble:
        page = DevicesPage([Served(name, name.partition("-")[0], "serial COM3", lambda: None) for name in names],
                           Rules().zone)
        view = SupervisorWindow("上冈镇为民服务中心")
        qtbot.addWidget(view)
        view.add_pages([("设备", page)])
        view.show_work("0300")
        view.resize(*size)
        view.show()
        page.show_lights([DeviceStatus("sign-2", "sign", DeviceState.DOWN, trouble)])
        table = page.devices
        rows = [table.visualItemRect(table.item(row, 2)) for row in range(len(names))]
        assert rows[-1].bottom() <= table.viewport().height()
        assert not table.horizontalScrollBar().isVisible()
        room = rows[0].adjusted(12, 0, -12, 0)  # what the style sheet leaves around words
        words = table.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, table.item(0, 2).text())
        assert words.height() <= room.height()
        assert words.width() <= room.width()
