"""``hallapp load``: processes that put the load on, what they measured, and the check of the event logs."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from hallapp.domain.errors import BadInput, ServerFailed
from hallapp.load.check import Fault, faults
from hallapp.load.figures import Figures, percentiles, together
from hallapp.load.halls import PREFIX, hall_ids, remove
from hallapp.load.worker import TOLD_SECONDS, Done, Share, work
from hallapp.store.opening import beside, open_postgres, upgrade_postgres
from hallapp.store.server_check import check_server
from hallapp.ui.commands import LOAD_FAULTS, TEXTS

NAMED, SHOWN = 3, 20


@dataclass(frozen=True, slots=True)
class Load:
    """What to put on the server at ``url``; see the command's help."""

    url: str
    halls: int
    stations: int
    processes: int
    connections: int
    seconds: float
    steps: int | None = None
    rate: float | None = None
    beside_real_halls: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was measured over ``seconds``, and what the event logs lack or have too much."""

    figures: Figures
    seconds: float
    faults: tuple[Fault, ...]


def run_load(load: Load, removing: bool) -> int:
    """Exit status 1 if the check finds anything. Raises BadInput, ServerFailed, or StoreError kinds."""
    found = put_on(load)
    _print(load, found)
    if removing:
        print(TEXTS["load_removed"].format(halls=remove_all(load.url)))
    return 1 if found.faults else 0


def put_on(load: Load) -> Outcome:
    """Put the load on and check it. Raises as run_load."""
    _require(load)
    print(TEXTS["load_making"].format(halls=load.halls, stations=load.stations), file=sys.stderr)
    done = list(_processes(list(_shares(load))))
    figures = together(one.figures for one in done)
    return Outcome(figures, max(one.seconds for one in done), tuple(check(load.url, hall_ids(load.halls), figures)))


def _require(load: Load) -> None:
    limits = (load.processes, load.connections, load.seconds, 1 if load.steps is None else load.steps,
              1 if load.rate is None else load.rate)
    if not 1 <= load.halls <= 9999 or not 2 <= load.stations <= 9 or not all(one > 0 for one in limits):
        raise BadInput("load")
    if not load.url.startswith("postgresql://"):
        raise BadInput(load.url)
    upgrade_postgres(load.url, upgrading=False)  # whoever may not make halls is told before anything is begun
    real = [one for one in check_server(load.url, datetime.now(UTC)).halls if not one.startswith(PREFIX)]
    if real and not load.beside_real_halls:
        raise ServerFailed("halls", "、".join(real[:NAMED]) + ("……" if len(real) > NAMED else ""))


def _shares(load: Load) -> Iterator[Share]:
    ids, processes = hall_ids(load.halls), min(load.processes, load.halls)
    for place in range(processes):
        mine = ids[place::processes]
        part = len(mine) / len(ids)
        yield Share(load.url, mine, load.stations - 1, load.connections, load.seconds,
                    None if load.steps is None else round(load.steps * part),
                    None if load.rate is None else load.rate * part)


def _processes(shares: Sequence[Share]) -> Iterator[Done]:
    """Start them all, let them begin together when the last is ready, tell of their steps, and hand on their ends."""
    context = get_context("spawn")
    lines: dict[Connection, Any] = {}
    for share in shares:
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(share, theirs), daemon=True)
        process.start()
        theirs.close()
        lines[ours] = process
    try:
        for line in lines:
            _heard(line)
        for line in lines:
            line.send(True)
        yield from _followed(lines)
        for process in lines.values():
            process.join()
    finally:
        for line, process in lines.items():
            line.close()
            if process.is_alive():
                process.terminate()
                process.join()
            process.close()


def _followed(lines: dict[Connection, Any]) -> Iterator[Done]:
    begun, steps, working = time.monotonic(), dict.fromkeys(lines, 0), set(lines)
    told_at = begun
    while working:
        for line in wait(working):
            assert isinstance(line, Connection)
            told = _heard(line)
            if isinstance(told, Done):
                working.discard(line)
                yield told
            else:
                steps[line] = told
        now = time.monotonic()
        if now >= told_at + TOLD_SECONDS:
            told_at = now
            print(TEXTS["load_progress"].format(seconds=now - begun, steps=sum(steps.values())), file=sys.stderr)


def _heard(line: Connection) -> Any:
    """Raises ServerFailed if the process ended; it has said why on stderr."""
    try:
        return line.recv()
    except EOFError:
        raise ServerFailed("load", "") from None


def check(url: str, ids: Sequence[str], figures: Figures) -> Iterator[Fault]:
    """What is wrong with the event logs of these halls. Raises StoreError kinds."""
    answered: dict[str, dict[str, list[int]]] = {one: {} for one in ids}
    for (hall_id, kind), found in figures.answered.items():
        answered[hall_id][kind] = list(found)
    store = open_postgres(url, ids[0])
    try:
        for one in ids:
            yield from faults(beside(store, one), answered[one])
    finally:
        store.close()


def remove_all(url: str) -> int:
    """Take away all halls of all loads; how many they were. Raises StoreError kinds."""
    ids = [one for one in check_server(url, datetime.now(UTC)).halls if one.startswith(PREFIX)]
    for first in ids[:1]:
        store = open_postgres(url, first)
        try:
            for one in ids:
                remove(beside(store, one))
        finally:
            store.close()
    return len(ids)


def _print(load: Load, found: Outcome) -> None:
    figures, seconds = found.figures, found.seconds
    looks = sum(len(figures.seconds[name]) for name in figures.looks)
    print(TEXTS["load_rate_found"].format(steps=figures.steps, seconds=seconds, rate=figures.steps / seconds,
                                          looks=looks, looking=looks / seconds))
    print(TEXTS["load_table"])
    for name, times in sorted(figures.seconds.items(), key=lambda one: (one[0] in figures.looks, one[0])):
        p50, p95, p99 = (1000 * one for one in percentiles(times))
        print(TEXTS["load_line"].format(name=name, count=len(times), p50=p50, p95=p95, p99=p99))
    if figures.errors:
        errors = ", ".join(f"{kind} {count}" for kind, count in figures.errors.most_common())
        print(TEXTS["load_errors"].format(errors=errors))
    for fault in found.faults[:SHOWN]:
        print(TEXTS["load_fault"].format(hall=fault.hall_id, seq=fault.seq, wrong=LOAD_FAULTS[fault.wrong]))
    if found.faults:
        print(TEXTS["load_faults"].format(count=len(found.faults)))
    else:
        print(TEXTS["load_checked"].format(halls=load.halls, steps=figures.steps))
