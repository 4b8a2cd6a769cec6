"""The appointments of hall.toml."""

from __future__ import annotations

import re
from datetime import date, time
from itertools import pairwise
from typing import Any

from hallapp.config.section import Section
from hallapp.domain.appointment import MOST_DAYS_AHEAD, AppointmentTimes
from hallapp.domain.errors import ConfigProblem

_HOURS = re.compile(r"\s*(\d\d?)[:：](\d\d)\s*[-—–~至]+\s*(\d\d?)[:：](\d\d)\s*")
_DAYS = "[2027-01-01, 2027-02-08]"
_EXAMPLE = '["9:00-11:30", "13:30-16:30"]'
# from and to
NUMBERS = {"slot_minutes": (5, 240), "per_slot": (1, 50), "days_ahead": (0, MOST_DAYS_AHEAD), "late_minutes": (0, 120)}


def appointment_times(top: Section) -> AppointmentTimes | None:
    """``None`` without the table: the hall takes no appointments."""
    if "appointments" not in top.names():
        return None
    section = top.table("appointments")
    hours = _hours(section)
    given: dict[str, Any] = {}
    for name, (least, most) in NUMBERS.items():
        given[name] = section.take(name, int, getattr(AppointmentTimes(()), name))
        if not least <= given[name] <= most:
            raise section.error(name, ConfigProblem.VALUE, f"{least} - {most}", given[name])
    weekdays = section.take("weekdays", list, [1, 2, 3, 4, 5])
    if not weekdays or not all(type(day) is int and 1 <= day <= 7 for day in weekdays):
        raise section.error("weekdays", ConfigProblem.VALUE, "[1, 2, 3, 4, 5]", weekdays)
    longest = max(_minutes(closes) - _minutes(opens) for opens, closes in hours)
    if given["slot_minutes"] > longest:  # not one would fit
        raise section.error("slot_minutes", ConfigProblem.VALUE, f"<= {longest}", given["slot_minutes"])
    given |= {name: _days(section, name) for name in ("closed_days", "workdays")}
    section.done()
    return AppointmentTimes(hours, frozenset(weekdays), **given)


def _days(section: Section, name: str) -> frozenset[date]:
    """TOML's own dates, or the same within quotation marks."""
    found = section.take(name, list, [])
    days = frozenset(day for one in found if (day := _day(one)))
    if not all(map(_day, found)):
        raise section.error(name, ConfigProblem.VALUE, _DAYS, found)
    return days


def _day(one: object) -> date | None:
    if type(one) is date:
        return one
    try:
        return date.fromisoformat(one.strip()) if isinstance(one, str) else None
    except ValueError:
        return None


def _hours(section: Section) -> tuple[tuple[time, time], ...]:
    """In the order of the day, none reaching into the next."""
    found = section.take("hours", list)
    spans = sorted(span for text in found if (span := _span(text)))
    apart = all(before[1] <= after[0] for before, after in pairwise(spans))
    if not spans or len(spans) != len(found) or not apart:
        raise section.error("hours", ConfigProblem.VALUE, _EXAMPLE, found)
    return tuple(spans)


def _span(text: object) -> tuple[time, time] | None:
    match = _HOURS.fullmatch(text) if isinstance(text, str) else None
    try:
        opens, closes = (time(int(match[place]), int(match[place + 1])) for place in (1, 3)) if match else (None, None)
    except ValueError:  # 25:00
        return None
    return (opens, closes) if opens and closes and opens < closes else None


def _minutes(at: time) -> int:
    return 60 * at.hour + at.minute
