"""From the tap on the kiosk to the last byte at a network printer, against one bare durable insert and the printer."""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter

import pytest
from PySide6.QtCore import QEventLoop, Qt, QTimer, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from drivers import escpos
from drivers.sim.printer import PrinterSimulator
from hallapp import paths
from hallapp.app.hall import CONFIG, open_hall
from hallapp.app.station import Station
from tests.benchmarks.test_queue_speed import bare_insert

pytestmark = pytest.mark.benchmark
ROUNDS = 60
REST_MS = 40  # between two visitors the kiosk is idle


class Visitor(QWidget):
    """Taps at the kiosk and knows when the slip was out."""

    out = Signal()

    def __init__(self, kiosk: QWidget, simulator: PrinterSimulator, watch: ThreadPoolExecutor) -> None:
        super().__init__(kiosk)
        self._kiosk, self._simulator, self._watch = kiosk, simulator, watch

    def take_number(self) -> float:
        """Seconds from the last tap to the last byte of the slip, while the windows go on as ever."""
        self._kiosk.home_requested.emit()
        rest()
        self._tap("group-enrol")
        rest()
        begun, there = perf_counter(), len(self._simulator.slips)
        there_at = self._watch.submit(self._wait_for, there + 1)
        loop = QEventLoop()
        self.out.connect(loop.quit)
        self._tap("direct")
        loop.exec()
        return there_at.result() - begun

    def _tap(self, name: str) -> None:
        button = next(one for one in self._kiosk.findChildren(QPushButton, name) if one.isVisible())
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def _wait_for(self, count: int) -> float:
        self._simulator.wait_for_slips(count)
        out_at = perf_counter()
        self.out.emit()
        return out_at


def rest() -> None:
    loop = QEventLoop()
    QTimer.singleShot(REST_MS, loop.quit)
    loop.exec()


def printer_alone(simulator: PrinterSimulator, line: socket.socket) -> Callable[[], float]:
    """Seconds the printer itself takes to be asked how it is and to take a slip, on a line that is open."""

    def print_last_slip() -> float:
        slips = simulator.slips
        begun = perf_counter()
        for question in escpos.ASK_REALTIME:
            line.sendall(question)
            line.recv(1)
        line.sendall(slips[-1])
        simulator.wait_for_slips(len(slips) + 1)
        return perf_counter() - begun

    return print_last_slip


def test_a_tap_is_on_paper_within_five_bare_inserts_and_the_printers_own_time(themed, tmp_path):
    with PrinterSimulator() as simulator, ThreadPoolExecutor(1) as watch:
        starter = (paths.resources() / "starter" / CONFIG).read_text(encoding="utf-8")
        printer = f'[printer.kiosk]\nkind = "network"\naddress = "127.0.0.1:{simulator.port}"\n'
        (tmp_path / CONFIG).write_text(starter + printer, encoding="utf-8")
        bare = next(bare_insert(tmp_path))
        hall, config = open_hall(tmp_path)
        taps, inserts, prints = [], [], []
        with Station(hall, config) as station:
            station.open("kiosk", 1)
            visitor = Visitor(station.windows[0], simulator, watch)
            visitor.take_number()  # the first slip of the day loads what draws it
            with socket.create_connection(("127.0.0.1", simulator.port)) as line:
                alone = printer_alone(simulator, line)
                for _ in range(ROUNDS):
                    taps.append(visitor.take_number())
                    rest()
                    begun = perf_counter()
                    bare()
                    inserts.append(perf_counter() - begun)
                    prints.append(alone())
            station.windows[0].allow_close()
        hall.store.close()
    taken, floor, printing = median(taps), median(inserts), median(prints)
    print(f"\ntap to last byte {taken * 1e3:.1f} ms, bare insert {floor * 1e3:.2f} ms, printer alone "
          f"{printing * 1e3:.1f} ms, ratio {(taken - printing) / floor:.1f}")
    assert taken <= 5 * floor + printing
