"""A simulated sign of any maker: reads the frames that a template describes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from drivers.errors import DeviceError
from drivers.signs.frame_template import COMPUTED, FrameTemplate, Piece
from drivers.signs.template import TemplateSettings
from drivers.sim.sign import SimulatedSign

LONGEST = 256


class TemplateMachine(SimulatedSign):
    """``words``: number, window and text as far as the last frame held them; the sign shows the text, or else what it
    has. A frame counts only if building it anew from its words gives the very same bytes, checksums and all. The
    template has to end in bytes or in something computed, or a frame's end could not be found."""

    def __init__(self, settings: TemplateSettings | None = None) -> None:
        super().__init__()
        self._settings = settings or TemplateSettings()
        self._frame = FrameTemplate(self._settings.template, self._settings.form, self._settings.encoding)
        self._pattern = _pattern(self._frame.pieces)
        ack = re.sub(r"\s", "", self._settings.ack)
        self._ack = bytes.fromhex(ack.replace("..", "00"))
        self.words: dict[str, str] = {}
        self._heard = b""

    def hear(self, data: bytes) -> bytes:
        self._heard = (self._heard + data)[-LONGEST:]
        tried, answer = max(0, len(self._heard) - len(data)), b""  # no frame ends in what was there before
        while (end := self._take_first(tried)) is not None:
            self._heard, tried = self._heard[end:], 0
            self.history.append(self.words.get("text", " ".join(self.words.values())))
            answer += self._ack
        return answer

    def _take_first(self, tried: int) -> int | None:
        """Keep the words of the first whole frame that ends behind the bytes already tried; where it ends."""
        for end in range(tried + 1, len(self._heard) + 1):
            for start in range(end):
                found = self._pattern.fullmatch(self._heard, start, end)
                words = self._words(found) if found else None
                if words is not None:
                    self.words = words
                    return end
        return None

    def _words(self, found: re.Match[bytes]) -> dict[str, str] | None:
        try:
            words = {name: value.decode(self._settings.encoding) for name, value in found.groupdict().items()}
            if self._frame.build({"number": "", "window": "", "text": "", **words}) != found[0]:
                return None
        except (UnicodeDecodeError, DeviceError):
            return None
        return {name: word.rstrip() for name, word in words.items()}


def _pattern(pieces: Sequence[Piece]) -> re.Pattern[bytes]:
    """A word that stands twice is read at its first place."""
    parts, named = [], set()
    for piece in pieces:
        if not piece.name:
            parts.append(re.escape(piece.literal))
        elif piece.name in COMPUTED:
            parts.append(b".{%d}" % COMPUTED[piece.name][1])
        else:
            group = b"(?:" if piece.name in named else b"(?P<%s>" % piece.name.encode()
            named.add(piece.name)
            parts.append(group + (b".*?)" if piece.first is None else b".{%d})" % piece.first))
    return re.compile(b"".join(parts), re.DOTALL)
