"""ID-card readers that speak the SDT protocol (GA/T 467) on a serial line (facts/devices 6, facts/domain 8.1).

Command ``AA AA AA 96 69 | length | CMD PARA | check``, reply ``AA AA AA 96 69 | length | SW1 SW2 SW3 data | check``;
length counts what follows it, big-endian; check is the XOR of all between the preamble and itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import reduce
from operator import xor
from time import monotonic
from typing import ClassVar

from drivers.errors import BadReply, BadSetting, DeviceError, NoAnswer
from drivers.readers.card import TEXT_SIZE, Card, CardUnread, read_card
from drivers.transport import Transport

PREAMBLE = bytes.fromhex("aaaaaa9669")
GOOD, FOUND, NO_CARD = 0x90, 0x9F, 0x80
STATUSES = {
    GOOD: "good", FOUND: "card found", 0x10: "wrong check byte", 0x11: "wrong length", 0x21: "wrong command",
    0x24: "unknown command", 0x31: "card does not trust the reader", 0x32: "reader does not trust the card",
    0x33: "verification failed", 0x40: "not such a card", 0x41: "read failed", 0x47: "no random number",
    0x60: "self-test failed", 0x66: "not authorised", NO_CARD: "no card", 0x81: "select failed",
    0x91: "not on the card",
}
_OF_THE_CARD = frozenset({0x31, 0x32, 0x33, 0x40, 0x41, 0x47, NO_CARD, 0x81, 0x91})
_STATUS, _LENGTHS = 3, 4  # bytes
_SHORTEST, _LONGEST = _STATUS + 1, 0x090A  # a bare status; text, photo and fingerprints
_KEPT = _STATUS + _LENGTHS + TEXT_SIZE


class ReaderFault(DeviceError):
    """The reader itself says that it cannot work."""

    text = "the reader reports an error"


def command(data: bytes) -> bytes:
    """A command's frame."""
    counted = (len(data) + 1).to_bytes(2, "big") + data
    return PREAMBLE + counted + bytes((reduce(xor, counted),))


FIND, SELECT, READ, STATUS = (command(data) for data in (b"\x20\x01", b"\x20\x02", b"\x30\x01", b"\x11\xff"))


@dataclass(frozen=True, slots=True)
class Reply:
    """``data`` as far as it was kept, ``size`` its whole length in bytes."""

    status: int
    data: bytes = field(repr=False)
    size: int


