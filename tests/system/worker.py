"""One busy station as a process of its own, for the system tests: it imports only services.

Usage: worker.py STORE HALL WINDOW ROUNDS, ROUNDS 0 meaning for ever; STORE is a file or a server's address. Prints one
flushed line for everything that succeeded: ``issued NUMBER``, ``called NUMBER``.
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from hallapp import paths
from hallapp.domain.catalogue_file import load_catalogue
from hallapp.domain.errors import HallError, NothingWaiting
from hallapp.domain.events import By, Clerk
from hallapp.domain.handling import Outcome
from hallapp.domain.rules import HallInfo, Rules, Window
from hallapp.services import counter, kiosk, staff, visits
from hallapp.services.desk import desk
from hallapp.services.hall import Hall
from hallapp.store.opening import open_postgres, open_sqlite

PASSWORD = "haoma-0312"


class Clock:
    def __init__(self):
        self.id = uuid4().hex

    def now(self):
        return datetime.now(UTC)

    def monotonic(self):
        return time.monotonic()


def catalogue():
    return load_catalogue(paths.resources() / "catalogues" / "nantong19.toml")


def open_hall(address, hall_id="h1"):
    businesses = catalogue()
    every = frozenset(group.code for group in businesses.groups)
    windows = tuple(Window(number, every) for number in range(1, 9))
    on_server = str(address).startswith("postgresql://")
    store = open_postgres(str(address), hall_id) if on_server else open_sqlite(Path(address), hall_id)
    return Hall(store, HallInfo(hall_id, "上冈镇为民服务中心"), Rules(), windows, businesses, Clock())


def say(*words):
    """A line at once: ``print`` writes its end apart, and another thread's line may come between."""
    sys.stdout.write(f"{' '.join(map(str, words))}\n")
    sys.stdout.flush()


def resume(hall, by):
    """After a crash: sign in and bring what was open to its end."""
    staff.sign_in(hall, by.station, by.staff, PASSWORD, by.window)
    for step in (lambda: counter.arrive(hall, by), lambda: close(hall, by)):
        try:
            step()
        except HallError:
            continue


def close(hall, by):
    for running in desk(hall, by.window).items:
        if running.item.outcome is None:
            visits.finish_item(hall, by, running.item.id, Outcome.COMPLETED)
    visits.finish_visit(hall, by)


def one_round(hall, by):
    """A number is taken, somebody is called and served with two items."""
    say("issued", kiosk.issue(hall, By(f"kiosk-{by.window}"), kiosk.Wish("enrol"), "kiosk").ticket.number)
    try:
        say("called", counter.call_next(hall, by).number)
    except NothingWaiting:  # another window was quicker
        return
    counter.arrive(hall, by)
    visits.start_item(hall, by, "NT01")
    visits.start_item(hall, by, "NT02")
    close(hall, by)


def main(address, hall_id, window, rounds):
    hall = open_hall(address, hall_id)
    by = Clerk(f"window-{window}", f"03{window:02d}", window)
    say("ready")
    sys.stdin.readline()
    resume(hall, by)
    say("signed in")
    done = 0
    while not rounds or done < rounds:
        one_round(hall, by)
        done += 1
    hall.store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
