"""The frame of the RS-485 bus that hardware callers and rating pads share, 9600 8N1.

``FF 68 len len 68 address function data... sum 16``: ``len`` counts address, function and data; ``sum`` is the low byte
of their sum. A frame is acknowledged by sending it back as it came (facts/domain 8.3, QueueSystem's CallSystem).
"""

from __future__ import annotations

from dataclasses import dataclass

START, MIDDLE, END = b"\xff\x68", 0x68, 0x16
HEAD, TAIL = 5, 2  # bytes before the address and after the data
LONGEST = 253  # bytes of data


@dataclass(frozen=True, slots=True)
class Frame:
    """``address`` is the station's on the bus, ``function`` what it is about; both 0 to 255."""

    address: int
    function: int
    data: bytes = b""

    @property
    def raw(self) -> bytes:
        """The bytes on the wire. Raises ValueError for what fits in no frame."""
        inside = bytes((self.address, self.function)) + self.data
        length = len(inside)  # over 255 is refused by bytes() below
        return START + bytes((length, length, MIDDLE)) + inside + bytes((sum(inside) & 0xFF, END))


class FrameReader:
    """Takes bytes in pieces of any size; what is no frame is passed over. ``pending`` may be the beginning of one."""

    def __init__(self) -> None:
        self.pending = b""

    def feed(self, data: bytes) -> list[Frame]:
        """The frames completed by ``data``, in order."""
        self.pending += data
        frames: list[Frame] = []
        while (at := self.pending.find(START)) >= 0:
            self.pending = self.pending[at:]
            end = _end(self.pending)
            if end is None:
                return frames
            frame = _frame(self.pending[:end])
            if frame is not None:
                frames.append(frame)
            # of a broken frame only the first byte is passed over: a good one may have begun within it
            self.pending = self.pending[end if frame else 1 :]
        self.pending = self.pending[-1:] if self.pending.endswith(START[:1]) else b""
        return frames

    def forget(self) -> None:
        """After a silence: a beginning whose end did not come must not swallow the next frame."""
        self.pending = b""


def _end(data: bytes) -> int | None:
    """How long the frame at the start of ``data`` is, HEAD if it cannot be one; None while more has to come."""
    head = data[2:HEAD]
    if len(head) > 1 and (head[0] != head[1] or head[0] < 2):
        return HEAD
    if len(head) < HEAD - 2:
        return None
    if head[2] != MIDDLE:
        return HEAD
    end = HEAD + head[0] + TAIL
    return end if len(data) >= end else None


def _frame(raw: bytes) -> Frame | None:
    """The frame of exactly these bytes, None if they are none."""
    if len(raw) <= HEAD + TAIL:
        return None
    frame = Frame(raw[HEAD], raw[HEAD + 1], raw[HEAD + 2 : -TAIL])
    return frame if frame.raw == raw else None
