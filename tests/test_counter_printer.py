"""A counter prints where its clerk sits, whatever window the program was started for."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from drivers import escpos
from drivers.escpos import PAPER_80
from drivers.printer import EscposPrinter
from drivers.sim.line import Others
from drivers.sim.mechanism import Fault
from drivers.sim.printer import PrinterSimulator
from drivers.transport import NetworkTransport
from hallapp.app.hall import open_hall, prepare_folder
from hallapp.app.station import Station
from hallapp.domain.events import By
from hallapp.domain.notice import NoticeLine, Situation
from hallapp.domain.printing import DeviceState, JobState, SlipKind
from hallapp.domain.staff import Role, Staff
from hallapp.services import printing, staff, visits
from hallapp.services.notices import NoticeDraft
from hallapp.ui.counter.presenter import CounterPresenter
from hallapp.ui.supervisor.presenter import SupervisorPresenter
from tests.conftest import PASSWORD

TABLE = '[printer.window-{window}]\nkind = "network"\naddress = "127.0.0.1:{port}"\n'
SLIP = escpos.START + escpos.text_bytes("别处来的小票") + escpos.LF + escpos.cut()


@pytest.fixture
def printers():
    """Those of windows 1 and 2, each with one computer at a time."""
    with PrinterSimulator(others=Others.REFUSED) as first, PrinterSimulator(others=Others.REFUSED) as second:
        yield {1: first, 2: second}


@pytest.fixture
def hall_and_config(tmp_path, printers):
    file = prepare_folder(tmp_path)
    tables = "".join(TABLE.format(window=window, port=one.port) for window, one in printers.items())
    file.write_text(file.read_text(encoding="utf-8") + "\n" + tables, encoding="utf-8")
    hall, config = open_hall(tmp_path)
    staff.add_staff(hall, By("setup"), Staff("0312", "王芳", Role.SUPERVISOR), PASSWORD)
    yield hall, config
    hall.store.close()


@pytest.fixture
def station(qtbot, themed, hall_and_config):
    with Station(*hall_and_config) as running:
        yield running
        for window in running.windows:
            getattr(window, "allow_close", lambda: None)()


def sign_in(station, qtbot, window):
    """As the clerk does it at the sign-in page; the presenter of the counter that is there then."""
    shell = station.windows[0]
    before = shell.currentWidget()
    page = shell.page
    page.number.setText("0312")
    page.password.setText(PASSWORD)
    page.window_box.setCurrentIndex(page.window_box.findData(window))
    QTest.keyClick(page.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shell.currentWidget() is not before, timeout=10_000)
    return shell.currentWidget().findChild(CounterPresenter)


def sign_out(station, qtbot):
    shell = station.windows[0]
    shell.sign_out_requested.emit()
    qtbot.waitUntil(lambda: shell.currentWidget() is shell.page)


def give_notice(presenter, hall):
    """A visitor comes, and the counter gives a notice."""
    visits.walk_in(hall, presenter.clerk)
    item = visits.start_item(hall, presenter.clerk, "NT12")
    presenter._visit._on_notice_given(NoticeDraft(item.id, Situation.INCOMPLETE, (NoticeLine("诊断证明", True, 1),)))


def served(station):
    return {one.name for one in station._served if one.kind == "printer" and one.try_out is not None}


def row(page, name):
    """A device as the devices page has it, and whether it can be tried out."""
    rows = [[page.devices.item(row, column).text() for column in range(3)] for row in range(page.devices.rowCount())]
    (place,) = [place for place, cells in enumerate(rows) if cells[0] == name]
    page.devices.selectRow(place)
    return rows[place][1:], page.try_key.isEnabled()


RESTS = ["… 无人登录", "窗口有人登录后才使用，现在不检查"], False
WELL = ["● 正常", ""], True


@pytest.mark.parametrize("window", [1, 2])
def test_a_slip_comes_out_where_the_clerk_sits_whatever_window_the_program_was_started_for(
    station, printers, qtbot, window
):
    other = 3 - window
    station.open("counter", other)
    presenter = sign_in(station, qtbot, window)
    give_notice(presenter, station.hall)
    qtbot.waitUntil(lambda: printers[window].slips != [], timeout=10_000)
    assert served(station) == {f"window-{window}"}
    assert (printers[other].slips, printers[other].unfinished) == ([], b"")


def test_a_clerk_who_moves_lets_the_printer_go_to_others_and_the_devices_page_follows(station, printers, qtbot):
    station.open("hall", 1)
    page = station.windows[-1].findChild(SupervisorPresenter).devices

    def listed():
        column = [page.devices.item(row, 0).text() for row in range(page.devices.rowCount())]
        return {name for name in column if "号窗口打印机" in name}

    assert listed() == {"1 号窗口打印机"}
    sign_in(station, qtbot, 2)
    qtbot.waitUntil(lambda: listed() == {"2 号窗口打印机"}, timeout=10_000)
    sign_out(station, qtbot)
    presenter = sign_in(station, qtbot, 1)
    qtbot.waitUntil(lambda: listed() == {"1 号窗口打印机"}, timeout=10_000)
    give_notice(presenter, station.hall)
    qtbot.waitUntil(lambda: printers[1].slips != [], timeout=10_000)
    qtbot.waitUntil(lambda: printers[2]._connected == 0, timeout=10_000)
    elsewhere = EscposPrinter(NetworkTransport("127.0.0.1", printers[2].port), PAPER_80)
    elsewhere.print(SLIP)
    elsewhere.close()
    assert printers[2].slips == [SLIP]
    assert {light.name for light in station.lights.current() if light.kind == "printer"} == {"kiosk", "window-1"}


def test_a_clerk_who_comes_back_finds_the_printer_served_again(station, printers, qtbot):
    station.open("counter", 1)
    for window in (2, 1, 2):
        presenter = sign_in(station, qtbot, window)
        sign_out(station, qtbot)
    presenter = sign_in(station, qtbot, 2)
    give_notice(presenter, station.hall)
    qtbot.waitUntil(lambda: len(printers[2].slips) == 1, timeout=10_000)
    assert served(station) == {"window-2"}
    qtbot.waitUntil(lambda: [(one.name, one.state) for one in station.lights.current() if one.kind == "printer"]
                    == [("window-2", DeviceState.READY)], timeout=10_000)


def test_what_a_crash_left_half_sent_is_doubted_by_the_printers_own_worker(station, qtbot):
    job = printing.reprint(station.hall, By("supervisor"), SlipKind.TEST, 0, "window-2")
    printing.start(station.hall, By("printer-window-2"), job.id)
    station.open("counter", 1)
    (job,) = printing.open_jobs(station.hall)
    assert job.state is JobState.SENDING
    sign_in(station, qtbot, 2)
    qtbot.waitUntil(lambda: printing.open_jobs(station.hall)[0].state is JobState.UNKNOWN, timeout=10_000)


def test_the_printer_of_a_counter_at_which_nobody_sits_is_known_and_not_asked(station, printers, qtbot):
    station.open("hall", 1)
    page = station.windows[-1].findChild(SupervisorPresenter).devices
    qtbot.waitUntil(lambda: any(light.name == "kiosk" for light in station.lights.current()))
    assert row(page, "1 号窗口打印机") == RESTS
    assert printers[1]._connected == 0
    for _ in range(2):
        sign_in(station, qtbot, 1)
        qtbot.waitUntil(lambda: row(page, "1 号窗口打印机") == WELL, timeout=10_000)
        sign_out(station, qtbot)
        qtbot.waitUntil(lambda: row(page, "1 号窗口打印机") == RESTS, timeout=10_000)
        qtbot.waitUntil(lambda: printers[1]._connected == 0, timeout=10_000)
    assert served(station) == {"kiosk"}


def test_a_counter_that_is_only_locked_keeps_its_printer(station, printers, qtbot):
    station.open("counter", 1)
    sign_in(station, qtbot, 1)
    qtbot.waitUntil(lambda: printers[1]._connected == 1, timeout=10_000)
    station.windows[0].lock_requested.emit()
    qtbot.waitUntil(lambda: station.windows[0].currentWidget() is station.windows[0].page)
    assert served(station) == {"window-1"}


def test_who_signs_out_over_a_slip_that_waits_for_paper_still_gets_it(station, printers, qtbot):
    station.open("counter", 1)
    presenter = sign_in(station, qtbot, 1)
    printers[1].set(Fault.PAPER_OUT)
    give_notice(presenter, station.hall)
    qtbot.waitUntil(lambda: [job.state for job in printing.open_jobs(station.hall)] == [JobState.FAILED],
                    timeout=10_000)
    visits.finish_visit(station.hall, presenter.clerk)
    sign_out(station, qtbot)
    printers[1].set(Fault.PAPER_OUT, on=False)
    qtbot.waitUntil(lambda: len(printers[1].slips) == 1, timeout=10_000)
    qtbot.waitUntil(lambda: printers[1]._connected == 0, timeout=10_000)
    assert served(station) == set()


def test_the_printer_of_a_clerk_whose_window_was_taken_over_rests(station, printers, qtbot):
    station.open("counter", 1)
    sign_in(station, qtbot, 1)
    qtbot.waitUntil(lambda: printers[1]._connected == 1, timeout=10_000)
    staff.add_staff(station.hall, By("setup"), Staff("0313", "李强"), PASSWORD)
    staff.sign_in(station.hall, "window-1", "0313", PASSWORD, 1, take_over=True)
    qtbot.waitUntil(lambda: printers[1]._connected == 0, timeout=10_000)
    assert served(station) == set()
