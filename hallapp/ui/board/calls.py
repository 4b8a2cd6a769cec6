"""The calls the board knows: those still to announce, the one on show, those past."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from hallapp.services.board import CallLine


class Calls:
    """Every call is announced once, in its order, unless it was taken back before; a recall is a call of its own."""

    def __init__(self) -> None:
        self.showing: CallLine | None = None
        self._ahead: deque[CallLine] = deque()
        self._known: dict[int, CallLine] = {}
        self._withdrawn: set[int] = set()

    def read(self, recent: Iterable[CallLine], seq: int) -> None:
        """The recent calls as the store has them up to ``seq``."""
        newer = [line for line in self._known.values() if line.seq > seq]
        self._known = {line.seq: line for line in (*recent, *newer)}

    def add(self, lines: Sequence[CallLine]) -> None:
        """New calls, to be announced."""
        self._ahead.extend(lines)
        self._known.update((line.seq, line) for line in lines)

    def withdraw(self, seq: int) -> None:
        """The call was undone: it is neither announced nor listed."""
        self._withdrawn.add(seq)
        self._ahead = deque(line for line in self._ahead if line.seq != seq)
        if self.showing is not None and self.showing.seq == seq:
            self.showing = None

    def move_on(self) -> CallLine | None:
        """The next call to show, if any."""
        self.showing = self._ahead.popleft() if self._ahead else None
        return self.showing

    def past(self) -> list[tuple[str, int]]:
        """Numbers and windows, newest first, each number once; without the one on show and those ahead."""
        hidden = {line.seq for line in self._ahead} | self._withdrawn
        lines: dict[str, CallLine] = {}
        for line in sorted(self._known.values(), key=lambda line: line.seq, reverse=True):
            if line.seq not in hidden and (self.showing is None or line.number != self.showing.number):
                lines.setdefault(line.number, line)
        return [(line.number, line.window) for line in lines.values()]
