"""The way to a device, from how hall.toml names it."""

from __future__ import annotations

from drivers.errors import BadSetting
from drivers.transport import FileTransport, NetworkTransport, SerialTransport, Transport, WindowsQueueTransport

LINKS = "COM3 | COM3@9600 | /dev/ttyUSB0@9600 | tcp://192.168.1.60:5005"
PRINTER_ADDRESSES = "192.168.1.50:9100 | COM3@9600"
PRINTER_PORT = 9100  # by custom


def make_link(link: str, baudrate: int = 9600, timeout: float = 1.0) -> Transport:
    """A transport for ``COM3``, ``COM3@115200``, ``/dev/ttyUSB0@9600`` or ``tcp://192.168.1.60:5005``; nothing is
    opened yet. ``baudrate`` holds where the link names none, ``timeout`` in seconds. Raises BadSetting."""
    try:
        if link.startswith("tcp://"):
            return NetworkTransport(*_split(link.removeprefix("tcp://"), ":"), timeout)
        return SerialTransport(*_split(link, "@", baudrate), timeout, write_timeout=timeout)
    except ValueError as error:
        raise BadSetting("link", LINKS) from error


def make_printer_link(kind: str, address: str) -> Transport:
    """A transport to a receipt printer: ``network`` at host[:port], ``serial`` at port[@baud], ``file`` a device file,
    ``windows`` a printer queue; nothing is opened yet. Raises BadSetting."""
    try:
        if kind == "network":
            return NetworkTransport(*_split(address, ":", PRINTER_PORT))
        if kind == "serial":
            return SerialTransport(*_split(address, "@", 9600))
    except ValueError as error:
        raise BadSetting("address", PRINTER_ADDRESSES) from error
    return FileTransport(address) if kind == "file" else WindowsQueueTransport(address)


def _split(text: str, sign: str, usual: int = 0) -> tuple[str, int]:
    """What stands before the last ``sign``, and the number after it, ``usual`` without one. Raises ValueError."""
    place, _, number = text.rpartition(sign) if sign in text else (text, "", str(usual))
    if not (place and number.isdecimal() and 0 < int(number) < (65536 if sign == ":" else 10_000_000)):
        raise ValueError(text)
    return place, int(number)
