"""Simulated devices by name, worked by words: for training, demonstrations and trying a hall without its hardware."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from importlib import import_module
from typing import Any, ClassVar, Protocol

from drivers.sim.line import LineFault, Machine, SimulatedLine

SIMULATORS: Mapping[str, str] = {
    "printer": "drivers.sim.printer:PrinterSimulator",
    "reader": "drivers.sim.reader:CardReaderMachine",
    "caller": "drivers.sim.caller:CallerBus",
    "scanner": "drivers.sim.scanner:ScannerSimulator",
    "onbon": "drivers.sim.sign:onbon_signs",
    "modbus": "drivers.sim.sign:modbus_signs",
    "cd5220": "drivers.sim.sign:Cd5220Machine",
    "template": "drivers.sim.template_sign:TemplateMachine",
    "keypad": "drivers.sim.keypad:Keypad",
}


class Played(Machine, Protocol):
    """A machine that a person can work. ``ACTIONS`` are methods, each with one text as its argument or with none;
    the values say which. ``FAULTS`` are its own, beside the line's."""

    ACTIONS: ClassVar[Mapping[str, str]]
    FAULTS: ClassVar[tuple[StrEnum, ...]]

    def seen(self) -> dict[str, str]:
        """What somebody in front of it would see now, by names that the user interface has words for."""


def simulator(name: str, port: int, *, pty: bool, **more: Any) -> SimulatedLine[Any]:
    """The simulated device of that name, not running yet. Raises OSError if the port is taken, ImportError for a
    ``pty`` on Windows."""
    module, _, attribute = SIMULATORS[name].partition(":")
    made = getattr(import_module(module), attribute)
    if isinstance(made, type) and issubclass(made, SimulatedLine):
        line: SimulatedLine[Any] = made(port, pty=pty, **more)
        return line
    return SimulatedLine(made(**more), port, pty=pty)


def faults(line: SimulatedLine[Any]) -> tuple[StrEnum, ...]:
    """Its own and the line's."""
    return (*line.machine.FAULTS, *LineFault)


def obey(line: SimulatedLine[Any], words: str) -> dict[str, str]:
    """Do what was typed: a fault with on or off, one of the machine's actions, or nothing; what is seen after it.

    Raises ValueError for anything else.
    """
    first, _, rest = words.strip().partition(" ")
    known = {str(fault): fault for fault in faults(line)}
    if first in known and rest in ("on", "off"):
        line.set(known[first], rest == "on")
    elif first in line.machine.ACTIONS and bool(rest) == bool(line.machine.ACTIONS[first]):
        action = getattr(line.machine, first)
        line.act(lambda: action(rest) if rest else action())
    elif first:
        raise ValueError(words)
    seen: dict[str, str] = line.act(line.machine.seen)
    return seen
