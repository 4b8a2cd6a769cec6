"""Reads a catalogue: a list file that chooses and groups items, and the file of items it chooses from."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from hallapp.domain.catalogue import Catalogue, CatalogueError, Group, Item, Material, Mode

MOST_GROUPS = 6
LONGEST_SHORT = 10

T = TypeVar("T")


def load_catalogue(path: Path, items: Path | None = None) -> Catalogue:
    """The catalogue of a list file; ``items`` is the file of items, by default ``items.toml`` beside it.

    An ``[[item]]`` of the list itself replaces the one of that code, or adds to them. Raises CatalogueError.
    """
    chosen, shared = _opened(path), _opened(items or path.with_name("items.toml"))
    by_code = {item.code: item for item in _items(shared)}
    shared.close()
    by_code |= {item.code: item for item in _items(chosen)}
    about = chosen.table("catalogue")
    assist = about.texts("assist", ())
    priority = chosen.table("priority")
    letter = _letter(priority)
    groups = tuple(_group(table) for table in chosen.tables("group"))
    catalogue = Catalogue(
        about.text("code"), about.text("title"), about.text("confirm", ""), about.text("source"), letter, groups,
        _chosen(chosen.file, by_code, groups, assist),
    )
    for table in (about, priority, chosen):
        table.close()
    _check_groups(chosen.file, catalogue)
    return catalogue


def _chosen(
    file: str, by_code: dict[str, Item], groups: tuple[Group, ...], assist: tuple[str, ...]
) -> tuple[Item, ...]:
    """The listed items by number; those under assist are handled as assist."""
    places = [(f"group {group.code}: items", code) for group in groups for code in group.items]
    places += [("catalogue: assist", code) for code in assist]
    for where, code in places:
        if code not in by_code:
            raise CatalogueError(file, where, f"no item {code}")
    twice = _doubled(code for _, code in places)
    if twice:
        raise CatalogueError(file, "items", f"{twice} is listed twice")
    chosen = [by_code[code] if where != "catalogue: assist" else replace(by_code[code], mode=Mode.ASSIST)
              for where, code in places]
    number = _doubled(item.seq for item in chosen)
    if number:
        raise CatalogueError(file, "items", f"two items have seq {number}")
    return tuple(sorted(chosen, key=lambda item: item.seq))


def _check_groups(file: str, catalogue: Catalogue) -> None:
    groups = catalogue.groups
    if not 1 <= len(groups) <= MOST_GROUPS:
        raise CatalogueError(file, "group", f"{len(groups)} groups, 1 to {MOST_GROUPS} fit the kiosk")
    code = _doubled(group.code for group in groups)
    if code:
        raise CatalogueError(file, f"group {code}: code", "used twice")
    letter = _doubled([catalogue.priority_letter, *(group.letter for group in groups)])
    if letter:
        raise CatalogueError(file, "group: letter", f"{letter} is used twice")


def _doubled(values: Iterable[T]) -> T | None:
    return next((value for value, count in Counter(values).items() if count > 1), None)


def _items(file: _Table) -> list[Item]:
    items = [_item(table) for table in file.tables("item")]
    code = _doubled(item.code for item in items)
    if code:
        raise CatalogueError(file.file, f"item {code}: code", "used twice")
    seq = _doubled(item.seq for item in items)
    if seq:
        raise CatalogueError(file.file, f"item with seq {seq}: seq", "used twice")
    return items


def _item(table: _Table) -> Item:
    source = table.text("source")
    item = Item(
        table.text("code"), table.number("seq"), table.text("name"), table.text("short"), table.texts("initials"),
        Mode(table.one_of("mode", tuple(Mode))), table.flag("immediate"), table.number("limit_working_days", None),
        table.text("limit_text"), table.texts("basis", ()), source,
        tuple(_material(each, source) for each in table.tables("material")),
    )
    if item.seq < 1:
        table.wrong("seq", "must be 1 or more")
    if len(item.short) > LONGEST_SHORT:
        table.wrong("short", f"longer than {LONGEST_SHORT} characters")
    if not item.initials or not all(re.fullmatch("[a-z]+", each) for each in item.initials):
        table.wrong("initials", "must be lower-case letters, of the name and of the short name")
    table.close()
    return item


def _material(table: _Table, source: str) -> Material:
    material = Material(
        table.text("name"), table.flag("required", True), table.text("condition", ""), table.flag("original", False),
        table.number("copies", 0), table.text("where", ""), table.text("notes", ""), table.text("source", source),
    )
    table.close()
    return material


def _group(table: _Table) -> Group:
    group = Group(table.text("code"), _letter(table), table.text("name"), table.text("hint"), table.texts("items"))
    table.close()
    return group


def _letter(table: _Table) -> str:
    letter = table.text("letter")
    if not re.fullmatch("[A-Z]", letter):
        table.wrong("letter", "must be one letter A to Z")
    return letter


def _opened(path: Path) -> _Table:
    try:
        return _Table(path.name, "", tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as problem:
        raise CatalogueError(path.name, "file", problem.strerror or "cannot be read") from problem
    except ValueError as problem:  # not UTF-8, or not TOML: the message names line and column
        raise CatalogueError(path.name, "file", str(problem)) from problem


_ABSENT: Any = object()


class _Table:
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

    def table(self, field: str) -> _Table:
        return _Table(self.file, field, self._take(field, dict, "a table", _ABSENT))

    def tables(self, field: str) -> list[_Table]:
        values = self._take(field, list, "a list of tables", [])
        if not all(isinstance(each, dict) for each in values):
            self.wrong(field, "must be a list of tables")
        prefix = f"{self._name}, " if self._name else ""
        return [_Table(self.file, f"{prefix}{field} {_label(each, at)}", each) for at, each in enumerate(values, 1)]

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
