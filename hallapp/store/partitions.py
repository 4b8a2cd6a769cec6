"""The months of the event log on PostgreSQL: one partition each, made ahead of time by the owner of the tables.

``event_default`` takes whatever belongs to a month that nobody made.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, text

MONTHS_AHEAD = 12
_LACKING = text(
    "SELECT first::date FROM generate_series(date_trunc('month', now()), now() + make_interval(months => :ahead), "
    "interval '1 month') AS first WHERE to_regclass('event_' || to_char(first, 'YYYY_MM')) IS NULL AND "
    "pg_has_role((SELECT relowner FROM pg_class WHERE oid = to_regclass('event')), 'USAGE') ORDER BY first"
)


def lacking_months(db: Connection) -> tuple[date, ...]:
    """The first days of the months from the server's now on that the role at ``db`` ought to make: none but for the
    owner."""
    return tuple(db.execute(_LACKING, {"ahead": MONTHS_AHEAD}).scalars())


def make_month(db: Connection, first: date) -> str:
    """Make the month's partition and fetch from the default one what came before it; its name."""
    name = partition(first)
    db.execute(text(f"CREATE TABLE {name} (LIKE event)"))
    db.execute(text(f"WITH came AS (DELETE FROM event_default WHERE day >= '{first}' AND day < '{following(first)}' "
                    f"RETURNING *) INSERT INTO {name} SELECT * FROM came"))
    db.execute(text(f"ALTER TABLE event ATTACH PARTITION {name} "
                    f"FOR VALUES FROM ('{first}') TO ('{following(first)}')"))
    return name


def partition(first: date) -> str:
    return f"event_{first:%Y_%m}"


def following(first: date) -> date:
    """The first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
