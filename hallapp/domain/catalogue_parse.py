"""Reads the tables of a catalogue file, field by field; every error names file, table and field."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from hallapp.domain.catalogue import CatalogueError


def opened(path: Path) -> Table:
    """The top table of a TOML file. Raises CatalogueError."""
    try:
        return Table(path.name, "", tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as problem:
        raise CatalogueError(path.name, "file", problem.strerror or "cannot be read") from problem
    except ValueError as problem:  # not UTF-8, or not TOML: the message names line and column
        raise CatalogueError(path.name, "file", str(problem)) from problem


_ABSENT: Any = object()


class Table:
    """One table of a file: takes its fields with their types; ``close`` finds the ones nobody asked for."""

    def __init__(self, file: str, name: str, fields: dict[str, Any]) -> None:
        self.file, self._name, self._left = file, name, dict(fields)

    def wrong(self, field: str, problem: str) -> None:
        raise CatalogueError(self.file, f"{self._name}: {field}" if self._name else field, problem)

    def close(self) -> None:
        for field in self._left:
            self.wrong(field, "unknown field")

    def text(self, field: str, default: str = _ABSENT) -> str:
        value: str = self._take(field, str, "text", default)
        if default is _ABSENT and not value.strip():
            self.wrong(field, "is empty")
        return value

    def flag(self, field: str, default: bool = _ABSENT) -> bool:
        value: bool = self._take(field, bool, "true or false", default)
        return value

    def number(self, field: str, default: Any = _ABSENT) -> Any:
        value = self._take(field, int, "a whole number", default)
        if isinstance(value, bool) or (value is not None and value < 0):
            self.wrong(field, "must be a whole number, 0 or more")
        return value

    def one_of(self, field: str, choices: tuple[str, ...]) -> str:
        value = self.text(field)
        if value not in choices:
            self.wrong(field, f"{value!r} is not one of {', '.join(choices)}")
        return value

    def texts(self, field: str, default: tuple[str, ...] = _ABSENT) -> tuple[str, ...]:
        values = self._take(field, (list, tuple), "a list of texts", default)
        if not all(isinstance(each, str) and each.strip() for each in values):
            self.wrong(field, "must be a list of texts")
        return tuple(values)

    def table(self, field: str) -> Table:
        return Table(self.file, field, self._take(field, dict, "a table", _ABSENT))

    def tables(self, field: str) -> list[Table]:
        values = self._take(field, list, "a list of tables", [])
        if not all(isinstance(each, dict) for each in values):
            self.wrong(field, "must be a list of tables")
        prefix = f"{self._name}, " if self._name else ""
        return [Table(self.file, f"{prefix}{field} {_label(each, at)}", each) for at, each in enumerate(values, 1)]

    def _take(self, field: str, kind: type | tuple[type, ...], wanted: str, default: Any) -> Any:
        if field not in self._left and default is _ABSENT:
            self.wrong(field, "is missing")
        value = self._left.pop(field, default)
        if value is not default and not isinstance(value, kind):
            self.wrong(field, f"must be {wanted}")
        return value


def _label(fields: dict[str, Any], at: int) -> str:
    """How an error names a table: its code, else its name, else its place."""
    return str(fields.get("code") or fields.get("name") or f"no. {at}")
