"""The people of the hall and who sits where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hallapp.domain.errors import BadInput, HallError

LONGEST = {"number": 32, "name": 64, "phone": 32}  # characters


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

    @property
    def supervises(self) -> bool:
        """May look after accounts now."""
        return self.active and self.role is Role.SUPERVISOR


class StaffChanged(HallError):
    """Somebody else changed the member ``number`` since it was looked at."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


def require_fitting(staff: Staff) -> None:
    """Raises BadInput for an empty number or name, and for what is longer than LONGEST."""
    for field, most in LONGEST.items():
        text = getattr(staff, field)
        if len(text) > most or not (text.strip() or field == "phone"):
            raise BadInput(field)


@dataclass(frozen=True, slots=True)
class Session:
    """A clerk signed in at a window; paused while ``pause_reason`` is set."""

    window: int
    staff: str
    since: datetime
    pause_reason: str | None = None
    paused_at: datetime | None = None
