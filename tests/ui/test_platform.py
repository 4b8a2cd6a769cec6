"""Why windows cannot be shown, in one sentence, before Qt would abort the process."""

from __future__ import annotations

import socket
import struct
import subprocess
import sys
from ctypes.util import find_library
from threading import Thread

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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Wayland only")
@pytest.mark.parametrize("served", [False, True])
def test_a_wayland_desktop_must_be_there(tmp_path, served):
    environment = {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": str(tmp_path)}
    with socket.socket(socket.AF_UNIX) as desktop:
        if served:
            desktop.bind(str(tmp_path / "wayland-9"))
        sentence = platform.why_not(environment)
    assert served if sentence is None else "wayland-9" in sentence


@pytest.mark.skipif(not sys.platform.startswith("linux") or find_library("xcb") is None, reason="needs X11's library")
@pytest.mark.parametrize("accepts", [False, True])
def test_an_x_server_must_answer_and_let_us_in(tmp_path, accepts):
    """A server in a few lines: it says yes or no as the X11 protocol does (protocol 11, chapter 8)."""
    reason = b"Authorization required"
    no = struct.pack("<BBHHH", 0, len(reason), 11, 0, 6) + reason.ljust(24, b"\0")
    yes = struct.pack("<BBHHH", 1, 0, 11, 0, 8) + bytes(32)
    with socket.create_server(("127.0.0.1", 0)) as server:
        asked = Thread(target=_answer_x, args=(server, yes if accepts else no))
        asked.start()
        assert platform._lets_in(f"127.0.0.1:{server.getsockname()[1] - 6000}") is accepts
        asked.join()


def _answer_x(server, answer):
    connection, _who = server.accept()
    with connection:
        connection.recv(12)
        connection.sendall(answer)
        connection.recv(1)  # until it hangs up


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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have one input method")
@pytest.mark.parametrize(("said", "asked"), [
    ({"QT_IM_MODULE": "fcitx", "XMODIFIERS": "@im=fcitx"}, "ibus"), ({"QT_IM_MODULE": "xim"}, "ibus"),
    ({"XMODIFIERS": "@im=fcitx"}, "ibus"), ({"XMODIFIERS": "@im=ibus", "QT_IM_MODULE": ""}, "ibus"),
    ({"QT_IM_MODULE": "ibus"}, None), ({"QT_IM_MODULE": "compose"}, None), ({}, None), ({"XMODIFIERS": ""}, None),
])
def test_chinese_typing_is_taken_from_where_qt_can_take_it(said, asked):
    assert platform.input_method(said) == asked
