"""The signs over the windows: each shows what is wanted of it now, whatever happened before."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Event
from typing import Protocol

from drivers.errors import DeviceError
from drivers.signs.sign_text import SignText
from drivers.transport import Transport
from drivers.wire import WireLog
from hallapp.devices.served import Served
from hallapp.devices.settings import DeviceSettings, by_link, make_driver, make_transport
from hallapp.devices.troubles import trouble_of, unless_mute
from hallapp.devices.worker import Worker
from hallapp.domain.errors import HallError
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble

_log = logging.getLogger(__name__)

REFRESH = 30.0  # seconds after which a text is sent again: to a sign that lost it, and to see that the sign is there
RETRY = 3.0  # seconds until a sign that failed is tried again
FLASHES, FLASH = 3, 0.5  # how often a text that is called again goes dark, and seconds between dark and lit
TRIAL = "8888"  # lights every segment, and needs no language


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the sign of one window shall show. ``call``: of which call, a larger number is a later one; the same text
    with a later call was called again."""

    text: SignText
    call: int = 0


class SignDriver(Protocol):
    """A sign of drivers.signs. Raises DeviceError kinds."""

    def show(self, text: SignText) -> None: ...
    def check(self) -> None: ...


class HallSign:
    """One sign as its link sees it. ``due``: when to send something whether or not anything changed."""

    def __init__(self, name: str, window: int, driver: SignDriver) -> None:
        self.name, self.window, self.driver = name, window, driver
        self.trouble: Trouble | None = None  # None: it was not asked yet
        self.due = 0.0
        self._shown: SignText | None = None  # None: it may show anything
        self._call = 0
        self._flashing: list[SignText] = []  # still to be shown one after the other, the next one last
        self._trial = False

    @property
    def failing(self) -> bool:
        return self.trouble not in (None, Trouble.NONE, Trouble.MUTE)

    @property
    def dark(self) -> SignText:
        return SignText("", self.window, "")

    def next_text(self, wanted: Wanted, now: float) -> SignText | None:
        """What it has to be sent now; None while it may stay as it is."""
        again = self._shown == wanted.text and wanted.call > self._call
        self._call = wanted.call
        if self._flashing and self._flashing[0] != wanted.text:  # something else is wanted by now
            self._flashing, self._shown = [], None
        if again or self._trial:
            lit = SignText(TRIAL, self.window, TRIAL) if self._trial else wanted.text
            self._flashing = [wanted.text, *[self.dark, lit] * FLASHES][: None if self._trial else -1]
            self._trial, self.due = False, now
        if now >= self.due:
            return self._flashing[-1] if self._flashing else wanted.text
        return None if self._flashing or self.failing or self._shown == wanted.text else wanted.text

    def took(self, text: SignText, now: float) -> None:
        if self._flashing:
            self._flashing.pop()
        self._shown, self.due = text, now + (FLASH if self._flashing else REFRESH)

    def failed(self, now: float) -> None:
        """It is tried again later, with what is wanted then."""
        self._shown, self._flashing, self.due = None, [], now + RETRY

    def try_out(self) -> None:
        """Show what a trial shows, then what is wanted."""
        self._trial = True


class SignLink:
    """All signs on one link, for one worker. ``wanted`` is asked anew before every turn; a turn ends with the first
    sign that fails, so that it takes one time-out at most, and a failing sign's turn comes after the healthy ones'."""

    def __init__(
        self, name: str, signs: Sequence[HallSign], transport: Transport, wanted: Callable[[], Iterable[Wanted]],
        report: Callable[[DeviceStatus], None], monotonic: Callable[[], float],
    ) -> None:
        self.name, self.signs = name, tuple(signs)
        self._transport, self._wanted, self._report, self._monotonic = transport, wanted, report, monotonic

    def turn(self) -> float:
        """Send what changed and what is due; seconds until something is due again."""
        rest = min(sign.due for sign in self.signs) - self._monotonic()
        if rest > 0 and all(sign.failing for sign in self.signs):  # reading the hall each time would delay slips
            return rest
        try:
            wanted = {one.text.window: one for one in self._wanted()}
        except HallError:  # the store is away: the signs stay as they are
            return RETRY
        except Exception as error:  # the worker writes it down
            for sign in self.signs:
                self._fail(sign, error)
            raise
        for sign in sorted(self.signs, key=lambda one: (one.failing, one.due)):
            text = sign.next_text(wanted.get(sign.window) or Wanted(sign.dark), self._monotonic())
            if text is not None and not self._show(sign, text):
                return 0.0
        return max(0.0, min(sign.due for sign in self.signs) - self._monotonic())

    def show_off(self, sign: HallSign) -> None:
        """For a trial: let it flash in the next turn, and report how it is."""
        try:
            sign.driver.check()
        except Exception as error:
            self._fail(sign, error, told=True)
            if not isinstance(error, DeviceError):  # the worker writes it down
                raise
        else:
            sign.trouble = None  # told once it took the trial
            sign.try_out()

    def close(self) -> None:
        """Go dark: nobody renews what the signs show from now on. The first one that fails ends it."""
        for sign in self.signs:
            if not sign.failing and not self._show(sign, sign.dark):
                break
        self._transport.close()

    def worker(self, poked: Event, failed: Callable[[Exception], None]) -> Worker:
        return Worker(self.name, self.turn, poked, failed, self.close)

    def _show(self, sign: HallSign, text: SignText) -> bool:
        """Whether the sign took it."""
        try:
            sign.driver.show(text)
        except DeviceError as error:
            self._fail(sign, error)
            return False
        except Exception as error:  # another package's driver: the other signs go on
            _log.error("%s: unexpected error", sign.name, exc_info=error)
            self._fail(sign, error)
            return False
        sign.took(text, self._monotonic())
        self._tell(sign, unless_mute(sign.driver))
        return True

    def _fail(self, sign: HallSign, error: Exception, *, told: bool = False) -> None:
        self._transport.close()  # what is still on its way must not be taken for an answer to something else
        sign.failed(self._monotonic())
        self._tell(sign, trouble_of(error), told=told)

    def _tell(self, sign: HallSign, trouble: Trouble, *, told: bool = False) -> None:
        """Report how a sign is if that changed, or if somebody wants to be told."""
        if told or trouble is not sign.trouble:
            sign.trouble = trouble
            state = DeviceState.DOWN if sign.failing else DeviceState.READY
            self._report(DeviceStatus(sign.name, "sign", state, trouble))


def make_links(
    devices: Iterable[DeviceSettings], wanted: Callable[[], Iterable[Wanted]], report: Callable[[DeviceStatus], None],
    monotonic: Callable[[], float], now: Callable[[], datetime],
) -> list[tuple[SignLink, WireLog]]:
    """The signs among ``devices`` by link, in the order in which the links first come; nothing is opened yet."""
    made = []
    for group in by_link(devices, "sign"):
        log = WireLog(now)
        transport = make_transport(group[0], log)
        signs = [HallSign(one.name, one.window or 0, make_driver(one, transport)) for one in group]
        made.append((SignLink(f"signs-{group[0].link}", signs, transport, wanted, report, monotonic), log))
    return made


def served(
    devices: Iterable[DeviceSettings], link: SignLink, log: WireLog, worker: Worker
) -> tuple[Served, ...]:
    """The signs of a link for the devices page."""
    about = {device.name: f"{device.driver} {device.link}" for device in devices}
    return tuple(Served(sign.name, "sign", about[sign.name],
                        partial(worker.ask, partial(link.show_off, sign)), log) for sign in link.signs)
