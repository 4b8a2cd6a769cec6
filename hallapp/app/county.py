"""``hallapp county``: figures of many halls of one database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from hallapp import paths
from hallapp.domain.catalogue import Item
from hallapp.domain.catalogue_file import load_catalogue
from hallapp.domain.county import CountyRefused, Period
from hallapp.services import county
from hallapp.services.files import save_file
from hallapp.store.opening import open_county
from hallapp.ui.commands import TEXTS

FORMS = (".pdf", ".xlsx")


def write_county_report(url: str, first: date, last: date, halls: Sequence[str], out: Path) -> int:
    """As PDF or spreadsheet, by the name's ending, never a half-written one.

    Raises BadInput for an address, CountyRefused or StoreError kinds.
    """
    if first > last:
        raise CountyRefused("period", f"{first}", f"{last}")
    if out.suffix.lower() not in FORMS:
        raise CountyRefused("form", f"{out}")
    store = open_county(url)
    try:
        figures = county.figures(store, Period(first, last), halls)
    finally:
        store.close()
    data = county.report(figures, out.suffix.lower().removeprefix("."), known_items(), datetime.now(UTC))
    print(TEXTS["report_done"].format(path=save_file(data, out)))
    return 0


def known_items() -> dict[str, Item]:
    """By code, of all lists that come with the program; a hall's own code is shown as it is."""
    lists = (load_catalogue(paths.resources() / "catalogues" / f"{name}.toml") for name in ("nantong19", "province13"))
    return {item.code: item for one in lists for item in one.items}
