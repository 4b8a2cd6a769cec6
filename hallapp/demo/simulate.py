"""``hallapp sim``: one simulated device as a program of its own, worked at the console or in a small window."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TextIO

from drivers.errors import BadSetting
from drivers.signs.template import TemplateSettings
from drivers.sim.console import faults, obey, simulator
from drivers.sim.line import SimulatedLine
from hallapp.ui.commands import TEXTS
from hallapp.ui.simulator_words import ACTIONS, CHOICES, FAULTS, NAMES, TAKES, address_words, seen_words

LOOK_MS = 500  # between two looks at what the window shows


def run_simulator(name: str, port: int, *, pty: bool, window: bool, more: Mapping[str, Any]) -> int:
    """Serve the device until its input or its window is closed; 1 if the port is taken or a setting cannot be.

    ``more``: the paper of a printer, addresses on a bus, or a template sign's settings as in hall.toml."""
    try:
        if name == "template":
            more = {"settings": TemplateSettings(**more)}
        line = simulator(name, port, pty=pty, **more)
    except OSError as error:
        print(TEXTS["sim_port"].format(port=port, why=error.strerror), file=sys.stderr)
        return 1
    except ImportError:
        print(TEXTS["sim_no_pty"], file=sys.stderr)
        return 1
    except BadSetting as error:
        print(TEXTS["sim_setting"].format(key=error.key, expected=error.expected), file=sys.stderr)
        return 1
    with line:
        where = address_words(name, line.port, line.device)
        if window:
            return show(name, where, line)
        print(TEXTS["sim_at"].format(name=NAMES[name], where=where))
        print("\n".join(spoken(line)), flush=True)
        with suppress(KeyboardInterrupt):
            listen(line, sys.stdin)
    return 0


def spoken(line: SimulatedLine[Any]) -> list[str]:
    """What can be typed, a line for each with its meaning."""
    known: list[tuple[str, str]] = []
    for action, takes in line.machine.ACTIONS.items():
        more = TEXTS["sim_takes"].format(words=CHOICES[takes]) if takes else ""
        known.append((f"{action} {TAKES[takes]}" if takes else action, ACTIONS[action] + more))
    known += [(f"{fault} on", TEXTS["sim_on_off"].format(words=FAULTS[fault])) for fault in faults(line)]
    known += [("help", TEXTS["sim_help_words"]), ("quit", TEXTS["sim_quit_words"])]
    return [TEXTS["sim_words"], *(f"    {word:<20}{meaning}" for word, meaning in known),
            f"    {TEXTS['sim_look']}      {TEXTS['sim_look_words']}"]


def listen(line: SimulatedLine[Any], typed: TextIO) -> None:
    """Obey each line that is typed, up to ``quit`` or the end."""
    for words in map(str.strip, typed):
        if words == "quit":
            return
        if words == "help":
            print("\n".join(spoken(line)), flush=True)
            continue
        try:
            seen = obey(line, words)
        except ValueError:
            print(TEXTS["sim_what"].format(words=words), flush=True)
        else:
            print(seen_words(seen, map(str, tuple(line.machine.faults))), flush=True)


def show(name: str, where: str, line: SimulatedLine[Any]) -> int:
    """The device's small window, until it is closed."""
    from hallapp.ui.screens import start_qt

    qt = start_qt()
    window = worked(name, where, line)
    window.show()
    return qt.exec()


def worked(name: str, where: str, line: SimulatedLine[Any]) -> Any:
    """The small window, which works the device and follows it."""
    from PySide6.QtCore import QTimer

    from hallapp.ui.simulator import SimulatorWindow

    window = SimulatorWindow(name, where, [str(fault) for fault in faults(line)], line.machine.ACTIONS)

    def say(words: str) -> None:
        try:
            window.show_seen(obey(line, words))
        except ValueError:
            window.show_refused(words)
        window.show_faults([str(fault) for fault in tuple(line.machine.faults)])

    window.said.connect(say)
    look = QTimer(window, interval=LOOK_MS)
    look.timeout.connect(lambda: say(""))
    look.start()
    say("")
    return window
