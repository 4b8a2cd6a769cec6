"""Why a port, a device file or a queue could not be opened or written to."""

from __future__ import annotations

import errno

from drivers.errors import CutOff, InUse, NoPort, NoRights, UnknownFate, Unreachable

# in what pyserial says on Windows: of a port that another program holds, and of one that is not there
_DENIED = "PermissionError(13"
_MISSING = "FileNotFoundError"


def open_error(detail: str, error: Exception) -> Unreachable:
    """Why a port or device file could not be opened; of Windows pyserial tells in words only."""
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.EWOULDBLOCK, errno.EBUSY) or _DENIED in str(error):  # Windows lets nobody else in at all
        return InUse(detail)
    if number in (errno.EACCES, errno.EPERM):
        return NoRights(detail)
    if number in (errno.ENOENT, errno.ENODEV, errno.ENXIO) or _MISSING in str(error):
        return NoPort(detail)
    return Unreachable(detail)


def write_error(detail: str, sent: int, error: Exception) -> Unreachable | UnknownFate:
    """After ``sent`` bytes had surely left."""
    if sent:
        return UnknownFate(detail, sent=sent)
    full = isinstance(error, (TimeoutError, BlockingIOError))  # it is there and takes nothing
    return Unreachable(detail) if full else CutOff(detail)
