"""Customer display of 2 x 20 characters with the CD5220 commands: ASCII only, answers nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from drivers.errors import BadSetting
from drivers.signs.exchange import say
from drivers.signs.sign_text import SignText, check_pattern, check_range, encoded
from drivers.transport import Transport

COLUMNS = 20
UPPER, LOWER, LINE_END, BRIGHTNESS = b"\x1b\x51\x41", b"\x1b\x51\x42", b"\x0d", b"\x1b\x2a"


@dataclass(frozen=True, slots=True)
class Cd5220Settings:
    """What the two lines say while there is a number; ``idle`` the upper one while there is none. ``brightness`` 1
    to 4."""

    upper: str = "{number} -> {window}"
    lower: str = ""
    idle: str = ""
    brightness: int = 4

    def __post_init__(self) -> None:
        check_range("brightness", self.brightness, 1, 4)
        for key, value in (("upper", self.upper), ("lower", self.lower), ("idle", self.idle)):
            check_pattern(key, value)
            if not (value.isascii() and value.isprintable()):
                raise BadSetting(key, "ASCII")


class Cd5220Sign:
    """One display. Errors: Unreachable, NotInCharset; that it stays dark cannot be noticed."""

    Settings = Cd5220Settings
    baudrate: ClassVar[int] = 9600
    can_answer: ClassVar[bool] = False

    def __init__(self, transport: Transport, settings: Cd5220Settings) -> None:
        self._transport, self._settings = transport, settings

    def show(self, text: SignText) -> None:
        chosen = self._settings
        lines = (chosen.upper, chosen.lower) if text.number else (chosen.idle if text.text else "", "")
        upper, lower = (self._line(line.format(number=text.number, window=text.window)) for line in lines)
        say(self._transport, BRIGHTNESS + bytes((chosen.brightness,))
            + UPPER + upper + LINE_END + LOWER + lower + LINE_END)

    def check(self) -> None:
        """It cannot be asked; the line to it can at least be opened."""
        self._transport.open()

    def _line(self, text: str) -> bytes:
        """Exactly as long as the display's line, so that nothing older stays."""
        return encoded(text, "ascii")[:COLUMNS].ljust(COLUMNS)
