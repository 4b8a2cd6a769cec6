"""A kiosk on a real hall, tapped like a visitor taps it."""

from __future__ import annotations

from itertools import count

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from shiboken6 import delete

from hallapp.domain.events import By
from hallapp.domain.notice import NoticeLine, Situation
from hallapp.services import counter, visits
from hallapp.services import kiosk as kiosk_service
from hallapp.services.hall import look
from hallapp.services.kiosk import Wish
from hallapp.services.notices import NoticeDraft, give_notice
from hallapp.store import queue
from hallapp.ui.kiosk.presenter import KioskPresenter
from hallapp.ui.kiosk.view import KioskWindow
from tests.ui.timed_keys import TimedKeys


class Kiosk:
    """The window, its presenter, and a visitor's finger."""

    def __init__(self, view, presenter, hall, tasks, until):
        self.view, self.presenter, self._hall, self._tasks, self._until = view, presenter, hall, tasks, until

    def tap(self, name, times=1):
        """Tap the button of that name, then let the answer come."""
        button = self.button(name)
        for _ in range(times):  # the second touch comes before anything could be laid out
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def touch_at(self, place):
        """A finger on the glass: it meets whatever is there."""
        target = self.view.childAt(place) or self.view
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFrom(self.view, place))
        self.settle()

    def button(self, name):
        self.settle()
        found = [each for each in self.view.findChildren(QPushButton, name) if each.isVisible()]
        assert len(found) == 1, f"{name}: {len(found)}"
        return found[0]

    def scan(self, code, pause_ms=5):
        """What a scanner in keyboard mode types, a key every so many milliseconds."""
        TimedKeys(self.view.windowHandle()).type(f"{code}\r", pause_ms)
        self.settle()

    def settle(self):
        self._until(lambda: not self._tasks.busy)
        QApplication.sendPostedEvents()  # the new page is laid out, the one before is gone
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()

    def says(self, name):
        return self.view.page.findChild(QLabel, name).text()

    def text(self):
        """All that can be read on the page."""
        return "\n".join(each.text() for each in self.view.page.findChildren(QLabel))

    def page(self):
        return type(self.view.page).__name__

    def tickets(self):
        with look(self._hall) as db:
            return queue.tickets_of_day(db, self._hall.id, self._hall.today())

    def let_time_run_out(self, timer):
        """The timer's time is up now; it must be running."""
        assert timer.isActive()
        timer.setInterval(0)
        self._until(lambda: not timer.isActive())
        self.settle()


@pytest.fixture
def make_kiosk(qtbot, themed, hall, tasks, feed, lights):
    """``make_kiosk(printer)``: a kiosk of 1920 x 1080 on its home page."""
    views, ids = [], count(1)

    def make(printer="kiosk", size=(1920, 1080)):
        view = KioskWindow(hall.info.name)
        views.append(view)
        presenter = KioskPresenter(view, hall, By("kiosk"), tasks, feed, lights, printer, lambda: f"tap-{next(ids)}")
        view.resize(*size)
        view.show()

        def active():
            view.activateWindow()  # again and again: another test's window may just be going
            return QGuiApplication.focusWindow() is view.windowHandle()

        qtbot.waitUntil(active)
        qtbot.waitUntil(lambda: not tasks.busy)
        return Kiosk(view, presenter, hall, tasks, qtbot.waitUntil)

    yield make
    feed.close()
    for view in views:  # before the tasks close, so that no late answer asks them for more
        delete(view)


@pytest.fixture
def kiosk(make_kiosk):
    return make_kiosk()


@pytest.fixture
def notice(hall, signed_in):
    """A notice for NT12 with two materials missing."""
    clerk = signed_in()
    kiosk_service.issue(hall, By("kiosk"), Wish("chronic"))
    counter.call_next(hall, clerk)
    counter.arrive(hall, clerk)
    item = visits.start_item(hall, clerk, "NT12", 1)
    missing = (NoticeLine("诊断证明", original=True, copies=1), NoticeLine("出院小结", original=False, copies=2))
    given = give_notice(hall, clerk, NoticeDraft(item.id, Situation.INCOMPLETE, missing))
    visits.finish_visit(hall, clerk)
    return given
