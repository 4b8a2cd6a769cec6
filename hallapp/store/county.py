"""Figures of many halls, worked out by the database: the only code that reads over halls.

The rules are those of domain.figures, where each is explained; a test holds both against each other. Statements name
their halls and group by hall_id, so an engine that keeps halls apart can do each hall's part where the hall is.
PostgreSQL only: SQLite has one hall in a file, and neither percentiles nor grouping sets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, case, exists, func, literal_column, select, text

from hallapp.domain.figures import Figures, Handling, ItemFigures
from hallapp.domain.handling import Outcome
from hallapp.domain.notice import Situation
from hallapp.domain.rating import Level, RatingFigures
from hallapp.store import spreads, tables
from hallapp.store.spreads import Asked, Key, Waiting

WORK_MEM = "128MB"  # a county's month is sorted several times; with PostgreSQL's 4 MB that would be on the disk
NO_CASES = Handling(0, None, 0, 0)
TOTAL = None  # in place of a hall's id: all of them together

_ticket, _call, _visit, _item = tables.ticket, tables.call, tables.visit, tables.item
_event, _hall, _notice, _rating = tables.event, tables.hall, tables.notice, tables.rating
_appointment, _bundle = tables.appointment, tables.bundle
Counts = dict[str | None, dict[Any, int]]


@dataclass(frozen=True, slots=True)
class Known:
    """A hall of the database; ``closed_on``: from that day on it works no more."""

    hall_id: str
    name: str
    closed_on: date | None


def halls(db: Connection) -> tuple[Known, ...]:
    """All of them, in the order of their ids."""
    query = select(_hall.c.hall_id, _hall.c.name, _hall.c.closed_on).order_by(_hall.c.hall_id)
    return tuple(Known(row.hall_id, row.name or row.hall_id, row.closed_on) for row in db.execute(query))


def last_days(db: Connection, halls: Sequence[str], until: date) -> dict[str, date | None]:
    """Each hall's last day with an event, none after ``until``; of an archived month the last day with a visitor, else
    its first.

    That is right for periods of whole months: a hall is archived for a month only if it worked in it. For a few days of
    an archived month a hall that was open on them in vain is found silent; to know better, the archive's row would have
    to tell the last day too.
    """
    days = (_event.c.day, _ticket.c.day, _visit.c.day, tables.archive.c.month)
    last = [select(func.max(day)).where(day.table.c.hall_id == _hall.c.hall_id, day <= until).scalar_subquery()
            for day in days]
    rows = db.execute(select(_hall.c.hall_id, func.greatest(*last)).where(_hall.c.hall_id.in_(halls)))
    return dict(rows.tuples().all())


def figures(db: Connection, asked: Asked) -> dict[str | None, Figures]:
    """By hall, and under TOTAL those of all halls together. Every hall asked for is there."""
    db.execute(text(f"SET LOCAL work_mem = '{WORK_MEM}'"))
    cases, immediate = spreads.handling(db, asked)
    items, counts = _items(db, asked, cases), _counts(db, asked)
    waiting, way = spreads.waiting(db, asked), spreads.way(db, asked)
    notices, ratings = _by(db, _notice, "situation", asked), _by(db, _rating, "level", asked)
    return {
        hall: Figures(
            **counts[hall], **_waited(waiting.get(hall)), target=asked.target,
            handling=cases.get((hall, None), NO_CASES), immediate=immediate.get((hall, None), NO_CASES),
            items=tuple(items[hall]), way=way.get(hall),
            notices={Situation(one): count for one, count in notices[hall].items()}, ratings=_ratings(ratings[hall]),
        ) for hall in (TOTAL, *asked.halls)
    }


def _waited(found: Waiting | None) -> dict[str, Any]:
    if found is None:
        return {}
    return {"waiting": found.times, "estimates": found.estimates, "estimate_error": found.error}


def _ratings(levels: dict[Any, int]) -> RatingFigures:
    """All five levels if anybody was asked, as domain.rating has it."""
    return RatingFigures({level: levels.get(level.value, 0) for level in Level} if levels else {}, levels.get(None, 0))


def _items(
    db: Connection, asked: Asked, cases: dict[Key, Handling]
) -> defaultdict[str | None, list[ItemFigures]]:
    """By hall, in the order of the items' codes."""
    outcomes: defaultdict[Key, dict[Outcome, int]] = defaultdict(dict)
    by = (_item.c.hall_id, _item.c.item_code, _item.c.outcome)
    query = select(*by, func.sum(_item.c.quantity)).where(
        asked.of(_item), _item.c.state == literal_column("'ended'"), _item.c.outcome.is_not(None)).group_by(*by)
    for hall_id, code, outcome, count in db.execute(query):
        for hall in (TOTAL, hall_id):
            ends = outcomes[hall, code]
            ends[Outcome(outcome)] = ends.get(Outcome(outcome), 0) + int(count)
    found: defaultdict[str | None, list[ItemFigures]] = defaultdict(list)
    for (hall, item), handling in sorted(cases.items(), key=lambda one: one[0][1] or ""):
        if item is not None:
            found[hall].append(ItemFigures(item, handling, outcomes[hall, item]))
    return found


def _counts(db: Connection, asked: Asked) -> dict[str | None, dict[str, Any]]:
    """What is counted in tickets, calls, visits and appointments, by the names of the figures."""
    named = _counted()
    found: dict[str | None, dict[str, Any]] = {
        hall: {name: 0 for one in named.values() for name in one} for hall in (TOTAL, *asked.halls)}
    for table, columns in named.items():
        query = select(table.c.hall_id, *(column.label(name) for name, column in columns.items()))
        for row in db.execute(query.where(asked.of(table)).group_by(table.c.hall_id)).mappings():
            for name in columns:
                found[row["hall_id"]][name] = int(row[name])
                found[TOTAL][name] += int(row[name])
    return found


def _counted() -> dict[Table, dict[str, ColumnElement[Any]]]:
    itemised = exists().where(_item.c.hall_id == _visit.c.hall_id, _item.c.visit_id == _visit.c.id,
                              _item.c.day == _visit.c.day)
    by_caller = exists().where(
        _call.c.hall_id == _visit.c.hall_id, _call.c.ticket_id == _visit.c.ticket_id, _call.c.day == _visit.c.day,
        _call.c.result == literal_column("'came'"))
    closed = _visit.c.state == literal_column("'closed'")
    # a bundle brings what was booked for the days after it, of which nobody knows yet who came
    bundled_to = select(func.max(_bundle.c.last_day)).where(
        _bundle.c.hall_id == _appointment.c.hall_id).scalar_subquery()
    told = _appointment.c.day <= func.coalesce(bundled_to, _appointment.c.day)
    return {
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
        _appointment: {
            "booked": _number(and_(told, _appointment.c.state != literal_column("'withdrawn'"))),
            "kept": _number(and_(told, _appointment.c.state == literal_column("'came'"))),
        },
    }


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
