"""Devices as hall.toml describes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.escpos import PrinterProfile
from drivers.link import make_link
from drivers.table import find
from drivers.transport import Transport
from drivers.wire import LoggedTransport, WireLog

PRIVATE = frozenset({"reader", "scanner"})  # what these send tells who somebody is


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """A printer of hall.toml. ``kind`` is screen, network, serial, file or windows; ``address`` as the kind needs it:
    folder, host[:port], port[@baud], device file, queue name."""

    name: str
    kind: str
    address: str
    profile: PrinterProfile


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """The voice of hall.toml. ``folder`` holds the hall's own recordings, if any; ``volume`` is 0 to 1; ``engine`` is
    clips, or windows for the Chinese voice of Windows."""

    enabled: bool = True
    volume: float = 0.9
    folder: Path | None = None
    engine: str = "clips"


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """``name`` is unique on this PC, as in ``sign-3`` over window 3 and ``sign-3-2`` beside it; ``kind`` and ``driver``
    as in drivers.table; ``link`` as in drivers.link; ``window`` the window it stands at, ``staff`` who works with it
    (``None``, "": not of one)."""

    name: str
    kind: str
    driver: str
    link: str
    window: int | None
    staff: str
    settings: Any


def by_link(devices: Iterable[DeviceSettings], kind: str) -> list[list[DeviceSettings]]:
    """Those of the kind, the ones on one line together, in the order in which the lines first come."""
    lines: dict[str, list[DeviceSettings]] = {}
    for device in devices:
        if device.kind == kind:
            lines.setdefault(device.link, []).append(device)
    return list(lines.values())


def make_transport(settings: DeviceSettings, log: WireLog) -> Transport:
    """The device's line, written down in ``log``; not open yet."""
    plain = make_link(settings.link, find(settings.kind, settings.driver).baudrate)
    return LoggedTransport(plain, log, private=settings.kind in PRIVATE)


def make_driver(settings: DeviceSettings, transport: Transport) -> Any:
    """The driver's object, as its kind's module in ``drivers`` describes it."""
    return find(settings.kind, settings.driver)(transport, settings.settings)
