"""The first window on the screen and the memory of three windows, against a bare Qt window with the same font."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

pytestmark = pytest.mark.benchmark

BARE = """
import time; begun = time.perf_counter()
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
for weight in ("Regular", "Bold"):
    QFontDatabase.addApplicationFont(f"resources/fonts/NotoSansSC-{weight}.ttf")
label = QLabel("请点选您要办的业务"); label.setStyleSheet("font: 46px 'Noto Sans SC'")
label.resize(1920, 1080); label.show(); app.processEvents()
"""
OURS = """
import sys, time; begun = time.perf_counter()
from pathlib import Path
from PySide6.QtWidgets import QApplication
from hallapp.app.hall import open_hall
from hallapp.app.station import Station
from hallapp.ui import theme
app = QApplication([])
hall, config = open_hall(Path(sys.argv[1]))
theme.apply(app)
station = Station(hall, config)
window = station.make("counter", 1)
window.resize(1920, 1080); window.show(); app.processEvents()
"""
THREE = OURS + """
station.windows = [window, station.make("kiosk", 1), station.make("board", 1)]
for one in station.windows:
    one.resize(1920, 1080); one.show()
for _ in range(20):
    app.processEvents()
"""
MEGABYTES = """
print(next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS")) / 1024, flush=True)
import os; os._exit(0)
"""


def measured(program: str, folder: Path) -> float:
    """What a fresh process prints last."""
    ran = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True,
                         env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, timeout=60)
    return float(ran.stdout.split()[-1])


def test_the_first_window_takes_at_most_three_bare_ones(tmp_path):
    end = "print(time.perf_counter() - begun, flush=True)\nimport os; os._exit(0)\n"
    measured(OURS + end, tmp_path)  # the first start makes the store
    pairs = [(measured(OURS + end, tmp_path), measured(BARE + end, tmp_path)) for _ in range(5)]
    ours, bare = (median(one) for one in zip(*pairs, strict=True))
    print(f"\nfirst window {ours:.2f} s, bare window {bare:.2f} s, ratio {ours / bare:.2f}")
    assert ours <= 3 * bare


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux says how much memory a process has")
def test_three_windows_need_at_most_two_and_a_half_times_the_memory_of_a_bare_one(tmp_path):
    ours, bare = measured(THREE + MEGABYTES, tmp_path), measured(BARE + MEGABYTES, tmp_path)
    print(f"\nkiosk, board and counter {ours:.0f} MB, bare window {bare:.0f} MB, ratio {ours / bare:.2f}")
    assert ours <= 2.5 * bare
