"""The language of Onbon (仰邦) character cards, BX-5K/5MK/6K: frames, the dynamic area, acknowledgements.

On the wire: A5 eight times, then header, data and CRC-16/ARC with A5 A6 5A 5B escaped, then 5A. All numbers little
end first. Sources: facts/devices 5; the frames captured by others that tests/drivers/signs/test_onbon.py repeats.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from struct import pack, unpack

from drivers.checksums import crc16_arc

START, END = b"\xa5" * 8, b"\x5a"
COMPUTER = 0x8000  # the computer's address
PING = b"\xa2\x00\x01\x00\x00"
UPDATE = b"\xa3\x06"
LONGEST = 4096  # bytes between start and end; more is noise
PIXELS = 0x8000  # added to a place or width: counted in pixels, not in eights of them
_HEADER = "<HH6sBBH"  # to, from, reserved, device type (FE: any), version of the protocol, length of the data
_ESCAPES = {b"\xa5": b"\xa6\x02", b"\xa6": b"\xa6\x01", b"\x5a": b"\x5b\x02", b"\x5b": b"\x5b\x01"}
_MEANT = {escape: byte for byte, escape in _ESCAPES.items()}


@dataclass(frozen=True, slots=True)
class Frame:
    to: int
    sender: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Area:
    """A dynamic area and what it shows. ``x`` and ``width`` in eights of pixels unless PIXELS is added, ``y``,
    ``height`` and ``gap`` between lines in pixels. ``run`` 0 repeats, 1 stays on the last page; ``single`` 1 one
    line, 2 several; ``wrap`` 2 breaks lines by itself; ``effect`` 1 stands, 3 moves left; ``speed`` 0 fast to 24;
    ``stay`` in half seconds."""

    content: bytes
    id: int = 0
    x: int = 0
    y: int = 0
    width: int = 12
    height: int = 16
    gap: int = 0
    run: int = 0
    timeout: int = 2
    align: int = 0
    single: int = 2
    wrap: int = 2
    effect: int = 1
    speed: int = 0
    stay: int = 10

    def pack(self) -> bytes:
        fixed = pack("<BHHHHBBBHBBBBBBBBBI", 0, self.x, self.y, self.width, self.height, self.id, self.gap, self.run,
                     self.timeout, 0, 0, self.align, self.single, self.wrap, self.effect, 0, self.speed, self.stay,
                     len(self.content))
        return pack("<H", len(fixed) + len(self.content)) + fixed + self.content


def framed(to: int, data: bytes, sender: int = COMPUTER) -> bytes:
    """``data`` as it goes over the wire."""
    inside = pack(_HEADER, to, sender, bytes(6), 0xFE, 2, len(data)) + data
    inside += pack("<H", crc16_arc(inside))
    return START + re.sub(b"[\xa5\xa6\x5a\x5b]", lambda found: _ESCAPES[found[0]], inside) + END


def update(*areas: Area, reply: bool = True, counted: bool = True, delete_all: bool = False) -> bytes:
    """The data that renews these areas and leaves the others, or deletes them. ``reply``: the card shall answer.
    ``counted``: the two reserved bytes hold the length of what follows, as in most captured frames."""
    body = bytes((0xFF * delete_all, len(areas))) + b"".join(area.pack() for area in areas)
    return UPDATE + bytes((1 if reply else 2,)) + pack("<H", len(body) * counted) + body


def opened(inside: bytes) -> Frame | None:
    """The frame between start and end, or None if it is damaged."""
    if re.search(b"[\xa6\x5b](?![\x01\x02])", inside):
        return None
    plain = re.sub(b"[\xa6\x5b][\x01\x02]", lambda found: _MEANT[found[0]], inside)
    if len(plain) < 16 or crc16_arc(plain[:-2]) != int.from_bytes(plain[-2:], "little"):
        return None
    to, sender, _, _, _, length = unpack(_HEADER, plain[:14])
    return Frame(to, sender, plain[14:-2]) if length == len(plain) - 16 else None


class FrameReader:
    """Takes bytes in pieces of any size; noise between frames is passed over. ``feed`` gives what stood between start
    and end, each for ``opened``."""

    def __init__(self) -> None:
        self._inside: bytes | None = None

    def feed(self, data: bytes) -> list[bytes]:
        found = []
        for piece in re.findall(b"\xa5+|\x5a|[^\xa5\x5a]+", data):
            if piece[:1] == b"\xa5":
                self._inside = b""
            elif self._inside is not None and piece != END:
                self._inside += piece
                if len(self._inside) > LONGEST:
                    self._inside = None
            elif self._inside is not None:
                found.append(self._inside)
                self._inside = None
        return found


def acknowledged(data: bytes) -> int | None:
    """0 for an acknowledgement, the error's number for a refusal, None for any other data."""
    if len(data) < 3 or data[:2] not in (b"\xa0\x00", b"\xa0\x01"):
        return None
    return 0 if data[1] == 0 else data[2]


ERRORS = (
    "error 0", "wrong command group", "unknown command", "busy", "out of memory", "wrong checksum", "no such file",
    "flash error", "download error", "file name", "file type", "file checksum", "no such font", "firmware type",
    "date format", "file exists", "file block",
)
