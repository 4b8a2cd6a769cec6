"""Windows at a screen's scaling: opened in a process of their own on screens of 125 and 150 %."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu

from hallapp.ui import theme
from hallapp.ui.supervisor.report_page import ReportPage
from hallapp.ui.supervisor.staff_page import StaffPage

SYSTEM_FONTS = ("QAbstractItemView", "QMenu", "QMessageBox", "QTipLabel", "QStatusBar")  # those Windows gives Qt
SCREENS = [  # real pixels, what Windows is set to, what is left of it
    ((1366, 768), 125, (1093, 614)), ((1920, 1080), 125, (1536, 864)), ((1920, 1080), 150, (1280, 720)),
]
OPEN_ALL = """
import sys
from pathlib import Path
from hallapp.app.windows import make_window
from hallapp.config import read_config
from hallapp.ui.screens import cover, start_qt
from tests.ui.test_windows import cut, overlapping, settle

qt = start_qt()
config = read_config(Path("resources/starter/hall.toml"), Path(sys.argv[1]))
for name in ("counter", "kiosk", "board", "rater", "supervisor"):
    window = make_window(name, config, 1)
    cover(qt.primaryScreen(), window)
    settle()
    print(name, window.width(), window.height(), window.devicePixelRatio(), cut(window) + overlapping(window))
    if name == "kiosk":
        window.allow_close()
    window.close()
"""


@pytest.mark.parametrize(("pixels", "percent", "size"), SCREENS, ids=lambda one: str(one))
def test_every_window_fills_a_scaled_screen_and_keeps_to_it(tmp_path, pixels, percent, size):
    screen = {"name": "DP-1", "x": 0, "y": 0, "width": pixels[0], "height": pixels[1], "dpr": 1.0,
              "logicalDpi": round(0.96 * percent), "logicalBaseDpi": 96}
    (tmp_path / "screens.json").write_text(json.dumps({"screens": [screen]}))
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={tmp_path / 'screens.json'}"}
    ran = subprocess.run([sys.executable, "-c", OPEN_ALL, str(tmp_path)], capture_output=True, text=True, check=False,
                         env=environment, cwd=Path(__file__).parents[2], timeout=120)
    seen = ran.stdout.splitlines()
    names = ("counter", "kiosk", "board", "rater", "supervisor")
    assert seen == [f"{name} {size[0]} {size[1]} {percent / 100} []" for name in names], ran.stderr


@pytest.fixture
def larger_text(themed):
    """Windows' own text size at its largest, which it tells Qt kind by kind."""
    large = QFont(theme.FAMILY)
    large.setPointSize(40)
    for kind in SYSTEM_FONTS:
        QApplication.setFont(large, kind)
    yield
    QApplication.setFont(theme.font(18))  # forgets the others


def test_windows_larger_text_breaks_no_table_and_no_menu(larger_text, qtbot):
    """All sizes are ours, in pixels of the screen's scaling: what fits stays as it is."""
    pages = (StaffPage(), ReportPage())
    for page in pages:
        qtbot.addWidget(page)
        page.show()
    pages[1].date.calendarWidget()
    menu = QMenu(pages[0])
    menu.ensurePolished()
    found = [menu, *(view for page in pages for view in page.findChildren(QAbstractItemView))]
    assert len(found) >= 6
    assert {part.fontInfo().pixelSize() for part in found} <= {16, 18}
