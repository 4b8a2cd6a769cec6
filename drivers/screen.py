"""A receipt printer made of pictures: reads the bytes a real one would get and draws the paper, one PNG per slip."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path

from PIL import Image

from drivers.commands import CommandReader
from drivers.errors import UnknownCommand, Unreachable
from drivers.escpos import PrinterProfile
from drivers.paper import Paper
from drivers.status import Condition, PrinterStatus
from drivers.typeface import Typeface

KEPT = 2000  # slips, some months of a hall that has no printer


class ScreenPrinter:
    """Saves each slip as ``slip-0001.png`` and so on in ``folder``, of which the last KEPT stay. Stands in for
    EscposPrinter."""

    def __init__(self, folder: Path, profile: PrinterProfile, font_path: Path) -> None:
        self._folder = folder
        self._profile = profile
        self._typeface = Typeface(font_path)

    def status(self) -> PrinterStatus:
        return PrinterStatus(Condition.DRAWN)

    def print(self, slip: bytes) -> PrinterStatus:
        """As EscposPrinter.print. Raises UnknownCommand for bytes that a slip should not hold, Unreachable for a
        folder that takes no file."""
        pictures = _draw(slip, self._profile, self._typeface)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for picture in pictures:
                self._save(picture)
        except OSError as error:
            raise Unreachable(f"{self._folder}: {error.strerror or error}") from error
        return self.status()

    def print_next(self, next_slip: Callable[[], bytes]) -> PrinterStatus:
        """As EscposPrinter.print_next. Raises as ``print`` does."""
        slip = next_slip()
        return self.print(slip) if slip else self.status()

    def close(self) -> None:
        """Nothing is held."""

    def _save(self, picture: Image.Image) -> None:
        """Under the next free number, whole or not at all, also beside another process that does the same."""
        taken = [int(path.stem[5:]) for path in self._folder.glob("slip-*.png") if path.stem[5:].isdecimal()]
        for number in count(max(taken, default=0) + 1):
            path = self._folder / f"slip-{number:04}.png"
            part = self._folder / f".slip-{number:04}.part"
            try:
                file = part.open("xb")  # whoever makes this file owns the number
            except FileExistsError:
                continue
            try:
                with file:
                    picture.save(file, "PNG", dpi=(203, 203))
                if not path.exists():
                    part.replace(path)
                    self._forget(old for old in taken if old <= number - KEPT)
                    return
            finally:
                part.unlink(missing_ok=True)

    def _forget(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            with suppress(OSError):  # somebody has it open, as Windows minds: it goes with the next one
                (self._folder / f"slip-{number:04}.png").unlink(missing_ok=True)


def render(data: bytes, profile: PrinterProfile, font_path: Path) -> list[Image.Image]:
    """The slips in ``data``, a gray picture for each cut and one for what follows the last. Raises UnknownCommand."""
    return _draw(data, profile, Typeface(font_path))


def _draw(data: bytes, profile: PrinterProfile, typeface: Typeface) -> list[Image.Image]:
    paper = Paper(profile, typeface)
    reader = CommandReader()
    for command in reader.feed(data):
        paper.obey(command)
    if reader.pending:
        raise UnknownCommand(f"ends in the middle of {reader.pending[:8].hex(' ')}")
    paper.end_slip()
    return paper.slips
