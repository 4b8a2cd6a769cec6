"""Screens that visitors look at stay lit: nobody touches a calling board, and a PC darkens and sleeps untouched."""

from __future__ import annotations

import ctypes
import os
import sys

# Microsoft, SetThreadExecutionState: ES_CONTINUOUS, until the thread ends; ES_SYSTEM_REQUIRED; ES_DISPLAY_REQUIRED
LIT = 0x80000000 | 0x00000001 | 0x00000002
SERVICE, PLACE = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"


def keep_awake() -> None:
    """Ask the system for it, as long as this process lives; to be called by the thread that lives as long, which does
    not wait for the answer.

    Windows, and desktops with freedesktop.org's idle inhibition. A screen saver that Windows shows, and a desktop
    without that service, must be set by whoever installs the PC.
    """
    if sys.platform == "win32":
        ctypes.windll.kernel32.SetThreadExecutionState(LIT)
    elif os.environ.get("DBUS_SESSION_BUS_ADDRESS"):  # without it Qt would start a bus, on which nobody listens
        from PySide6.QtDBus import QDBusConnection, QDBusMessage

        ask = QDBusMessage.createMethodCall(SERVICE, PLACE, SERVICE, "Inhibit")
        ask.setArguments(["hallapp", "visitors look at this screen"])
        QDBusConnection.sessionBus().asyncCall(ask)
