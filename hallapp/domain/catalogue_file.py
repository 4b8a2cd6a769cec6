"""A catalogue from its files: a list file chooses and groups items, and a file of items says what they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from hallapp import paths
from hallapp.domain.catalogue import Catalogue, CatalogueError, Group, Item, Material, Mode
from hallapp.domain.catalogue_parse import Table, opened

ITEMS = "items.toml"
MOST_GROUPS = 6
LONGEST_SHORT, LONGEST_CODE = 10, 32  # characters: what the kiosk and the store take

T = TypeVar("T")


def load_catalogue(path: Path) -> Catalogue:
    """The catalogue of a list file, which chooses from ``items.toml`` beside it or else from the shipped one.

    An ``[[item]]`` of the list itself replaces the one of that code, or adds to them. Raises CatalogueError.
    """
    beside = path.with_name(ITEMS)
    chosen = opened(path)
    shared = opened(beside if beside.is_file() else paths.resources() / "catalogues" / ITEMS)
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
        _chosen(chosen.file, by_code, groups, assist), tuple(by_code.values()),
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


def _items(file: Table) -> list[Item]:
    items = [_item(table) for table in file.tables("item")]
    code = _doubled(item.code for item in items)
    if code:
        raise CatalogueError(file.file, f"item {code}: code", "used twice")
    seq = _doubled(item.seq for item in items)
    if seq:
        raise CatalogueError(file.file, f"item with seq {seq}: seq", "used twice")
    return items


def _item(table: Table) -> Item:
    source = table.text("source")
    item = Item(
        table.text("code"), table.number("seq"), table.text("name"), table.text("short"), table.texts("initials"),
        Mode(table.one_of("mode", tuple(Mode))), table.flag("immediate"), table.number("limit_working_days", None),
        table.text("limit_text"), table.texts("basis", ()), source,
        tuple(_material(each, source) for each in table.tables("material")),
    )
    if item.seq < 1:
        table.wrong("seq", "must be 1 or more")
    for field, text, most in (("code", item.code, LONGEST_CODE), ("short", item.short, LONGEST_SHORT)):
        if len(text) > most:
            table.wrong(field, f"longer than {most} characters")
    if not item.initials or not all(re.fullmatch("[a-z]+", each) for each in item.initials):
        table.wrong("initials", "must be lower-case letters, of the name and of the short name")
    table.close()
    return item


def _material(table: Table, source: str) -> Material:
    material = Material(
        table.text("name"), table.flag("required", True), table.text("condition", ""), table.flag("original", False),
        table.number("copies", 0), table.text("where", ""), table.text("notes", ""), table.text("source", source),
    )
    table.close()
    return material


def _group(table: Table) -> Group:
    group = Group(table.text("code"), _letter(table), table.text("name"), table.text("hint"), table.texts("items"))
    if len(group.code) > LONGEST_CODE:
        table.wrong("code", f"longer than {LONGEST_CODE} characters")
    table.close()
    return group


def _letter(table: Table) -> str:
    letter = table.text("letter")
    if not re.fullmatch("[A-Z]", letter):
        table.wrong("letter", "must be one letter A to Z")
    return letter
