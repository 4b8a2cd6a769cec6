"""Figures of a county: of some halls over some days."""

from __future__ import annotations

from collections.abc import Collection

from hallapp.domain.county import CountyFigures, HallFigures, Period
from hallapp.domain.errors import NotFound
from hallapp.domain.rules import Rules
from hallapp.store import county
from hallapp.store.db import Store, reading
from hallapp.store.spreads import Asked


def figures(store: Store, period: Period, halls: Collection[str] = (), rules: Rules | None = None) -> CountyFigures:
    """Of the halls named, or of all in the store, seen at one moment. Raises NotFound for a hall that is not there."""
    with reading(store) as db:
        known = county.hall_ids(db)
        unknown = sorted(set(halls) - set(known))
        if unknown:
            raise NotFound(", ".join(unknown))
        asked = Asked([one for one in known if not halls or one in halls], period, (rules or Rules()).target_seconds)
        found = county.figures(db, asked)
        last = county.last_days(db, asked.halls, period.last)
    return CountyFigures(period, tuple(HallFigures(one, one, found[one], last[one]) for one in asked.halls),
                         found[county.TOTAL])
