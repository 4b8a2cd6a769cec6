"""PCs that share a server have printers and readers each: no slip comes out at another's, no light stands for two."""

from contextlib import ExitStack

import pytest

from drivers.sim.mechanism import Fault
from drivers.sim.printer import PrinterSimulator
from hallapp.app.hall import open_hall, prepare_folder
from hallapp.app.station import Station
from hallapp.domain.events import By
from hallapp.domain.printing import DeviceState, DeviceStatus, JobState, Trouble
from hallapp.domain.staff import Role, Staff
from hallapp.services import kiosk, printing, staff
from hallapp.services.device_news import DeviceTeller, known_now
from hallapp.services.kiosk import Wish
from hallapp.ui.supervisor.presenter import SupervisorPresenter
from hallapp.ui.supervisor.settings_line import SettingsLine
from hallapp.ui.words import trouble_sentence
from tests.conftest import PASSWORD
from tests.roles import pc_at_work

PC = '\n[store]\nurl = "{url}"\npc = "{name}"\n'
TABLE = '[printer.kiosk]\nkind = "network"\naddress = "127.0.0.1:{port}"\n'


@pytest.fixture
def printers():
    with PrinterSimulator() as first, PrinterSimulator() as second:
        yield first, second


@pytest.fixture
def start(qtbot, themed, tmp_path, database):
    """``start(pc, command, printer)``: a program of a PC that has that printer for its kiosk, or none."""
    running = ExitStack()

    def program(pc, command, printer=None):
        folder = tmp_path / pc
        file = prepare_folder(folder)
        if "[store]\nurl" not in file.read_text(encoding="utf-8"):
            table = TABLE.format(port=printer.port) if printer else ""
            file.write_text(file.read_text(encoding="utf-8") + PC.format(url=database, name=pc) + table,
                            encoding="utf-8")
        hall, config = open_hall(folder)
        running.callback(hall.store.close)
        station = running.enter_context(Station(hall, config))
        station.open(command, 1)
        running.callback(lambda: [getattr(window, "allow_close", lambda: None)() for window in station.windows])
        return station

    with running:
        yield program


def take(station):
    """A visitor takes a number there; its print job."""
    issued = kiosk.issue(station.hall, By("kiosk"), Wish("enrol"), station.config.kiosk_printer)
    return next(job for job in printing.open_jobs(station.hall) if job.id == issued.job_id)


def state(station, job):
    """Of a job; printed ones are open no more."""
    return next((one.state for one in printing.open_jobs(station.hall) if one.id == job.id), JobState.PRINTED)


def test_a_slip_waits_for_its_own_kiosks_paper(start, printers, qtbot):
    near, far = printers
    east, west = start("东侧", "kiosk", near), start("西侧", "kiosk", far)
    near.set(Fault.PAPER_OUT)
    job = take(east)
    qtbot.waitUntil(lambda: state(east, job) is JobState.FAILED, timeout=10_000)
    other = take(west)  # whoever prints this one looked for work after the first slip had failed
    qtbot.waitUntil(lambda: state(west, other) is JobState.PRINTED, timeout=10_000)
    assert (len(near.slips), len(far.slips)) == (0, 1)
    near.set(Fault.PAPER_OUT, on=False)
    qtbot.waitUntil(lambda: state(east, job) is JobState.PRINTED, timeout=10_000)
    assert (len(near.slips), len(far.slips)) == (1, 1)


def test_a_program_that_starts_does_not_doubt_what_another_pc_is_printing(start, printers, qtbot):
    east = start("东侧", "board", printers[0])
    job = take(east)
    printing.start(east.hall, By("printer-kiosk"), job.id)
    west = start("西侧", "kiosk", printers[1])
    own = take(west)
    qtbot.waitUntil(lambda: state(west, own) is JobState.PRINTED, timeout=10_000)
    assert state(west, job) is JobState.SENDING


