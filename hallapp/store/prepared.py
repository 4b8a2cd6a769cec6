"""Statements given straight to the driver: each is compiled once, because SQLAlchemy's way costs three times the
statement itself and a number must be issued while the visitor's finger is still on the glass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ClauseElement, Connection, Dialect, Double, SelectBase
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Named = list[tuple[str, Callable[[Any], Any] | None]]  # and what converts its value, if anything does


class Plan(NamedTuple):
    """A statement for one engine: its parameters, those of them that stand in the statement (as of a LIMIT), and the
    columns of a read."""

    text: str
    wanted: Named
    constants: dict[str, Any]
    positional: bool
    found: Named


class Prepared:
    """A Core statement; ``columns`` are those of an insert or update that are given as parameters."""

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._statement, self._columns = statement, columns
        self._plans: dict[str, Plan] = {}

    def run(self, db: Connection, values: Mapping[str, Any]) -> Any:
        """Execute within ``db``'s transaction; the driver's cursor. Raises IntegrityError or another DBAPIError."""
        dialect = db.dialect
        plan = self._plans.get(dialect.name) or self._plan(dialect)
        if plan.constants:
            values = {**plan.constants, **values}
        given = [values[name] if convert is None else convert(values[name]) for name, convert in plan.wanted]
        parameters = given if plan.positional else {
            name: one for (name, _), one in zip(plan.wanted, given, strict=True)}
        driver = db.connection.driver_connection
        assert driver is not None
        try:
            return driver.execute(plan.text, parameters)
        except dialect.loaded_dbapi.IntegrityError as error:
            raise IntegrityError(plan.text, None, error) from error
        except dialect.loaded_dbapi.Error as error:
            raise DBAPIError(plan.text, None, error) from error

    def rows(self, db: Connection, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What a read finds, by column name. Raises as ``run`` does."""
        cursor = self.run(db, values)
        found = self._plans[db.dialect.name].found
        return [
            {name: raw if convert is None else convert(raw) for (name, convert), raw in zip(found, row, strict=True)}
            for row in cursor.fetchall()
        ]

    def _plan(self, dialect: Dialect) -> Plan:
        keys = None if self._columns is None else list(self._columns)
        compiled = self._statement.compile(dialect=dialect, column_keys=keys)
        assert isinstance(compiled, SQLCompiler)
        names = list(compiled.positiontup or ()) if compiled.positional else list(compiled.binds)
        binds = compiled.binds
        wanted: Named = [(name, binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names]
        constants = {name: binds[name].value for name in names if not binds[name].required}
        columns = self._statement.selected_columns if isinstance(self._statement, SelectBase) else ()
        found: Named = [(str(one.key), _read(one.type, dialect)) for one in columns]
        plan = self._plans[dialect.name] = Plan(str(compiled), wanted, constants, compiled.positional, found)
        return plan


def _read(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(kind, Double):  # both drivers give floats; SQLAlchemy would ask for a column's type as it arrives
        return None
    return kind.dialect_impl(dialect).result_processor(dialect, None)
