"""What the tables' columns, keys and indexes are made of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Dialect, Index, String, TypeDecorator, text


class Utc(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite would otherwise hand back naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        moment: datetime | None = value
        if moment is None or moment.tzinfo is UTC:
            return moment
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def key(*names: str, kind: type[Any] | Any = BigInteger) -> list[Column[Any]]:
    """The hall's id and more."""
    return [Column("hall_id", String(32), primary_key=True)] + [
        Column(name, kind, primary_key=True, autoincrement=False) for name in names
    ]


def only_where(name: str, condition: str, *columns: Any, unique: bool = True) -> Index:
    """An index over the rows of which the condition holds."""
    clause = text(condition)
    return Index(name, *columns, unique=unique, sqlite_where=clause, postgresql_where=clause)
