"""The visitor's rating of one visit (好差评): five official levels, reason codes, at most one rating a visit.

Levels and codes are the national ones (facts/domain 4); what the codes say is data, in resources/ratings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

from hallapp.domain.errors import AlreadyRated, BadInput


class Level(IntEnum):
    VERY_SATISFIED = 5  # 非常满意
    SATISFIED = 4  # 满意
    FAIRLY_SATISFIED = 3  # 基本满意
    DISSATISFIED = 2  # 不满意
    VERY_DISSATISFIED = 1  # 非常不满意

    @property
    def bad(self) -> bool:
        """差评: to be followed up."""
        return self <= Level.DISSATISFIED


# The first three of each level are the fixed ones; the others are shown besides.
CODES: dict[Level, tuple[str, ...]] = {
    Level.VERY_SATISFIED: ("510", "511", "512", "513", "514", "515", "516", "517"),
    Level.SATISFIED: ("406", "407", "408", "409", "410", "411", "412", "413"),
    Level.FAIRLY_SATISFIED: ("307", "308", "309", "310", "311", "312", "313", "314"),
    Level.DISSATISFIED: ("207", "208", "209", "210", "211", "212", "213", "214"),
    Level.VERY_DISSATISFIED: ("108", "109", "110", "111", "112", "113", "114", "115"),
}


class Channel(StrEnum):
    """What asked the visitor."""

    SCREEN = "screen"
    KEYPAD = "keypad"


@dataclass(frozen=True, slots=True)
class Rating:
    """What became of asking about a visit. ``level`` ``None``: 未评价, asked in vain. ``day``, ``window`` and ``staff``
    are the visit's."""

    visit_id: int
    day: date
    window: int
    staff: str
    level: Level | None
    reasons: tuple[str, ...]
    channel: Channel
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What the visitor of a visit at a window said, and when; ``level`` ``None``: nothing, in the time there was."""

    visit_id: int
    window: int
    level: Level | None
    reasons: tuple[str, ...]
    channel: Channel
    at: datetime


def checked(level: int, reasons: Sequence[str]) -> tuple[Level, tuple[str, ...]]:
    """An official level with codes of that level, each once and in official order. Raises BadInput."""
    try:
        known = Level(level)
    except ValueError:
        raise BadInput("level") from None
    if not set(reasons) <= set(CODES[known]):
        raise BadInput("reasons")
    return known, tuple(code for code in CODES[known] if code in reasons)


def require_open(before: Rating | None) -> None:
    """A level once given is final; 未评价 is not: who answers late on the same day is heard. Raises AlreadyRated."""
    if before is not None and before.level is not None:
        raise AlreadyRated(before.visit_id)


@dataclass(frozen=True, slots=True)
class RatingFigures:
    """Counts of the visits that were asked: by level, and those that did not answer."""

    levels: dict[Level, int] = field(default_factory=dict)
    not_rated: int = 0

    @property
    def rated(self) -> int:
        return sum(self.levels.values())

    @property
    def asked(self) -> int:
        return self.rated + self.not_rated

    @property
    def bad(self) -> int:
        return sum(count for level, count in self.levels.items() if level.bad)

    @property
    def satisfied_share(self) -> float | None:
        """Levels 3 to 5 over all that rated; ``None`` if nobody did."""
        return 1 - self.bad / self.rated if self.rated else None


def rating_figures(ratings: Iterable[Rating]) -> RatingFigures:
    """The levels from the best to the worst, all five of them if anybody was asked."""
    found = [rating.level for rating in ratings]
    levels = {level: found.count(level) for level in Level} if found else {}
    return RatingFigures(levels, found.count(None))
