"""A station that prints on a shared network printer, as a process of its own, for the system tests.

Usage: printing_worker.py STORE HALL STATION PRINTER PORT SLIPS. It gives SLIPS numbers as fast as it can, each with a
slip for PRINTER, serves that printer as a station does, and ends when all of its own are out. Prints ``issued JOB`` for
each and ``said STATE TROUBLE`` for all that it was told of the printer.
"""

import sys
import time

from drivers.escpos import PrinterProfile
from hallapp.app.printers import ServedPrinter
from hallapp.devices.settings import PrinterSettings
from hallapp.domain.events import By
from hallapp.domain.printing import JobState
from hallapp.services import kiosk
from hallapp.services.hall import look
from hallapp.store import jobs
from tests.system.worker import open_hall, say

PROFILE = PrinterProfile(shared=True)


def states(hall, mine):
    with look(hall) as db:
        return {jobs.job(db, hall.id, job).state for job in mine}


def main(address, hall_id, station, printer, port, slips):
    hall = open_hall(address, hall_id)
    settings = PrinterSettings(printer, "network", f"127.0.0.1:{port}", PROFILE)
    at_work = ServedPrinter(
        hall, settings, lambda status: say("said", status.state, status.trouble), lambda name: None,
        lambda error: say("error", repr(error)))
    say("ready")
    sys.stdin.readline()
    at_work.worker.start()
    mine = []
    for _ in range(slips):
        mine.append(kiosk.issue(hall, By(station), kiosk.Wish("enrol", "NT02"), printer).job_id)
        say("issued", mine[-1])
    while states(hall, mine) != {JobState.PRINTED}:
        time.sleep(0.05)
    at_work.worker.close()
    hall.store.close()


if __name__ == "__main__":
    main(*sys.argv[1:5], int(sys.argv[5]), int(sys.argv[6]))
