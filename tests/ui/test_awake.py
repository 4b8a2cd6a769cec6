"""Whether the system is asked to leave the screens lit, on a bus that speaks as much D-Bus as it takes to hear it."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys

import pytest

SHOWN = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from hallapp.ui.screens import Screens, start_qt
app = start_qt()
windows = [QWidget(), QWidget()]
screens = Screens(windows, ([None] * int(sys.argv[1]) + [""])[:2])
screens.show()
QTimer.singleShot(500, lambda: app.exit(0))
app.exec()
"""
HELLO = b":1.7"


def answer(serial: int, body: bytes = b"") -> bytes:
    """A METHOD_RETURN with no value, or with the name that Hello gives (D-Bus specification, message format)."""
    fields = b"\x05\x01u\x00" + struct.pack("<I", serial)
    if body:
        body = struct.pack("<I", len(body)) + body + b"\x00"
        fields += b"\x08\x01g\x00\x01s\x00"
    head = struct.pack("<cBBBIII", b"l", 2, 1, 1, len(body), serial, len(fields)) + fields
    return head + b"\x00" * (-len(head) % 8) + body


def serve(line: socket.socket) -> bytes:
    """Let a client in and answer all it asks until it goes; what it asked."""
    heard, asked = b"", b""
    while more := line.recv(65536):
        heard += more
        while b"\r\n" in heard and not asked:
            said, heard = heard.split(b"\r\n", 1)
            if b"AUTH" in said:
                line.sendall(b"OK " + b"0" * 32 + b"\r\n")
            elif said.startswith(b"NEGOTIATE"):
                line.sendall(b"ERROR\r\n")
            elif said == b"BEGIN":
                asked = b"\r\n"
        while asked and len(heard) >= 16:
            body, serial, fields = struct.unpack("<III", heard[4:16])
            length = 16 + fields + -fields % 8 + body
            if len(heard) < length:
                break
            message, heard = heard[:length], heard[length:]
            asked += message
            line.sendall(answer(serial, HELLO if b"Hello\x00" in message else b""))
    return asked


@pytest.mark.parametrize(("staff", "lit"), [(1, True), (2, False)])
def test_the_system_is_asked_to_keep_the_screens_lit_that_visitors_look_at(tmp_path, staff, lit):
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        bus.listen()
        bus.settimeout(30)
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen",
                       "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path / 'bus'}"}
        with subprocess.Popen([sys.executable, "-c", SHOWN, str(staff)], env=environment) as shown:
            try:
                asked = b""
                if lit:
                    line, _ = bus.accept()
                    with line:
                        line.settimeout(30)
                        asked = serve(line)
                assert shown.wait(30) == 0
            finally:
                shown.kill()
        if not lit:
            bus.setblocking(False)
            with pytest.raises(BlockingIOError):
                bus.accept()
    assert (b"org.freedesktop.ScreenSaver" in asked and b"Inhibit\x00" in asked) is lit


@pytest.mark.parametrize("address", ["unix:path=/nowhere/bus", "nonsense", ""])
def test_without_a_desktop_to_ask_the_windows_are_shown_all_the_same(address):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DBUS_SESSION_BUS_ADDRESS": address}
    assert subprocess.run([sys.executable, "-c", SHOWN, "1"], env=environment, timeout=30, check=False).returncode == 0
