"""Chinese for ratings: the five levels, and the official reason texts, which are data."""

from __future__ import annotations

import tomllib
from functools import cache

from hallapp import paths
from hallapp.domain.rating import Level

LEVELS = {
    Level.VERY_SATISFIED: "非常满意", Level.SATISFIED: "满意", Level.FAIRLY_SATISFIED: "基本满意",
    Level.DISSATISFIED: "不满意", Level.VERY_DISSATISFIED: "非常不满意",
}


@cache
def reasons() -> dict[str, str]:
    """The text of every reason code, from resources/ratings."""
    file = paths.resources() / "ratings" / "reasons.toml"
    found: dict[str, str] = tomllib.loads(file.read_text(encoding="utf-8"))["reasons"]
    return found
