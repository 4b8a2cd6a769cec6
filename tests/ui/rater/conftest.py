"""A rater on a real hall, touched like a visitor touches it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from shiboken6 import delete, isValid

from hallapp.domain.handling import Outcome
from hallapp.domain.rating import Channel
from hallapp.services import counter, kiosk, visits
from hallapp.services.answers import Answers
from hallapp.services.hall import look
from hallapp.services.kiosk import Wish
from hallapp.store import log, ratings
from hallapp.ui.rater.presenter import RaterPresenter
from hallapp.ui.rater.view import RaterWindow
from tests.services.conftest import KIOSK

FOR_EVER = 3_600_000  # ms


class Rater:
    """The window, its presenter, and a visitor's finger."""

    def __init__(self, view, presenter, hall, tasks, until, clock):
        self.view, self.presenter, self._hall, self._tasks = view, presenter, hall, tasks
        self._until, self._clock = until, clock

    def touch(self, name, times=1):
        """Touch where the button of that name is, as soon as the page can be touched."""
        button = self.button(name)
        place = button.mapTo(self.view, QPoint(button.width() // 2, button.height() // 2))
        for _ in range(times):  # the second touch meets whatever the first one has brought under the finger
            self.touch_at(place)
            QApplication.sendPostedEvents()
        self.settle()

    def touch_at(self, place):
        """A finger on the glass: it meets whatever is there."""
        target = self.view.childAt(place) or self.view
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFrom(self.view, place))

    def button(self, name):
        self.let_guard_go()
        found = [each for each in self.view.findChildren(QPushButton, name) if each.isVisible()]
        assert len(found) == 1, f"{name}: {len(found)}"
        return found[0]

    def let_guard_go(self):
        self.settle()
        if self.view.guard.isActive():
            self.view.guard.setInterval(0)
            self._until(lambda: not self.view.guard.isActive())
            self.view.guard.setInterval(FOR_EVER)

    def stop(self):
        """Its program ends."""
        delete(self.view)

    def pass_time(self, seconds):
        self._clock.advance(seconds=seconds)
        self.presenter._second.timeout.emit()
        self.settle()

    def settle(self):
        with look(self._hall) as db:
            last = log.last_seq(db, self._hall.id)
        self._until(lambda: self.seen >= last and not self._tasks.busy)
        QApplication.sendPostedEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()

    def page(self):
        return type(self.view.page).__name__

    def says(self, name):
        return self.view.page.findChild(QLabel, name).text()

    def text(self):
        return "\n".join(each.text() for each in self.view.page.findChildren(QLabel))

    def rating(self, visit):
        with look(self._hall) as db:
            return ratings.rating(db, self._hall.id, visit.id)

    def note(self, events):
        """News the rater has heard of too: it listened first."""
        if events:
            self.seen = events[-1].seq


@pytest.fixture
def answers(tmp_path, hall):
    return Answers(tmp_path / "answers", hall.id, Channel.SCREEN)


@pytest.fixture
def make_rater(qtbot, themed, hall, tasks, feed, clock, answers):
    """``make_rater(window)``: a rater of 1366 x 768 beside that window, following the hall."""
    views = []

    def make(window=1, size=(1366, 768)):
        view = RaterWindow(hall.info.name, window)
        view.guard.setInterval(FOR_EVER)  # until a test lets it go
        views.append(view)
        presenter = RaterPresenter(view, hall, window, tasks, feed, answers)
        view.resize(*size)
        view.show()
        rater = Rater(view, presenter, hall, tasks, qtbot.waitUntil, clock)
        with look(hall) as db:
            rater.seen = log.last_seq(db, hall.id)
        feed.happened.connect(rater.note)
        if not feed._thread.is_alive():
            ready = []
            feed.happened.connect(ready.append)
            feed.start()
            qtbot.waitUntil(lambda: bool(ready))  # from the first empty news on nothing is missed
        rater.settle()
        return rater

    yield make
    feed.close()
    for view in filter(isValid, views):
        delete(view)


@pytest.fixture
def clerk(signed_in):
    return signed_in(1)


@pytest.fixture
def rater(clerk, make_rater):
    return make_rater()


@pytest.fixture
def come(hall, clerk, clock):
    """``come()``: a visitor with a number sits down at window 1."""

    def sit(by=clerk):
        ticket = kiosk.issue(hall, KIOSK, Wish("enrol")).ticket
        counter.call_number(hall, by, ticket.id)
        clock.advance(20)
        return counter.arrive(hall, by)

    return sit


@pytest.fixture
def serve(hall, clerk, clock, come):
    """``serve()``: a visitor comes, is served and leaves window 1; the visit."""

    def end(by=clerk):
        come(by)
        item = visits.start_item(hall, by, "NT02")
        clock.advance(minutes=4)
        visits.finish_item(hall, by, item.id, Outcome.COMPLETED)
        return visits.finish_visit(hall, by)

    return end
