"""The people of the hall and who sits where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    CLERK = "clerk"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff; ``number`` is what they sign in with."""

    number: str
    name: str
    role: Role = Role.CLERK
    phone: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Session:
    """A clerk signed in at a window; paused while ``pause_reason`` is set."""

    window: int
    staff: str
    since: datetime
    pause_reason: str | None = None
    paused_at: datetime | None = None
