"""The state of the hall as one newcomer meets it, in one read: issuing a number must not cost five."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, Connection, Date, String, bindparam, column, text

from hallapp.store.columns import Utc
from hallapp.store.prepared import Prepared

RECENT_VISITS = 20

# the branch with the moments comes first: it gives the columns their types
_SITUATION = Prepared(text(f"""
    SELECT 'visit' AS kind, '' AS name, id AS n, opened_at AS opened, closed_at AS closed FROM (
        SELECT id, opened_at, closed_at FROM visit
        WHERE hall_id = :hall AND day = :day AND state = 'closed' AND void_reason IS NULL
        ORDER BY id DESC LIMIT {RECENT_VISITS}) AS recent
    UNION ALL SELECT 'ahead', "group", count(*), NULL, NULL FROM ticket
        WHERE hall_id = :hall AND state = 'waiting' AND day = :day AND rank_at <= :rank GROUP BY "group"
    UNION ALL SELECT 'serial', '', serial, NULL, NULL FROM (
        SELECT serial FROM ticket
        WHERE hall_id = :hall AND day = :day AND prefix = :prefix ORDER BY serial DESC LIMIT 1) AS latest
    UNION ALL SELECT 'serial', '', serials_after, NULL, NULL FROM hall WHERE hall_id = :hall AND restored_on = :day
    UNION ALL SELECT 'open', '', "window", NULL, NULL FROM session WHERE hall_id = :hall AND pause_reason IS NULL
    UNION ALL SELECT 'busy', '', "window", NULL, NULL FROM call WHERE hall_id = :hall AND result IS NULL
    UNION ALL SELECT 'busy', '', "window", NULL, NULL FROM visit WHERE hall_id = :hall AND state = 'open'
""").bindparams(bindparam("day", type_=Date), bindparam("rank", type_=Utc)).columns(
    column("kind", String), column("name", String), column("n", BigInteger), column("opened", Utc),
    column("closed", Utc),
))


@dataclass(frozen=True, slots=True)
class Situation:
    """Waiting tickets ahead by business group, windows open and busy, the last visits' seconds (void ones left
    out), and the serial that the next of the prefix asked about comes after: the highest one of the day (0 before the
    first), or a later one after a restore."""

    ahead: dict[str, int]
    open_windows: frozenset[int]
    busy_windows: frozenset[int]
    visit_seconds: tuple[float, ...]
    serial: int


def situation(db: Connection, hall_id: str, day: date, rank_at: datetime, prefix: str = "") -> Situation:
    """The situation for somebody who would queue at ``rank_at``."""
    ahead: dict[str, int] = {}
    windows: dict[str, set[int]] = {"open": set(), "busy": set()}
    seconds: list[float] = []
    serial = 0
    given = {"hall": hall_id, "day": day, "rank": rank_at, "prefix": prefix}
    for kind, name, n, opened, closed in _SITUATION.tuples(db, given):
        if kind == "visit":
            seconds.append((closed - opened).total_seconds())
        elif kind == "ahead":
            ahead[name] = n
        elif kind == "serial":
            serial = max(serial, n or 0)
        else:
            windows[kind].add(n)
    return Situation(ahead, frozenset(windows["open"]), frozenset(windows["busy"]), tuple(seconds), serial)


@dataclass(frozen=True, slots=True)
class Seat:
    """A window at the moment of a step: who sits there (``None``: nobody), paused or not, and whether the window
    has an open call or the clerk an open visit."""

    staff: str | None
    paused: bool
    busy: bool


_SEAT = Prepared(text("""
    SELECT staff, pause_reason IS NOT NULL, EXISTS (
        SELECT 1 FROM call WHERE call.hall_id = :hall AND call."window" = :at AND result IS NULL
    ) OR EXISTS (
        SELECT 1 FROM visit WHERE visit.hall_id = :hall AND visit.staff = session.staff AND state = 'open'
    ) FROM session WHERE hall_id = :hall AND session."window" = :at
"""))


def seat(db: Connection, hall_id: str, window: int) -> Seat:
    row = _SEAT.first(db, {"hall": hall_id, "at": window})
    return Seat(None, False, False) if row is None else Seat(row[0], bool(row[1]), bool(row[2]))
