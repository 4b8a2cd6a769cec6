"""The hardware callers on one link, each at its window: keys to the hall, the hall's state to their displays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from drivers.callers import Bus, Key, Pressed
from drivers.errors import DeviceError
from hallapp.devices.settings import DeviceSettings
from hallapp.devices.troubles import trouble_of
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble

BOUNCE = 1.0  # a key that comes again within these seconds was pressed once
RETRY = 3.0
REFRESH = 5.0  # a pad that was switched off, or a line that was dropped, may not be noticed: all is shown again
TRIAL = "888"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a caller's display says: the number at the window, else how many wait for it, else nothing (paused)."""

    number: str = ""
    waiting: int | None = None


class Callers:
    """Serves all callers of one link, in turns for a Worker, whose thread is the only one to use the link.

    ``pressed`` does what a key means and says whether it was done, ``shown`` says what a display has to show now
    (``None``: not known, what is there stays); both must not raise what the hall expects to happen.
    """

    def __init__(
        self, callers: Sequence[DeviceSettings], bus: Bus, pressed: Callable[[DeviceSettings, Key], bool],
        shown: Callable[[DeviceSettings], Shown | None], report: Callable[[DeviceStatus], None],
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._bus = bus
        self._at = {caller.settings.address: caller for caller in callers}
        self._pressed, self._shown, self._report, self._now = pressed, shown, report, now
        self._last: dict[tuple[int, Key], float] = {}
        self._showing: dict[int, Shown] = {}
        self._refreshed = now()
        self._spoke: set[int] = set()  # since the line was opened, or since somebody tries them out
        self._told: dict[int, Trouble] = {}

    def turn(self) -> float:
        """Do what was pressed, show what is; seconds to the next turn."""
        try:
            for press in self._bus.presses():
                self._press(press)
            self._show()
        except DeviceError as error:
            self._bus.close()
            self._showing.clear()
            self._spoke.clear()
            self._tell(trouble_of(error))
            return RETRY
        except Exception:  # a fault of the driver or of the hall: the worker writes it down
            self._tell(Trouble.PROGRAM)
            raise
        self._tell(Trouble.NONE)
        return 0.0

    def try_out(self) -> None:
        """Each display is all eights until the next turn, and each pad beeps. How the link is gets told again, and
        that a pad is well with its next key."""
        self._told.clear()
        self._spoke.clear()
        try:
            for address in self._at:
                self._bus.show_number(address, TRIAL)
                self._bus.beep(address)
        except DeviceError as error:
            self._tell(trouble_of(error))
        self._showing.clear()

    def close(self) -> None:
        self._bus.close()

    def _press(self, press: Pressed) -> None:
        caller = self._at.get(press.address)
        if caller is None:
            return
        self._spoke.add(press.address)
        key = press.address, press.key
        bounced = self._now() - self._last.get(key, -BOUNCE) < BOUNCE
        if not bounced and not self._pressed(caller, press.key):
            self._bus.beep(press.address)
        self._last[key] = self._now()  # after the deed: what bounced while it was done lies in the line now

    def _show(self) -> None:
        if self._now() - self._refreshed >= REFRESH:
            self._refreshed = self._now()
            self._showing.clear()
        for address, caller in self._at.items():
            new = self._shown(caller)
            if new is None or new == self._showing.get(address):
                continue
            if new.number:
                self._bus.show_number(address, new.number)
            elif new.waiting is not None:
                self._bus.show_waiting(address, new.waiting)
            else:
                self._bus.show_nothing(address)
            self._showing[address] = new

    def _tell(self, trouble: Trouble) -> None:
        """Report how the callers are, where that changed. They share the line, and only the line can be asked: that a
        pad is well shows when a key of it comes."""
        state = DeviceState.READY if trouble is Trouble.NONE else DeviceState.DOWN
        for address, caller in self._at.items():
            new = Trouble.MUTE if state is DeviceState.READY and address not in self._spoke else trouble
            if new is not self._told.get(address):
                self._told[address] = new
                self._report(DeviceStatus(caller.name, "caller", state, new))
