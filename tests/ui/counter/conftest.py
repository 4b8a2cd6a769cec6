"""A counter on a real hall, worked with the keyboard alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import delete

from hallapp.domain.events import By
from hallapp.services import kiosk
from hallapp.services.hall import look
from hallapp.services.kiosk import Wish
from hallapp.store import queue, visits
from hallapp.ui.counter.presenter import CounterPresenter
from hallapp.ui.counter.view import CounterWindow

NAMES = {"Enter": Qt.Key.Key_Return, "Esc": Qt.Key.Key_Escape, "Del": Qt.Key.Key_Delete, "Up": Qt.Key.Key_Up,
         "Down": Qt.Key.Key_Down, "Space": Qt.Key.Key_Space, "Tab": Qt.Key.Key_Tab,
         **{f"F{place}": Qt.Key(Qt.Key.Key_F1.value + place - 1) for place in range(1, 13)}}
MODIFIERS = {"Ctrl": Qt.KeyboardModifier.ControlModifier, "Alt": Qt.KeyboardModifier.AltModifier}


class Keyboard:
    """Presses keys wherever the focus is, and lets the answers come."""

    def __init__(self, window, tasks, until):
        self.window, self._tasks, self._until = window, tasks, until

    def press(self, keys):
        """Keys apart by spaces: names as F2, Enter, Ctrl+Z; anything else is typed letter by letter."""
        for key in keys.split():
            *held, name = key.split("+") if len(key) > 1 and key[0] in "CA" else [key]
            modifier = MODIFIERS[held[0]] if held else Qt.KeyboardModifier.NoModifier
            target = QApplication.focusWidget() or QApplication.activeWindow()
            if name in NAMES or held:
                QTest.keyClick(target, NAMES.get(name) or name, modifier)
            else:
                QTest.keyClicks(target, name)
            self.settle()

    def press_space(self):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
        self.settle()

    def write(self, text):
        """What an input method commits."""
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(QApplication.focusWidget(), event)

    def settle(self):
        self._until(lambda: not self._tasks.busy)
        QApplication.sendPostedEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        if QApplication.activeWindow() is None:  # a dialog went; the offscreen platform has no window manager
            self.window.activateWindow()
            self._until(lambda: QApplication.activeWindow() is self.window)


class Counter(Keyboard):
    """One clerk's window, and what the store says of it."""

    def __init__(self, view, presenter, hall, tasks, until, clock):
        super().__init__(view, tasks, until)
        self.view, self.presenter, self.hall, self._clock = view, presenter, hall, clock

    def pass_time(self, seconds):
        """Time goes by, and the window's next second comes."""
        self._clock.advance(seconds=seconds)
        self.presenter._second.timeout.emit()
        self.settle()

    def miss_first(self):
        """Call the next one as often as the rules ask, in vain."""
        for key in ("F2", "F3"):
            self.press(key)
            self.pass_time(15)
        self.press("F4")

    @property
    def number(self):
        return self.view.queue.number.text()

    def key(self, name):
        return self.view.queue.keys[name]

    def card(self, place=0):
        return self.view.visit.cards[place]

    def dialog(self, name):
        """The part of that name in the open dialog."""
        window = QApplication.activeWindow()
        assert window is not self.view.window()
        return window.findChild(QWidget, name)

    def open_dialog(self):
        window = QApplication.activeWindow()
        return None if window is self.view.window() else window

    def ticket(self, number):
        with look(self.hall) as db:
            return queue.ticket_by_number(db, self.hall.id, self.hall.today(), number)

    def visits(self):
        with look(self.hall) as db:
            return visits.visits_of_day(db, self.hall.id, self.hall.today())

    def items(self):
        with look(self.hall) as db:
            return visits.items_of_day(db, self.hall.id, self.hall.today())

    def notices(self):
        with look(self.hall) as db:
            return visits.notices_of_day(db, self.hall.id, self.hall.today())


@pytest.fixture
def issue(hall):
    """``issue(group, priority)``: a number from the kiosk."""
    return lambda group="enrol", priority=False: kiosk.issue(
        hall, By("kiosk"), Wish(group, priority=priority)).ticket


@pytest.fixture
def activate(qtbot):
    def show(window):
        def active():
            window.activateWindow()  # again and again: another test's window may just be going
            return QApplication.activeWindow() is window

        window.show()
        qtbot.waitUntil(active)

    return show


@pytest.fixture
def make_counter(qtbot, themed, hall, tasks, feed, lights, signed_in, clock, activate):
    """``make_counter(window, number)``: a signed-in clerk before the counter, once it has read the hall."""
    views = []

    def make(window=1, number="0312", printer="counter", name="王芳"):
        clerk = signed_in(window, number, name=name)
        view = CounterWindow(hall.catalogue, hall.rules, appointments=hall.appointment_times is not None)
        views.append(view)
        presenter = CounterPresenter(view, hall, clerk, tasks, feed, lights, printer)
        view.resize(1920, 1080)
        activate(view)
        made = Counter(view, presenter, hall, tasks, qtbot.waitUntil, clock)
        made.settle()
        return made

    yield make
    feed.close()
    for view in views:
        delete(view)


@pytest.fixture
def counter(make_counter, issue):
    """A counter with three visitors waiting: A001, A002, A003."""
    for _ in range(3):
        issue()
    return make_counter()
