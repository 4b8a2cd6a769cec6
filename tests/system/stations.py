"""One station of a hall as a process of its own, for the test of a server that dies and a network that fails.

Usage: stations.py KIND ADDRESS HALL WINDOW; KIND is ``kiosk`` or ``counter`` (the services, used as people use them) or
``kiosk-window``, ``counter-window``, ``board-window`` (the real window, with a robot for the person before it). Prints
flushed lines for what it was told or has shown:

    told KIND ID [NUMBER REQUEST]   a step was answered: the kind of its event, the id in the answer
    shown NUMBER                    the number stands on the screen, as given out or as called
    called NUMBER WINDOW            the board has announced it
    watching                        the window hears of all that happens from now on
    away                            the store does not answer
    end                             the last line, after ``stop`` was read; before that it finishes what was begun
"""

import os
import sys
import time
from dataclasses import dataclass
from functools import partial
from threading import Event, Thread
from uuid import uuid4

from hallapp.app.hall import SystemClock
from hallapp.domain.clock import ServerClock
from hallapp.domain.errors import HallError, StoreError
from hallapp.domain.events import By, Clerk
from hallapp.domain.handling import ItemState, Outcome
from hallapp.load.figures import Figures
from hallapp.load.halls import hall_of
from hallapp.load.stations import PRINTED, PRINTER, SEND, Counter, act, look
from hallapp.services import board, kiosk, printing
from hallapp.services.hall import Hall
from hallapp.store.opening import open_postgres
from tests.system.worker import catalogue, say

COUNTERS, ROOM = 5, 10  # people that the kiosks let wait
BREATH = 0.1  # seconds between two things that a person does


def open_hall(address, hall_id):
    """As hallapp.app.hall does: the server's clock is the hall's."""
    clock = ServerClock(SystemClock())
    return hall_of(open_postgres(address, hall_id, clock.heard), COUNTERS, catalogue(), clock)


def clerk_at(window):
    return Clerk(f"window-{window}", f"{window:04d}", window)


@dataclass
class StubbornKiosk:
    """A tap is asked for until it is answered, as one wish."""

    hall: Hall
    by: By
    tap: kiosk.Wish | None = None

    def turn(self, figures):
        for job in look(figures, printing.open_jobs, self.hall, PRINTER):
            act(figures, SEND if job.state == "queued" else PRINTED, self.hall, self.by, job.id)
        shown = look(figures, board.board, self.hall)
        if self.tap is None and sum(shown.waiting.values()) < ROOM:
            groups = self.hall.catalogue.groups
            self.tap = kiosk.Wish(groups[shown.seq % len(groups)].code, request=uuid4().hex)
        if self.tap is not None:
            ticket = kiosk.issue(self.hall, self.by, self.tap, PRINTER).ticket
            say("told issued", ticket.id, ticket.number, self.tap.request)
            self.tap = None


def by_services(station, hall, stopped):
    while not stopped.is_set() or getattr(station, "tap", None):
        figures = Figures()
        try:
            station.turn(figures)
        except StoreError:
            say("away")
            time.sleep(BREATH)
        except HallError:  # another station was faster
            pass
        for (_hall, kind), ids in figures.answered.items():
            for one in ids:
                say("told", kind, one)
        time.sleep(BREATH)
    hall.store.close()


