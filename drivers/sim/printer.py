"""A receipt printer on TCP and, if wanted, on a serial line, that fails when told."""

from __future__ import annotations

from enum import StrEnum

from drivers.sim.line import Others, SimulatedLine
from drivers.sim.mechanism import Mechanism


class PrinterSimulator(SimulatedLine[Mechanism]):
    """A context manager; ``port`` 0 takes a free one, read it back from ``port``. ``device`` is the serial line."""

    def __init__(
        self, port: int = 0, *, paper: int | None = None, pty: bool = False, others: Others = Others.SERVED
    ) -> None:
        super().__init__(Mechanism(paper), port, pty=pty, others=others)

    def fail_after(self, count: int, fault: StrEnum) -> None:
        """``fault`` comes by itself once ``count`` more bytes of jobs were taken."""
        with self.changed:
            self.machine.fail_after = (count, fault)

    def load(self, paper: int | None) -> None:
        """A new roll, good for ``paper`` slips."""
        self.act(lambda: setattr(self.machine, "paper", paper))

    @property
    def slips(self) -> list[bytes]:
        with self.changed:
            return list(self.machine.slips)

    @property
    def unfinished(self) -> bytes:
        """What was printed since the last cut."""
        with self.changed:
            return self.machine.unfinished

    def wait_for_slips(self, count: int, timeout: float = 5.0) -> list[bytes]:
        """The slips, once there are ``count``. Raises TimeoutError."""
        if not self.wait_until(lambda: len(self.machine.slips) >= count, timeout):
            raise TimeoutError(f"{len(self.slips)} slips instead of {count}")
        return self.slips

    def hung_up(self) -> None:
        super().hung_up()
        self.machine.forget()
