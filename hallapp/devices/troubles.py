"""What went wrong with a device, in the hall's words."""

from __future__ import annotations

from typing import Any

from drivers import errors as wrong
from hallapp.domain.printing import Trouble

_TROUBLES: tuple[tuple[type[Exception], Trouble], ...] = (
    (wrong.OutOfPaper, Trouble.PAPER_OUT), (wrong.CoverOpen, Trouble.COVER_OPEN), (wrong.CutterFault, Trouble.CUTTER),
    (wrong.Offline, Trouble.OFFLINE), (wrong.NoAnswer, Trouble.SILENT), (wrong.CutOff, Trouble.CUT_OFF),
    (wrong.InUse, Trouble.IN_USE), (wrong.NoPort, Trouble.NO_PORT),
    (wrong.NoRights, Trouble.PORT_RIGHTS), (wrong.Unreachable, Trouble.SILENT), (wrong.UnknownFate, Trouble.SILENT),
    (wrong.BadReply, Trouble.GARBLED), (wrong.NotInCharset, Trouble.CHARSET),
    (wrong.Refused, Trouble.REFUSED),
)


def trouble_of(error: Exception) -> Trouble:
    """The hall's word for a driver's error, or for one that nobody expected."""
    other = Trouble.FAULT if isinstance(error, wrong.DeviceError) else Trouble.PROGRAM
    return next((trouble for kind, trouble in _TROUBLES if isinstance(error, kind)), other)


def unless_mute(driver: Any) -> Trouble:
    """What is said of a device with which nothing is wrong: that it is well only if it says so itself."""
    return Trouble.NONE if getattr(driver, "can_answer", False) else Trouble.MUTE
