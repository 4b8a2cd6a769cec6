"""What an ESC/POS printer's status bytes mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from drivers.errors import BadReply, CoverOpen, CutterFault, DeviceError, Offline, OutOfPaper, PrinterFault

# A reply to GS r 1 is one of four bytes that a noisy line makes too, of all bytes most often 00. So it is asked for
# several times at once; five, because an automatic status whose first byte was damaged leaves four 00.
CONFIRMATIONS = 5
DONE = b"\x00\x03\x0c\x0f"
_CONFIRMED = re.compile(rb"([%b])\1{%d}" % (DONE, CONFIRMATIONS - 1))
OFFLINE = 0x08  # in the reply to DLE EOT 1
FLOW_CONTROL = b"\x11\x13"


class Condition(StrEnum):
    READY = "ready"
    NEAR_END = "near_end"  # a warning: it still prints
    UNKNOWN = "unknown"  # the printer, or the way to it, cannot answer
    DRAWN = "drawn"  # there is none: slips become pictures
    COVER_OPEN = "cover_open"
    OUT_OF_PAPER = "out_of_paper"
    CUTTER = "cutter"
    FATAL = "fatal"
    HOT = "hot"
    ERROR = "error"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """A printer's state at one moment. ``near_end`` is also told beside another trouble."""

    condition: Condition
    near_end: bool = False

    @property
    def problem(self) -> DeviceError | None:
        """The reason why it cannot print now, or None."""
        match self.condition:
            case Condition.COVER_OPEN:
                return CoverOpen()
            case Condition.OUT_OF_PAPER:
                return OutOfPaper()
            case Condition.CUTTER:
                return CutterFault()
            case Condition.FATAL:
                return PrinterFault("it has to be switched off and serviced")
            case Condition.HOT:
                return PrinterFault("the print head is hot and recovers by itself")
            case Condition.ERROR:
                return PrinterFault()
            case Condition.OFFLINE:
                return Offline()
        return None


def decode(replies: bytes) -> PrinterStatus:
    """From the four replies to DLE EOT 1, 2, 3, 4. Raises BadReply for anything else.

    The order matters: an open cover and paper out also set the offline bit.

    Nothing in a reply tells which question it answers, so a byte of noise that looks like one moves all that follow by
    one place. That must not make a stopped printer look well: where it is taken for the first reply, the true first one
    stands in the second place, and its offline bit means there that FEED is pressed, which makes a printer offline too.
    Where it is taken for a later one, the offline bit is known already. More cannot be seen without waiting out a
    time-out for a fifth reply."""
    if len(replies) != 4 or not all(map(is_realtime, replies)):
        raise BadReply(f"not a status: {replies.hex(' ')}")
    printer, cause, error, paper = replies
    if cause & OFFLINE and not printer & OFFLINE:
        raise BadReply(f"replies out of step: {replies.hex(' ')}")
    near_end = bool(paper & 0x0C)
    for bits, condition in (
        (cause & 0x04, Condition.COVER_OPEN),
        (paper & 0x60 or cause & 0x20, Condition.OUT_OF_PAPER),
        (error & 0x08, Condition.CUTTER),
        (error & 0x20, Condition.FATAL),
        (error & 0x40, Condition.HOT),
        (cause & 0x40, Condition.ERROR),
        (printer & OFFLINE, Condition.OFFLINE),
        (near_end, Condition.NEAR_END),
    ):
        if bits:
            return PrinterStatus(condition, near_end)
    return PrinterStatus(Condition.READY)


def is_realtime(byte: int) -> bool:
    """A reply to DLE EOT has bits 1 and 4 set, bits 0 and 7 clear."""
    return byte & 0x93 == 0x12


@dataclass(frozen=True, slots=True)
class Replies:
    """Bytes from a printer sorted by kind: all kinds come mixed on one line."""

    realtime: bytes = b""  # replies to DLE EOT
    other: bytes = b""  # replies to GS r, whose bits are all free, and whatever else came, such as noise
    asb: tuple[bytes, ...] = ()  # automatic status, four bytes each
    rest: bytes = b""  # the beginning of an automatic status whose end has not come


def sort_replies(data: bytes) -> Replies:
    """Sorts what came. Never raises."""
    realtime, other, asb, started = bytearray(), bytearray(), [], b""
    for byte in data:
        if is_realtime(byte):  # may come between the bytes of an automatic status
            realtime.append(byte)
        elif byte in FLOW_CONTROL:
            continue
        elif byte & 0x93 == 0x10:
            other += started
            started = bytes((byte,))
        elif byte & 0x90 or not started:
            other += started + bytes((byte,))
            started = b""
        else:
            started += bytes((byte,))
            if len(started) == 4:
                asb.append(started)
                started = b""
    return Replies(bytes(realtime), bytes(other), tuple(asb), started)


def confirms(other: bytes) -> bool:
    """Whether the replies to CONFIRMATIONS times GS r 1 stand there in a row."""
    return bool(_CONFIRMED.search(other))
