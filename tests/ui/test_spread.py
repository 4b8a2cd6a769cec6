"""Which window lies on which screen, also while screens are switched off and on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hallapp.app.hall import prepare_folder
from hallapp.ui.spread import spread

HALL = (None, "", "", None)  # counter, kiosk, board, management


@pytest.mark.parametrize(("wanted", "screens", "at"), [
    (HALL, 1, [0, 0, 0, 0]), (HALL, 2, [0, 1, 0, 0]), (HALL, 3, [0, 1, 2, 0]),
    (("", "", ""), 2, [0, 1, 0]), (("",), 2, [0]), (("2",), 2, [1]),
    ((None, "3", "", None), 3, [0, 2, 1, 0]), ((None, "3", "2", None), 3, [0, 2, 1, 0]),
    ((None, "", "2", None), 2, [0, 0, 1, 0]),  # the board has the only one that is left
    ((None, "TV", "", None), 3, [0, 2, 1, 0]), ((None, "TV", "", None), 2, [0, 0, 1, 0]),  # it waits until that is on
    ((None, "4", "0", None), 3, [0, 0, 0, 0]),
])
def test_each_window_has_the_screen_it_wants_or_the_next_that_is_free(wanted, screens, at):
    assert spread(wanted, ["A", "B", "TV"][:screens]) == at


SWITCHED = """
import json, sys
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from PySide6.QtTest import QTest
from hallapp.ui import screens
screens.SETTLING_MS = screens.OPENING_MS = 10
app = screens.start_qt()
every = {one.name(): one for one in app.screens()}
present = list("ABC")
windows = [QWidget() for _ in range(4)]
spread = screens.Screens(windows, json.loads(sys.argv[1]), lambda: [every[name] for name in present])
def tell():
    QTest.qWait(200)
    places = "".join(next(name for name, one in every.items() if one.geometry() == window.geometry())
                     for window in windows)
    front = ["counter", "dialog"][app.activeWindow() is dialog] if app.activeWindow() in (windows[0], dialog) else "-"
    print(places, front, *[] if all(one.isFullScreen() for one in windows) else ["in part"])
spread.show()
dialog = None
tell()
dialog = QDialog(windows[3])
windows[3].activateWindow()
dialog.open()
for now in sys.argv[2:]:
    present = list(now)
    app.screenRemoved.emit(every["A"])
    tell()
"""


def on_four_screens(tmp_path, script, *arguments):
    """What a program says that has the screens A to D beside one another."""
    screens = [{"name": name, "x": 800 * place, "y": 0, "width": 800, "height": 600}
               for place, name in enumerate("ABCD")]
    (tmp_path / "screens.json").write_text(json.dumps({"screens": screens}))
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={tmp_path / 'screens.json'}"}
    ran = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True,
                         env=environment, cwd=Path(__file__).parents[2], timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def switched(tmp_path, wanted, *steps):
    """Where each window lies at the start and after each step, in which those screens are there."""
    return on_four_screens(tmp_path, SWITCHED, json.dumps(wanted), *steps)


def test_a_screen_that_is_switched_off_and_on_gets_its_window_back_and_nobody_loses_the_keyboard(tmp_path):
    assert switched(tmp_path, HALL, "AC", "ACB", "AB", "ABC") == [
        "ABCA counter", "AACA dialog", "ABCA dialog", "ABAA dialog", "ABCA dialog"]


def test_a_screen_that_was_not_there_before_is_used_as_at_a_start(tmp_path):
    assert switched(tmp_path, (None, "", "D", None), "ABD", "BAD")[1:] == ["ABDA dialog", "ABDA dialog"]


def test_without_the_first_screen_what_staff_look_at_lies_behind_what_visitors_see(tmp_path):
    assert switched(tmp_path, HALL, "BC", "ABC")[1:] == ["BBCB -", "ABCA counter"]


PAINTED = """
import os, sys
from PySide6.QtWidgets import QApplication
from hallapp.__main__ import main
from hallapp.app import station
def opening(*_):
    print(*[one.x() for one in QApplication.topLevelWidgets() if one.isFullScreen()], flush=True)
    os._exit(0)
station.hall_at_work = opening
main(["--data", *sys.argv[1:]])
"""


@pytest.mark.parametrize(("command", "x"), [("board", "1600"), ("kiosk", "0"), ("counter", "0"), ("rater", "800")])
def test_a_program_is_painted_at_once_on_the_screen_where_it_belongs(tmp_path, command, x):
    file = prepare_folder(tmp_path)
    file.write_text(file.read_text(encoding="utf-8") + '[screens]\nboard = "C"\n', encoding="utf-8")
    assert on_four_screens(tmp_path, PAINTED, str(tmp_path), command) == [x]
