"""What the programs of a hall's PCs say of themselves to one another while they are at work."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

_SAID = re.compile("([0-9a-f]{8}) ([0-9a-f]{8}) ([0-9a-f]{1,12})")


@dataclass(frozen=True, slots=True)
class Sign:
    """Of a program: its PC's name, and that PC's address, by which two of the same name are told apart. Both are
    digests: where a sign is told there is room for 63 plain letters, and other halls of the server see it."""

    pc: str
    place: str = ""

    def at(self, address: str) -> Sign:
        return replace(self, place=digest(address))

    def text(self) -> str:
        return f"{self.pc} {self.place}"


def read_sign(text: str) -> tuple[Sign, int] | None:
    """What ``Sign.text`` wrote and the moment in hex behind it, in seconds; ``None`` for anything else."""
    found = _SAID.fullmatch(text)
    return (Sign(found[1], found[2]), int(found[3], 16)) if found else None


def pc_of(hall_id: str, pc: str) -> str:
    """A PC's name as signs have it."""
    return digest(hall_id, pc)


def digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:8]
