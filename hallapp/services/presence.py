"""The other programs of the hall that are at work now, on whichever PC."""

from __future__ import annotations

from hallapp.domain.presence import Setting, Sign
from hallapp.services.hall import Hall
from hallapp.store.db import translated


def has_namesake(hall: Hall) -> bool:
    """Whether another PC goes by this one's name: each would take the other's slips. Raises StoreError kinds."""
    signs = _signs(hall)
    return any(one.pc == signs[0].pc and one.place != signs[0].place for one in signs)


def pcs_at_work(hall: Hall) -> frozenset[str]:
    """As ``pc_of`` names them, this one too; none where one PC has its store for itself. Raises StoreError kinds."""
    return frozenset(one.pc for one in _signs(hall))


def unlike_pcs(hall: Hall) -> tuple[int, tuple[Setting, ...]]:
    """How many other PCs are set otherwise than this one, and in what. Raises StoreError kinds."""
    own, *others = _signs(hall) or (Sign(""),)
    found = {one.pc: unlike for one in others if one.pc != own.pc and (unlike := own.unlike(one))}
    return len(found), tuple(each for each in Setting if any(each in unlike for unlike in found.values()))


def _signs(hall: Hall) -> tuple[Sign, ...]:
    """This program's own first."""
    with translated(hall.store.kind, hall.store.where):
        return hall.store.kind.signs(hall.store.engine)
