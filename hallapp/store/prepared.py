"""Statements given straight to the driver: each is compiled once, because SQLAlchemy's way costs three times the
statement itself and a number must be issued while the visitor's finger is still on the glass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ClauseElement, Connection, Dialect, TypeDecorator
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.sql.compiler import SQLCompiler

Plan = tuple[str, list[tuple[str, Callable[[Any], Any] | None]], bool]


class Prepared:
    """A Core statement; ``columns`` are those of an insert or update that are given as parameters."""

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._statement, self._columns = statement, columns
        self._plans: dict[str, Plan] = {}

    def run(self, db: Connection, values: Mapping[str, Any]) -> Any:
        """Execute within ``db``'s transaction; the driver's cursor. Raises IntegrityError or another DBAPIError."""
        dialect = db.dialect
        text, wanted, positional = self._plans.get(dialect.name) or self._plan(dialect)
        given = [values[name] if convert is None else convert(values[name]) for name, convert in wanted]
        parameters = given if positional else {name: one for (name, _), one in zip(wanted, given, strict=True)}
        driver = db.connection.driver_connection
        assert driver is not None
        try:
            return driver.execute(text, parameters)
        except dialect.loaded_dbapi.IntegrityError as error:
            raise IntegrityError(text, None, error) from error
        except dialect.loaded_dbapi.Error as error:
            raise DBAPIError(text, None, error) from error

    def _plan(self, dialect: Dialect) -> Plan:
        keys = None if self._columns is None else list(self._columns)
        compiled = self._statement.compile(dialect=dialect, column_keys=keys)
        assert isinstance(compiled, SQLCompiler)
        names = list(compiled.positiontup or ()) if compiled.positional else list(compiled.binds)
        wanted = [(name, _converter(compiled.binds[name].type, dialect)) for name in names]
        plan = self._plans[dialect.name] = (str(compiled), wanted, compiled.positional)
        return plan


def _converter(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    """What turns a Python value into the driver's; ``None`` where the driver takes it as it is."""
    own = kind if isinstance(kind, TypeDecorator) else kind.dialect_impl(dialect)
    convert: Callable[[Any], Any] | None = own.bind_processor(dialect)
    return convert
