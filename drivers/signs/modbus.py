"""Number display on Modbus RTU: shows the number's digits, some kinds its letter too. Registers differ by maker."""

from __future__ import annotations

from dataclasses import dataclass
from time import sleep
from typing import ClassVar

from drivers.errors import BadSetting, NotInCharset, Refused
from drivers.signs.exchange import ask
from drivers.signs.modbus_frames import (
    READ,
    REASONS,
    REFUSAL,
    WRITE_ONE,
    WRITE_SEVERAL,
    ReplyReader,
    read_one,
    write_one,
    write_several,
)
from drivers.signs.sign_text import SignText, check_choice, check_range
from drivers.transport import Transport

SILENCE = 0.005  # seconds: frames are kept apart by 3.5 characters, 4 ms at 9600 baud


@dataclass(frozen=True, slots=True)
class ModbusSettings:
    """``kind`` ``number``: one register holds the value; ``digits``: from ``register`` on, each holds one character's
    ASCII code, right-aligned with spaces before. ``digits``: places of the display. ``decimals``: places that it puts
    behind its point, so that 12 shown as 12.0 is written as 120. ``blank``: the value that shows nothing."""

    address: int = 1
    register: int = 0
    function: int = WRITE_ONE
    kind: str = "number"
    digits: int = 4
    decimals: int = 0
    blank: int = 0

    def __post_init__(self) -> None:
        check_choice("function", self.function, (WRITE_ONE, WRITE_SEVERAL))
        check_choice("kind", self.kind, ("number", "digits"))
        for key, value, first, last in (
            ("address", self.address, 1, 247), ("decimals", self.decimals, 0, 4), ("blank", self.blank, 0, 0xFFFF),
            ("digits", self.digits, 1, 4 if self.kind == "number" else 20),
        ):
            check_range(key, value, first, last)
        registers = 1 if self.kind == "number" else self.digits
        check_range("register", self.register, 0, 0x10000 - registers)
        if self.kind == "number" and (10**self.digits - 1) * 10**self.decimals > 0xFFFF:
            raise BadSetting("decimals", "10^(digits + decimals) <= 65536")


class ModbusSign:
    """One display. Errors: Unreachable, NoAnswer, BadReply, Refused, NotInCharset."""

    Settings = ModbusSettings
    baudrate: ClassVar[int] = 9600
    can_answer: ClassVar[bool] = True

    def __init__(self, transport: Transport, settings: ModbusSettings) -> None:
        self._transport, self._settings = transport, settings

    def show(self, text: SignText) -> None:
        address, register = self._settings.address, self._settings.register
        values = self._values(text.number)
        if self._settings.function == WRITE_SEVERAL:
            self._tell(write_several(address, register, values), WRITE_SEVERAL)
            return
        for place, value in enumerate(values):
            self._tell(write_one(address, register + place, value), WRITE_ONE)

    def check(self) -> None:
        """Displays that cannot be read refuse in answering, which shows that they are there."""
        try:
            self._tell(read_one(self._settings.address, self._settings.register), READ)
        except Refused:
            return

    def _values(self, number: str) -> list[int]:
        """For each register; of a number that is too long its end, which is what tells visitors apart."""
        chosen = self._settings
        if chosen.kind == "digits":
            if not number.isascii():
                raise NotInCharset("".join(sign for sign in number if not sign.isascii()))
            return list(number[-chosen.digits :].rjust(chosen.digits).encode("ascii"))
        digits = "".join(sign for sign in number if sign in "0123456789")[-chosen.digits :]
        return [int(digits) * 10**chosen.decimals if digits else chosen.blank]

    def _tell(self, frame: bytes, function: int) -> None:
        sleep(SILENCE)
        reply = ask(self._transport, frame, ReplyReader(self._settings.address, function).feed)
        if reply[1] & REFUSAL:
            raise Refused(REASONS.get(reply[2], f"error {reply[2]}"))
