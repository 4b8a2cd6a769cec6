"""Ids of wishes, so that one whose answer was lost is the same one when it is asked again."""

from __future__ import annotations

from collections.abc import Callable, Hashable


class Wishes:
    """What was asked for and not answered yet."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._ids: dict[Hashable, str] = {}

    def id_of(self, wish: Hashable) -> str:
        """The same until it is ``answered``."""
        return self._ids.setdefault(wish, self._new_id())

    def answered(self, wish: Hashable) -> None:
        """Fulfilled or refused: whoever asks once more means it once more."""
        self._ids.pop(wish, None)
