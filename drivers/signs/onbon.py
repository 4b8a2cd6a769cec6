"""Onbon (仰邦) LED strip with a character card (BX-5K, 5MK, 6K): shows Chinese in a dynamic area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from drivers.errors import BadSetting, Refused
from drivers.signs.exchange import ask, say
from drivers.signs.onbon_frames import (
    ERRORS,
    PING,
    PIXELS,
    Area,
    FrameReader,
    acknowledged,
    framed,
    opened,
    update,
)
from drivers.signs.sign_text import SignText, check_choice, check_range, encoded
from drivers.transport import Transport

EFFECTS = {"static": 1, "left": 3}


@dataclass(frozen=True, slots=True)
class OnbonSettings:
    """``address`` of the card, ``area`` on it; the place ``x`` ``y`` ``width`` ``height`` in pixels. ``unit``: how the
    card counts x and width: ``eights`` of pixels (every card), or ``pixels`` (those that know the mark for it).
    ``font`` three digits as the card numbers them, ``colour`` 1 to 9 as the card numbers them, 0 for a card of one
    colour. ``speed`` 0 fast to 24 slow. ``answers`` no for a line on which nothing comes back. ``counted``: see
    onbon_frames.update, only to be switched off for a card that refuses everything."""

    address: int = 1
    area: int = 0
    x: int = 0
    y: int = 0
    width: int = 96
    height: int = 16
    unit: str = "eights"
    font: str = "000"
    colour: int = 1
    encoding: str = "gbk"
    effect: str = "static"
    speed: int = 4
    answers: bool = True
    counted: bool = True

    def __post_init__(self) -> None:
        check_choice("unit", self.unit, ("eights", "pixels"))
        check_choice("encoding", self.encoding, ("gbk", "gb2312"))
        check_choice("effect", self.effect, EFFECTS)
        for key, value, first, last in (
            ("address", self.address, 1, 0xFFFE), ("area", self.area, 0, 0xFE), ("x", self.x, 0, 4095),
            ("y", self.y, 0, 4095), ("width", self.width, 8, 4096), ("height", self.height, 8, 4096),
            ("colour", self.colour, 0, 9), ("speed", self.speed, 0, 24),
        ):
            check_range(key, value, first, last)
        for key, value in (("x", self.x), ("width", self.width)):
            if self.unit == "eights" and value % 8:
                raise BadSetting(key, "0, 8, 16, 24 ...")
        if not (len(self.font) == 3 and self.font.isascii() and self.font.isdecimal()):
            raise BadSetting("font", "000 - 999")


class OnbonSign:
    """One dynamic area of one card. Errors: Unreachable, NoAnswer, BadReply, Refused, NotInCharset."""

    Settings = OnbonSettings
    baudrate: ClassVar[int] = 9600

    def __init__(self, transport: Transport, settings: OnbonSettings) -> None:
        self._transport, self._settings = transport, settings
        self.can_answer = settings.answers and transport.can_answer

    def show(self, text: SignText) -> None:
        data = update(self._area(text.text), reply=self.can_answer, counted=self._settings.counted)
        self._tell(data)

    def check(self) -> None:
        self._tell(PING)

    def _area(self, text: str) -> Area:
        chosen = self._settings
        colour = f"\\C{chosen.colour}" if chosen.colour else ""
        eights, mark = (8, 0) if chosen.unit == "eights" else (1, PIXELS)
        return Area(
            encoded(f"\\FO{chosen.font}{colour}{text}", chosen.encoding), chosen.area, chosen.x // eights | mark,
            chosen.y, chosen.width // eights | mark, chosen.height, effect=EFFECTS[chosen.effect], speed=chosen.speed,
        )

    def _tell(self, data: bytes) -> None:
        frame = framed(self._settings.address, data)
        if not self.can_answer:
            say(self._transport, frame)
            return
        reader = FrameReader()
        error = ask(self._transport, frame, lambda came: self._heard(reader.feed(came)))
        if error:
            raise Refused(ERRORS[error] if error < len(ERRORS) else f"error {error}")

    def _heard(self, found: list[bytes]) -> int | None:
        """What this card answered; another card's late answer on the same line is none."""
        for frame in map(opened, found):
            if frame is not None and frame.sender == self._settings.address:
                error = acknowledged(frame.data)
                if error is not None:
                    return error
        return None
