"""ESC/POS as pure functions: values in, printer bytes out.

python-escpos builds codes and images. Text is our own: its ``text()`` picks a Western code page for any string without
a common Chinese character and its ``set()`` enlarges ASCII only.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import local
from typing import TYPE_CHECKING, Any, Literal

from drivers.errors import BadSetting, NotInCharset

if TYPE_CHECKING:
    from PIL.Image import Image

Rom = Literal["GB18030", "GBK", "GB2312"]
Align = Literal["left", "center", "right"]
Cutter = Literal["partial", "full", "none"]

INIT = b"\x1b@"  # also drops alignment, size and Chinese mode
CHINESE_ON = b"\x1c&"
START = INIT + CHINESE_ON
LF = b"\n"
ASK_REALTIME = tuple(bytes((0x10, 0x04, n)) for n in (1, 2, 3, 4))  # DLE EOT n: answered at once, also when offline
ASK_DONE = b"\x1dr\x01"  # GS r 1: answered only after everything sent before it was processed
STRIP_ROWS = 128  # printers with small buffers time out on taller images


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """What one printer is. ``dots`` is the printable width at 203 dpi, ``columns`` that of font A (12 x 24).

    ``native_qr``: it draws QR codes itself. ``shared``: other stations print on it too, and it serves one connection
    at a time. Raises BadSetting."""

    dots: int = 576
    columns: int = 48
    rom: Rom = "GBK"
    native_qr: bool = True
    cutter: Cutter = "partial"
    buzzer: bool = False
    can_answer: bool = True
    shared: bool = False

    def __post_init__(self) -> None:
        if self.columns < 16:
            raise BadSetting("columns", ">= 16")
        if self.dots % 8 or not self.columns * 12 <= self.dots <= 1024:
            raise BadSetting("dots", f"{self.columns * 12} - 1024, n * 8")
        if self.shared and not self.can_answer:  # whose turn it is only its answers tell
            raise BadSetting("shared", "can_answer = true")


PAPER_80 = PrinterProfile()
PAPER_80_NARROW = PrinterProfile(dots=512, columns=42)  # many 80 mm printers have the shorter head
PAPER_58 = PrinterProfile(dots=384, columns=32, cutter="none")


# -- text ----------------------------------------------------------------------------------------------------------


@lru_cache(4096)
def width(text: str) -> int:
    """Columns of ``text`` in font A: a Chinese or full-width character takes two."""
    return sum(map(_char_width, text))


def outside(text: str, rom: Rom) -> str:
    """The characters of ``text`` that the printer cannot print itself, in order, each once."""
    return "".join(dict.fromkeys(char for char in text if _code(char, rom) is None))


def text_bytes(text: str, rom: Rom = "GBK") -> bytes:
    """Raw GB code for a printer in Chinese mode. Control characters, which would be commands, become spaces and
    invisible format characters vanish. Raises NotInCharset."""
    codes = [_code(char, rom) for char in text]
    if None in codes:
        raise NotInCharset(outside(text, rom))
    return b"".join(code for code in codes if code is not None)


@cache
def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


@cache
def _code(char: str, rom: Rom) -> bytes | None:
    """The bytes of one character, or None when ``rom`` does not hold it."""
    category = unicodedata.category(char)
    if category == "Cc" or (char.isspace() and char != "\u3000"):
        return b" "
    if category == "Cf":
        return b""
    if char.isascii():
        return char.encode("ascii")
    if category in ("Co", "Cs") or _char_width(char) != 2:
        return None
    code = char.encode("gb18030")
    if rom == "GB18030":
        return code
    try:
        # Decode, not encode: Python's gb2312 codec knows the dash and the middle dot of A1AA and A1A4 by other names.
        code.decode(rom)
    except UnicodeDecodeError:
        return None
    return code


# -- layout --------------------------------------------------------------------------------------------------------


@cache
def align(side: Align) -> bytes:
    return b"\x1ba" + bytes((("left", "center", "right").index(side),))


def size(wide: int = 1, high: int = 1) -> bytes:
    """Character size 1..8 in each direction, by ``GS !``: ``ESC !`` would leave Chinese small."""
    if not (1 <= wide <= 8 and 1 <= high <= 8):
        raise ValueError(f"character size {wide} x {high} is outside 1..8")
    return bytes((0x1D, 0x21, (wide - 1) << 4 | (high - 1)))


def bold(on: bool) -> bytes:
    return bytes((0x1B, 0x45, on))


def underline(on: bool) -> bytes:
    """``ESC -`` underlines ASCII, ``FS -`` Chinese: both are sent."""
    return bytes((0x1B, 0x2D, on, 0x1C, 0x2D, on))


def feed(lines: int = 1) -> bytes:
    return bytes((0x1B, 0x64, lines))


@cache
def feed_dots(dots: int) -> bytes:
    return bytes((0x1B, 0x4A, dots))


def cut(profile: PrinterProfile = PAPER_80) -> bytes:
    """Ends a slip: feeds it past the cutter and cuts, or past the tear-off edge where there is no cutter."""
    return {"partial": b"\x1dVB\x00", "full": b"\x1dVA\x00", "none": feed(4)}[profile.cutter]


def beep(times: int = 1, tenths: int = 2) -> bytes:
    return bytes((0x1B, 0x42, times, tenths))


# -- codes and images ----------------------------------------------------------------------------------------------


def qr(content: str, module: int = 6, *, native: bool = True) -> bytes:
    """A QR code of ASCII ``content``, ``module`` dots a square (1..16); drawn as an image when not ``native``."""
    if not content or not content.isascii():
        raise ValueError(f"a QR code needs ASCII text, scanners guess other encodings: {content!r}")
    if not native:
        return raster(qr_image(content, module))
    dummy = _builder()
    dummy.qr(content, ec=1, size=module, native=True)
    return bytes(dummy.output)


def qr_image(content: str, module: int) -> Image:
    """The QR code as a black on white picture with its quiet zone."""
    import segno
    from PIL import Image

    code = segno.make(content, error="m", micro=False)
    rows = [bytes(0 if dark else 255 for dark in row) for row in code.matrix_iter()]
    picture = Image.frombytes("L", (len(rows[0]), len(rows)), b"".join(rows))
    return picture.resize((picture.width * module, picture.height * module), Image.Resampling.NEAREST)


def barcode(content: str, profile: PrinterProfile = PAPER_80, height: int = 80) -> bytes:
    """CODE128 with the text below it, as wide as the paper allows. ValueError for text it cannot hold."""
    if not re.fullmatch(r"[\x20-\x7e]+", content):
        raise ValueError(f"a barcode needs printable ASCII: {content!r}")
    data, symbols = _code128(content)
    modules = 11 * (symbols + 1) + 13 + 20  # check symbol, stop, quiet zones
    if modules * 2 > profile.dots or len(data) > 255:
        raise ValueError(f"the barcode is wider than the paper: {content!r}")
    dummy = _builder()
    # barcode() itself prints to stdout, which a windowed program may not have.
    dummy._hw_barcode(
        data, "CODE128", height, 3 if modules * 3 <= profile.dots else 2, function_type="B", align_ct=False, check=False
    )
    return bytes(dummy.output)


def raster(image: Image) -> bytes:
    """A picture, dark is ink, as ``GS v 0`` in strips of at most 128 rows."""
    ink = image.convert("L").point(lambda gray: 255 if gray > 127 else 0)  # python-escpos would dither gray
    dummy = _builder()
    dummy.image(ink, fragment_height=STRIP_ROWS)
    return bytes(dummy.output)


@cache
def bar(dots: int, rows: int) -> bytes:
    """A black bar of so many dots, a multiple of 8; every slip has the same few."""
    from PIL import Image

    return raster(Image.new("1", (dots, rows), 0))


def _code128(content: str) -> tuple[str, int]:
    """``content`` in code set B, runs of four and more digits in the denser set C; and the count of symbols."""
    data, symbols = "", 0
    for index, part in enumerate(re.split(r"((?:\d\d){2,})", content)):
        if not part:
            continue
        digits = index % 2 == 1
        pairs = [chr(int(part[at : at + 2])) for at in range(0, len(part), 2)] if digits else []
        data += "{C" + "".join(pairs) if digits else "{B" + part.replace("{", "{{")
        symbols += 1 + (len(pairs) if digits else len(part))
    return data, symbols


_kept = local()  # python-escpos has no locks of its own


def _builder() -> Any:
    """This thread's python-escpos writing into memory, emptied: making one takes as long as a QR code.

    Its default profile has no width and prints a complaint to stdout."""
    if not hasattr(_kept, "dummy"):
        _kept.dummy = _dummy_class()(profile="TM-T20II")
    _kept.dummy.clear()
    return _kept.dummy


@cache
def _dummy_class() -> Any:
    """Imported when first needed: it takes half a second, adds a root log handler and leaves a temporary folder."""
    handlers = list(logging.root.handlers)
    from escpos import capabilities
    from escpos.printer import Dummy

    for handler in logging.root.handlers[:]:
        if handler not in handlers:
            logging.root.removeHandler(handler)
    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    return Dummy
