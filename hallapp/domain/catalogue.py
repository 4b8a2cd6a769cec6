"""The service items (事项) a hall handles, their materials, and the groups a visitor chooses from.

A list file chooses and groups items, and a file of items says what they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from hallapp import paths
from hallapp.domain.catalogue_parse import CatalogueError as CatalogueError
from hallapp.domain.catalogue_parse import Table, opened

ITEMS = "items.toml"
MOST_GROUPS = 6
LONGEST_SHORT, LONGEST_CODE = 10, 32  # characters: what the kiosk and the store take

T = TypeVar("T")


class Mode(StrEnum):
    """Who decides the case."""

    DIRECT = "direct"  # 本厅直接办理
    ACCEPT_FORWARD = "accept_forward"  # 受理后提交上级
    ASSIST = "assist"  # 帮办代办


@dataclass(frozen=True, slots=True)
class Material:
    """Something a visitor brings. What no source states is empty and is not printed.

    ``condition`` is when it is needed ("" = always). ``required`` false: a signed 个人承诺书 may stand in for it.
    ``original`` true: the original is asked for; false: not stated. ``copies`` 0: not stated. ``where`` to get it.
    """

    name: str
    required: bool = True
    condition: str = ""
    original: bool = False
    copies: int = 0
    where: str = ""
    notes: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One service item. ``seq`` is the number a clerk types, ``initials`` the pinyin initials of name and short name.

    ``on_the_spot``: the guide calls it 即时办理. ``limit_working_days`` is ``None`` where no limit is known.
    """

    code: str
    seq: int
    name: str
    short: str
    initials: tuple[str, ...]
    mode: Mode
    on_the_spot: bool
    limit_working_days: int | None
    limit_text: str
    basis: tuple[str, ...]
    source: str
    materials: tuple[Material, ...]

    @property
    def immediate(self) -> bool:
        """Counts for the ten-minute mean: on the spot, and decided in this hall."""
        return self.on_the_spot and self.mode is Mode.DIRECT

    @property
    def conditions(self) -> tuple[str, ...]:
        """The distinct conditions of its materials, in their order."""
        return tuple(dict.fromkeys(material.condition for material in self.materials if material.condition))

    def materials_for(self, conditions: frozenset[str] = frozenset()) -> tuple[Material, ...]:
        """The materials always needed and those of the chosen conditions, in order."""
        return tuple(each for each in self.materials if not each.condition or each.condition in conditions)


@dataclass(frozen=True, slots=True)
class Group:
    """One button of the kiosk: its ticket letter and the codes of its items (none: consultation only)."""

    code: str
    letter: str
    name: str
    hint: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a hall handles. ``items`` holds the items of all groups and those for clerks only, by number.

    ``confirm`` is the sentence staff see until the hall has confirmed the list. ``known`` are all items that its files
    describe: what was handled before the hall gave it up is still called by its name.
    """

    code: str
    title: str
    confirm: str
    source: str
    priority_letter: str
    groups: tuple[Group, ...]
    items: tuple[Item, ...]
    known: tuple[Item, ...] = ()

    def find_group(self, code: str) -> Group | None:
        return next((group for group in self.groups if group.code == code), None)

    def find_item(self, code: str) -> Item | None:
        return next((item for item in self.items if item.code == code), None)

    def known_item(self, code: str) -> Item | None:
        """The item, whether the hall still handles it or not."""
        return self.find_item(code) or next((item for item in self.known if item.code == code), None)

    def items_of(self, group: Group) -> tuple[Item, ...]:
        """The group's items in the order the kiosk shows them."""
        by_code = {item.code: item for item in self.items}
        return tuple(by_code[code] for code in group.items)

    def find(self, text: str) -> list[Item]:
        """Items a clerk may mean by a number, pinyin initials, a code or a part of the name; best first."""
        wanted = _folded(text)
        ranked = [(rank, item.seq, item) for item in self.items if (rank := _rank(item, wanted)) is not None]
        return [item for _, _, item in sorted(ranked, key=lambda each: each[:2])]

    def with_modes(self, modes: Mapping[str, str]) -> Catalogue:
        """This catalogue with the hall's own mode for some item codes. Raises CatalogueError."""
        self._require("modes", modes)
        for code, mode in modes.items():
            if mode not in list(Mode):
                raise CatalogueError(self.code, f"modes: {code}", f"{mode!r} is not one of {', '.join(Mode)}")
        return replace(self, items=tuple(
            replace(item, mode=Mode(modes.get(item.code, item.mode))) for item in self.items
        ))

    def with_items(self, codes: Collection[str]) -> Catalogue:
        """Only these items. A group left without any disappears; one for consultation stays. Raises CatalogueError."""
        self._require("only", codes)
        cut = [replace(group, items=tuple(code for code in group.items if code in codes)) for group in self.groups]
        kept = tuple(new for new, old in zip(cut, self.groups, strict=True) if new.items or not old.items)
        return replace(self, groups=kept, items=tuple(item for item in self.items if item.code in codes))

    def _require(self, what: str, codes: Iterable[str]) -> None:
        for code in codes:
            if self.find_item(code) is None:
                raise CatalogueError(self.code, f"{what}: {code}", "no such item")


def _folded(text: str) -> str:
    """Full-width input and capitals read as typed plainly."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _rank(item: Item, wanted: str) -> int | None:
    """How well an item fits what was typed (0 best), ``None`` if not at all."""
    names = [_folded(name) for name in (item.short, item.name)]
    keys, number = [*item.initials, item.code.casefold()], str(item.seq)
    fits = (
        wanted == number,
        wanted in keys or wanted in names,
        any(name.startswith(wanted) for name in names),
        any(key.startswith(wanted) for key in keys),
        any(wanted in name for name in names),
        any(wanted in key for key in item.initials),
        number.startswith(wanted),
    )
    return fits.index(True) if any(fits) else None


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
