"""The windows of a command, before anything of the hall is known: no store, no devices, and quick to import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hallapp.config import SCREEN_RATER, Config

STAFF = ("counter", "supervisor")


def window_names(command: str, config: Config) -> tuple[str, ...]:
    """A counter's rating screen comes with it, where the hall has one."""
    rater = ("rater",) if config.rater == SCREEN_RATER else ()
    wanted = {"hall": ("counter", "kiosk", "board", *rater, "supervisor"), "counter": ("counter", *rater)}
    return wanted.get(command, (command,))


def wanted_screens(names: Sequence[str], config: Config) -> list[str | None]:
    """What ``ui.spread`` is told of each window; a clerk works on the first screen beside a rater of its own."""
    free = "2" if tuple(names) == ("rater",) else ""
    return [None if name in STAFF else config.screens.get(name) or free for name in names]


def make_window(name: str, config: Config, number: int) -> Any:
    """A window without its presenter; ``number`` is the counter's."""
    title = config.info.name
    if name == "kiosk":
        from hallapp.ui.kiosk.view import KioskWindow

        return KioskWindow(title)
    if name == "board":
        from hallapp.ui.board.view import BoardWindow

        return BoardWindow(title)
    if name == "supervisor":
        from hallapp.ui.supervisor.view import SupervisorWindow

        return SupervisorWindow(title)
    if name == "rater":
        from PySide6.QtGui import QGuiApplication

        from hallapp.ui.rater.view import RaterWindow

        rater = RaterWindow(title, number)
        if len(QGuiApplication.screens()) > 1:  # on the first one a clerk works, maybe in a program of its own
            rater.leave_keys()
        return rater
    from hallapp.ui.counter.sign_in import SignInPage
    from hallapp.ui.counter.window import CounterShell

    return CounterShell(SignInPage(title, config.windows, number), title)
