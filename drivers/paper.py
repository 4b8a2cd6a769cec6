"""The print head of the screen printer: carries out ESC/POS commands on a strip of paper, 203 dots to the inch."""

from __future__ import annotations

import segno
from PIL import Image, ImageOps

from drivers.commands import Command
from drivers.errors import UnknownCommand
from drivers.escpos import PrinterProfile
from drivers.typeface import INK, PAPER, Typeface

LINE_DOTS = 30
SIDE_MARGIN = 32  # 576 dots on 80 mm paper
TOP_MARGIN = 48
BOTTOM_MARGIN = 64


class Paper:
    """What is set, the line being filled, and the bands of paper already printed. ``slips``: those cut off, in gray."""

    def __init__(self, profile: PrinterProfile, typeface: Typeface) -> None:
        self.slips: list[Image.Image] = []
        self._profile = profile
        self._typeface = typeface
        self._bands: list[Image.Image] = []
        self._do_init(Command("init", b""))

    def obey(self, command: Command) -> None:
        """``_do_<name>`` carries out the command of that name. Raises UnknownCommand where there is none."""
        action = getattr(self, f"_do_{command.name}", None)
        if action is None:
            raise UnknownCommand(command.raw[:8].hex(" "))
        try:
            action(command)
        except (IndexError, ValueError) as error:  # parameters that no slip of ours has
            raise UnknownCommand(f"{command.raw[:8].hex(' ')}: {error}") from error

    def end_slip(self) -> None:
        """Cuts off what has been printed, if anything has."""
        self._end_line()
        if not self._bands:
            return
        height = TOP_MARGIN + sum(band.height for band in self._bands) + BOTTOM_MARGIN
        slip = Image.new("L", (self._profile.dots + 2 * SIDE_MARGIN, height), PAPER)
        top = TOP_MARGIN
        for band in self._bands:
            slip.paste(band, (SIDE_MARGIN, top))
            top += band.height
        self.slips.append(slip)
        self._bands = []

    # -- settings --------------------------------------------------------------------------------------------------

    def _do_init(self, command: Command) -> None:
        self._line: list[Image.Image] = []
        self._side, self._wide, self._high = 0.0, 1, 1
        self._bold = self._underline = self._chinese_underline = self._chinese = False
        self._bar_height, self._bar_module, self._bar_text = 162, 3, 0
        self._qr_module, self._qr_level, self._qr_data = 3, "l", ""

    def _do_chinese_on(self, command: Command) -> None:
        self._chinese = True

    def _do_align(self, command: Command) -> None:
        self._side = (0.0, 0.5, 1.0)[command.params[0]]

    def _do_size(self, command: Command) -> None:
        self._wide, self._high = (command.params[0] >> 4) + 1, (command.params[0] & 7) + 1

    def _do_bold(self, command: Command) -> None:
        self._bold = bool(command.params[0] & 1)

    def _do_underline(self, command: Command) -> None:
        self._underline = bool(command.params[0])

    def _do_chinese_underline(self, command: Command) -> None:
        self._chinese_underline = bool(command.params[0])

    def _do_barcode_height(self, command: Command) -> None:
        self._bar_height = command.params[0]

    def _do_barcode_width(self, command: Command) -> None:
        self._bar_module = command.params[0]

    def _do_barcode_text(self, command: Command) -> None:
        self._bar_text = command.params[0]

    def _do_barcode_font(self, command: Command) -> None:
        """Font A is the only one drawn."""

    def _do_beep(self, command: Command) -> None:
        """Paper makes no sound."""

    # -- text and paper --------------------------------------------------------------------------------------------

    def _do_text(self, command: Command) -> None:
        if not self._chinese and not command.raw.isascii():
            raise UnknownCommand(f"Chinese text before FS &: {command.raw[:8].hex(' ')}")
        for char in command.raw.decode(self._profile.rom, errors="replace"):
            cell = self._typeface.cell(char, self._wide, self._high, self._bold)
            if self._underline if char.isascii() else self._chinese_underline:
                cell = cell.copy()
                cell.paste(INK, (0, cell.height - 2, cell.width, cell.height))
            if sum(printed.width for printed in self._line) + cell.width > self._profile.dots:
                self._end_line()
            self._line.append(cell)

    def _do_lf(self, command: Command) -> None:
        if not self._end_line():
            self._blank(LINE_DOTS)

    def _do_feed(self, command: Command) -> None:
        lines = command.params[0] - self._end_line()
        self._blank(max(0, lines) * LINE_DOTS)

    def _do_feed_dots(self, command: Command) -> None:
        self._end_line()
        self._blank(command.params[0])

    def _do_cut(self, command: Command) -> None:
        if command.params[0] not in (65, 66):
            raise UnknownCommand(command.raw.hex(" "))
        self.end_slip()

    def _end_line(self) -> bool:
        """Prints the line that is being filled. Whether there was one."""
        if not self._line:
            return False
        height = max(cell.height for cell in self._line)
        text = Image.new("L", (sum(cell.width for cell in self._line), max(height, LINE_DOTS)), PAPER)
        left = 0
        for cell in self._line:
            text.paste(cell, (left, height - cell.height))
            left += cell.width
        self._line = []
        self._print(text)
        return True

    def _blank(self, dots: int) -> None:
        self._bands.append(Image.new("L", (self._profile.dots, dots), PAPER))

    def _print(self, picture: Image.Image) -> None:
        """Aligned; what is wider than the paper is lost."""
        self._end_line()
        self._blank(picture.height)
        room = max(0, self._profile.dots - picture.width)
        self._bands[-1].paste(picture, (int(room * self._side), 0))

    # -- images and codes ------------------------------------------------------------------------------------------

    def _do_raster(self, command: Command) -> None:
        wide, high = (int.from_bytes(command.params[at : at + 2], "little") for at in (0, 2))
        picture = Image.frombytes("1", (wide * 8, high), command.params[4:])
        self._print(ImageOps.invert(picture.convert("L")))

    def _do_code2d(self, command: Command) -> None:
        code_type, function, data = command.params[0], command.params[1], command.params[2:]
        if code_type != ord("1") or function not in b"ACEPQ":
            raise UnknownCommand(command.raw[:8].hex(" "))
        match function:
            case 0x43:
                self._qr_module = data[0]
            case 0x45:
                self._qr_level = "lmqh"[data[0] - ord("0")]
            case 0x50:
                self._qr_data = data[1:].decode()
            case 0x51:
                self._print(self._qr_picture())

    def _qr_picture(self) -> Image.Image:
        """The bare code: printers add no quiet zone."""
        code = segno.make(self._qr_data, error=self._qr_level, micro=False, boost_error=False)
        rows = b"".join(bytes(INK if dark else PAPER for dark in row) for row in code.matrix)
        size = len(code.matrix)
        return Image.frombytes("L", (size, size), rows).resize(
            (size * self._qr_module, size * self._qr_module), Image.Resampling.NEAREST
        )

    def _do_barcode(self, command: Command) -> None:
        if command.params[0] != 73:
            raise UnknownCommand(f"barcode of another kind than CODE128: {command.raw[:8].hex(' ')}")
        symbols, content = _read_code128(command.params[2:])
        bars = b"".join(b"\0" if bar == "1" else b"\xff" for bar in _bars(symbols))
        size = len(bars) * self._bar_module, self._bar_height
        self._print(Image.frombytes("L", (len(bars), 1), bars).resize(size, Image.Resampling.NEAREST))
        if self._bar_text == 2:
            self._line = [self._typeface.cell(char, 1, 1, False) for char in content]
            self._end_line()


