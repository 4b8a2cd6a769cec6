"""Whether Qt can start on this machine, asked before Qt is imported: Qt itself would abort the process.

Imports no Qt, so its sentences stand outside tr().
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

# the Debian 12 / UOS 20 / Kylin V10 package of each library that Qt's wheels expect from the system
PACKAGES = {
    "libEGL.so.1": "libegl1", "libGL.so.1": "libgl1", "libOpenGL.so.0": "libopengl0",
    "libxkbcommon.so.0": "libxkbcommon0", "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libdbus-1.so.3": "libdbus-1-3", "libfontconfig.so.1": "libfontconfig1", "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0", "libgthread-2.0.so.0": "libglib2.0-0", "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1", "libxcb.so.1": "libxcb1", "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4", "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1", "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0", "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0", "libxcb-shm.so.0": "libxcb-shm0", "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1", "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0", "libxcb-xkb.so.1": "libxcb-xkb1", "libSM.so.6": "libsm6",
    "libICE.so.6": "libice6", "libz.so.1": "zlib1g",
}
_LIBRARY = re.compile(r"(lib[\w.+-]+\.so[\w.]*)")


def has_screen(environment: Mapping[str, str]) -> bool:
    """Whether windows can be shown; elsewhere than on Linux there always is a desktop."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def input_method(environment: Mapping[str, str]) -> str | None:
    """What Qt is to take Chinese typing from, where the desktop names what Qt's wheels have no part for: fcitx 5, which
    UOS and Kylin bring, is spoken to as if it were IBus. ``None``: nothing, or as the desktop says."""
    if not sys.platform.startswith("linux"):
        return None
    named = environment.get("QT_IM_MODULE")
    if named:
        parts = (_qt_folder() / "plugins" / "platforminputcontexts").glob("lib*platforminputcontextplugin.so")
        return None if any(part.name.startswith(f"lib{named}") for part in parts) else "ibus"
    return "ibus" if "@im=" in environment.get("XMODIFIERS", "") else None


def why_not(environment: Mapping[str, str]) -> str | None:
    """One sentence saying what keeps Qt from starting and what to install, or ``None`` if nothing does."""
    missing = _missing_library(environment)
    if missing is not None:
        package = PACKAGES.get(missing)
        remedy = f"请安装：sudo apt-get install {package}" if package else f"请安装提供 {missing} 的软件包"
        return f"窗口程序无法启动：系统缺少 {missing}。{remedy}"
    if environment.get("QT_QPA_PLATFORM"):
        return None
    if not has_screen(environment):
        return ("窗口程序无法启动：没有找到显示器（环境变量 DISPLAY 为空）。请在桌面上打开终端再运行；"
                "没有显示器时可运行 hallapp demo 或 hallapp report。")
    unanswered = _unanswered(environment)
    return unanswered and f"窗口程序无法启动：连不上显示器 {unanswered}。请在桌面上打开终端再运行。"


def _unanswered(environment: Mapping[str, str]) -> str | None:
    """The display that is named but that nobody serves, or that lets nobody in; ``None`` if there is one to use."""
    if not sys.platform.startswith("linux"):
        return None
    wayland, x11 = environment.get("WAYLAND_DISPLAY", ""), environment.get("DISPLAY", "")
    if wayland and Path(environment.get("XDG_RUNTIME_DIR", "/"), wayland).is_socket():
        return None
    return None if x11 and _lets_in(x11) else x11 or wayland


def _lets_in(display: str) -> bool:
    """Whether an X server answers and accepts us, which only a connection can tell."""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(display.encode(), None))
    try:
        return xcb.xcb_connection_has_error(connection) == 0
    finally:
        xcb.xcb_disconnect(connection)


def _missing_library(environment: Mapping[str, str]) -> str | None:
    """The first shared library that Qt's widgets or its window-system plug-in would not find."""
    if not sys.platform.startswith("linux"):
        return None
    folder = _qt_folder()
    files = [folder / "lib" / f"libQt6{part}.so.6" for part in ("Core", "DBus", "Gui", "Widgets")]
    if not environment.get("QT_QPA_PLATFORM") and environment.get("DISPLAY"):
        files += [folder / "plugins" / "platforms" / "libqxcb.so", Path("libxcb.so.1")]
    for file in files:
        try:
            ctypes.CDLL(str(file), mode=os.RTLD_LAZY)
        except OSError as error:
            found = _LIBRARY.search(str(error))
            return found[1] if found else str(error)
    return None


def _qt_folder() -> Path:
    spec = importlib.util.find_spec("PySide6")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "Qt"
