"""``hallapp move``: a hall goes from its PC's file to a server, or back."""

from __future__ import annotations

import sys
from contextlib import ExitStack, closing
from pathlib import Path

from hallapp.app.address import address
from hallapp.app.marks import at_work
from hallapp.domain.errors import BadInput, ServerFailed
from hallapp.domain.upkeep import CannotMove, HallUnknown
from hallapp.store.db import LONG_SECONDS, Store
from hallapp.store.moving import halls_at, move
from hallapp.store.opening import open_postgres, open_sqlite
from hallapp.ui.commands import TEXTS

FILE = "sqlite:///"


def run_move(source: str, target: str, hall_id: str | None) -> int:
    """``hall_id``: which hall of the source's, if it is not the only one there that has done anything.

    Raises BadInput for an address, ServerFailed ``which``, CannotMove, AlreadyOpen if another move is at it or
    StoreError kinds.
    """
    source, target = (_address(one) for one in (source, target))
    if source == target or (_is_file(source) and _is_file(target) and _file(source).samefile(_file(target))):
        raise CannotMove("same", _bare(target))
    with ExitStack() as stack:
        for folder in {_file(one).parent.absolute() for one in (source, target) if one.startswith(FILE)}:
            stack.enter_context(at_work(folder, "move"))
        chosen = _chosen(source, hall_id)
        here = stack.enter_context(closing(_open(source, chosen)))
        moved = move(here, stack.enter_context(closing(_open(target, chosen))), _told)
    print(TEXTS["move_done"].format(hall=chosen, events=moved.events, tickets=moved.rows["ticket"],
                                    visits=moved.rows["visit"], head=moved.head.hex()[:16]))
    return 0


def _address(typed: str) -> str:
    if not typed.startswith((FILE, "postgresql://")):
        raise BadInput(typed)
    return address(typed, Path())


def _chosen(source: str, asked: str | None) -> str:
    """A hall that the source has: opening the store for another one would make that there."""
    found = halls_at(source)
    if not found:
        raise CannotMove("none", _bare(source))
    halls = [hall_id for hall_id, seq in found.items() if seq] or list(found)
    if asked is None and len(halls) > 1:
        raise ServerFailed("which", "、".join(halls))
    chosen = asked or halls[0]
    if chosen not in found:
        raise HallUnknown(_bare(source), chosen)
    return chosen


def _open(address: str, hall_id: str) -> Store:
    if address.startswith(FILE):
        return open_sqlite(_file(address), hall_id)
    return open_postgres(address, hall_id, seconds=LONG_SECONDS)


def _is_file(address: str) -> bool:
    return address.startswith(FILE) and _file(address).exists()


def _bare(address: str) -> str:
    """For people to read."""
    if address.startswith(FILE):
        return address.removeprefix(FILE)
    from hallapp.store.bounded import place  # psycopg is there only where the server extra is installed

    return place(address)


def _file(address: str) -> Path:
    return Path(address.removeprefix(FILE))


def _told(done: int, end: int) -> None:
    print(TEXTS["move_progress"].format(done=done, end=end), file=sys.stderr)
