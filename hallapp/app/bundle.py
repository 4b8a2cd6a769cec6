"""``hallapp export-bundle``, ``import-bundle`` and ``county trust``: what a hall without a line carries on a stick."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hallapp.app.hall import hall_for
from hallapp.domain.county import CountyRefused, Period
from hallapp.domain.errors import file_error
from hallapp.services import bundle_export, bundle_import
from hallapp.services.bundle_file import HallKey, private_key
from hallapp.services.files import save_file
from hallapp.store.opening import open_county
from hallapp.ui.commands import TEXTS


def export_bundle(folder: Path, period: Period, out: Path) -> int:
    """The bundle and the hall's public key into the folder ``out``. Raises CountyRefused or StoreError kinds."""
    with hall_for("export-bundle", folder) as hall:
        key = private_key(folder)
        manifest, data = bundle_export.bundle(hall, period, key, bundle_export.borders(folder))
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise file_error(str(out), error) from error
        bundle_export.keep_borders(folder, manifest)
        days = f"{period.first}" if period.days == 1 else f"{period.first:%Y-%m}"
        path = save_file(data, out / f"{hall.id}-{days}.hallbundle")
        public = bundle_export.key_of(hall, key)
        key_file = save_file(public.text().encode(), out / f"{hall.id}.hallkey")
    events = TEXTS["bundle_events" if manifest.first_seq <= manifest.last_seq else "bundle_no_events"].format(
        first=manifest.first_seq, last=manifest.last_seq)
    print(TEXTS["bundle_out"].format(path=path, events=events, key=key_file, fingerprint=public.fingerprint))
    return 0


def import_bundle(url: str, file: Path) -> int:
    """Raises BadInput for an address, CountyRefused or StoreError kinds."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise CountyRefused("unread", str(file)) from error
    store = open_county(url)
    try:
        manifest, new = bundle_import.take(store, data, file.name, datetime.now(UTC))
    finally:
        store.close()
    print(TEXTS["bundle_in" if new else "bundle_known"].format(
        name=manifest.name, first=manifest.period.first, last=manifest.period.last,
        events=manifest.last_seq - manifest.first_seq + 1))
    return 0


def trust_hall(url: str, file: Path, replace: bool) -> int:
    """Raises BadInput for an address, CountyRefused or StoreError kinds."""
    key = HallKey.read(file)
    store = open_county(url)
    try:
        bundle_import.trust(store, key, replace=replace)
    finally:
        store.close()
    print(TEXTS["trust_done"].format(hall=key.hall_id, name=key.name, fingerprint=key.fingerprint))
    return 0
