"""A sign whose maker's frame the settings describe, so that it needs no code of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from drivers.signs.exchange import ask, say
from drivers.signs.frame_template import FrameTemplate, acknowledgement
from drivers.signs.sign_text import ENCODINGS, SignText, check_choice
from drivers.transport import Transport

LONGEST_ACK = 256


@dataclass(frozen=True, slots=True)
class TemplateSettings:
    """``template`` in ``form`` hex or text, see frame_template. ``ack``: what the sign answers, as hex pairs,
    ``..`` for a byte that varies; empty for a sign that does not answer."""

    template: str = "{text}\r\n"
    form: str = "text"
    encoding: str = "gbk"
    ack: str = ""

    def __post_init__(self) -> None:
        check_choice("form", self.form, ("text", "hex"))
        check_choice("encoding", self.encoding, ENCODINGS)
        FrameTemplate(self.template, self.form, self.encoding)
        acknowledgement("ack", self.ack)


class AckReader:
    """Waits for the pattern in a noisy stream; ``feed`` gives what matched."""

    def __init__(self, pattern: re.Pattern[bytes]) -> None:
        self._pattern = pattern
        self._heard = b""

    def feed(self, data: bytes) -> bytes | None:
        self._heard = (self._heard + data)[-LONGEST_ACK:]
        found = self._pattern.search(self._heard)
        return found[0] if found else None


class TemplateSign:
    """One sign. Errors: Unreachable, NotInCharset, NoAnswer and BadReply if it has an ``ack``."""

    Settings = TemplateSettings
    baudrate: ClassVar[int] = 9600

    def __init__(self, transport: Transport, settings: TemplateSettings) -> None:
        self._transport = transport
        self._frame = FrameTemplate(settings.template, settings.form, settings.encoding)
        self._ack = acknowledgement("ack", settings.ack) if transport.can_answer else None
        self.can_answer = self._ack is not None

    def show(self, text: SignText) -> None:
        frame = self._frame.build({"number": text.number, "window": str(text.window), "text": text.text})
        if self._ack is None:
            say(self._transport, frame)
        else:
            ask(self._transport, frame, AckReader(self._ack).feed)

    def check(self) -> None:
        """What a private frame would ask is not known; the line can at least be opened."""
        self._transport.open()
