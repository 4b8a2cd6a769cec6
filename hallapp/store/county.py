"""Figures of many halls, worked out by the database: the only code that reads over halls.

The rules are those of domain.figures, where each is explained; a test holds both against each other. Statements name
their halls and group by hall_id, so an engine that keeps halls apart can do each hall's part where the hall is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, case, exists, func, literal_column, select, text

from hallapp.domain.figures import Figures, Handling, ItemFigures
from hallapp.domain.handling import Outcome
from hallapp.domain.notice import Situation
from hallapp.domain.rating import Level, RatingFigures
from hallapp.store import spreads, tables
from hallapp.store.spreads import Asked, Key, Measured

WORK_MEM = "128MB"  # a county's month is sorted several times; with PostgreSQL's 4 MB that would be on the disk
TOTAL = None  # in place of a hall's id: all of them together

_ticket, _call, _visit, _item = tables.ticket, tables.call, tables.visit, tables.item
_event, _hall, _notice, _rating = tables.event, tables.hall, tables.notice, tables.rating
Counts = dict[str | None, dict[Any, int]]


def hall_ids(db: Connection) -> tuple[str, ...]:
    return tuple(db.execute(select(_hall.c.hall_id).order_by(_hall.c.hall_id)).scalars())


def last_days(db: Connection, halls: Sequence[str], until: date) -> dict[str, date | None]:
    """Each hall's last day with an event, none after ``until``."""
    last = select(func.max(_event.c.day)).where(_event.c.hall_id == _hall.c.hall_id, _event.c.day <= until)
    rows = db.execute(select(_hall.c.hall_id, last.scalar_subquery()).where(_hall.c.hall_id.in_(halls)))
    return dict(rows.tuples().all())


def figures(db: Connection, asked: Asked) -> dict[str | None, Figures]:
    """By hall, and under TOTAL those of all halls together. Every hall asked for is there."""
    if db.dialect.name == "postgresql":
        db.execute(text(f"SET LOCAL work_mem = '{WORK_MEM}'"))
    cases = _Cases(db, asked)
    waiting, way = spreads.waiting(db, asked), spreads.way(db, asked)
    notices, ratings = _by(db, _notice, "situation", asked), _by(db, _rating, "level", asked)
    counts, errors = _counts(db, asked), _estimate_errors(db, asked)
    return {
        hall: Figures(
            **counts[hall], target=asked.target,
            handling=cases.handling((hall, None)), immediate=cases.handling((hall, None), immediate=True),
            items=cases.items(hall), waiting=_times(waiting, hall), way=_times(way, hall),
            notices={Situation(one): count for one, count in notices[hall].items()},
            estimates=errors[hall][0], estimate_error=errors[hall][1] / errors[hall][0] if errors[hall][0] else None,
            ratings=_ratings(ratings[hall]),
        ) for hall in (TOTAL, *asked.halls)
    }


def _times(found: dict[Key, Measured], hall: str | None) -> Any:
    return found[hall, None].times if (hall, None) in found else None


def _ratings(levels: dict[Any, int]) -> RatingFigures:
    """All five levels if anybody was asked, as domain.rating has it."""
    return RatingFigures({level: levels.get(level.value, 0) for level in Level} if levels else {}, levels.get(None, 0))


