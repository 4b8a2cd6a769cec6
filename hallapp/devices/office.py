"""The office's A4 printers through CUPS: ``lp`` takes a PDF as it is and prints it sharper than any picture of it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Protocol

from hallapp.domain.errors import OfficePrintFailed

ASKED_SECONDS = 5.0  # for a list of printers
LOOK_SECONDS = 0.05  # between two looks whether somebody wants to stop

Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """What to print on which printer: pages ``first`` to ``last``, from 1."""

    printer: str
    first: int
    last: int
    copies: int = 1

    @property
    def sheets(self) -> int:
        return (self.last - self.first + 1) * self.copies


class Office(Protocol):
    """A way to the office printers of this PC; to be used off the UI thread."""

    def printers(self) -> tuple[str, ...]:
        """Their names, the usual one first."""

    def print(self, pdf: bytes, order: PrintOrder, told: Told, stop: Event) -> int:
        """Print; how many sheets were handed to the printer, fewer after a ``stop``. ``told`` hears how many so far.
        Raises OfficePrintFailed."""


class LpOffice:
    """The printers of CUPS. ``lp`` gets all pages at once; stopping takes the job back."""

    def __init__(self, lp: str) -> None:
        self._lp = lp

    def printers(self) -> tuple[str, ...]:
        names = _said("lpstat", "-e").split()
        usual = re.search(r":\s*(\S+)\s*$", _said("lpstat", "-d"))
        return tuple(sorted(names, key=lambda name: usual is None or name != usual[1]))

    def print(self, pdf: bytes, order: PrintOrder, told: Told, stop: Event) -> int:
        try:
            with TemporaryDirectory() as folder:
                file = Path(folder) / "report.pdf"
                file.write_bytes(pdf)
                said = self._run(("-d", order.printer, "-n", str(order.copies), "-P", f"{order.first}-{order.last}",
                                  "--", str(file)), stop)
        except OSError as error:  # no room for the file, or no such command any more
            raise OfficePrintFailed(str(error)) from error
        if stop.is_set():
            if job := re.search(r"\S+-\d+", said):
                _said("cancel", job[0])
            return 0
        told(order.sheets)
        return order.sheets

    def _run(self, words: tuple[str, ...], stop: Event) -> str:
        """What ``lp`` said. Raises OfficePrintFailed, or OSError if it cannot be started."""
        with subprocess.Popen((self._lp, *words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, errors="replace") as process:
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    said, wrong = process.communicate(timeout=LOOK_SECONDS)
                    break
                if stop.is_set():
                    process.kill()
        if process.returncode and not stop.is_set():
            raise OfficePrintFailed(wrong.strip() or f"lp: {process.returncode}")
        return said


def find_lp() -> LpOffice | None:
    """CUPS' printers, where this PC has its command."""
    lp = shutil.which("lp")
    return LpOffice(lp) if lp else None


def _said(command: str, *words: str) -> str:
    """What a command of CUPS prints, in English; nothing where it is missing or does not come back."""
    try:
        return subprocess.run((command, *words), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              errors="replace", timeout=ASKED_SECONDS, check=False,
                              env={**os.environ, "LC_ALL": "C"}).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
