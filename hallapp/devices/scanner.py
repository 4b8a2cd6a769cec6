"""A station's scanner: tells what was scanned, and comes back by itself when its line was cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from drivers.errors import DeviceError
from drivers.transport import Transport
from hallapp.devices.printers import trouble_of
from hallapp.domain.printing import DeviceState, DeviceStatus

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

    def turn(self) -> float:
        """Wait for one text, as long as the transport's time-out; seconds to the next turn."""
        try:
            self._transport.open()
            self._tell(DeviceStatus(self._name, "scanner", DeviceState.READY))
            text = self._scanner.read()
        except DeviceError as error:
            self._transport.close()
            self._tell(DeviceStatus(self._name, "scanner", DeviceState.DOWN, trouble_of(error)))
            return AGAIN
        if text is not None:
            self._heard(text)
        return 0.0

    def try_out(self) -> None:
        """Say again how the scanner is, if only that its line opens: it cannot be asked to do anything."""
        self._told = None
        self.turn()

    def close(self) -> None:
        self._transport.close()

    def _tell(self, status: DeviceStatus) -> None:
        if status != self._told:
            self._told = status
            self._report(status)
