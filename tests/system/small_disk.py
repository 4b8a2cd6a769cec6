"""A hall on a disk of its own that fills up and is then made read-only; run inside a private mount namespace.

Usage: small_disk.py FOLDER, a mounted file system of a few MB. Prints a flushed line for each thing seen.
"""

import subprocess
import sys
from pathlib import Path

from hallapp.app.hall import open_hall
from hallapp.domain.errors import HallError, StoreFull, StoreReadOnly
from hallapp.domain.events import By
from hallapp.services import kiosk
from hallapp.services.hall import look
from hallapp.store import log, queue

KIOSK = By("kiosk")


def fill(folder):
    """Leave no byte free."""
    for size in (65536, 4096, 1):
        with (folder / "filler").open("ab", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(size))
            except OSError:
                pass


def issued(hall):
    return kiosk.issue(hall, KIOSK, kiosk.Wish("enrol"), "kiosk").ticket.number


def whole(hall, count):
    """The log is unbroken and holds exactly the numbers that were given out."""
    with look(hall) as db:
        assert list(log.broken_links(db, hall.id)) == []
        assert len(queue.tickets_of_day(db, hall.id, hall.today())) == count


def until_full(hall):
    for count in range(20_000):
        try:
            issued(hall)
        except StoreFull as error:
            print("full", error.where.endswith("hall.db"), flush=True)
            return count
    raise AssertionError("the disk never filled")


def main(folder):
    hall, _config = open_hall(folder / "data")
    before = int(issued(hall)[1:])
    fill(folder)
    count = before + until_full(hall)
    whole(hall, count)
    (folder / "filler").unlink()
    print("goes on", int(issued(hall)[1:]) == count + 1, flush=True)
    whole(hall, count + 1)
    hall.store.close()
    fill(folder)
    try:
        open_hall(folder / "other")
    except HallError as error:
        print("new folder", type(error).__name__, [path.name for path in (folder / "other").glob("*")], flush=True)
    (folder / "filler").unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    try:
        open_hall(folder / "data")
    except StoreReadOnly as error:
        print("read-only", error.where.startswith(str(folder)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
