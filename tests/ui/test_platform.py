"""Why windows cannot be shown, in one sentence, before Qt would abort the process."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hallapp.ui import platform


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a desktop")
def test_no_display_is_said_with_what_can_be_run_instead():
    sentence = platform.why_not({})
    assert "DISPLAY" in sentence
    assert "hallapp report" in sentence


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 only")
def test_a_display_nobody_serves_is_named():
    sentence = platform.why_not({"DISPLAY": ":4711"})
    assert ":4711" in sentence or "apt-get install" in sentence


def test_offscreen_needs_no_display():
    assert platform.why_not({"QT_QPA_PLATFORM": "offscreen"}) is None


def test_a_missing_library_names_its_package(monkeypatch):
    def cannot_load(file, mode=0):
        raise OSError("libEGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(platform.ctypes, "CDLL", cannot_load)
    if sys.platform.startswith("linux"):
        sentence = platform.why_not({"QT_QPA_PLATFORM": "offscreen"})
        assert "libEGL.so.1" in sentence
        assert "sudo apt-get install libegl1" in sentence


def test_the_program_says_it_and_ends_with_status_one(tmp_path):
    if not sys.platform.startswith("linux"):
        pytest.skip("other systems always have a desktop")
    ran = subprocess.run([sys.executable, "-m", "hallapp", "--data", str(tmp_path)], capture_output=True, text=True,
                         env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}, check=False, timeout=60)
    assert ran.returncode == 1
    assert ran.stderr.count("\n") == 1
    assert "窗口程序无法启动" in ran.stderr
