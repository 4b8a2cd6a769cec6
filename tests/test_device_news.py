"""Two programs of one hall: the kiosk's printer is in trouble, and the counter says so before any slip waits."""

import pytest

from drivers.sim.mechanism import Fault
from drivers.sim.printer import PrinterSimulator
from hallapp.app.hall import open_hall, prepare_folder
from hallapp.app.station import Station
from hallapp.domain.printing import Trouble

TABLE = '[printer.kiosk]\nkind = "network"\naddress = "127.0.0.1:{port}"\n'


@pytest.fixture
def printer():
    with PrinterSimulator() as simulated:
        yield simulated


@pytest.fixture
def start(qtbot, themed, tmp_path, printer):
    """``start(name)``: a program of the hall, as if it ran by itself."""
    file, running = prepare_folder(tmp_path), []
    file.write_text(file.read_text(encoding="utf-8") + "\n" + TABLE.format(port=printer.port), encoding="utf-8")

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
