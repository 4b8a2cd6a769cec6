"""What the programs of a hall's PCs say of themselves to one another while they are at work."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any

_SAID = re.compile("([0-9a-f]{8}) ([0-9a-f]{8}) ([0-9a-f]*) ([0-9a-f]{1,12})")
SHORT = 4  # of a setting's digest


class Setting(StrEnum):
    """What has to stand alike in the hall.toml of each PC, in the order of ``Sign.settings``."""

    HALL = "hall"
    ITEMS = "items"
    WINDOWS = "windows"
    RULES = "rules"
    APPOINTMENTS = "appointments"


@dataclass(frozen=True, slots=True)
class Sign:
    """Of a program: its PC's name, that PC's address, by which two of the same name are told apart, and its settings.

    All are digests: where a sign is told there is room for 63 plain letters, and other halls of the server see it."""

    pc: str
    place: str = ""
    settings: str = ""

    def unlike(self, other: Sign) -> frozenset[Setting]:
        """The settings in which two differ; none if one tells of none."""
        both = zip(Setting, self._parts(), other._parts(), strict=False)
        return frozenset(each for each, own, others in both if own != others)

    def _parts(self) -> list[str]:
        return [self.settings[place : place + SHORT] for place in range(0, len(self.settings), SHORT)]

    def at(self, address: str) -> Sign:
        return replace(self, place=digest(address))

    def text(self) -> str:
        return f"{self.pc} {self.place} {self.settings}"


def read_sign(text: str) -> tuple[Sign, int] | None:
    """What ``Sign.text`` wrote and the moment in hex behind it, in seconds; ``None`` for anything else."""
    found = _SAID.fullmatch(text)
    return (Sign(found[1], found[2], found[3]), int(found[4], 16)) if found else None


def pc_of(hall_id: str, pc: str) -> str:
    """A PC's name as signs have it."""
    return digest(hall_id, pc)


def settings_of(*values: Any) -> str:
    """Of the values of each ``Setting``; alike in every process, though a set has another order in each."""
    return "".join(digest(json.dumps(value, default=_plain))[:SHORT] for value in values)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return sorted(map(str, value)) if isinstance(value, frozenset) else str(value)


def digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:8]
