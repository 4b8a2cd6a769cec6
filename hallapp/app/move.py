"""``hallapp move``: a hall goes from its PC's file to a server, or back."""

from __future__ import annotations

import sys
from pathlib import Path

from hallapp.domain.errors import BadInput
from hallapp.store.db import LONG_SECONDS, Store
from hallapp.store.moving import move
from hallapp.store.opening import open_postgres, open_sqlite
from hallapp.ui.commands import TEXTS


def run_move(source: str, target: str, hall_id: str) -> int:
    """Raises BadInput for an address, CannotMove or StoreError kinds."""
    if source.startswith("sqlite:///") and not Path(source.removeprefix("sqlite:///")).is_file():
        raise BadInput(source)  # opening it would make an empty one
    here = _open(source, hall_id)
    try:
        there = _open(target, hall_id)
        try:
            moved = move(here, there, _told)
        finally:
            there.close()
    finally:
        here.close()
    print(TEXTS["move_done"].format(events=moved.events, tickets=moved.rows["ticket"], visits=moved.rows["visit"],
                                    head=moved.head.hex()[:16]))
    return 0


def _open(address: str, hall_id: str) -> Store:
    if address.startswith("sqlite:///"):
        return open_sqlite(Path(address.removeprefix("sqlite:///")), hall_id)
    if address.startswith("postgresql://"):
        return open_postgres(address, hall_id, seconds=LONG_SECONDS)
    raise BadInput(address)


def _told(done: int, end: int) -> None:
    print(TEXTS["move_progress"].format(done=done, end=end), file=sys.stderr)
