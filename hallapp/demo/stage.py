"""The demo's hall: real windows, a real store, a printer simulator on a real socket; and the hands that use them."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget

from drivers.sim.printer import PrinterSimulator
from hallapp.app import Station, open_hall
from hallapp.demo.clock import DemoClock
from hallapp.devices.voice_recorder import WavRecorder
from hallapp.domain.events import HallEvent, Kind
from hallapp.domain.printing import JobState
from hallapp.services import printing
from hallapp.services.desk import Desk, desk
from hallapp.services.hall import look
from hallapp.store import log

WINDOWS = (1, 2, 3)
SIZE = (1920, 1080)
PATIENCE = 20.0  # real seconds until something that should have happened counts as stuck

SETTINGS = """[hall]
id = "demo"
name = "上冈镇为民服务中心"
hours = "上午 8:30—11:30，下午 13:30—17:00"
notice = "办理医保事项不收取任何费用。请留意叫号屏和广播，过号请联系工作人员。咨询电话 12393，投诉电话 12345。"
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
"""


class Stuck(Exception):
    """A window did not do what was asked of it: a bug worth a loud end."""


class Stage:
    """Everything the day is played on. A context manager: leaving it stops all threads."""

    def __init__(self, folder: Path, clock: DemoClock, paper: int) -> None:
        self.clock = clock
        self.printer = PrinterSimulator(paper=paper)
        (folder / "hall.toml").write_text(SETTINGS.format(port=self.printer.port), encoding="utf-8")
        self.hall, config = open_hall(folder, clock)
        self.sound = WavRecorder()
        self.station = Station(self.hall, config, self.sound)
        self.events: list[HallEvent] = []
        self.station.feed.happened.connect(self.events.extend)
        self.kiosk = self.station.make("kiosk", 1)
        self.board = self.station.make("board", 1)
        self.counters = {number: self.station.make("counter", number) for number in WINDOWS}

    def __enter__(self) -> Stage:
        self.printer.__enter__()
        self.station.start()
        for window in (self.board, self.kiosk, *self.counters.values()):
            window.resize(*SIZE)
            window.show()
        self.settle()
        return self

    def __exit__(self, *error: object) -> None:
        self.station.__exit__(*error)
        self.printer.__exit__(None, None, None)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.hall.store.close()

    def settle(self) -> None:
        """Until every answer has come, all news has been read, and the printer is done or cannot go on."""
        self._until(lambda: not self.station.tasks.busy and self._up_to_date() and self._printed())
        QApplication.processEvents()

    def click(self, name: str, inside: QWidget) -> None:
        """Press a button by its name, as a finger or its key would; then let everything settle."""
        button = inside.findChild(QAbstractButton, name)
        if button is None or not button.isVisible() or not button.isEnabled():
            raise Stuck(f"{name} in {type(inside).__name__}: {'missing' if button is None else 'cannot be pressed'}")
        button.click()
        self.settle()

    def type(self, text: str, name: str, inside: QWidget) -> None:
        """Type into a field and press Enter."""
        field = inside.findChild(QWidget, name)
        if field is None:
            raise Stuck(f"{name} in {type(inside).__name__}")
        field.setFocus()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, "\r")
        self.settle()

    def dialog(self) -> QDialog:
        """The question on the screen."""
        for window in QApplication.topLevelWidgets():
            if isinstance(window, QDialog) and window.isVisible():
                return window
        raise Stuck("no dialog")

    def last(self, kind: Kind) -> HallEvent:
        return next(event for event in reversed(self.events) if event.kind is kind)

    def desk(self, window: int) -> Desk:
        return desk(self.hall, window)

    def _up_to_date(self) -> bool:
        with look(self.hall) as db:
            last = log.last_seq(db, self.hall.id)
        return last == (self.events[-1].seq if self.events else 0)

    def _printed(self) -> bool:
        jobs = printing.open_jobs(self.hall, "kiosk")
        return not any(job.state in (JobState.QUEUED, JobState.SENDING) for job in jobs)

    def _until(self, done: object) -> None:
        """``done`` twice in a row, with all Qt events handled in between."""
        deadline, calm = monotonic() + PATIENCE, 0
        while calm < 2:
            QApplication.processEvents()
            calm = calm + 1 if done() else 0
            if monotonic() > deadline:
                raise Stuck(f"the hall does not come to rest at {self.clock.now():%H:%M:%S} UTC")
            if not calm:
                QTest.qWait(1)


