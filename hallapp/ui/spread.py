"""Which window belongs on which screen: plain values, for screens come and go while the hall runs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QScreen

Known = tuple[str, str, int]
"""A screen that may be gone: its name, its serial number, and the how-manyth of that kind it is."""


def known(screens: Sequence[QScreen]) -> list[Known]:
    """Of each screen what it is known by when it comes back."""
    found: list[Known] = []
    for screen in screens:
        kind = screen.name(), screen.serialNumber()
        found.append((*kind, sum(one[:2] == kind for one in found)))
    return found


def spread(wanted: Sequence[str | None], screens: Sequence[str]) -> list[int]:
    """The screen of each window, from 0; ``screens`` are their names, the one with the task bar first.

    ``wanted`` has for each window the name or the number (from 1) of a screen; empty: the next one that no other
    window wants; ``None``: what staff look at, which is nothing for a visitors' screen and lies on the first, as does
    whatever finds no screen of its own.
    """
    named = [_place(one, screens) for one in wanted]
    free = [place for place in range(None in wanted, len(screens)) if place not in named]
    return [place if place is not None else 0 if one is None or not free else free.pop(0)
            for one, place in zip(wanted, named, strict=True)]


def _place(wanted: str | None, screens: Sequence[str]) -> int | None:
    """Of a screen that is named; the first while that one is not there."""
    if not wanted:
        return None
    if wanted in screens:
        return screens.index(wanted)
    number = int(wanted) if wanted.isdecimal() else 0
    return number - 1 if 0 < number <= len(screens) else 0
