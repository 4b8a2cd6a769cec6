"""The way to a device, from how hall.toml names it."""

from __future__ import annotations

from drivers.errors import BadSetting
from drivers.transport import NetworkTransport, SerialTransport, Transport

LINKS = "COM3 | COM3@9600 | /dev/ttyUSB0@9600 | tcp://192.168.1.60:5005"


def make_link(link: str, baudrate: int = 9600, timeout: float = 1.0) -> Transport:
    """A transport for ``COM3``, ``COM3@115200``, ``/dev/ttyUSB0@9600`` or ``tcp://192.168.1.60:5005``; nothing is
    opened yet. ``baudrate`` holds where the link names none, ``timeout`` in seconds. Raises BadSetting."""
    if link.startswith("tcp://"):
        host, colon, port = link.removeprefix("tcp://").rpartition(":")
        if not (host and colon and port.isdecimal() and 0 < int(port) < 65536):
            raise BadSetting("link", LINKS)
        return NetworkTransport(host, int(port), timeout)
    path, at, speed = link.rpartition("@")
    if at and not (path and speed.isdecimal() and int(speed) > 0):
        raise BadSetting("link", LINKS)
    if not link:
        raise BadSetting("link", LINKS)
    return SerialTransport(path if at else link, int(speed) if at else baudrate, timeout, write_timeout=timeout)
