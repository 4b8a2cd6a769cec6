"""The demo's hall: real windows, a real store, a printer simulator on a real socket; and the hands that use them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic, sleep

from PySide6.QtCore import QEvent, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget

from drivers.sim.printer import PrinterSimulator
from hallapp.app.hall import open_hall
from hallapp.app.station import Station
from hallapp.demo.clock import DemoClock
from hallapp.devices.voice_recorder import WavRecorder
from hallapp.domain.events import By, HallEvent, Kind
from hallapp.domain.printing import Trouble
from hallapp.domain.staff import Staff
from hallapp.services import printing
from hallapp.services import staff as staff_service
from hallapp.services.desk import Desk
from hallapp.services.files import save_file
from hallapp.ui.counter.presenter import CounterPresenter
from hallapp.ui.widgets.room import SMALLEST

WINDOWS = (1, 2)  # staffed; the third one stays closed on this day
PASSWORD = "demo-2026"
SIZE = (1920, 1080)
UPRIGHT = 9 / 16
CALL = 360.0  # seconds of the day that a call is shown at most, or the board would lag behind
SECOND_MS = 1000
PATIENCE = 20.0  # real seconds until something that should have happened counts as stuck

SETTINGS = """[hall]
id = "demo"
name = "上冈镇为民服务中心"
hours = "上午 8:30—11:30，下午 13:30—17:00"
notice = "请留意叫号屏和广播，过号请联系工作人员。"
[[window]]
number = 1
[[window]]
number = 2
[[window]]
number = 3
label = "优先窗口"
[printer.kiosk]
kind = "network"
address = "127.0.0.1:{port}"
[rater]
driver = "screen"
[appointments]
hours = ["9:00-11:30", "13:30-17:00"]
weekdays = [1, 2, 3, 4, 5]
"""


class Stuck(Exception):
    """A window did not do what was asked of it: a bug worth a loud end."""


class Stage:
    """Everything the day is played on. ``pace``: how many of its seconds pass in a real one; without it the day goes as
    fast as it can, and windows are drawn for pictures only.

    A context manager: leaving it stops all threads.
    """

    def __init__(self, folder: Path, clock: DemoClock, paper: int, staff: Sequence[Staff],
                 pace: float | None = None) -> None:
        self.clock, self._painted = clock, pace is not None
        self.printer = PrinterSimulator(paper=paper)
        save_file(SETTINGS.format(port=self.printer.port).encode(), folder / "hall.toml")
        self.hall, config = open_hall(folder, clock)
        self.by, self.profile = By("demo"), config.printers[config.kiosk_printer].profile
        for member in staff:
            staff_service.add_staff(self.hall, self.by, member, PASSWORD)
        self.sound = WavRecorder()
        show_seconds = 0.3 if pace is None else min(8.0, CALL / pace)  # long enough for a picture
        self.station = Station(self.hall, config, self.sound, show_seconds)
        self.events: list[HallEvent] = []
        self._watch = sqlite3.connect(f"file:{folder / 'hall.db'}?mode=ro", uri=True)
        self._begun, self._first = False, None
        self.station.feed.happened.connect(self._on_news)
        self.kiosk = self.station.make("kiosk", 1)
        self.board = self.station.make("board", 1)
        self.counters, self.raters = {}, {}
        for number in WINDOWS:  # a rater belongs to the counter made before it
            self.counters[number] = self.station.make("counter", number)
            self.raters[number] = self.station.make("rater", number)
        self.supervisor = self.station.make("supervisor", 1)

    def __enter__(self) -> Stage:
        self.printer.__enter__()
        try:
            self.station.start()
            windows = (self.supervisor, self.board, self.kiosk, *self.counters.values(), *self.raters.values())
            for window in windows:
                window.setUpdatesEnabled(self._painted)
                window.resize(*SIZE)
            if self._painted:  # before they are shown: Windows' Qt lets none become smaller than it was laid out for
                self._spread()
            for window in windows:
                window.show()
            if self._painted:
                self.counters[WINDOWS[0]].raise_()
                self.kiosk.raise_()
            self.settle()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.station.__exit__(*error)
        self.printer.__exit__(None, None, None)
        self._watch.close()
        self.hall.store.close()

    def _spread(self) -> None:
        """Side by side on a large screen: a counter, the board below it, and upright beside them the kiosk, or the
        rater that was used last; what else there is lies behind. On a small screen each has it all."""
        area = QGuiApplication.primaryScreen().availableGeometry()
        side = max(self.kiosk.minimumWidth(), round(area.height() * UPRIGHT))
        left, low = area.width() - side, area.height() // 3
        places = {self.board: (0, area.height() - low, left, low)}
        places |= {window: (left, 0, side, area.height()) for window in (self.kiosk, *self.raters.values())}
        fits = left >= SMALLEST.width() and area.height() - low >= SMALLEST.height()
        for window in (self.supervisor, *self.counters.values(), *places):
            place = places.get(window, (0, 0, left, area.height() - low)) if fits else (0, 0, *area.size().toTuple())
            window.setGeometry(QRect(*place).translated(area.topLeft()))

    def _in_front(self, inside: QWidget) -> None:
        if self._painted:
            inside.window().raise_()

    def settle(self) -> None:
        """Until every answer has come, all news has been read, and the printer is done or cannot go on."""
        tasks, office = self.station.tasks, self.station.office
        self._until(lambda: not tasks.busy and not office.busy and self._up_to_date() and self._printed())
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # no loop runs that would take old pages away

    def tick(self) -> None:
        """The clock leapt: what counters and raters look at each second is due."""
        for window in (*(counter.currentWidget() for counter in self.counters.values()), *self.raters.values()):
            for timer in window.findChildren(QTimer):
                if timer.interval() == SECOND_MS:
                    timer.timeout.emit()

    def click(self, name: str, inside: QWidget) -> None:
        """Press a button by its name, as a finger or its key would; then let everything settle."""
        seen = [button for button in inside.findChildren(QAbstractButton, name) if button.isVisible()]
        if not seen or not seen[0].isEnabled():
            raise Stuck(f"{name} in {type(inside).__name__}: {'cannot be pressed' if seen else 'not to be seen'}")
        self._in_front(inside)
        seen[0].click()
        self.settle()

    def type(self, text: str, name: str, inside: QWidget) -> None:
        """Type into a field and press Enter there, whichever window is in front: Qt would ask that one's shortcuts
        first, and Enter is one where a counter is still closed."""
        field = inside.findChild(QWidget, name)
        if field is None:
            raise Stuck(f"{name} in {type(inside).__name__}")
        self._in_front(inside)
        field.setFocus()
        QTest.keyClicks(field, text)
        enter = Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r"
        field.event(QKeyEvent(QEvent.Type.KeyPress, *enter))
        self.settle()

    def dialogs(self) -> list[QDialog]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]

    def dialog(self) -> QDialog:
        """The question on the screen."""
        if len(found := self.dialogs()) != 1:
            raise Stuck(f"{len(found)} dialogs")
        return found[0]

    def out_of_paper(self) -> bool:
        return any(job.problem == Trouble.PAPER_OUT for job in printing.open_jobs(self.hall, "kiosk"))

    def refill(self, slips: int) -> None:
        """A new roll; what waited for it comes out."""
        self.printer.load(slips)
        self._until(lambda: not self.out_of_paper())
        self.settle()

    def last(self, kind: Kind) -> HallEvent:
        return next(event for event in reversed(self.events) if event.kind is kind)

    def signed_in(self, window: int) -> bool:
        return self.counters[window].currentWidget().findChild(CounterPresenter) is not None

    def desk(self, window: int) -> Desk:
        """What the clerk at the window sees."""
        presenter = self.counters[window].currentWidget().findChild(CounterPresenter)
        assert presenter.desk is not None
        return presenter.desk

    def grab(self, window: QWidget) -> QPixmap:
        """A picture of a window, also where nothing is painted for speed."""
        window.setUpdatesEnabled(True)
        picture = window.grab()
        window.setUpdatesEnabled(self._painted)
        return picture

    def _on_news(self, events: tuple[HallEvent, ...]) -> None:
        """In the feed's thread. An empty one is its beginning: a device may have told how it is before, and that comes
        no more."""
        self._begun = True
        self.events.extend(events)

    def _up_to_date(self) -> bool:
        last, = self._watch.execute("SELECT seq FROM hall").fetchone()
        if self._begun and self._first is None:
            self._first = last
        return bool(last == (self.events[-1].seq if self.events else self._first))

    def _printed(self) -> bool:
        """A slip that waits behind one without paper waits like it."""
        states = {state for state, in self._watch.execute("SELECT DISTINCT state FROM print_job")}
        return "sending" not in states and ("queued" not in states or "failed" in states)

    def _until(self, done: Callable[[], bool]) -> None:
        """``done`` twice in a row, with all Qt events handled in between."""
        deadline, calm = monotonic() + PATIENCE, 0
        while calm < 2:
            QApplication.processEvents()
            calm = calm + 1 if done() else 0
            if monotonic() > deadline:
                raise Stuck(f"the hall does not come to rest at {self.clock.now():%H:%M:%S} UTC")
            if not calm:
                sleep(0.002)  # lets the other threads run; qWait would keep the interpreter to itself


