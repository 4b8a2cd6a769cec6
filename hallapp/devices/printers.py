"""This station's receipt printers, built from settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from drivers import errors as wrong
from drivers.escpos import PrinterProfile
from drivers.link import make_printer_link
from drivers.printer import EscposPrinter, SlipPrinter
from drivers.screen import ScreenPrinter
from drivers.status import Condition, PrinterStatus
from drivers.wire import LoggedTransport, WireLog
from hallapp.devices.settings import PrinterSettings
from hallapp.devices.troubles import trouble_of
from hallapp.domain.errors import PrintFailed
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble


class HallPrinter:
    """A receipt printer as the hall sees it. One thread at a time may use it."""

    def __init__(self, name: str, printer: SlipPrinter, profile: PrinterProfile) -> None:
        self.name, self.profile = name, profile
        self._printer = printer

    def status(self) -> DeviceStatus:
        """How the printer is now; it is down rather than an error."""
        try:
            return self._told(self._printer.status())
        except wrong.DeviceError as error:
            return DeviceStatus(self.name, "printer", DeviceState.DOWN, trouble_of(error))

    def print(self, slip: bytes) -> DeviceStatus:
        """Send one slip; how the printer is after it. Raises PrintFailed."""
        return self._sent(partial(self._printer.print, slip))

    def print_next(self, next_slip: Callable[[], bytes]) -> DeviceStatus:
        """As ``print``, of a slip that is on its way (drivers.printer)."""
        return self._sent(partial(self._printer.print_next, next_slip))

    def _sent(self, send: Callable[[], PrinterStatus]) -> DeviceStatus:
        try:
            return self._told(send())
        except wrong.UnknownFate as error:
            trouble = trouble_of(error.cause) if error.cause else Trouble.UNKNOWN_FATE
            raise PrintFailed(trouble, unknown=True) from error
        except wrong.DeviceError as error:
            raise PrintFailed(trouble_of(error)) from error

    def close(self) -> None:
        self._printer.close()

    def _told(self, status: PrinterStatus) -> DeviceStatus:
        if status.problem is not None:
            return DeviceStatus(self.name, "printer", DeviceState.DOWN, trouble_of(status.problem))
        if status.near_end:
            return DeviceStatus(self.name, "printer", DeviceState.WARNING, Trouble.PAPER_LOW)
        if status.condition is Condition.UNKNOWN:
            return DeviceStatus(self.name, "printer", DeviceState.WARNING, Trouble.UNWATCHED)
        if status.condition is Condition.DRAWN:
            return DeviceStatus(self.name, "printer", DeviceState.WARNING, Trouble.DRAWN)
        return DeviceStatus(self.name, "printer", DeviceState.READY)


def make_printer(settings: PrinterSettings, font: Path, log: WireLog | None = None) -> HallPrinter:
    """The printer the settings describe; nothing is opened yet. ``font`` draws the screen printer's slips; what goes
    over another's line is written down in ``log``, of a slip its beginning and its end."""
    if settings.kind == "screen":
        screen = ScreenPrinter(Path(settings.address), settings.profile, font)
        return HallPrinter(settings.name, screen, settings.profile)
    transport = make_printer_link(settings.kind, settings.address)
    printer = EscposPrinter(LoggedTransport(transport, log) if log else transport, settings.profile)
    return HallPrinter(settings.name, printer, settings.profile)
