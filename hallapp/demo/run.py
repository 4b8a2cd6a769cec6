"""``hallapp demo``: one working day of a hall, compressed, through the real windows, store, printer and report."""

from __future__ import annotations

import shutil
import signal
import sys
import time
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import QEventLoop, QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler

from hallapp.app.commands import guarded
from hallapp.app.hall import CONFIG
from hallapp.demo.clock import DemoClock
from hallapp.demo.people import ClerkAtWork, Crowd, visitor
from hallapp.demo.plan import Story, Visitor, draw_day
from hallapp.demo.results import Pictures, check_figures, print_figures, write_results
from hallapp.demo.schedule import Person, Schedule
from hallapp.demo.stage import PASSWORD, SETTINGS, WINDOWS, Stage
from hallapp.domain.errors import file_error
from hallapp.domain.events import Clerk
from hallapp.domain.staff import Role, Staff
from hallapp.ui.screens import start_qt
from hallapp.ui.words import tr

DAY = date(2026, 11, 23)
CLERKS = (Staff("0312", "王芳", phone="0515-8000312"), Staff("0315", "李军", phone="0515-8000315"))
SUPERVISOR = Staff("0300", "周敏", Role.SUPERVISOR)
PAPER, NEW_ROLL = 14, 200  # slips: the first roll ends in the morning peak
STORE_FILES = ("hall.db", "hall.db-wal", "hall.db-shm", "hall.toml")


def run_demo(folder: Path, visits: int, seed: int, speed: str | None) -> int:
    """Play the day and write what came of it into ``folder``; 0 if all figures agree with the event log.

    ``speed`` is ``max``, or how many seconds of the hall's day pass in one real second; ``None`` is max without a
    screen and 240 with one.
    """
    qInstallMessageHandler(_hear)
    app = start_qt()
    pace = _pace(speed, offscreen=app.platformName() == "offscreen")
    stopped = Event()
    # Ctrl+C is heard between two acts: raised within one of Qt's calls it may crash
    before = signal.signal(signal.SIGINT, partial(_stop, stopped))
    try:
        return guarded(lambda: _play(folder, visits, seed, pace, stopped))
    finally:
        signal.signal(signal.SIGINT, before)


def _stop(stopped: Event, _number: int, _frame: object) -> None:
    stopped.set()


def _hear(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Qt's complaints, but for those of the plug-in without a screen, which would tear the progress line apart."""
    if not text.startswith("This plugin does not support"):
        print(text, file=sys.stderr)


def _pace(speed: str | None, *, offscreen: bool) -> float | None:
    if speed is None:
        return None if offscreen else 240.0
    return None if speed == "max" else float(speed)


def _play(folder: Path, visits: int, seed: int, pace: float | None, stopped: Event) -> int:
    begun = time.monotonic()
    if not _free(folder):
        print(tr("%1 里有别的文件，可能是一个厅的真实数据，没有动它。演示只写进空的文件夹或以前的演示文件夹，"
                 "请用 --out 写另一个。", folder), file=sys.stderr)
        return 1
    _empty(folder)
    opening = datetime(DAY.year, DAY.month, DAY.day, 0, 20, tzinfo=UTC)  # 08:20 in the hall
    clock = DemoClock(opening)
    with Stage(folder, clock, PAPER, (SUPERVISOR, *CLERKS), pace) as stage:
        plan = draw_day(DAY, stage.hall.rules.zone, stage.hall.catalogue, visits, seed)
        schedule = Schedule(clock)
        crowd = Crowd(stage, schedule, still_to_come=len(plan))
        pictures = Pictures(stage, folder / "pictures")
        _invite(crowd, schedule, plan, opening)
        schedule.add(_paper_boy(stage), opening, background=True)
        _sign_in(stage)
        _loop(stage, schedule, pictures, crowd, len(plan), pace, stopped)
        if stopped.is_set():
            print(tr("演示已停止。到此为止的数据在 %1", folder))
            return 130
        stage.refill(NEW_ROLL)  # the last slips need some too
        results = write_results(stage, folder, DAY, pictures)
        figures = check_figures(stage.hall, DAY)
    print_figures(figures, results, time.monotonic() - begun)
    return 0


def _free(folder: Path) -> bool:
    """Whether the folder holds nothing but what an earlier demo left, by its hall.toml: no hall's data goes for it."""
    try:
        return (folder / CONFIG).read_text(encoding="utf-8").startswith(SETTINGS.partition("name")[0])
    except (OSError, ValueError):
        return not folder.is_dir() or not any(folder.iterdir())


def _empty(folder: Path) -> None:
    """What an earlier demo left goes, anything else stays. Raises StoreReadOnly or StoreFull."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in STORE_FILES:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise file_error(str(folder), error) from error
    for name in ("slips", "pictures"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _invite(crowd: Crowd, schedule: Schedule, plan: tuple[Visitor, ...], opening: datetime) -> None:
    end = opening + timedelta(hours=8, minutes=30)  # 16:50; those who wait are still served
    for place, (window, member) in enumerate(zip(WINDOWS, CLERKS, strict=True)):
        lunch = opening + timedelta(hours=3, minutes=15 + 5 * place)
        clerk = Clerk(f"window-{window}", member.number, window)
        work = ClerkAtWork(crowd, clerk, (lunch, 6300.0), end).work()
        schedule.add(work, opening + timedelta(minutes=1 + 50 * place))  # the second window opens at 09:11
    booking = opening + timedelta(minutes=35)
    for one in plan:
        schedule.add(visitor(crowd, one), min(one.at, booking) if one.story is Story.BOOKED else one.at)


def _sign_in(stage: Stage) -> None:
    """The supervisor, who leaves the page of the day open."""
    stage.supervisor.number.setText(SUPERVISOR.number)
    stage.type(PASSWORD, "supervisor-password", stage.supervisor)


def _paper_boy(stage: Stage) -> Person:
    """Somebody who looks at the printer every few minutes and puts paper in when it is out."""
    while True:
        yield 420.0
        if stage.out_of_paper():
            stage.refill(NEW_ROLL)


def _loop(
    stage: Stage, schedule: Schedule, pictures: Pictures, crowd: Crowd, visitors: int, pace: float | None,
    stopped: Event,
) -> None:
    shown = -1
    while schedule.busy() and not stopped.is_set():
        moment = schedule.next_moment()
        assert moment is not None
        if pace is not None:
            _pass_time(stage, moment, pace, stopped)
        stage.clock.move_to(moment)
        stage.tick()
        schedule.step()
        stage.settle()
        pictures.look()
        here = visitors - crowd.still_to_come
        if here != shown:
            shown = here
            local = stage.clock.now().astimezone(stage.hall.rules.zone)
            print(f"\r{local:%H:%M}  {'■' * (30 * here // visitors):□<30}  {here}/{visitors}", end="", flush=True)
    print()


def _pass_time(stage: Stage, moment: datetime, pace: float, stopped: Event) -> None:
    """Let the windows live until ``moment``, ``pace`` seconds of the day in each real one."""
    loop = QEventLoop()
    beat = QTimer(interval=50)
    beat.timeout.connect(loop.quit)
    beat.start()
    while (left := (moment - stage.clock.now()).total_seconds()) > 0 and not stopped.is_set():
        loop.exec()  # not qWait: that keeps the interpreter to itself, and the printer and the feed wait for it
        stage.clock.advance(min(left, 0.05 * pace))
