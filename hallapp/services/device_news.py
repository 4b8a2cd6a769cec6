"""How a device that concerns the whole hall is: told to the other stations by the event log. It changes no table."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from threading import Lock

from hallapp.domain.errors import StoreError
from hallapp.domain.events import By, HallEvent, Kind
from hallapp.domain.presence import pc_of
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble, split_pc
from hallapp.services.hall import Hall, look, step
from hallapp.services.presence import pcs_at_work
from hallapp.store import log

# Each telling wakes the printer's own thread too, which asks again, and a noisy line may say anything.
MANY, MINUTE = 10, 60.0  # so many tellings in so many seconds are enough
MOST = 200  # of a day's changes that are looked through; more has no device that anybody would leave as it is


def status_of(event: HallEvent) -> DeviceStatus:
    """What a DEVICE_CHANGED event tells; of a trouble that only a newer program on another PC has words for, that there
    is one."""
    told = event.data
    trouble = Trouble(told["trouble"]) if told["trouble"] in list(Trouble) else Trouble.FAULT
    return DeviceStatus(told["device"], told["kind"], DeviceState(told["state"]), trouble)


def told_today(hall: Hall) -> tuple[DeviceStatus, ...]:
    """The last that each device's station told today. Raises StoreError kinds."""
    with look(hall) as db:
        events = log.last_of_kinds(db, hall.id, hall.today(), (Kind.DEVICE_CHANGED,), MOST)
    return tuple({event.data["device"]: status_of(event) for event in reversed(events)}.values())


def known_now(hall: Hall) -> tuple[DeviceStatus, ...]:
    """As ``told_today``; of the devices of a PC that is not heard of, just that. Raises StoreError kinds."""
    told = told_today(hall)
    at_work = pcs_at_work(hall) if any(split_pc(one.name)[1] for one in told) else frozenset()

    def unheard(one: DeviceStatus) -> bool:
        pc = split_pc(one.name)[1]
        return bool(at_work and pc) and pc_of(hall.id, pc) not in at_work

    return tuple(replace(one, state=DeviceState.WARNING, trouble=Trouble.UNHEARD) if unheard(one) else one
                 for one in told)


class DeviceTeller:
    """Reports a device's status to ``show`` and, when it is another one than was told last, to the hall.

    What could not be told, because the store is away or it says another thing all the time, is told with a later
    report or ``again``; on each day once more, for the stations that start on it. Any thread may use it."""

    def __init__(self, hall: Hall, by: By, show: Callable[[DeviceStatus], None]) -> None:
        self._hall, self._by, self._show = hall, by, show
        self._last: DeviceStatus | None = None
        self._told: tuple[date, DeviceStatus] | None = None
        self._tellings: deque[float] = deque(maxlen=MANY)
        self._lock = Lock()

    def report(self, status: DeviceStatus) -> None:
        self._show(status)
        with self._lock, suppress(StoreError):
            self._last = status
            self._tell(status)

    def again(self) -> None:
        """Tell what is still to be told, of a device that reports nothing while it stays as it is. Raises StoreError
        kinds."""
        with self._lock:
            if self._last is not None:
                self._tell(self._last)

    def _tell(self, status: DeviceStatus) -> None:
        now = self._hall.clock.monotonic()
        flood = len(self._tellings) == MANY and now - self._tellings[0] < MINUTE
        new = self._hall.today(), status
        if new != self._told and not flood:
            self._record(status)
            self._told = new
            self._tellings.append(now)

    def _record(self, status: DeviceStatus) -> None:
        if self._told is None and status in told_today(self._hall):  # this program was started again
            return
        with step(self._hall) as doing:
            doing.record(Kind.DEVICE_CHANGED, self._by, [], data={
                "device": status.name, "kind": status.kind, "state": status.state.value,
                "trouble": status.trouble.value})
