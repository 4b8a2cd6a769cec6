"""Reads a slip's bytes back: its lines as a printer would set them, and its codes as a scanner would see them."""

from dataclasses import dataclass

import zxingcpp

from drivers.commands import CommandReader
from drivers.escpos import width
from drivers.screen import render
from hallapp.documents.fonts import font_file

OTHERS = ("init", "chinese_on", "feed", "feed_dots", "raster", "code2d", "cut")


@dataclass(frozen=True)
class Line:
    text: str
    wide: int
    high: int
    bold: bool
    side: str

    @property
    def columns(self):
        return width(self.text) * self.wide


def lines(slip, profile):
    """The lines of text; drawn lines and rules are pictures."""
    reader = CommandReader()
    found, text, wide, high, bold, side = [], "", 1, 1, False, "left"
    for command in reader.feed(slip):
        match command.name:
            case "text":
                text += command.raw.decode(profile.rom)
            case "lf":
                found.append(Line(text, wide, high, bold, side))
                text = ""
            case "size":
                wide, high = (command.params[0] >> 4) + 1, (command.params[0] & 7) + 1
            case "bold":
                bold = bool(command.params[0])
            case "align":
                side = ("left", "center", "right")[command.params[0]]
            case name:
                assert name in OTHERS or name.startswith("barcode")
                assert not text, "a line is ended before anything else is printed"
    assert reader.pending == b""
    assert not text
    return found


def pictures(slip):
    """Width in dots, height in dots and rows of each picture."""
    found = []
    for command in CommandReader().feed(slip):
        if command.name == "raster":
            wide, high = (int.from_bytes(command.params[at : at + 2], "little") for at in (0, 2))
            found.append((wide * 8, high, command.params[4:]))
    return found


def running_text(slip, profile):
    """All text without line breaks, hanging spaces and marks between them."""
    return "".join(line.text.strip() for line in lines(slip, profile))


def scanned(slip, profile):
    """The codes on the printed paper by their format, after the printer's real drawing."""
    (paper,) = render(slip, profile, font_file())
    return {code.format: code.text for code in zxingcpp.read_barcodes(paper)}
