"""This process's devices on lines of their own: built as hall.toml says, served by a thread each, listed for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any

from drivers.wire import WireLog
from hallapp.devices.served import Served
from hallapp.devices.settings import DeviceSettings, by_link, make_driver, make_transport
from hallapp.devices.worker import Worker
from hallapp.domain.printing import at_pc

if TYPE_CHECKING:
    from hallapp.config import Config
    from hallapp.domain.events import HallEvent
    from hallapp.domain.printing import DeviceStatus
    from hallapp.services.hall import Hall

Report = Callable[["DeviceStatus"], None]
Failed = Callable[[Exception], None]


@dataclass(frozen=True, slots=True)
class Attached:
    """A worker that serves one line, and the devices on it."""

    worker: Worker
    served: tuple[Served, ...]


def attach_signs(hall: Hall, config: Config, report: Report, failed: Failed, happened: Any) -> Iterator[Attached]:
    """The signs over the windows, a worker for each line, woken by the news of all stations (ui.feed's signal)."""
    from hallapp.devices.signs import make_links, served
    from hallapp.services.signs import wanted_signs

    wanted = partial(wanted_signs, hall, config.sign_texts)
    for link, log in make_links(config.devices, wanted, report, hall.clock.monotonic, hall.clock.now):
        poked = Event()
        happened.connect(partial(_poke_signs, poked))
        worker = link.worker(poked, failed)
        yield Attached(worker, served([one for one in config.devices if one.kind == "sign"], link, log, worker))


def attach_callers(hall: Hall, config: Config, report: Report, failed: Failed) -> Iterator[Attached]:
    """The hardware callers, a worker for each bus."""
    from hallapp.devices.callers import Callers
    from hallapp.services.hardware_caller import press, shown
    from hallapp.ui.words import CALLER_PAUSE, tr

    for group in by_link(config.devices, "caller"):
        log = WireLog(hall.clock.now)
        bus = make_driver(group[0], make_transport(group[0], log))
        callers = Callers(group, bus, partial(press, hall, pause_reason=tr(CALLER_PAUSE)), partial(shown, hall), report)
        worker = Worker(f"callers-{group[0].link}", callers.turn, Event(), failed, callers.close)
        yield Attached(worker, tuple(_served(one, partial(worker.ask, callers.try_out), log) for one in group))


def attach_reader(hall: Hall, config: Config, report: Report, failed: Failed, presenter: Any) -> Iterator[Attached]:
    """The kiosk's ID-card reader; the presenter hears of cards by its signals, from the reader's thread."""
    from hallapp.devices.id_reader import IdReader

    for settings in _of(config, "reader"):
        log = WireLog(hall.clock.now)
        transport = make_transport(settings, log)
        reader = IdReader(settings.name, make_driver(settings, transport), hall.today, report,
                          presenter.card_seen.emit, presenter.card_unread.emit)
        worker = Worker(settings.name, reader.turn, reader.poked, failed, transport.close)
        yield Attached(worker, (_served(settings, reader.try_out, log),))


def attach_scanner(
    hall: Hall, config: Config, report: Report, failed: Failed, station: str, heard: Callable[[str], None]
) -> Iterator[Attached]:
    """The serial scanner of a station; ``heard`` gets each text, in the scanner's thread."""
    from hallapp.devices.scanner import HallScanner

    for settings in _of(config, "scanner"):
        if settings.name == at_pc(f"scanner-{station}", config.pc):
            log = WireLog(hall.clock.now)
            transport = make_transport(settings, log)
            scanner = HallScanner(settings.name, transport, make_driver(settings, transport), heard, report)
            worker = Worker(settings.name, scanner.turn, Event(), failed, scanner.close)
            yield Attached(worker, (_served(settings, partial(worker.ask, scanner.try_out), log),))


def attach_pad(
    hall: Hall, config: Config, report: Report, failed: Failed, window: int, seated: Any
) -> Iterator[Attached]:
    """The counter's rating pad; the signal ``seated`` tells at which window its clerk sits."""
    from hallapp.devices.raters import HallRater
    from hallapp.domain.rating import Channel
    from hallapp.services.answers import Answers
    from hallapp.services.rating_pad import PadAsking

    answers = Answers(config.answers, hall.id, Channel.KEYPAD)

    for settings in _of(config, "rater"):
        log = WireLog(hall.clock.now)
        pad = HallRater(settings.name, make_driver(settings, make_transport(settings, log)))
        asking = PadAsking(hall, window, pad, report, answers)
        seated.connect(asking.sit_at)
        worker = Worker(settings.name, asking.turn, Event(), failed, pad.close)
        yield Attached(worker, (_served(settings, partial(worker.ask, pad.try_out), log),))


def _poke_signs(poked: Event, news: tuple[HallEvent, ...]) -> None:
    """Not for a number or a slip: reading the hall for nothing would hold up the slip."""
    from hallapp.services.signs import concerns_signs

    if concerns_signs(news):
        poked.set()


def _of(config: Config, kind: str) -> list[DeviceSettings]:
    return [device for device in config.devices if device.kind == kind]


def _served(settings: DeviceSettings, try_out: Callable[[], None], log: WireLog) -> Served:
    return Served(settings.name, settings.kind, f"{settings.driver} {settings.link}", try_out, log)
