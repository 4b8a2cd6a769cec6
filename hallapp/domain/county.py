"""The figures of some halls over some days.

They are the day reports' own figures added up: a count is the sum over halls and days, a time figure is taken over all
the cases, waits or ways together (a county's median is no mean of the halls' medians).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from hallapp.domain.errors import HallError
from hallapp.domain.figures import Figures

FEW_CASES = 30  # a hall with fewer timed immediate cases stands in the league table, but its place says little


@dataclass(frozen=True, slots=True)
class Period:
    """Business days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @classmethod
    def month(cls, first: date) -> Period:
        """The whole month that begins on ``first``."""
        return cls(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class HallFigures:
    """A hall in the period. ``last_day``: its last day with an event, none after the period; ``None``: never one.

    Of a hall that hands over bundles (``by_bundle``), ``bundled_to`` is the last day that came; ``None``: none at all.
    """

    hall_id: str
    name: str
    figures: Figures
    last_day: date | None
    by_bundle: bool = False
    bundled_to: date | None = None

    @property
    def reported_to(self) -> date | None:
        return self.bundled_to if self.by_bundle else self.last_day

    @property
    def few(self) -> bool:
        times = self.figures.immediate.times
        return times is None or times.n < FEW_CASES


@dataclass(frozen=True, slots=True)
class CountyFigures:
    """``halls`` in the order of their ids."""

    period: Period
    halls: tuple[HallFigures, ...]
    total: Figures

    def silent(self) -> tuple[HallFigures, ...]:
        """The halls without an event in the period, or whose bundles do not reach its end; silent longest first."""
        found = [hall for hall in self.halls
                 if (hall.reported_to or date.min) < (self.period.last if hall.by_bundle else self.period.first)]
        return tuple(sorted(found, key=lambda hall: (hall.reported_to or date.min, hall.hall_id)))

    def league(self) -> tuple[HallFigures, ...]:
        """The halls with an event in the period in their order, as ``league`` has it."""
        return league(hall for hall in self.halls if hall.last_day is not None and hall.last_day >= self.period.first)


def league(halls: Iterable[HallFigures]) -> tuple[HallFigures, ...]:
    """Quickest mean over immediate cases first; after them the halls with few such cases, then those without."""

    def place(hall: HallFigures) -> tuple[int, float, float, str]:
        times = hall.figures.immediate.times
        if times is None:
            return 2, 0.0, 0.0, hall.hall_id
        return int(hall.few), round(times.mean, 3), hall.figures.immediate.over_share or 0.0, hall.hall_id

    return tuple(sorted(halls, key=place))


class CountyRefused(HallError):
    """A county's report cannot be made, or a hall's bundle not be exported or taken in.

    Attributes:
        why: What is wrong: a key of ui.county_words.
        where: The hall, file or value.
        more: What should be there instead, where that helps.
    """

    def __init__(self, why: str, where: str, more: str = "") -> None:
        super().__init__(f"{why}: {where} {more}".rstrip())
        self.why, self.where, self.more = why, where, more
