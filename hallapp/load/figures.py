"""What was measured and answered, and what of that a person wants to know."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

PERCENTS = (50, 95, 99)


def _seconds() -> array[float]:
    return array("d")


def _ids() -> array[int]:
    return array("q")


@dataclass(slots=True)
class Figures:
    """``steps`` answered, ``seconds`` of every answer by name of step or look, ``errors`` by kind, and of every
    answered step the id by which its event is found, by hall and kind of event. ``looks``: which names are no steps."""

    steps: int = 0
    seconds: defaultdict[str, array[float]] = field(default_factory=lambda: defaultdict(_seconds))
    errors: Counter[str] = field(default_factory=Counter)
    answered: defaultdict[tuple[str, str], array[int]] = field(default_factory=lambda: defaultdict(_ids))
    looks: set[str] = field(default_factory=set)

    def add(self, other: Figures) -> None:
        self.steps += other.steps
        for name, seconds in other.seconds.items():
            self.seconds[name].extend(seconds)
        for key, ids in other.answered.items():
            self.answered[key].extend(ids)
        self.errors.update(other.errors)
        self.looks |= other.looks


def together(parts: Iterable[Figures]) -> Figures:
    whole = Figures()
    for part in parts:
        whole.add(part)
    return whole


def percentiles(seconds: Sequence[float]) -> tuple[float, ...]:
    """Those of PERCENTS: the smallest measured time that so many of a hundred did not exceed."""
    ordered = sorted(seconds)
    return tuple(ordered[max(0, -(-len(ordered) * percent // 100) - 1)] for percent in PERCENTS)
