"""The windows of a command, before anything of the hall is known: no store, no devices, and quick to import."""

from __future__ import annotations

from typing import Any

from hallapp.config import Config


def window_names(command: str) -> tuple[str, ...]:
    return {"hall": ("counter", "kiosk", "board", "supervisor")}.get(command, (command,))


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
    from hallapp.ui.counter.sign_in import SignInPage
    from hallapp.ui.counter.window import CounterShell

    return CounterShell(SignInPage(title, config.windows, number), title)