class ReplyReader:
    """Finds the replies in what comes, in pieces of any size. Takes anything.

    Of a reply it keeps the status, the lengths and the text; a photo and fingerprints after them go byte by byte
    into the check and nowhere else.
    """

    def __init__(self) -> None:
        self._seen = b""  # the last bytes outside a reply, as many as preamble and length have
        self._kept = bytearray()
        self._left = self._size = self._check = 0

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that ``data`` completes. Raises BadReply for one whose check byte is wrong; what came after it
        in ``data`` is dropped."""
        replies = []
        for byte in data:
            if not self._left:
                self._look(byte)
            elif self._left > 1:
                self._take(byte)
            else:
                self._left = 0
                replies.append(self._ended(byte))
        return replies

    def _look(self, byte: int) -> None:
        self._seen = (self._seen + bytes((byte,)))[-7:]
        length = int.from_bytes(self._seen[5:], "big")
        if self._seen.startswith(PREAMBLE) and len(self._seen) == 7 and _SHORTEST <= length <= _LONGEST:
            self._left, self._size = length, length - _SHORTEST
            self._check = self._seen[5] ^ self._seen[6]
            self._seen, self._kept = b"", bytearray()

    def _take(self, byte: int) -> None:
        self._left -= 1
        self._check ^= byte
        if len(self._kept) < _KEPT:
            self._kept.append(byte)

    def _ended(self, check: int) -> Reply:
        kept, self._kept = bytes(self._kept), bytearray()
        if check != self._check:
            raise BadReply("wrong check byte")
        if kept[:2] != b"\0\0":
            raise BadReply("unknown status")
        return Reply(kept[2], kept[_STATUS:], self._size)


class SdtReader:
    """Reads the cards that are laid on it; one thread at a time may use it. It connects when needed, and again after
    any error of the reader."""

    baudrate: ClassVar[int] = 115200
    can_answer: ClassVar[bool] = True

    @dataclass(frozen=True, slots=True)
    class Settings:
        """How long the reader may take, in seconds: to find or select a card, and to read it."""

        find_seconds: float = 1.0
        read_seconds: float = 3.0

        def __post_init__(self) -> None:
            for key, value in (("find_seconds", self.find_seconds), ("read_seconds", self.read_seconds)):
                if not 0 < value <= 30:
                    raise BadSetting(key, "0.1 - 30")

    def __init__(self, transport: Transport, settings: Settings) -> None:
        self._transport, self._settings = transport, settings
        self._given = False  # whether the card that lies there was read; many readers find it no more themselves

    def read(self) -> Card | None:
        """The card that was laid there; ``None`` if there is none, or still the same.

        Raises CardUnread if the visitor has to lay it again; any other DeviceError is the reader's.
        """
        with self._closed_on_error():
            self._transport.open()
            if self._ask(FIND, self._settings.find_seconds, _answers_find).status == NO_CARD:
                self._given = False
                return None
            return None if self._given else self._card()

    def check(self) -> None:
        """Raises DeviceError unless the reader is there and says that it is well, and that it may look for cards."""
        with self._closed_on_error():
            self._transport.open()
            self._ask(STATUS, self._settings.find_seconds, _answers_status)
            with suppress(CardUnread):  # of a card that lies there badly: the reader itself is well
                self._ask(FIND, self._settings.find_seconds, _answers_find)

    def _card(self) -> Card:
        try:
            self._ask(SELECT, self._settings.find_seconds, _answers_select)
            reply = self._ask(READ, self._settings.read_seconds, _answers_read)
        except BadReply as error:  # a line that stays bad is told by the next find
            self._transport.close()
            raise CardUnread(str(error)) from None
        self._given = True  # also if the text makes no sense: it would not make more the next time
        return read_card(reply.data[_LENGTHS:])

    def _ask(self, question: bytes, seconds: float, answers: Callable[[Reply], bool]) -> Reply:
        """The reply to ``question``; success of another question is a late reply, passed over."""
        self._transport.write(question)
        replies, deadline, heard = ReplyReader(), monotonic() + seconds, 0
        while True:
            data = self._transport.read(512)
            for reply in replies.feed(data):
                if answers(reply):
                    return reply
                if reply.status not in (GOOD, FOUND):
                    raise _trouble(reply.status)
            heard += len(data)
            if monotonic() >= deadline:
                raise BadReply(f"{heard} bytes and no answer in them") if heard else NoAnswer()

    @contextmanager
    def _closed_on_error(self) -> Iterator[None]:
        try:
            yield
        except CardUnread:
            raise
        except DeviceError:
            self._transport.close()
            raise


def _trouble(status: int) -> DeviceError:
    words = f"{status:02X} {STATUSES.get(status, 'unknown status')}"
    return CardUnread(words) if status in _OF_THE_CARD else ReaderFault(words)


def _answers_find(reply: Reply) -> bool:
    return reply.status in (FOUND, NO_CARD)


def _answers_select(reply: Reply) -> bool:
    return reply.status == GOOD and 0 < reply.size < TEXT_SIZE


def _answers_read(reply: Reply) -> bool:
    """Text of 256 bytes, then as much photo as the reply says."""
    text, photo = (int.from_bytes(reply.data[place : place + 2], "big") for place in (0, 2))
    return reply.status == GOOD and text == TEXT_SIZE and reply.size == _LENGTHS + text + photo


def _answers_status(reply: Reply) -> bool:
    return reply.status == GOOD and not reply.size
