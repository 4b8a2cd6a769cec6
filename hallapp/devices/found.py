"""What is plugged into this PC, for whoever sets the hall up."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from serial.tools import list_ports

LPSTAT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Found:
    """A port or printer as hall.toml would name it, and what the system says of it."""

    address: str
    about: str


def serial_ports() -> tuple[Found, ...]:
    return tuple(Found(port.device, port.description or "") for port in sorted(list_ports.comports()))


def printers() -> tuple[Found, ...]:
    """Device files of USB printers, then the system's queues (Windows, or CUPS where it is)."""
    files = sorted(str(path) for path in Path("/dev/usb").glob("lp*"))
    return (*(Found(path, "USB") for path in files), *(Found(name, "queue") for name in _queues()))


def _queues() -> tuple[str, ...]:
    if sys.platform == "win32":
        import win32print

        where = win32print.PRINTER_ENUM_LOCAL | win32print.PRINTER_ENUM_CONNECTIONS  # those of another PC's too
        return tuple(one[2] for one in win32print.EnumPrinters(where))
    lpstat = shutil.which("lpstat")
    if lpstat is None:
        return ()
    try:
        listed = subprocess.run([lpstat, "-e"], capture_output=True, text=True, timeout=LPSTAT_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):  # a CUPS that hangs is as good as none
        return ()
    return tuple(listed.stdout.split())
