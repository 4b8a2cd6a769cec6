"""The demo day as a user runs it, on two cores."""

from __future__ import annotations

import os
import subprocess
import sys
from time import perf_counter

import pytest

pytestmark = pytest.mark.benchmark

TWO_CORES = """
import os, sys
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
from hallapp.__main__ import main
sys.exit(main(["demo", "--visits", "40", "--speed", "max", "--out", sys.argv[1]]))
"""


def test_the_demo_day_of_40_visits_takes_at_most_60_seconds(tmp_path):
    begun = perf_counter()
    subprocess.run([sys.executable, "-c", TWO_CORES, str(tmp_path / "hall-demo")], capture_output=True, check=True,
                   env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, timeout=300)
    taken = perf_counter() - begun
    print(f"\ndemo day of 40 visits {taken:.1f} s")
    assert taken <= 60
