"""Statements given straight to the driver: each is compiled once, because SQLAlchemy's way costs three times the
statement itself and a number must be issued while the visitor's finger is still on the glass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ClauseElement, Connection, Dialect, Double, SelectBase
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from hallapp.store.columns import Utc

Named = list[tuple[str, Callable[[Any], Any] | None]]  # and what converts its value, if anything does


class Plan(NamedTuple):
    """A statement for one engine: its parameters in order, those of them that stand in the statement (as of a LIMIT),
    and the columns of a read. ``asked`` is its text for a connection that sends it when an answer is needed."""

    text: str
    asked: bytes
    wanted: Named
    constants: dict[str, Any]
    found: Named


class Prepared:
    """A Core statement; ``columns`` are those of an insert or update that are given as parameters."""

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._statement, self._columns = statement, columns
        self._plans: dict[str, Plan] = {}

    def run(self, db: Connection, values: Mapping[str, Any]) -> None:
        """Execute within ``db``'s transaction, at the latest with its next answer or its end: an error may come there.
        Raises IntegrityError or another DBAPIError."""
        self._sent(db, values)

    def first(self, db: Connection, values: Mapping[str, Any]) -> Any:
        """The first row as the driver gives it, or ``None``. Raises as ``run`` does."""
        return next(iter(self.fetched(db, values)), None)

    def rows(self, db: Connection, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What a read finds, by column name. Raises as ``run`` does."""
        found = self.tuples(db, values)
        names = [name for name, _ in self._plans[db.dialect.name].found]
        return [dict(zip(names, row, strict=True)) for row in found]

    def tuples(self, db: Connection, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        """What a read finds, column by column. Raises as ``run`` does."""
        fetched = self.fetched(db, values)
        read = [convert for _, convert in self._plans[db.dialect.name].found]
        if not any(read):
            return fetched
        return [[raw if convert is None else convert(raw) for convert, raw in zip(read, row, strict=True)]
                for row in fetched]

    def found(self, engine: str) -> Named:
        """The columns of what ``fetched`` gave on that engine."""
        return self._plans[engine].found

    def fetched(self, db: Connection, values: Mapping[str, Any]) -> list[Any]:
        """A read's rows as the driver gives them. Raises as ``run`` does."""
        sent = self._sent(db, values)
        try:
            rows: list[Any] = sent.fetchall()
        except db.dialect.loaded_dbapi.Error as error:
            raise self._failure(db, error) from error
        return rows

    def _sent(self, db: Connection, values: Mapping[str, Any]) -> Any:
        """The driver's cursor or answer."""
        dialect = db.dialect
        plan = self._plans.get(dialect.name) or self._plan(dialect)
        if plan.constants:
            values = {**plan.constants, **values}
        given = [values[name] if convert is None else convert(values[name]) for name, convert in plan.wanted]
        driver: Any = db.connection.dbapi_connection  # which both drivers' own are
        if plan.asked:
            return driver.ask(plan.asked, given)
        try:
            return driver.execute(plan.text, given)
        except dialect.loaded_dbapi.Error as error:
            raise self._failure(db, error) from error

    def _failure(self, db: Connection, error: Exception) -> DBAPIError:
        kind = IntegrityError if isinstance(error, db.dialect.loaded_dbapi.IntegrityError) else DBAPIError
        return kind(self._plans[db.dialect.name].text, None, error)

    def _plan(self, dialect: Dialect) -> Plan:
        keys = None if self._columns is None else list(self._columns)
        asks = dialect.name == "postgresql"
        kind: Any = type(dialect)
        written = kind(paramstyle="numeric_dollar") if asks else dialect
        compiled = self._statement.compile(dialect=written, column_keys=keys)
        assert isinstance(compiled, SQLCompiler)
        names = list(compiled.positiontup or ())
        binds = compiled.binds
        wanted: Named = [(name, binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names]
        constants = {name: binds[name].value for name in names if not binds[name].required}
        columns = self._statement.selected_columns if isinstance(self._statement, SelectBase) else ()
        found: Named = [(str(one.key), _read(one.type, dialect)) for one in columns]
        text = str(compiled)
        self._plans[dialect.name] = Plan(text, text.encode() if asks else b"", wanted, constants, found)
        return self._plans[dialect.name]


def _read(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(kind, Double):  # both drivers give floats; SQLAlchemy would ask for a column's type as it arrives
        return None
    if isinstance(kind, Utc) and dialect.name == "postgresql":  # which is told to give UTC (store.bounded)
        return None
    return kind.dialect_impl(dialect).result_processor(dialect, None)
