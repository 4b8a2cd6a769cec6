"""The office's A4 printers through CUPS: ``lp`` takes a PDF as it is and prints it sharper than any picture of it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Protocol

from hallapp.domain.errors import OfficePrintFailed

ASKED_SECONDS = 5.0  # for a list of printers
LOOK_SECONDS = 0.05  # between two looks whether somebody wants to stop
STOP_SECONDS = 5.0  # lp may still take: only once it is done is it known which job has to be taken back

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
    """The printers of CUPS. ``lp`` gets all pages at once; stopping takes the job back.

    Pages and copies are ours: a queue without filters, a raw one, heeds no ``-P`` and no ``-n``, and others lay each
    page's copies together."""

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
                file.write_bytes(_cut(pdf, order.first, order.last))
                said = self._run(("-d", order.printer, "--", *[str(file)] * order.copies), stop)
        except OSError as error:  # no room for the file, or no such command any more
            raise OfficePrintFailed(str(error)) from error
        if stop.is_set():
            if job := re.search(rf"{re.escape(order.printer)}-\d+", said):  # in the words of the PC's language
                _said("cancel", job[0])
            return 0
        told(order.sheets)
        return order.sheets

    def _run(self, words: tuple[str, ...], stop: Event) -> str:
        """What ``lp`` said. Raises OfficePrintFailed, or OSError if it cannot be started."""
        with subprocess.Popen((self._lp, *words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, errors="replace") as process:
            patience = LOOK_SECONDS
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    said, wrong = process.communicate(timeout=patience)
                    break
                if patience == STOP_SECONDS:
                    process.kill()
                elif stop.is_set():
                    patience = STOP_SECONDS
        if process.returncode and not stop.is_set():
            raise OfficePrintFailed(wrong.strip() or f"lp: {process.returncode}")
        return said


def find_lp() -> LpOffice | None:
    """CUPS' printers, where this PC has its command."""
    lp = shutil.which("lp")
    return LpOffice(lp) if lp else None


def _cut(pdf: bytes, first: int, last: int) -> bytes:
    """Only these pages, from 1."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        if (first, last) == (1, len(document)):
            return pdf
        cut, out = pypdfium2.PdfDocument.new(), BytesIO()
        cut.import_pages(document, range(first - 1, last))
        cut.save(out)
        cut.close()
        return out.getvalue()
    finally:
        document.close()


def _said(command: str, *words: str) -> str:
    """What a command of CUPS prints, in English; nothing where it is missing or does not come back."""
    try:
        return subprocess.run((command, *words), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              errors="replace", timeout=ASKED_SECONDS, check=False,
                              env={**os.environ, "LC_ALL": "C"}).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
