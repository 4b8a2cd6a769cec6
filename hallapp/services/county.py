"""Figures of a county: of some halls over some days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from hallapp.domain.catalogue import Item
from hallapp.domain.county import CountyFigures, CountyRefused, HallFigures, Period
from hallapp.domain.rules import Rules
from hallapp.store import bundles, county
from hallapp.store.db import Store, reading
from hallapp.store.spreads import Asked


def figures(store: Store, period: Period, halls: Collection[str] = ()) -> CountyFigures:
    """Of the halls named, or of all that were not closed before the period, seen at one moment and held to the ten
    minutes, whatever a hall's own aim is.

    Raises CountyRefused if one is not there.
    """
    with reading(store) as db:
        known = {one.hall_id: one for one in county.halls(db)}
        unknown = sorted(set(halls) - known.keys())
        if unknown:
            raise CountyRefused("unknown", ", ".join(unknown))
        working = [one.hall_id for one in known.values() if one.closed_on is None or one.closed_on > period.first]
        wanted = [hall_id for hall_id in known if hall_id in halls] if halls else working
        asked = Asked(wanted, period, Rules().target_seconds)
        found = county.figures(db, asked)
        last, bundled = county.last_days(db, asked.halls, period.last), bundles.bundled_to(db, asked.halls)
    return CountyFigures(period, tuple(
        HallFigures(one, known[one].name, found[one], last[one], one in bundled, bundled.get(one)) for one in wanted
    ), found[county.TOTAL])


def report(figures: CountyFigures, form: str, items: Mapping[str, Item], printed_at: datetime) -> bytes:
    """As a file of the ``form`` ``pdf`` or ``xlsx``; ``items`` by code, as the lists of the program have them."""
    zone = Rules().zone
    if form == "xlsx":
        from hallapp.documents.county_sheet import county_sheet  # only where the server extra is installed

        return county_sheet(figures, items, zone, printed_at)
    from hallapp.documents.county_report import county_report  # reportlab is slow to import

    return county_report(figures, items, zone, printed_at)
