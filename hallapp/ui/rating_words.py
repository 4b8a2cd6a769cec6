"""The official texts of why somebody rates so, which are data."""

from __future__ import annotations

import tomllib
from functools import cache

from hallapp import paths


@cache
def reasons() -> dict[str, str]:
    """The text of every reason code, from resources/ratings."""
    file = paths.resources() / "ratings" / "reasons.toml"
    found: dict[str, str] = tomllib.loads(file.read_text(encoding="utf-8"))["reasons"]
    return found
