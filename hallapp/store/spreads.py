"""Times of many cases, waits and ways, worked out by PostgreSQL: which rows count, how long each took, and their
spread over halls and items in one pass.

The rules are those of domain.figures, where each is explained; a test holds both against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    Table,
    and_,
    case,
    cast,
    exists,
    extract,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)

from hallapp.domain.county import Period
from hallapp.domain.figures import Handling, Spread
from hallapp.store import tables

_ticket, _call, _visit, _item, _interval = tables.ticket, tables.call, tables.visit, tables.item, tables.interval
Key = tuple[str | None, str | None]  # a hall and an item; None: all of them


@dataclass(frozen=True, slots=True)
class Asked:
    """Which halls and days, and the target in seconds."""

    halls: Sequence[str]
    period: Period
    target: float

    def of(self, table: Table) -> ColumnElement[bool]:
        return and_(table.c.hall_id.in_(self.halls), table.c.day.between(self.period.first, self.period.last))


@dataclass(frozen=True, slots=True)
class Waiting:
    """``estimates`` of the waits had been foretold; ``error``: the mean of what that was wrong by, in minutes."""

    times: Spread
    estimates: int
    error: float | None


def handling(db: Connection, asked: Asked) -> tuple[dict[Key, Handling], dict[Key, Handling]]:
    """Cases and their times, of all cases and of the immediate ones: by hall, by item and by both."""
    # whole milliseconds add up exactly, so that a sum is not over the target by a rounding
    each = func.coalesce(func.sum(func.round(_interval.c.seconds * 1000)), 0.0) / 1000.0 / _item.c.quantity
    own = and_(_interval.c.hall_id == _item.c.hall_id, _interval.c.item_id == _item.c.id)
    items = select(
        _item.c.hall_id, _item.c.visit_id, _item.c.item_code, _item.c.immediate, _item.c.quantity,
        each.label("seconds"),
    ).select_from(_item.outerjoin(_interval, own)).where(asked.of(_item), _item.c.state == literal_column("'ended'"))
    # made once by itself: who plans it together with the rest takes it for few rows
    ended = items.group_by(_item.c.hall_id, _item.c.id).cte("ended").prefix_with("MATERIALIZED")
    its_visit = and_(_visit.c.hall_id == ended.c.hall_id, _visit.c.id == ended.c.visit_id)
    # a row for each case; one of a void timing has no seconds
    cases = select(
        ended.c.hall_id, ended.c.item_code, ended.c.immediate,
        case((_visit.c.void_reason.is_(None), ended.c.seconds)).label("seconds"),
    ).select_from(ended.join(_visit, its_visit)).join(
        func.generate_series(1, ended.c.quantity).table_valued("turn"), literal(True)).subquery()
    hall, item, seconds = cases.c.hall_id, cases.c.item_code, cases.c.seconds
    found: tuple[dict[Key, Handling], dict[Key, Handling]] = {}, {}
    every = _spread_of(seconds, asked.target), _spread_of(seconds, asked.target, cases.c.immediate)
    query = select(hall, item, *every[0], *every[1])
    groupings = func.grouping_sets(tuple_(), hall, item, tuple_(hall, item))
    for hall_id, code, *numbers in db.execute(query.group_by(groupings)):
        for place in (0, 1):
            rows, over, spread = _read(numbers[place * 7:place * 7 + 7])
            if rows:
                void = rows - (spread.n if spread else 0)
                found[place][hall_id, code] = Handling(rows, spread, over, void)
    return found


def waiting(db: Connection, asked: Asked) -> dict[str | None, Waiting]:
    """From issue to first call, of those called the same day; by hall and, under ``None``, of all."""
    earlier = _call.alias("earlier")
    second = and_(earlier.c.hall_id == _call.c.hall_id, earlier.c.ticket_id == _call.c.ticket_id,
                  earlier.c.day == _call.c.day, earlier.c.id < _call.c.id)
    mine = and_(_ticket.c.hall_id == _call.c.hall_id, _ticket.c.id == _call.c.ticket_id, _ticket.c.day == _call.c.day)
    waits = select(
        _ticket.c.hall_id, _ticket.c.expected_minutes.label("told"),
        _seconds(_ticket.c.issued_at, _call.c.called_at).label("seconds"),
    ).select_from(_call.join(_ticket, mine)).where(asked.of(_call), ~exists().where(second)).subquery()
    hall, seconds, told = waits.c.hall_id, waits.c.seconds, waits.c.told
    query = select(hall, func.count(told), func.avg(func.abs(seconds / 60.0 - told)), *_spread_of(seconds))
    return {
        hall_id: Waiting(spread, estimates, error)
        for hall_id, estimates, error, *numbers in db.execute(query.group_by(func.grouping_sets(tuple_(), hall)))
        if (spread := _read(numbers)[2])
    }


def way(db: Connection, asked: Asked) -> dict[str | None, Spread]:
    """From the call to the window, of those whose arrival was noted; by hall and, under ``None``, of all."""
    ways = select(_call.c.hall_id, _seconds(_call.c.called_at, _call.c.ended_at).label("seconds")).where(
        asked.of(_call), _call.c.result == literal_column("'arrived'"), _call.c.ended_at.is_not(None)).subquery()
    query = select(ways.c.hall_id, *_spread_of(ways.c.seconds))
    found = db.execute(query.group_by(func.grouping_sets(tuple_(), ways.c.hall_id)))
    return {hall_id: spread for hall_id, *numbers in found if (spread := _read(numbers)[2])}


def _seconds(start: ColumnElement[Any], end: ColumnElement[Any]) -> ColumnElement[float]:
    """Between two moments; none rather than less if the clock was set back between."""
    return func.greatest(0.0, cast(extract("epoch", end - start), Double))


def _spread_of(
    seconds: ColumnElement[Any], target: float = 0.0, only: ColumnElement[bool] | None = None
) -> list[ColumnElement[Any]]:
    """What _read reads: how many rows, how many above the target, and what Spread says of those with seconds."""
    ranks = (func.percentile_cont(literal_column("0.5")), func.percentile_disc(literal_column("0.9")))
    columns = [
        func.count(), func.count().filter(seconds > literal(target)), func.count(seconds), func.avg(seconds),
        *(rank.within_group(seconds) for rank in ranks), func.max(seconds),
    ]
    return columns if only is None else [column.filter(only) for column in columns]


def _read(numbers: Sequence[Any]) -> tuple[int, int, Spread | None]:
    rows, over, n, mean, middle, p90, longest = numbers
    return rows, over, Spread(n, mean, middle, p90, longest) if n else None
