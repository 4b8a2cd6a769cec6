"""``hallapp demo`` as a user runs it: a fresh process, offscreen, into an empty folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pdfplumber
import pytest
from PIL import Image

from hallapp.store.log import broken_links
from hallapp.store.opening import open_sqlite


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The end of a small day: what was printed, and the folder."""
    folder = tmp_path_factory.mktemp("demo") / "hall-demo"
    wanted = ["--visits", "12", "--seed", "3", "--speed", "max", "--out", str(folder)]
    ran = subprocess.run([sys.executable, "-m", "hallapp", "demo", *wanted], capture_output=True, text=True,
                         env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, timeout=180, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout, folder


def test_the_day_ends_with_figures_that_agree_with_the_log(played):
    text, _folder = played
    assert "核对一致" in text
    assert "件数" in text
    assert "服务评价：请评价" in text


def test_report_slips_pictures_and_store_are_there_and_named(played):
    text, folder = played
    named = [line.split("　")[-1] for line in text.splitlines() if str(folder) in line]
    assert named
    for kind in ("ticket", "ticket-priority", "ticket-materials", "ticket-copy", "notice", "appointment", "test"):
        assert (folder / "slips" / f"{kind}.bin").stat().st_size > 200
        assert size_of(folder / "slips" / f"{kind}.png")[0] >= 576
        assert str(folder / "slips" / f"{kind}.png") in named
    for name in ("busy-counter", "busy-supervisor", "supervisor-report", "rater-asking"):
        assert size_of(folder / "pictures" / f"{name}.png") == (1920, 1080)
    with pdfplumber.open(next(folder.glob("report-*.pdf"))) as pdf:
        assert "日办件量报表" in pdf.pages[0].extract_text()
        assert any("服务评价" in page.extract_text() for page in pdf.pages)


def test_the_store_is_whole(played):
    _text, folder = played
    store = open_sqlite(folder / "hall.db", "demo")
    with store.engine.connect() as db:
        assert list(broken_links(db, "demo")) == []
    store.close()


def size_of(file):
    with Image.open(file) as picture:
        return picture.size


def test_a_demo_that_is_stopped_says_so_and_one_that_finds_no_place_too(tmp_path):
    place = tmp_path / "hall-demo"
    place.touch()
    demo = [sys.executable, "-m", "hallapp", "demo", "--out", str(place)]
    offscreen = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(demo, capture_output=True, text=True, env=offscreen, timeout=60, check=False)
    assert (ran.returncode, ran.stderr.count("\n")) == (1, 1)
    assert str(place) in ran.stderr
    place.unlink()
    with subprocess.Popen(demo, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=offscreen) as running:
        running.stdout.read(1)  # the first bit of progress
        running.send_signal(signal.SIGINT)
        told, wrong = running.communicate(timeout=60)
    assert running.returncode == 130
    assert f"演示已停止。到此为止的数据在 {place}" in told
    assert wrong == ""
