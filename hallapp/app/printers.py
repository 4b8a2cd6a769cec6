"""The receipt printers that this process serves, a worker each."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from drivers.wire import WireLog
from hallapp.devices.printers import make_printer
from hallapp.devices.served import Served
from hallapp.devices.worker import Worker
from hallapp.documents.fonts import font_file
from hallapp.domain.errors import StoreError
from hallapp.domain.events import By
from hallapp.domain.printing import split_pc
from hallapp.services.device_news import DeviceTeller
from hallapp.services.handover import Handover
from hallapp.services.printing import doubt_interrupted, next_job
from hallapp.services.slips import RARELY, print_issued, take_turn

if TYPE_CHECKING:
    from hallapp.config import Config
    from hallapp.devices.settings import PrinterSettings
    from hallapp.domain.printing import DeviceStatus
    from hallapp.services.hall import Hall
    from hallapp.services.kiosk import Hand

HEAD_START, RETRY = 0.005, 2.0  # seconds

_log = logging.getLogger(__name__)

Failed = Callable[[Exception], None]


class ServedPrinter:
    """A printer and its worker. It is served from the start and may be let go, once all its slips are out: other
    processes may need it then.

    ``report`` hears how it is, ``forget`` that nothing is known of it any more, both in the worker's thread."""

    def __init__(
        self, hall: Hall, settings: PrinterSettings, report: Callable[[DeviceStatus], None],
        forget: Callable[[str], None], failed: Failed,
    ) -> None:
        self.name, self._forget = settings.name, forget
        self._wanted = self._serving = True
        self._doubted = False
        by = By(_station(self.name))
        log = None if settings.kind == "screen" else WireLog(hall.clock.now)
        self._printer = make_printer(settings, font_file(), log)
        serving = (hall, by, self._printer, report)
        self._next_job = partial(next_job, hall, self.name)
        self._doubt = partial(doubt_interrupted, hall, by, self.name)
        self._take_turn = partial(take_turn, *serving)
        self.worker = Worker(by.station, self._turn, hall.store.listen(), failed, self._printer.close)
        self.hand: Hand = partial(_hand, self.worker, partial(print_issued, *serving))
        self.served = replace(resting(settings), log=log, try_out=partial(
            self.worker.ask, lambda: report(self._printer.status())))

    def serve(self, wanted: bool) -> None:
        """From now on, or no longer."""
        self.worker.ask(partial(self._serve, wanted))

    def _serve(self, wanted: bool) -> None:
        self._wanted, self._serving = wanted, self._serving or wanted

    def _let_go(self) -> None:
        self._serving = False
        self._printer.close()
        self._forget(self.name)

    def _turn(self) -> float:
        if not self._serving:
            return RARELY
        try:
            if not self._wanted and self._next_job() is None:
                self._let_go()
                return RARELY
            if not self._doubted:
                self._doubt()
                self._doubted = True
            return self._take_turn()
        except StoreError as error:  # the feed wakes this worker up when the store is back
            _log.warning("%s: %s", self.name, error)
            return RETRY


class StationPrinters:
    """The printers at work in this process: the kiosk's, and that of the window at which its clerk sits.

    ``work`` runs a worker until the process ends; ``served`` is kept as the printers come and go. While nobody sits at
    the counter its printer is listed and rests: the one who signed in elsewhere may need it, or it is switched off."""

    def __init__(self, hall: Hall, config: Config, lights: Any, failed: Failed, work: Callable[[Worker], None],
                 served: list[Served]) -> None:
        self._hall, self._config, self._lights, self._failed = hall, config, lights, failed
        self._work, self._served = work, served
        self._made: dict[str, ServedPrinter] = {}
        self._kept: set[str] = set()  # those that are served whoever sits where
        self._seat, self._seated = "", False  # the clerk's, and whether it is served for one

    def keep(self, name: str) -> Hand:
        """Serve a printer for good; what hands it a slip past the queue."""
        self._kept.add(name)
        teller = DeviceTeller(self._hall, By(_station(name)), self._lights.report)  # the counters help a visitor
        return self._serve(name, teller.report).hand

    def expect(self, window: int) -> None:
        """A counter opens at this window; nobody has signed in yet."""
        self._seat = self._config.counter_printer(window)
        if self._seat not in self._kept:
            self._list(resting(self._config.printers[self._seat]))

    def follow(self, window: int) -> None:
        """The clerk sits at this window from now on: its printer is served, and no longer the one before."""
        before, self._seat = self._seat, self._config.counter_printer(window)
        self._seated = True
        if before not in (self._seat, *self._kept):
            self._rest(before)
            self._served[:] = [one for one in self._served if one.name != before]
        self._serve(self._seat, self._lights.report)

    def leave(self) -> None:
        """Nobody sits at the counter any more."""
        self._seated = False
        if self._seat not in self._kept:
            self._rest(self._seat)
            self._list(replace(self._made[self._seat].served, try_out=None))

    def serves(self, name: str) -> bool:
        return name in self._kept or (self._seated and name == self._seat)

    def _serve(self, name: str, report: Callable[[DeviceStatus], None]) -> ServedPrinter:
        made = self._made.get(name)
        if made is None:
            made = ServedPrinter(self._hall, self._config.printers[name], report, self._lights.forget, self._failed)
            self._made[name] = made
            self._work(made.worker)
        else:
            made.serve(True)
        self._list(made.served)
        return made

    def _rest(self, name: str) -> None:
        if name in self._made:
            self._made[name].serve(False)

    def _list(self, one: Served) -> None:
        """In the place of what was listed of it, or last."""
        names = [other.name for other in self._served]
        place = names.index(one.name) if one.name in names else len(names)
        self._served[place : place + 1] = [one]


def resting(settings: PrinterSettings) -> Served:
    """A printer that is known and not asked."""
    return Served(settings.name, "printer", f"{settings.kind} {settings.address}", None)


def _station(name: str) -> str:
    """Who prints, for the event log; at which PC, its job says."""
    return f"printer-{split_pc(name)[0]}"


def _hand(worker: Worker, print_issued: Callable[[Handover], None]) -> Handover:
    """Have the printer's thread print past the queue; as services.kiosk.Hand."""
    handover = Handover(HEAD_START)
    worker.ask(partial(print_issued, handover))
    return handover
