"""The inside of a simulated ESC/POS printer: takes bytes, gives replies, uses up paper, fails when told."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar

from drivers.commands import Command, CommandReader
from drivers.sim.line import LineFault

NEAR_END_SLIPS = 3
TEAR_OFF = 4  # lines that are fed at once: where there is no cutter somebody tears the slip off
FULL = (0, 48, 65)  # GS V m that cuts through


class Fault(StrEnum):
    """What can be wrong with the printer itself; drivers.sim.line.LineFault has the rest."""

    NEAR_END = "near_end"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"
    OFFLINE = "offline"
    ASB = "asb"  # no fault of its own: automatic status is on, it tells its state unasked


_STOPPING = {Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.CUTTER, Fault.OFFLINE}


class Mechanism:
    """Realtime questions are answered at once, everything else in order and not while a fault stops the printer.

    ``slips``: the bytes of each, its cut included, or the feed past the tear-off edge. ``paper``: slips left on the
    roll, None for endless. When the roll is used up the last slip is still out and confirmed. ``cut``: how the last
    slip ended: full, partial, none. ``beeps`` counts. ``fail_after``: a fault that comes once so many bytes of jobs
    were taken."""

    ACTIONS: ClassVar[Mapping[str, str]] = {"load": "COUNT"}
    FAULTS: ClassVar[tuple[StrEnum, ...]] = tuple(Fault)

    def __init__(self, paper: int | None = None) -> None:
        self.slips: list[bytes] = []
        self.unfinished = b""
        self.paper = paper
        self.cut = ""
        self.beeps = 0
        self.faults: set[Any] = set()
        self.fail_after: tuple[int, StrEnum] | None = None
        self._reader = CommandReader()
        self._waiting: deque[Command] = deque()

    def take(self, data: bytes) -> bytes:
        """Takes what came from the computer; returns the answer, which may be empty."""
        answer = self._automatic() + self.work()
        for command in self._reader.feed(data):
            if command.name == "ask_realtime":
                automatic = self._automatic()  # a realtime answer may come between its bytes
                answer += automatic[:2] + self._realtime(command.params[0]) + automatic[2:]
            else:
                self._waiting.append(command)
                answer += self.work() + self._automatic()
                self._count(command)
            if LineFault.DROP in self.faults:  # what was still on its way is lost with the connection
                break
        return answer

    def work(self) -> bytes:
        """Does what is waiting as far as the faults allow; returns the answer to GS r, if it came to that."""
        answer = b""
        while self._waiting and not self._stopped_before(self._waiting[0]):
            command = self._waiting.popleft()
            if command.name == "ask_done":
                answer += bytes((0x03 * self._near_end | 0x0C * self._out,))
                continue
            self.unfinished += command.raw
            if command.name == "beep":
                self.beeps += command.params[0]
            if command.name == "cut" or (command.name == "feed" and command.params[0] >= TEAR_OFF):
                self.cut = "none" if command.name == "feed" else "full" if command.params[0] in FULL else "partial"
                self.slips.append(self.unfinished)
                self.unfinished = b""
                self.paper = None if self.paper is None else self.paper - 1
        return answer

    def load(self, count: str) -> None:
        """A new roll, good for so many slips. Raises ValueError."""
        if int(count) < 1:
            raise ValueError(count)
        self.paper = int(count)

    def seen(self) -> dict[str, str]:
        return {"slips": str(len(self.slips)), "paper": "∞" if self.paper is None else str(self.paper),
                "cut": self.cut, "beeps": str(self.beeps)}

    def forget(self) -> None:
        """The computer hung up: half a command will never be completed, and nobody waits for an answer."""
        self._reader = CommandReader()
        self._waiting = deque(command for command in self._waiting if command.name != "ask_done")

    @property
    def _out(self) -> bool:
        return Fault.PAPER_OUT in self.faults or self.paper == 0

    @property
    def _near_end(self) -> bool:
        return Fault.NEAR_END in self.faults or self._out or (self.paper is not None and self.paper <= NEAR_END_SLIPS)

    def _stopped_before(self, command: Command) -> bool:
        return bool(self.faults & _STOPPING) or (self.paper == 0 and command.name != "ask_done")

    def _automatic(self) -> bytes:
        """The four bytes of GS a, wherever they can come."""
        if Fault.ASB not in self.faults:
            return b""
        cover, cutter = Fault.COVER_OPEN in self.faults, Fault.CUTTER in self.faults
        offline = bool(self._out or self.faults & _STOPPING)
        return bytes((0x10 | 0x08 * offline | 0x20 * cover, 0x08 * cutter, 0x03 * self._near_end | 0x0C * self._out, 0))

    def _realtime(self, question: int) -> bytes:
        cover, cutter = Fault.COVER_OPEN in self.faults, Fault.CUTTER in self.faults
        bits = {
            1: 0x08 * bool(self._out or self.faults & _STOPPING),
            2: 0x04 * cover | 0x20 * self._out | 0x40 * cutter,
            3: 0x08 * cutter,
            4: 0x0C * self._near_end | 0x60 * self._out,
        }
        return bytes((0x12 | bits[question],)) if question in bits else b""

    def _count(self, command: Command) -> None:
        if self.fail_after is not None and command.name != "ask_done":
            count, fault = self.fail_after
            self.fail_after = (count - len(command.raw), fault)
            if count <= len(command.raw):
                self.faults.add(fault)
                self.fail_after = None
