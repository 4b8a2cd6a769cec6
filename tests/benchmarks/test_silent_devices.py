"""A hall all of whose devices are silent against one that has none, each a whole program at work in its own process.

In one process the interpreter's lock would slow both sides alike. With none configured slips are drawn to pictures, so
that the same print job is written on both sides; a hall whose devices answer is shown beside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

import pytest

from drivers.sim.console import simulator
from drivers.sim.line import LineFault
from tests.benchmarks.hall_at_work import HallProcess, hall_at_work

pytestmark = pytest.mark.benchmark
ROUNDS = 100
KIOSK = """
[printer.kiosk]
kind = "network"
address = "127.0.0.1:{printer}"
"""
OTHERS = """
[printer.counter]
kind = "network"
address = "127.0.0.1:{second_printer}"
[[sign]]
driver = "onbon"
link = "{onbon}"
window = 1
[[sign]]
driver = "modbus"
link = "{modbus}"
window = 2
[[sign]]
driver = "cd5220"
link = "{cd5220}"
window = 3
[[caller]]
driver = "bus"
link = "{caller}"
window = 1
staff = "0312"
[reader]
driver = "sdt"
link = "{reader}"
[scanner.kiosk]
driver = "serial"
link = "{scanner}"
[scanner.counter]
driver = "serial"
link = "{second_scanner}"
[rater]
driver = "keypad"
link = "{keypad}"
keys = {{"01" = 5, "02" = 1}}
"""
NONE = "[voice]\nenabled = false\n"  # no machine that this runs on has a loudspeaker: that is its silence


@pytest.fixture
def plugged() -> Iterator[ExitStack]:
    with ExitStack() as running:
        yield running


def lines(plugged: ExitStack, *, silent: bool) -> dict[str, str | int]:
    """Where every device of KIOSK and OTHERS is, simulated here, outside the halls' processes."""
    found = {}
    for name in ("printer", "second_printer", "onbon", "modbus", "cd5220", "caller", "reader", "scanner",
                 "second_scanner", "keypad"):
        kind = name.removeprefix("second_")
        line = plugged.enter_context(simulator(kind, 0, pty=kind != "printer"))
        line.set(LineFault.SILENT, silent)
        found[name] = line.device or line.port
    return found


def in_turn(what: str, halls: list[HallProcess]) -> list[float]:
    """The median seconds of each. Every other round goes backwards, so that nobody always comes after the same one:
    what one leaves to the disk falls on the next."""
    took: list[list[float]] = [[] for _ in halls]
    for number in range(ROUNDS):
        places = range(len(halls))
        for at in places if number % 2 else reversed(places):
            took[at].append(halls[at].does(what))
    return [median(one) for one in took]


def test_all_devices_silent_delay_neither_a_number_nor_a_call(tmp_path, plugged):
    at, there = lines(plugged, silent=True), lines(plugged, silent=False)
    halls = [plugged.enter_context(hall_at_work(tmp_path / name, tables)) for name, tables in (
        ("silent", (KIOSK + OTHERS).format(**at)), ("none", NONE), ("ready", (KIOSK + OTHERS).format(**there)))]
    for what in ("issue", "call"):
        silent, none, ready = in_turn(what, halls)
        print(f"\n{what}: silent {silent * 1e3:.2f} ms, none {none * 1e3:.2f} ms, all ready {ready * 1e3:.2f} ms: "
              f"silent {silent / none:.3f} of none, {silent / ready:.3f} of ready")
        assert silent <= 1.1 * none


def test_all_other_devices_silent_delay_no_slip(tmp_path, plugged):
    at = lines(plugged, silent=True)
    halls = []
    for name, others in (("silent", OTHERS), ("alone", NONE)):
        printer = plugged.enter_context(simulator("printer", 0, pty=False))
        tables = (KIOSK + others).format(**{**at, "printer": printer.port})
        halls.append(plugged.enter_context(hall_at_work(tmp_path / name, tables)))
    silent, alone = in_turn("slip", halls)
    print(f"\nslip: others silent {silent * 1e3:.1f} ms, no others {alone * 1e3:.1f} ms: {silent / alone:.3f}")
    assert silent <= 1.1 * alone
