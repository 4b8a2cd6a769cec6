"""Means, medians and nearest-rank percentiles of many rows, worked out by the database in one sort a grouping.

A row may stand for several cases: its ``weight``. The seconds of the case of a given rank are the smallest whose
running sum of weights reaches that rank, which is the same as if every case had a row of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    FromClause,
    Select,
    String,
    Table,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from hallapp.domain.county import Period
from hallapp.domain.figures import Spread
from hallapp.store import tables

_ticket, _call, _visit, _item, _interval = tables.ticket, tables.call, tables.visit, tables.item, tables.interval
Key = tuple[str | None, str | None]  # a hall and an item; None: all of them
BY_HALL, BY_ITEM, BY_BOTH, ALL = ("hall_id",), ("item_code",), ("hall_id", "item_code"), ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Which halls and days, and the target in seconds."""

    halls: Sequence[str]
    period: Period
    target: float

    def of(self, table: Table) -> ColumnElement[bool]:
        return and_(table.c.hall_id.in_(self.halls), table.c.day.between(self.period.first, self.period.last))


@dataclass(frozen=True, slots=True)
class Measured:
    """``over`` counts those above the target."""

    times: Spread
    over: int


class seconds_between(FunctionElement[float]):
    """Of two moments, to the microsecond; none rather than less if the clock was set back between."""

    type = Double()
    inherit_cache = True


@compiles(seconds_between)
def _of_moments(element: Any, compiler: Any, **more: Any) -> str:
    start, end = (compiler.process(one, **more) for one in element.clauses)
    return f"greatest(0, extract(epoch FROM {end} - {start})::double precision)"


@compiles(seconds_between, "sqlite")
def _of_texts(element: Any, compiler: Any, **more: Any) -> str:
    """SQLite keeps a moment as ``2026-11-23 01:00:00.000000`` and its own time functions know milliseconds."""
    start, end = (compiler.process(one, **more) for one in element.clauses)
    return (f"max(0.0, strftime('%s', {end}) - strftime('%s', {start})"
            f" + (substr({end}, 21, 6) - substr({start}, 21, 6)) / 1e6)")


def handling(db: Connection, asked: Asked, *, immediate: bool) -> dict[Key, Measured]:
    """Handling times, of ``immediate`` cases only or of all, by hall, by item and by both; void timings left out."""
    # whole milliseconds add up exactly, so that a sum is not over the target by a rounding
    each = func.coalesce(func.sum(func.round(_interval.c.seconds * 1000)), 0.0) / 1000.0 / _item.c.quantity
    own = and_(_interval.c.hall_id == _item.c.hall_id, _interval.c.item_id == _item.c.id)
    void = and_(_visit.c.hall_id == _item.c.hall_id, _visit.c.id == _item.c.visit_id, _visit.c.void_reason.is_not(None))
    rows = select(
        _item.c.hall_id, _item.c.item_code, _item.c.quantity.label("weight"), each.label("seconds"),
    ).select_from(_item.outerjoin(_interval, own)).where(
        asked.of(_item), _item.c.state == literal_column("'ended'"), ~exists().where(void),
        *([_item.c.immediate] if immediate else []),
    ).group_by(_item.c.hall_id, _item.c.id).cte("timed")
    return _measured(db, rows, (ALL, BY_HALL) if immediate else (ALL, BY_HALL, BY_ITEM, BY_BOTH), asked.target)


def waiting(db: Connection, asked: Asked) -> dict[Key, Measured]:
    """From issue to first call, of those called the same day."""
    rows = first_calls(asked).cte("waited")
    return _measured(db, rows, (ALL, BY_HALL), asked.target)


def first_calls(asked: Asked) -> Select[Any]:
    """Of each ticket called on its day: how long it had waited, and the minutes that its visitor had been told."""
    earlier = _call.alias("earlier")
    second = and_(earlier.c.hall_id == _call.c.hall_id, earlier.c.ticket_id == _call.c.ticket_id,
                  earlier.c.day == _call.c.day, earlier.c.id < _call.c.id)
    mine = and_(_ticket.c.hall_id == _call.c.hall_id, _ticket.c.id == _call.c.ticket_id, _ticket.c.day == _call.c.day)
    return select(
        _ticket.c.hall_id, literal_column("1").label("weight"), _ticket.c.expected_minutes,
        seconds_between(_ticket.c.issued_at, _call.c.called_at).label("seconds"),
    ).select_from(_call.join(_ticket, mine)).where(asked.of(_call), ~exists().where(second))


def way(db: Connection, asked: Asked) -> dict[Key, Measured]:
    """From the call to the window, of those whose arrival was noted."""
    rows = select(
        _call.c.hall_id, literal_column("1").label("weight"),
        seconds_between(_call.c.called_at, _call.c.ended_at).label("seconds"),
    ).where(asked.of(_call), _call.c.result == literal_column("'arrived'"), _call.c.ended_at.is_not(None)).cte("gone")
    return _measured(db, rows, (ALL, BY_HALL), asked.target)


def _measured(
    db: Connection, rows: FromClause, groupings: Sequence[tuple[str, ...]], target: float
) -> dict[Key, Measured]:
    found = {}
    for row in db.execute(union_all(*(_grouped(rows, keys, target) for keys in groupings))):
        if row.n:
            times = Spread(row.n, row.total / row.n, (row.low + row.high) / 2, row.p90, row.longest)
            found[row.hall_id, row.item_code] = Measured(times, row.over or 0)
    return found


def _grouped(rows: FromClause, keys: tuple[str, ...], target: float) -> Select[Any]:
    by = [rows.c[name] for name in keys]
    weight, seconds = rows.c.weight, rows.c.seconds
    ranked = select(
        *by, weight, seconds,
        func.sum(weight).over(partition_by=by, order_by=seconds, rows=(None, 0)).label("upto"),
        func.sum(weight).over(partition_by=by).label("n"),
    ).subquery()
    n, upto, each = ranked.c.n, ranked.c.upto, ranked.c.seconds

    def at(rank: ColumnElement[Any], name: str) -> ColumnElement[Any]:
        return func.min(case((upto >= rank, each))).label(name)

    def key(name: str) -> ColumnElement[Any]:
        return (ranked.c[name] if name in keys else cast(null(), String)).label(name)

    return select(
        key("hall_id"), key("item_code"), func.sum(ranked.c.weight).label("n"),
        func.sum(each * ranked.c.weight).label("total"),
        at((n + 1) // 2, "low"), at(n // 2 + 1, "high"), at((9 * n + 9) // 10, "p90"), func.max(each).label("longest"),
        func.sum(case((each > literal(target), ranked.c.weight))).label("over"),
    ).group_by(*(ranked.c[name] for name in keys))