class _Cases:
    """Counts of ended items, and their times, by hall and item."""

    def __init__(self, db: Connection, asked: Asked) -> None:
        self._all = spreads.handling(db, asked, immediate=False)
        self._immediate = spreads.handling(db, asked, immediate=True)
        self._counts: defaultdict[tuple[Key, bool], list[int]] = defaultdict(lambda: [0, 0])
        self._outcomes: defaultdict[Key, defaultdict[Outcome, int]] = defaultdict(lambda: defaultdict(int))
        self._codes: defaultdict[str | None, set[str]] = defaultdict(set)
        void = exists().where(_visit.c.hall_id == _item.c.hall_id, _visit.c.id == _item.c.visit_id,
                              _visit.c.void_reason.is_not(None))
        ended = select(
            _item.c.hall_id, _item.c.item_code, _item.c.outcome, _item.c.immediate, _item.c.quantity,
            case((void, 1), else_=0).label("void"),
        ).where(asked.of(_item), _item.c.state == literal_column("'ended'")).subquery()
        by = [column for column in ended.c if column.name != "quantity"]
        for row in db.execute(select(*by, func.sum(ended.c.quantity).label("cases")).group_by(*by)):
            self._count(row)

    def _count(self, row: Any) -> None:
        for hall in (TOTAL, row.hall_id):
            self._codes[hall].add(row.item_code)
            if row.outcome is not None:
                self._outcomes[hall, row.item_code][Outcome(row.outcome)] += row.cases
            for key in ((hall, None), (hall, row.item_code)):
                for immediate in {False, bool(row.immediate)}:
                    self._counts[key, immediate][0] += row.cases
                    self._counts[key, immediate][1] += row.cases * row.void

    def handling(self, key: Key, *, immediate: bool = False) -> Handling:
        cases, void = self._counts[key, immediate]
        timed = (self._immediate if immediate else self._all).get(key)
        return Handling(cases, timed.times if timed else None, timed.over if timed else 0, void)

    def items(self, hall: str | None) -> tuple[ItemFigures, ...]:
        """In the order of their codes."""
        return tuple(ItemFigures(code, self.handling((hall, code)), dict(self._outcomes[hall, code]))
                     for code in sorted(self._codes[hall]))


def _counts(db: Connection, asked: Asked) -> dict[str | None, dict[str, int]]:
    """What is counted in tickets, calls and visits, by the names of the figures."""
    itemised = exists().where(_item.c.hall_id == _visit.c.hall_id, _item.c.visit_id == _visit.c.id,
                              _item.c.day == _visit.c.day)
    by_caller = exists().where(
        _call.c.hall_id == _visit.c.hall_id, _call.c.ticket_id == _visit.c.ticket_id, _call.c.day == _visit.c.day,
        _call.c.result == literal_column("'came'"))
    closed = _visit.c.state == literal_column("'closed'")
    named: dict[Table, dict[str, ColumnElement[Any]]] = {
        _ticket: {
            "issued": func.count(), "priority": _number(_ticket.c.priority), "returned": func.sum(_ticket.c.returns),
            "abandoned": _number(_ticket.c.state == literal_column("'abandoned'")),
        },
        _call: {
            "recalls": func.sum(_call.c.calls - 1), "missed": _number(_call.c.result == literal_column("'missed'")),
        },
        _visit: {
            "visits": _number(closed), "open_visits": _number(~closed),
            "walk_ins": _number(and_(closed, _visit.c.ticket_id.is_(None))),
            "void_visits": _number(and_(closed, _visit.c.void_reason.is_not(None))),
            "without_items": _number(and_(closed, ~itemised)), "by_caller": _number(and_(closed, by_caller)),
        },
    }
    found: dict[str | None, dict[str, int]] = {
        hall: {name: 0 for one in named.values() for name in one} for hall in (TOTAL, *asked.halls)}
    for table, columns in named.items():
        query = select(table.c.hall_id, *(column.label(name) for name, column in columns.items()))
        for row in db.execute(query.where(asked.of(table)).group_by(table.c.hall_id)).mappings():
            for name in columns:
                found[row["hall_id"]][name] = int(row[name])
                found[TOTAL][name] += int(row[name])
    return found


def _number(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((which, 1))), 0)


def _by(db: Connection, table: Table, column: str, asked: Asked) -> Counts:
    """Rows by the values of a column."""
    found: Counts = defaultdict(dict)
    query = select(table.c.hall_id, table.c[column], func.count()).where(asked.of(table))
    for hall, one, count in db.execute(query.group_by(table.c.hall_id, table.c[column])):
        found[hall][one] = count
        found[TOTAL][one] = found[TOTAL].get(one, 0) + count
    return found


def _estimate_errors(db: Connection, asked: Asked) -> dict[str | None, tuple[int, float]]:
    """How many waits had been foretold, and the sum of what those words were wrong by, in minutes."""
    waited = spreads.first_calls(asked).subquery()
    error = func.sum(func.abs(waited.c.seconds / 60.0 - waited.c.expected_minutes))
    query = select(waited.c.hall_id, func.count(), error).where(waited.c.expected_minutes.is_not(None))
    found: defaultdict[str | None, tuple[int, float]] = defaultdict(lambda: (0, 0.0))
    for hall, count, minutes in db.execute(query.group_by(waited.c.hall_id)):
        found[hall] = count, minutes
        found[TOTAL] = found[TOTAL][0] + count, found[TOTAL][1] + minutes
    return found
