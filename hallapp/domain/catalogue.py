"""The service items (事项) a hall handles, their materials, and the groups a visitor chooses from."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from hallapp.domain.errors import HallError


class CatalogueError(HallError):
    """A catalogue file or a hall's choice of modes is wrong.

    Attributes:
        file: Name of the file, or of the catalogue.
        where: The item or table and its field, e.g. ``item NT03: limit_text``.
        problem: What is wrong with it.
    """

    def __init__(self, file: str, where: str, problem: str) -> None:
        super().__init__(f"{file}: {where}: {problem}")
        self.file, self.where, self.problem = file, where, problem


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
