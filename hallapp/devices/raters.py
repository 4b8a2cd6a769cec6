"""The rating pad at a counter: what it tells, and how it is, in the hall's words."""

from __future__ import annotations

from typing import Any

from drivers.errors import DeviceError
from hallapp.devices.troubles import trouble_of
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble
from hallapp.domain.rating import Level


class HallRater:
    """``rater`` as drivers.raters describes it. One thread at a time may use it."""

    def __init__(self, name: str, rater: Any) -> None:
        self.name = name
        self.status = DeviceStatus(name, "rater", DeviceState.READY, Trouble.MUTE)
        self._rater = rater

    def presses(self) -> list[Level]:
        """The levels pressed since the last call, after a moment's wait; none from a pad that is down (``status``)."""
        unknown = self._rater.unknown
        try:
            levels = [Level(rating) for rating in self._rater.presses()]
        except DeviceError as error:
            self.status = DeviceStatus(self.name, "rater", DeviceState.DOWN, trouble_of(error))
            return []
        if levels:
            self.status = DeviceStatus(self.name, "rater", DeviceState.READY)
        elif self.status.state is DeviceState.DOWN:
            self.try_out()
        if self._rater.unknown > unknown:
            self.status = DeviceStatus(self.name, "rater", DeviceState.WARNING, Trouble.UNKNOWN_KEY)
        return levels

    def try_out(self) -> None:
        """It cannot be asked; that it is well shows with the next key."""
        self.status = DeviceStatus(self.name, "rater", DeviceState.READY, Trouble.MUTE)

    def close(self) -> None:
        self._rater.close()