def on_screen(kind, hall, window, stopped):
    """The window of a station until ``stopped`` and the robot before it has nothing under way."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from hallapp.ui import theme
    from hallapp.ui.feed import Feed
    from hallapp.ui.lights import Lights
    from hallapp.ui.tasks import Tasks

    qt = QApplication([])
    theme.apply(qt)
    tasks, feed = Tasks(), Feed(hall)
    tasks.failed.connect(_on_failed)
    feed.store_lost.connect(partial(say, "away"))
    feed.happened.connect(partial(say, "watching"), Qt.ConnectionType.SingleShotConnection)
    view, robot = SCREENS[kind](hall, window, (tasks, feed, Lights()))
    view.resize(1366, 768)
    view.show()

    def turn():
        if not robot(stopped.is_set()) and stopped.is_set():
            qt.exit()  # quit would ask the kiosk's window, which never closes

    timer = QTimer(interval=round(1000 * BREATH))
    timer.timeout.connect(turn)
    timer.start()
    feed.start()
    qt.exec()
    feed.close()
    tasks.close()
    hall.store.close()
    say("end")
    sys.stdout.flush()
    os._exit(0)  # the end of Qt's own objects is not what is tested


def _on_failed(error):
    raise error


def kiosk_screen(hall, _window, parts):
    from PySide6.QtWidgets import QLabel, QPushButton

    from hallapp.ui.kiosk.pages import HomePage, ItemsPage, NumberPage
    from hallapp.ui.kiosk.presenter import KioskPresenter
    from hallapp.ui.kiosk.view import KioskWindow

    view = KioskWindow(hall.info.name)
    presenter = KioskPresenter(view, hall, By("kiosk-window"), *parts, PRINTER, lambda: uuid4().hex)

    def visitor(stopping):
        """Takes a number, reads it, makes room for the next; whether one is still awaited."""
        page = view.page
        if presenter._unanswered.wish is not None:
            return True
        if isinstance(page, NumberPage):
            say("shown", page.findChild(QLabel, "number").text())
            view.home_requested.emit()
        elif isinstance(page, ItemsPage):
            page.findChild(QPushButton, "direct").click()
        elif (isinstance(page, HomePage) and not stopping
              and all(wait.ahead < ROOM for wait in presenter._waits.current)):
            page.findChild(QPushButton, "group-enrol").click()
        return not isinstance(page, HomePage)

    return view, visitor


def counter_screen(hall, window, parts):
    from hallapp.ui.counter.presenter import CounterPresenter
    from hallapp.ui.counter.view import CounterWindow

    view = CounterWindow(hall.catalogue, hall.rules)
    presenter = CounterPresenter(view, hall, clerk_at(window), *parts, None)
    seen = []

    def clerk(stopping):
        """The next step that follows from what the window shows; whether one is under way."""
        desk = presenter.desk
        if desk is None or view._busy or view._away:
            return True
        if desk.call is not None and desk.call.id not in seen:
            seen.append(desk.call.id)
            say("shown", view.queue.number.text())
        if stopping:
            return False
        if desk.call is not None:
            view.queue.arrive_requested.emit()
        elif desk.visit is None:
            if desk.next_up is not None:
                view.queue.call_requested.emit()
        elif not desk.items:
            view.visit.entry.item_requested.emit("NT01", 1)
        elif desk.items[-1].item.state is not ItemState.ENDED:
            view.visit.outcome_requested.emit(desk.items[-1].item.id, Outcome.COMPLETED)
        else:
            view.visit.finish_requested.emit()
        return False

    return view, clerk


class Voice:
    """As hallapp.devices.voice.Voice, but it writes."""

    name = "voice"

    def say(self, number, window):
        say("called", number, window)
        self._told(True)
        self._told(False)

    def speaking(self, told):
        self._told = told


def board_screen(hall, _window, parts):
    from hallapp.ui.board.presenter import BoardPresenter
    from hallapp.ui.board.view import BoardWindow

    view = BoardWindow(hall.info.name)
    BoardPresenter(view, hall, *parts, Voice(), "", 0.0)
    return view, lambda _stopping: False


SCREENS = {"kiosk-window": kiosk_screen, "counter-window": counter_screen, "board-window": board_screen}


def main(kind, address, hall_id, window):
    hall = open_hall(address, hall_id)
    say("ready")
    sys.stdin.readline()
    stopped = Event()
    Thread(target=lambda: sys.stdin.readline() and stopped.set(), daemon=True).start()
    if kind in SCREENS:
        on_screen(kind, hall, window, stopped)
    station = (StubbornKiosk(hall, By(f"kiosk-{window}")) if kind == "kiosk" else
               Counter(hall, clerk_at(window), tuple(code for group in hall.catalogue.groups for code in group.items)))
    by_services(station, hall, stopped)
    say("end")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
