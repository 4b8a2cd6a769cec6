"""All devices of a hall at once, from hall.toml over real lines to the windows and the store."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from shiboken6 import isValid

from drivers.sim.console import obey, simulator
from drivers.sim.line import LineFault
from hallapp.app.hall import prepare_folder
from hallapp.config import read_config
from hallapp.domain.errors import ConfigError
from hallapp.domain.events import By, Clerk
from hallapp.domain.printing import DeviceState
from hallapp.services import counter, kiosk, staff
from hallapp.services.board import board
from hallapp.store.opening import open_sqlite
from hallapp.ui.kiosk.presenter import KioskPresenter
from hallapp.ui.supervisor.presenter import SupervisorPresenter
from tests.conftest import PASSWORD, whole_station

TABLES = """
[[sign]]
driver = "onbon"
link = "{onbon}"
window = 1
[[caller]]
driver = "bus"
link = "{caller}"
window = 1
staff = "0312"
[reader]
driver = "sdt"
link = "{reader}"
[scanner.kiosk]
driver = "serial"
link = "{scanner}"
[scanner.counter]
driver = "serial"
link = "{second}"
[printer.kiosk]
kind = "network"
address = "127.0.0.1:{printer}"
"""
NAMES = {"sign-1", "caller-1", "reader", "scanner-kiosk", "scanner-counter", "kiosk", "voice"}


@pytest.fixture
def lines():
    """Every device of TABLES, simulated."""
    kinds = {"onbon": "onbon", "caller": "caller", "reader": "reader", "scanner": "scanner", "second": "scanner"}
    with ExitStack() as running:
        made = {name: running.enter_context(simulator(kind, 0, pty=True)) for name, kind in kinds.items()}
        made["printer"] = running.enter_context(simulator("printer", 0, pty=False))
        yield made


@pytest.fixture
def station(qtbot, themed, tmp_path, lines):
    """All windows and all devices of the hall at work."""
    where = {name: line.device or line.port for name, line in lines.items()}
    with whole_station(tmp_path, TABLES.format(**where), 1) as running:
        yield running


def states(station):
    return {light.name: light.state for light in station.lights.current()}


def texts(window):
    return "　".join(label.text() for label in window.findChildren(QLabel) if label.isVisibleTo(window))


def presenter_of(station, kind):
    return next(found for window in station.windows if (found := window.findChild(kind)))


def test_every_device_is_served_and_stands_on_the_devices_page(station, qtbot):
    qtbot.waitUntil(lambda: states(station).keys() >= NAMES - {"voice"}, timeout=10_000)
    assert {name for name, state in states(station).items() if state is not DeviceState.READY} <= {"voice"}
    page = presenter_of(station, SupervisorPresenter).devices
    assert page.devices.rowCount() == len(NAMES)
    assert {one.name for one in page._served} == NAMES
    asked = [one for one in page._served if one.kind not in ("scanner", "voice")]  # a scanner speaks by itself only
    qtbot.waitUntil(lambda: all(one.wire() for one in asked), timeout=10_000)
    assert {one.name for one in page._served if one.log is None} == {"voice"}


def test_a_key_of_the_pad_calls_and_the_sign_shows_it(station, lines, qtbot):
    number = kiosk.issue(station.hall, By("kiosk"), kiosk.Wish("enrol"), "kiosk").ticket.number
    lines["printer"].wait_for_slips(1)
    qtbot.waitUntil(lambda: "热情" in obey(lines["onbon"], "")["shown"] or obey(lines["onbon"], "")["shown"] == "",
                    timeout=10_000)
    obey(lines["caller"], "press 1 call")
    qtbot.waitUntil(lambda: obey(lines["onbon"], "")["shown"] == f"请{number}号到1号窗口", timeout=10_000)
    assert board(station.hall).windows[0].number == number


def test_a_call_of_another_station_reaches_the_sign_at_once(station, lines, qtbot):
    qtbot.waitUntil(lambda: states(station).get("sign-1") is DeviceState.READY, timeout=10_000)
    hall = station.hall
    elsewhere = replace(hall, store=open_sqlite(Path(hall.store.where), hall.id))
    staff.sign_in(elsewhere, "window-1", "0312", PASSWORD, 1)
    number = kiosk.issue(elsewhere, By("kiosk"), kiosk.Wish("enrol")).ticket.number
    counter.call_next(elsewhere, Clerk("window-1", "0312", 1))
    qtbot.waitUntil(lambda: obey(lines["onbon"], "")["shown"] == f"请{number}号到1号窗口", timeout=10_000)
    elsewhere.store.close()


def test_a_card_at_the_kiosk_offers_the_priority_lane(station, lines, qtbot):
    presenter = presenter_of(station, KioskPresenter)
    qtbot.waitUntil(lambda: states(station).get("reader") is DeviceState.READY, timeout=10_000)
    lines["reader"].act(lambda: lines["reader"].machine.lay("19400102"))
    window = presenter.parent()
    qtbot.waitUntil(lambda: "您可以走优先通道，现在进入吗？" in texts(window), timeout=10_000)
    assert "19400102" not in texts(window)


def test_each_scanner_speaks_to_its_own_window(station, lines, qtbot):
    heard = {"kiosk": [], "counter": []}
    counter, kiosk_window = station.windows[0], station.windows[1]
    kiosk_window.scanned.connect(heard["kiosk"].append)
    counter.scanned.connect(heard["counter"].append)
    qtbot.waitUntil(lambda: states(station).keys() >= {"scanner-kiosk", "scanner-counter"}, timeout=10_000)
    obey(lines["scanner"], "scan N20261123001")
    obey(lines["second"], "scan N20261123002")
    qtbot.waitUntil(lambda: all(heard.values()), timeout=10_000)
    assert heard == {"kiosk": ["N20261123001"], "counter": ["N20261123002"]}


def test_silent_devices_are_told_and_come_back_and_hold_up_no_number(station, lines, qtbot):
    for name in ("onbon", "reader"):
        lines[name].set(LineFault.SILENT)
    kiosk.issue(station.hall, By("kiosk"), kiosk.Wish("enrol"), "kiosk")
    lines["printer"].wait_for_slips(1)
    page = presenter_of(station, SupervisorPresenter).devices
    for one in page._served:
        if one.kind in ("sign", "reader"):
            one.try_out()
    down = {"sign-1": DeviceState.DOWN, "reader": DeviceState.DOWN}
    qtbot.waitUntil(lambda: states(station).items() >= down.items(), timeout=15_000)
    for name in ("onbon", "reader"):
        lines[name].set(LineFault.SILENT, on=False)
    back = dict.fromkeys(down, DeviceState.READY)
    qtbot.waitUntil(lambda: states(station).items() >= back.items(), timeout=15_000)


@pytest.mark.parametrize("tables", [
    '[reader]\ndriver = "sdt"\nlink = "COM4"\n[scanner.kiosk]\ndriver = "serial"\nlink = "COM4"\n',
    '[[caller]]\ndriver = "bus"\nlink = "COM5"\nwindow = 1\nstaff = "0312"\n' * 2,
    '[[sign]]\ndriver = "onbon"\nlink = "COM5"\nwindow = 1\n' * 2,
    '[[sign]]\ndriver = "onbon"\nlink = "COM5"\nwindow = 1\n[rater]\ndriver = "keypad"\nlink = "COM5"\n'
    '[rater.keys]\n"01" = 5\n',
])
def test_devices_that_cannot_share_a_line_are_refused(tmp_path, tables):
    file = prepare_folder(tmp_path)
    file.write_text(file.read_text(encoding="utf-8") + "\n" + tables, encoding="utf-8")
    with pytest.raises(ConfigError):
        read_config(file, tmp_path)


def test_a_station_that_ends_leaves_none_of_its_windows(qtbot, themed, tmp_path):
    with whole_station(tmp_path, "", 1) as ended:
        assert all(map(isValid, ended.windows))
    assert not any(map(isValid, ended.windows))
