"""A hall's bundle for its county: what happened in a day or month without who it was, in one signed file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from math import isclose
from typing import Any

from hallapp.domain.county import Period
from hallapp.domain.figures import Figures


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle holds: the events from ``first_seq`` to ``last_seq``, none if that is the smaller one.

    ``before`` and ``head`` are the hashes in the hall's own log of the event before the first one and of the last one,
    in hex, empty for none: two bundles of one log fit together. ``figures``: for each day (ISO) on which anything
    happened, an earlier one too of which an event came late, the day's figures as of the last event, as ``plain`` has
    them.
    """

    hall_id: str
    name: str
    period: Period
    first_seq: int
    last_seq: int
    before: str
    head: str
    figures: Mapping[str, Any]

    def days(self) -> list[date]:
        """Those of the period, and earlier ones that have figures."""
        told = {date.fromisoformat(day) for day in self.figures}
        return sorted(told | {self.period.first + timedelta(days=turn) for turn in range(self.period.days)})

    def plain(self) -> dict[str, Any]:
        return {**plain(self), "figures": dict(self.figures)}

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Manifest:
        """Raises KeyError, TypeError or ValueError for another shape."""
        first, last = (date.fromisoformat(raw["period"][name]) for name in ("first", "last"))
        return cls(**{**raw, "period": Period(first, last)})


@dataclass(frozen=True, slots=True)
class Held:
    """What a county holds of a hall's bundles: up to which day and seq, and the hash there of the hall's own log."""

    last_day: date | None
    last_seq: int
    head: str


def plain_figures(figures: Figures) -> dict[str, Any]:
    """A day's figures as JSON has them; without clerks and hours, items in the order of their codes."""
    kept = {one.name: plain(getattr(figures, one.name)) for one in fields(Figures)}
    return {**kept, "items": sorted(kept["items"], key=lambda item: str(item["code"]))}


def plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def difference(mine: Any, theirs: Any, path: str = "") -> str | None:
    """Where two plain values differ by more than the last digits of a float; ``None``: nowhere."""
    if isinstance(mine, dict) and isinstance(theirs, dict) and mine.keys() == theirs.keys():
        pairs = [(name, mine[name], theirs[name]) for name in mine]
    elif isinstance(mine, list) and isinstance(theirs, list) and len(mine) == len(theirs):
        pairs = [(str(place), *both) for place, both in enumerate(zip(mine, theirs, strict=True))]
    elif isinstance(mine, (int, float)) and isinstance(theirs, (int, float)):
        return None if isclose(mine, theirs, rel_tol=1e-9, abs_tol=1e-6) else path
    else:
        return None if mine == theirs and not isinstance(mine, (dict, list)) else path
    return next((found for name, one, other in pairs if (found := difference(one, other, f"{path}.{name}"))), None)