def test_a_counter_tells_which_kiosk_is_out_of_paper(start, printers, qtbot):
    near, far = printers
    far.set(Fault.PAPER_OUT)
    start("东侧", "kiosk", near)
    start("西侧", "kiosk", far)
    counter = start("柜台", "counter")

    def shown():
        return {light.name: light.trouble for light in counter.lights.current() if light.name.startswith("kiosk@")}

    qtbot.waitUntil(lambda: shown() == {"kiosk@东侧": Trouble.NONE, "kiosk@西侧": Trouble.PAPER_OUT}, timeout=10_000)
    words = [trouble_sentence(light) for light in counter.lights.troubled() if light.kind == "printer"]
    assert words == ["取号机打印机（西侧）缺纸，请装纸，装好后自动补打"]


def test_of_the_devices_of_a_pc_that_is_not_heard_of_a_counter_says_so_until_it_is_back(start, database, qtbot):
    counter = start("柜台", "counter")
    well = DeviceStatus("kiosk@东侧", "printer", DeviceState.READY)
    DeviceTeller(counter.hall, By("printer-kiosk"), lambda status: None).report(well)
    counter.feed.store_back.emit()  # then it looks again, as it does twice a minute
    unheard = "取号机打印机（东侧）无联系，请看那台电脑是否开着、程序是否打开、网线是否插好"
    qtbot.waitUntil(lambda: unheard in [trouble_sentence(light) for light in counter.lights.troubled()])
    with pc_at_work(database, counter.hall.id, "东侧"):
        counter.feed.store_back.emit()
        qtbot.waitUntil(lambda: well in counter.lights.current())


def test_a_pcs_own_devices_are_heard_of(start, printers, qtbot):
    start("东侧", "kiosk", printers[0])
    counter = start("柜台", "counter")
    qtbot.waitUntil(lambda: "kiosk@东侧" in [light.name for light in counter.lights.current()], timeout=10_000)
    news = known_now(counter.hall)
    assert [(one.name, one.trouble) for one in news if one.kind == "printer"] == [("kiosk@东侧", Trouble.NONE)]


def test_the_supervisor_is_told_in_what_other_pcs_are_set_otherwise(start, tmp_path, qtbot):
    start("柜台", "counter")
    start("东侧", "kiosk")
    office = start("主任", "supervisor")
    line = office.windows[0].findChild(SettingsLine)
    qtbot.waitUntil(lambda: not office.office.busy)
    assert line.line.isHidden()
    file = prepare_folder(tmp_path / "西侧")
    file.write_text(file.read_text(encoding="utf-8") + "[rules]\nrecall_limit = 5\n", encoding="utf-8")
    start("西侧", "kiosk")
    line.look()
    qtbot.waitUntil(lambda: not line.line.isHidden())
    assert line.line.text().startswith("▲ 与其他 1 台电脑的设置不同：规则。")


def test_a_copy_can_be_sent_to_another_pcs_kiosk(start, printers, qtbot):
    start("东侧", "kiosk", printers[0])
    office = start("主任", "supervisor")
    jobs = office.windows[0].findChild(SupervisorPresenter).jobs
    qtbot.waitUntil(lambda: jobs.printer.count() == 1, timeout=10_000)
    assert (jobs.printer.currentText(), jobs.printer.currentData()) == ("取号机打印机（东侧）", "kiosk@东侧")
    staff.add_staff(office.hall, By("setup"), Staff("0312", "王芳", Role.SUPERVISOR), PASSWORD)
    assert jobs._test.isEnabled()
    jobs._test.click()
    qtbot.waitUntil(lambda: len(printers[0].slips) == 1, timeout=10_000)


def test_where_no_printer_is_known_none_can_be_chosen(start):
    office = start("主任", "supervisor")
    jobs = office.windows[0].findChild(SupervisorPresenter).jobs
    assert jobs.printer.count() == 0
    assert not jobs._test.isEnabled()
    assert not jobs._copy.isEnabled()
