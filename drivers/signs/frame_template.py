"""A maker's private frame written down as one line, such as ``AA 55 {length:3} 01 {text} 00 00 {sum8:2}``.

In braces stand ``number`` ``window`` ``text``, with a width in bytes if the frame wants one (``{text:16}``, spaces
behind), and what is computed over bytes of the frame, counted from 0 as in a Python slice: ``{sum8:2}`` from byte 2
up to itself, ``{sum8:2:-3}`` up to the third last; a length without an end reaches to the end of the frame.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from drivers import checksums
from drivers.errors import BadSetting, DeviceError, NotInCharset
from drivers.signs.sign_text import encoded

WORDS = ("number", "window", "text")
Order = Literal["little", "big"]
# Of each computed field: what is made of the bytes, how many bytes it has, and their order; -be and -le where makers
# turn round what is usual.
COMPUTED: Mapping[str, tuple[Callable[[bytes], int], int, Order]] = {
    "length": (len, 1, "little"), "length16-le": (len, 2, "little"), "length16-be": (len, 2, "big"),
    "sum8": (checksums.sum8, 1, "little"), "sum8-negative": (lambda data: -sum(data) & 0xFF, 1, "little"),
    "xor8": (checksums.xor8, 1, "little"),
    "sum16-le": (checksums.sum16, 2, "little"), "sum16-be": (checksums.sum16, 2, "big"),
    "crc16-modbus": (checksums.crc16_modbus, 2, "little"), "crc16-modbus-be": (checksums.crc16_modbus, 2, "big"),
    "crc16-arc": (checksums.crc16_arc, 2, "little"), "crc16-arc-be": (checksums.crc16_arc, 2, "big"),
    "crc16-xmodem": (checksums.crc16_xmodem, 2, "big"), "crc16-xmodem-le": (checksums.crc16_xmodem, 2, "little"),
    "crc16-ccitt": (checksums.crc16_ccitt, 2, "big"), "crc16-ccitt-le": (checksums.crc16_ccitt, 2, "little"),
}
FIELDS = " | ".join(f"{{{name}}}" for name in (*WORDS, *COMPUTED))
_TOKEN = {
    "hex": re.compile(r"\s+|(?P<literal>[0-9A-Fa-f]{2})|\{(?P<field>[^{}]*)\}"),
    "text": re.compile(r"(?P<literal>\{\{|\}\}|[^{}])|\{(?P<field>[^{}]*)\}", re.DOTALL),
}
_ACK = re.compile(r"\s+|(?P<any>\.\.)|(?P<literal>[0-9A-Fa-f]{2})")
_FIELD = re.compile(r"([a-z0-9-]+)(?::(-?[0-9]{1,4}))?(?::(-?[0-9]{1,4}))?")


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes as they are, or a field by ``name``; ``first`` and ``last`` as behind its colons."""

    literal: bytes = b""
    name: str = ""
    first: int | None = None
    last: int | None = None


class FrameTemplate:
    """A checked template. ``form`` is hex or text; words are written in ``encoding``. Raises BadSetting."""

    def __init__(self, template: str, form: str, encoding: str) -> None:
        self.encoding = encoding
        self.pieces = _pieces(template, form, encoding)

    def build(self, words: Mapping[str, str]) -> bytes:
        """The frame with these ``number`` ``window`` ``text``. Raises NotInCharset, DeviceError for one too long."""
        parts = [self._part(piece, words) for piece in self.pieces]
        starts = [0, *accumulate(map(len, parts))]
        frame = bytearray(b"".join(parts))
        computed = [(piece, at) for piece, at in zip(self.pieces, starts, strict=False) if piece.name in COMPUTED]
        for lengths in (True, False):  # checksums may run over lengths
            for piece, at in computed:
                if piece.name.startswith("length") is lengths:
                    self._fill(frame, piece, at)
        return bytes(frame)

    def _part(self, piece: Piece, words: Mapping[str, str]) -> bytes:
        if piece.name in COMPUTED:
            return bytes(COMPUTED[piece.name][1])
        if not piece.name:
            return piece.literal
        word = words[piece.name]
        if piece.first is None:
            return encoded(word, self.encoding)
        while len(encoded(word, self.encoding)) > piece.first:  # never half a character
            word = word[:-1]
        return encoded(word, self.encoding).ljust(piece.first)

    @staticmethod
    def _fill(frame: bytearray, piece: Piece, at: int) -> None:
        make, size, order = COMPUTED[piece.name]
        last = piece.last if piece.last is not None or piece.name.startswith("length") else at
        value = make(bytes(frame[piece.first or 0 : last]))
        if value >= 256**size:
            raise DeviceError(f"{{{piece.name}}}: {value} does not fit")
        frame[at : at + size] = value.to_bytes(size, order)


def _pieces(template: str, form: str, encoding: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = 0
    while at < len(template):
        token = _TOKEN[form].match(template, at)
        if token is None:
            raise _bad(template, at, f"00 - FF | {FIELDS}" if form == "hex" else f"{FIELDS} | {{{{ | }}}}")
        if token["field"] is not None:
            pieces.append(_field(template, at, token["field"]))
        elif token["literal"]:
            pieces.append(Piece(_literal(template, at, token["literal"], form, encoding)))
        at = token.end()
    if not any(piece.name in WORDS for piece in pieces):
        raise BadSetting("template", "{text} | {number}")
    return tuple(pieces)


def _literal(template: str, at: int, found: str, form: str, encoding: str) -> bytes:
    if form == "hex":
        return bytes.fromhex(found)
    try:
        return encoded(found[0], encoding)
    except NotInCharset as error:
        raise _bad(template, at, encoding) from error


def _field(template: str, at: int, inside: str) -> Piece:
    found = _FIELD.fullmatch(inside)
    if found is None or found[1] not in (*WORDS, *COMPUTED):
        raise _bad(template, at, FIELDS)
    first, last = (None if number is None else int(number) for number in found.group(2, 3))
    if found[1] in WORDS and (last is not None or (first is not None and first < 1)):
        raise _bad(template, at, f"{{{found[1]}:16}}")
    return Piece(b"", found[1], first, last)


def _bad(template: str, at: int, expected: str, key: str = "template") -> BadSetting:
    """Tells the place, counted from 1 as editors do, and what stands there."""
    return BadSetting(key, f"{expected} (#{at + 1}: {template[at : at + 12]!r})")


def acknowledgement(key: str, pattern: str) -> re.Pattern[bytes] | None:
    """A pattern of hex pairs and ``..`` for any byte; None for an empty one. Raises BadSetting."""
    parts, at = [], 0
    while at < len(pattern):
        token = _ACK.match(pattern, at)
        if token is None:
            raise _bad(pattern, at, "00 - FF | ..", key)
        if token["any"]:
            parts.append(b".")
        elif token["literal"]:
            parts.append(re.escape(bytes.fromhex(token["literal"])))
        at = token.end()
    return re.compile(b"".join(parts), re.DOTALL) if parts else None
