"""Reads an ESC/POS byte stream command by command: the printer's side of the language, for the screen and simulator."""

from __future__ import annotations

from dataclasses import dataclass

_PREFIXES = b"\x10\x1b\x1c\x1d"

# The two bytes a command starts with: its name and the count of parameter bytes.
_FIXED = {
    b"\x10\x04": ("ask_realtime", 1),
    b"\x1b@": ("init", 0),
    b"\x1bE": ("bold", 1),
    b"\x1b-": ("underline", 1),
    b"\x1bJ": ("feed_dots", 1),
    b"\x1bB": ("beep", 2),
    b"\x1ba": ("align", 1),
    b"\x1bd": ("feed", 1),
    b"\x1c&": ("chinese_on", 0),
    b"\x1c-": ("chinese_underline", 1),
    b"\x1d!": ("size", 1),
    b"\x1dH": ("barcode_text", 1),
    b"\x1dV": ("cut", 2),
    b"\x1df": ("barcode_font", 1),
    b"\x1dh": ("barcode_height", 1),
    b"\x1dr": ("ask_done", 1),
    b"\x1dw": ("barcode_width", 1),
}


@dataclass(frozen=True, slots=True)
class Command:
    """``name`` as in the table above, or text, lf, raster, code2d, barcode, unknown. ``raw`` is all of its bytes."""

    name: str
    raw: bytes
    head: int = 2

    @property
    def params(self) -> bytes:
        """What follows the command's fixed head."""
        return self.raw[self.head :]


class CommandReader:
    """Takes bytes in pieces of any size. ``pending`` is the beginning of a command whose end has not come."""

    def __init__(self) -> None:
        self.pending = b""

    def feed(self, data: bytes) -> list[Command]:
        self.pending += data
        commands, at = [], 0
        while (command := _first(self.pending[at:] if at else self.pending)) is not None:
            commands.append(command)
            at += len(command.raw)
        self.pending = self.pending[at:]
        return commands


def _first(data: bytes) -> Command | None:
    """The command at the start of ``data``, or None while it is incomplete."""
    if not data:
        return None
    if data[0] >= 0x20:
        end = _text_end(data)
        return Command("text", data[:end], 0) if end else None
    if data[0] not in _PREFIXES:
        return Command("lf" if data[:1] == b"\n" else "unknown", data[:1], 1)
    if len(data) < 2:
        return None
    name, head, length = _shape(data)
    return Command(name, data[:length], head) if 0 < length <= len(data) else None


def _shape(data: bytes) -> tuple[str, int, int]:
    """Name, length of the head and of the whole; a length of 0 is not known yet."""
    start = data[:2]
    if start in _FIXED:
        name, count = _FIXED[start]
        return name, 2, 2 + count
    if start == b"\x1d(" and data[2:3] in (b"k", b""):  # GS ( k pL pH ...
        return "code2d", 5, 5 + int.from_bytes(data[3:5], "little") if len(data) >= 5 else 0
    if start == b"\x1dk":  # GS k m n ...
        return "barcode", 2, 4 + data[3] if len(data) >= 4 else 0
    if start == b"\x1dv":  # GS v 0 m xL xH yL yH ...
        if len(data) < 8:
            return "raster", 4, 0
        return "raster", 4, 8 + int.from_bytes(data[4:6], "little") * int.from_bytes(data[6:8], "little")
    return "unknown", 2, 2


def _text_end(data: bytes) -> int:
    """Where the run of whole GB18030 characters at the start of ``data`` ends; 0 while the first is incomplete."""
    at = 0
    while at < len(data) and data[at] >= 0x20:
        length = 1
        if 0x81 <= data[at] <= 0xFE:
            if at + 1 == len(data):
                break
            length = 4 if 0x30 <= data[at + 1] <= 0x39 else 2
            if at + length > len(data):
                break
        at += length
    return at
