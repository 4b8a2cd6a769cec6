"""Two programs of one hall: a device of the kiosk or the board is in trouble, and the counter says so at once."""

from contextlib import ExitStack

import pytest

from drivers.sim.console import simulator
from drivers.sim.mechanism import Fault
from drivers.sim.printer import PrinterSimulator
from hallapp.app.hall import open_hall, prepare_folder
from hallapp.app.station import Station
from hallapp.domain.printing import Trouble
from hallapp.ui.words import trouble_sentence

DEVICES = """
[[sign]]
driver = "onbon"
link = "tcp://127.0.0.1:{onbon}"
window = 1
[[caller]]
driver = "bus"
link = "tcp://127.0.0.1:{caller}"
window = 2
staff = "0313"
[reader]
driver = "sdt"
link = "tcp://127.0.0.1:{reader}"
[scanner.kiosk]
driver = "serial"
link = "tcp://127.0.0.1:{scanner}"
"""
WELL = {
    "sign-1": Trouble.NONE, "caller-2": Trouble.MUTE, "reader": Trouble.NONE, "scanner-kiosk": Trouble.MUTE}
GONE = {Trouble.SILENT, Trouble.CUT_OFF}
TABLE = '[printer.kiosk]\nkind = "network"\naddress = "127.0.0.1:{port}"\n'


@pytest.fixture
def printer():
    with PrinterSimulator() as simulated:
        yield simulated


class Lines:
    """What stands at the kiosk and over the windows, each behind a network box; all can be unplugged."""

    def __init__(self):
        self._running, self.ports = ExitStack(), dict.fromkeys(("onbon", "caller", "reader", "scanner"), 0)
        self.plug()

    def plug(self):
        for name, port in self.ports.items():
            self.ports[name] = self._running.enter_context(simulator(name, port, pty=False)).port

    def pull(self):
        self._running.close()


@pytest.fixture
def lines():
    made = Lines()
    yield made
    made.pull()


@pytest.fixture
def start(qtbot, themed, tmp_path, printer, lines):
    """``start(name)``: a program of the hall, as if it ran by itself."""
    file, running = prepare_folder(tmp_path), []
    table = TABLE.format(port=printer.port) + DEVICES.format(**lines.ports)
    file.write_text(file.read_text(encoding="utf-8") + "\n" + table, encoding="utf-8")

    def program(name):
        hall, config = open_hall(tmp_path)
        running.append(Station(hall, config))
        running[-1].open(name, 1)
        return running[-1]

    yield program
    for station in running:
        for window in station.windows:
            getattr(window, "allow_close", lambda: None)()
        station.__exit__()
        station.hall.store.close()


def troubles(station):
    """Of printers: nothing here has a loudspeaker."""
    return [(light.name, light.trouble) for light in station.lights.troubled() if light.kind == "printer"]


def test_a_counter_shows_the_trouble_of_the_kiosks_printer_and_its_end(start, printer, qtbot):
    printer.set(Fault.NEAR_END)
    counter = start("counter")
    kiosk = start("kiosk")
    qtbot.waitUntil(lambda: troubles(counter) == [("kiosk", Trouble.PAPER_LOW)])
    late = start("board")  # it was told before this one listened
    qtbot.waitUntil(lambda: troubles(late) == [("kiosk", Trouble.PAPER_LOW)])
    printer.set(Fault.NEAR_END, on=False)
    kiosk._served[0].try_out()
    qtbot.waitUntil(lambda: troubles(counter) == troubles(late) == [])


def test_a_counter_shows_the_troubles_of_signs_callers_and_the_kiosks_devices_and_their_end(start, lines, qtbot):
    counter = start("counter")
    start("kiosk")
    start("board")

    board = start("board")

    def shown():
        return {light.name: light.trouble for light in counter.lights.current() if light.name in WELL}

    qtbot.waitUntil(lambda: shown() == WELL, timeout=10_000)
    lines.pull()
    sign = next(one for one in board._served if one.name == "sign-1")
    sign.try_out()
    qtbot.waitUntil(lambda: {*shown().values()} <= GONE, timeout=10_000)
    words = "　".join(trouble_sentence(light) for light in counter.lights.troubled())
    assert "1 号窗口屏" in words
    assert "身份证阅读器" in words
    lines.plug()
    sign.try_out()
    qtbot.waitUntil(lambda: shown() == WELL, timeout=10_000)


def test_a_counter_shows_how_the_boards_voice_is(start, qtbot):
    counter = start("counter")
    start("board")
    qtbot.waitUntil(lambda: "voice" in {light.name for light in counter.lights.current()}, timeout=10_000)
