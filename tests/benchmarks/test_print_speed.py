"""From the tap on the kiosk to the last byte at a network printer, against one bare durable insert and the printer."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter

import pytest
from PySide6.QtCore import QEventLoop, Qt, QTimer, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from drivers import escpos
from hallapp import paths
from hallapp.app.hall import CONFIG, open_hall
from hallapp.app.station import Station
from tests.benchmarks.test_queue_speed import bare_insert

pytestmark = pytest.mark.benchmark
ROUNDS = 60
REST_MS = 40  # between two visitors the kiosk is idle

# says when each slip was whole, by the clock that all processes share, and what it was
PRINTER = """
from itertools import count
from time import perf_counter
from drivers.sim.printer import PrinterSimulator
with PrinterSimulator() as printer:
    print(printer.port, flush=True)
    for number in count(1):
        slip = printer.wait_for_slips(number, timeout=600)[-1]
        print(perf_counter(), slip.hex(), flush=True)
"""


class Printer:
    """The simulator in a process of its own, as a printer is: it does not share our interpreter's lock."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self._said = process.stdout
        self.port = int(self._said.readline())

    def next_slip(self) -> tuple[float, bytes]:
        """Wait for it: when its last byte was there, and the slip."""
        at, slip = self._said.readline().split()
        return float(at), bytes.fromhex(slip)

    def alone(self, line: socket.socket, slip: bytes) -> float:
        """Seconds it takes, on a line that is open, to be asked how it is and to take a slip."""
        begun = perf_counter()
        for question in escpos.ASK_REALTIME:
            line.sendall(question)
            line.recv(1)
        line.sendall(slip)
        return self.next_slip()[0] - begun


class Visitor(QWidget):
    """Taps at the kiosk and waits for the slip."""

    served = Signal()

    def __init__(self, kiosk: QWidget, printer: Printer, watch: ThreadPoolExecutor) -> None:
        super().__init__(kiosk)
        self._kiosk, self._printer, self._watch = kiosk, printer, watch

    def take_number(self) -> tuple[float, bytes]:
        """Seconds from the last tap to the last byte of the slip, while the windows go on as ever; and the slip."""
        self._kiosk.home_requested.emit()
        rest()
        self._tap("group-enrol")
        rest()
        waiting = self._watch.submit(self._wait)
        loop = QEventLoop()
        self.served.connect(loop.quit)
        begun = perf_counter()
        self._tap("direct")
        loop.exec()
        out_at, slip = waiting.result()
        return out_at - begun, slip

    def _tap(self, name: str) -> None:
        button = next(one for one in self._kiosk.findChildren(QPushButton, name) if one.isVisible())
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def _wait(self) -> tuple[float, bytes]:
        found = self._printer.next_slip()
        self.served.emit()
        return found


def rest() -> None:
    loop = QEventLoop()
    QTimer.singleShot(REST_MS, loop.quit)
    loop.exec()


@pytest.fixture
def printer() -> Iterator[Printer]:
    with subprocess.Popen([sys.executable, "-c", PRINTER], stdout=subprocess.PIPE, text=True) as process:
        yield Printer(process)
        process.kill()


@pytest.fixture
def station(qtbot, themed, tmp_path, printer) -> Iterator[Station]:
    starter = (paths.resources() / "starter" / CONFIG).read_text(encoding="utf-8")
    network = f'[printer.kiosk]\nkind = "network"\naddress = "127.0.0.1:{printer.port}"\n'
    (tmp_path / CONFIG).write_text(starter + network, encoding="utf-8")
    hall, config = open_hall(tmp_path)
    with Station(hall, config) as made:
        made.open("kiosk", 1)
        yield made
        made.windows[0].allow_close()
    hall.store.close()


def test_a_tap_is_on_paper_within_five_bare_inserts_and_the_printers_own_time(station, printer, tmp_path):
    bare = next(bare_insert(tmp_path))
    taps, inserts, prints = [], [], []
    with ThreadPoolExecutor(1) as watch, socket.create_connection(("127.0.0.1", printer.port)) as line:
        visitor = Visitor(station.windows[0], printer, watch)
        visitor.take_number()  # the first slip of the day loads what draws it
        for _ in range(ROUNDS):
            taken, slip = visitor.take_number()
            taps.append(taken)
            rest()
            begun = perf_counter()
            bare()
            inserts.append(perf_counter() - begun)
            prints.append(printer.alone(line, slip))
    taken, floor, printing = median(taps), median(inserts), median(prints)
    print(f"\ntap to last byte {taken * 1e3:.1f} ms, bare insert {floor * 1e3:.2f} ms, printer alone "
          f"{printing * 1e3:.1f} ms, ratio {(taken - printing) / floor:.1f}")
    assert taken <= 5 * floor + printing
