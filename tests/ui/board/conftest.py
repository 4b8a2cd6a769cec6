"""A board on a real hall, and a speaker whose announcements end when the test says so."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel
from shiboken6 import delete

from hallapp.domain.events import By
from hallapp.services import kiosk
from hallapp.services.kiosk import Wish
from hallapp.ui.board.presenter import BoardPresenter
from hallapp.ui.board.text import Text
from hallapp.ui.board.view import BoardWindow

NOTICE = "办理医保事项不收取任何费用。"


class Speaker:
    """Says one call at a time; ``end`` ends the one being said."""

    name = "voice"

    def __init__(self):
        self.said, self._left = [], 0

    def speaking(self, told):
        self._told = told

    def say(self, number, window):
        self.said.append((number, window))
        self._left += 1
        if self._left == 1:
            self._told(True)

    def end(self):
        self._left -= 1
        more = self._left > 0
        self._told(False)
        if more:
            self._told(True)


class Listener(QObject):
    """Hears the feed's thread. Not qtbot.waitSignal: a signal that reaches it after it has gone crashes Qt."""

    heard = 0

    def _on_happened(self, events):
        self.heard += 1


@pytest.fixture
def speaker():
    return Speaker()


@pytest.fixture
def issue(hall):
    """``issue(group)``: a number from the kiosk."""
    return lambda group="enrol": kiosk.issue(hall, By("kiosk"), Wish(group)).ticket


@pytest.fixture
def make_board(qtbot, themed, hall, tasks, feed, lights):
    """``make_board(voice, show_seconds, follow, wait)``: a board that follows the hall, once it has read it."""
    listener, views = Listener(), []
    feed.happened.connect(listener._on_happened)

    def make(voice=None, show_seconds=0.0, follow=True, wait=True):
        view = BoardWindow(hall.info.name)
        views.append(view)
        BoardPresenter(view, hall, tasks, feed, lights, voice, NOTICE, show_seconds)
        view.show()
        if follow:
            feed.start()
            qtbot.waitUntil(lambda: listener.heard > 0)
        if wait:
            qtbot.waitUntil(lambda: not tasks.busy)
        return view

    yield make
    feed.close()
    for view in views:  # before the tasks close, so that no late answer asks them for more
        delete(view)


def words(view, name):
    """What the part of that name says."""
    part = view.findChild(QLabel, name)
    return part.words() if isinstance(part, Text) else part.text()


def on_show(view):
    """The call being announced: number and window; ``None`` when it is calm."""
    if not view.findChild(object, "now-panel").calling:
        return None
    return words(view, "now-number"), words(view, "now-window")


def recent(view):
    """Numbers of the calls before the one on show."""
    return [said for place in range(1, 5) if (said := words(view, f"recent-{place}"))]
