"""What a hall decides for itself: its rules, windows and how it presents itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

HALL_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")  # also part of a database role's name and of a bundle's file
LONGEST_NAME = 64  # characters of a hall's
TEN_MINUTES = 600  # seconds: the target by which the check of immediate items is officially named


@dataclass(frozen=True, slots=True)
class HallInfo:
    """Who the hall is. ``id`` is the first key of every row; ``other_ways`` than coming back to it are what the hall
    itself states (online, by an agent of the village), for no source says which of them it offers."""

    id: str
    name: str
    address: str = ""
    consult_phone: str = "12393"
    complaint_phone: str = "12345"
    hours: str = ""
    other_ways: str = ""


@dataclass(frozen=True, slots=True)
class Basics:
    """What every hall sets on its first day; ``catalogue`` is the name of a shipped one or of a file beside hall.toml,
    ``windows`` how many there are."""

    name: str
    address: str
    hours: str
    consult_phone: str
    complaint_phone: str
    other_ways: str
    notice: str
    catalogue: str
    windows: int


@dataclass(frozen=True, slots=True)
class Window:
    """A counter position. ``groups`` are the business group codes it serves."""

    number: int
    groups: frozenset[str]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """The hall's settings for queue and handling; durations in seconds unless named otherwise."""

    timezone: str = "Asia/Shanghai"
    priority_head_start_minutes: int = 15
    priority_age: int = 60
    recall_limit: int = 3
    calls_before_miss: int = 2
    call_interval: int = 15
    return_places: int = 3
    return_minutes: int = 30
    return_times: int = 1
    target_seconds: int = TEN_MINUTES
    near_share: float = 0.8
    default_visit_minutes: float = 8.0
    clock_drift_seconds: int = 60
    kiosk_idle_seconds: int = 60
    rating_seconds: int = 60
    voice_repeat: int = 2
    voice_yao: bool = True

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)
