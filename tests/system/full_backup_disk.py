"""A hall whose backup disk, and then whose own disk, is full; run inside a private mount namespace.

Usage: full_backup_disk.py DATA DISK: a folder, and a mounted file system of a few MB. Prints a line for each thing.
"""

import sys
from dataclasses import replace
from pathlib import Path

from hallapp.__main__ import main as hallapp
from hallapp.app.backup import DailyBackup
from hallapp.app.hall import backups_of, open_hall
from tests.system.small_disk import fill, issued, whole


def main(data, disk):
    hall, config = open_hall(data)
    for _ in range(30):
        issued(hall)
    told = []
    stick = replace(backups_of(config, data), folder=disk)
    worker = DailyBackup(hall, stick, told.append, print, start_seconds=0)
    fill(disk)
    worker._turn()
    print(told[-1].trouble, [file.name for file in disk.iterdir()], issued(hall), flush=True)
    (disk / "filler").unlink()
    worker._turn()
    print(told[-1].state, len(list(disk.glob("*.db"))), flush=True)
    whole(hall, 31)
    hall.store.close()

    own = disk / "data"  # a restore for which there is no room
    hall, config = open_hall(own)
    issued(hall)
    hall.store.close()
    before = (own / "hall.db").read_bytes()
    copy = next(file for file in disk.iterdir() if file.name.endswith(".db"))
    fill(disk)
    status = hallapp(["--data", str(own), "restore", str(copy)])
    print(status, (own / "hall.db").read_bytes() == before, list(own.glob("hall-replaced*")), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
