"""Python's cycles are collected in the thread of the windows, and nowhere else."""

import gc
import subprocess
import sys
from threading import Thread, get_ident
from weakref import finalize

import pytest
from PySide6.QtCore import QTimer
from shiboken6 import Shiboken

from hallapp.ui import garbage
from hallapp.ui.garbage import Garbage


@pytest.fixture
def collected():
    """The threads in which cycles were collected since."""
    where = []
    gc.callbacks.append(note := lambda phase, _found: where.append(get_ident()) if phase == "start" else None)
    yield where
    gc.callbacks.remove(note)


@pytest.fixture
def at_once(qapp):
    """A collector like the program's that need not be waited for."""
    made = Garbage(qapp)
    made.setInterval(10)
    yield made
    Shiboken.delete(made)
    gc.unfreeze()


PROGRAM = """
import gc
from hallapp.ui.garbage import Garbage
from hallapp.ui.screens import start_qt
qt = start_qt()
assert not gc.isenabled() and qt.findChild(Garbage).isActive()
"""


class Turning:
    """Refers to itself, as a window and its parts do in the end, and has a timer that runs."""

    def __init__(self):
        self.itself = self
        self.timer = QTimer(interval=600_000)
        self.timer.start()


def litter():
    for _ in range(3 * gc.get_threshold()[0]):
        one = []
        one.append(one)


def test_a_thread_that_makes_garbage_collects_none_and_the_windows_thread_does(at_once, collected, qtbot):
    thread = Thread(target=litter)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: collected != [], timeout=15_000)
    assert set(collected) == {get_ident()}


def test_a_forgotten_timer_goes_in_its_own_thread_however_much_another_makes(qapp, qtbot, qtlog, at_once):
    gone = []
    for _ in range(10):
        made = Turning()
        finalize(made.timer, lambda: gone.append(get_ident()))
        del made
        thread = Thread(target=litter)
        thread.start()
        thread.join()
    gc.collect()
    assert gone == 10 * [get_ident()]
    assert [one.message for one in qtlog.records] == []


def test_what_is_there_at_the_start_is_looked_through_once_and_what_comes_later_goes(at_once, qtbot):
    gone = []
    early = Turning()
    finalize(early.timer, lambda: gone.append("early"))
    del early  # no part of any window: it is not kept
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0, timeout=15_000)
    frozen, late = gc.get_freeze_count(), Turning()
    finalize(late.timer, lambda: gone.append("late"))
    del late
    litter()
    qtbot.waitUntil(lambda: gone == ["early", "late"], timeout=15_000)
    assert gc.get_freeze_count() <= frozen


@pytest.mark.parametrize("littered", [0, 1])
def test_only_what_is_due_is_collected(qapp, collected, littered):
    gc.collect()
    collected.clear()
    kept = [[] for _ in range(littered * 2 * gc.get_threshold()[0])]
    garbage.collect()
    assert len(collected) == littered
    del kept


def test_every_program_with_windows_begins_so():
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)