def _bars(symbols: list[int]) -> str:
    """The modules of a barcode, "1" for a bar."""
    from barcode.charsets import code128  # type: ignore[import-untyped]  # slow to load, seldom needed

    check = (symbols[0] + sum(at * symbol for at, symbol in enumerate(symbols))) % 103
    return "".join([*(code128.CODES[symbol] for symbol in [*symbols, check]), code128.STOP, "11"])


def _read_code128(data: bytes) -> tuple[list[int], str]:
    """Symbol values, start symbol first, and the text, from data with ``{B``, ``{C`` and ``{{``."""
    symbols: list[int] = []
    content, code_set, at = "", "", 0
    while at < len(data):
        pair = data[at : at + 2]
        if pair in (b"{B", b"{C"):
            code_set = pair.decode()[1]
            symbols.append((104 if code_set == "B" else 105) if not symbols else (100 if code_set == "B" else 99))
            at += 2
        elif code_set == "C":
            symbols.append(data[at])
            content += f"{data[at]:02}"
            at += 1
        elif code_set == "B" and data[at] >= 0x20:
            symbols.append(data[at] - 0x20)
            content += chr(data[at])
            at += 2 if pair == b"{{" else 1
        else:
            raise UnknownCommand(f"barcode data: {data.hex(' ')}")
    return symbols, content
