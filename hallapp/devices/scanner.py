"""A station's scanner: tells what was scanned, and comes back by itself when its line was cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from drivers.errors import DeviceError
from drivers.transport import Transport
from hallapp.devices.troubles import trouble_of
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble

AGAIN = 3.0  # seconds until a line that is gone is tried again


class Scanner(Protocol):
    """A driver of kind scanner."""

    def read(self) -> str | None: ...


class HallScanner:
    """``turn`` is for a Worker. ``heard`` gets each text in the worker's thread and nobody keeps it here: it may be
    an e-credential."""

    def __init__(
        self, name: str, transport: Transport, scanner: Scanner, heard: Callable[[str], None],
        report: Callable[[DeviceStatus], None],
    ) -> None:
        self._name, self._transport, self._scanner = name, transport, scanner
        self._heard, self._report = heard, report
        self._told: DeviceStatus | None = None
        self._spoke = False  # since its line was opened, or since somebody tries it out

    def turn(self) -> float:
        """Wait for one text, as long as the transport's time-out; seconds to the next turn."""
        try:
            self._transport.open()
            text = self._scanner.read()
            self._spoke = self._spoke or text is not None
            if text is not None:
                self._heard(text)
        except DeviceError as error:
            self._transport.close()
            self._spoke = False
            self._tell(trouble_of(error), DeviceState.DOWN)
            return AGAIN
        except Exception:  # a fault of the driver, or of who hears it: the worker writes it down
            self._tell(Trouble.PROGRAM, DeviceState.DOWN)
            raise
        self._tell(Trouble.NONE if self._spoke else Trouble.MUTE)
        return 0.0

    def try_out(self) -> None:
        """Say again how the scanner is: it cannot be asked, so that its line opens, and that it is well with the next
        text."""
        self._told, self._spoke = None, False
        self.turn()

    def close(self) -> None:
        self._transport.close()

    def _tell(self, trouble: Trouble, state: DeviceState = DeviceState.READY) -> None:
        status = DeviceStatus(self._name, "scanner", state, trouble)
        if status != self._told:
            self._told = status
            self._report(status)
