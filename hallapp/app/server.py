"""``hallapp server``: the hall's own database server, from its making to its end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from hallapp.app.address import address
from hallapp.app.halls import show_code
from hallapp.domain.errors import BadInput, ServerFailed, StoreError, file_error
from hallapp.domain.upkeep import ArchiveRefused
from hallapp.server import programs
from hallapp.server.backup import back_up, restore
from hallapp.server.cluster import PORT, Cluster
from hallapp.server.service import halt, launch, serve, systemd_unit, windows_task
from hallapp.ui.commands import TEXTS

UNIT = Path("/etc/systemd/system/hallapp-server.service")


def run_server(
    action: str, folder: Path, listen: Sequence[str], port: int | None, out: Path | None, before: date | None = None
) -> int:
    """``action`` as in the command line. Raises ServerFailed, ArchiveRefused, BadInput or StoreError kinds."""
    cluster = Cluster(folder)
    if action == "init":
        return _init(cluster, listen or ("127.0.0.1",), port or PORT)
    if action == "start":
        launch(cluster)
        _make_months(cluster)
        return _status(cluster)
    if action == "status":
        return _status(cluster)
    if action == "backup":
        _make_months(cluster)
        return _backup(cluster, out or _backup_file())
    if action == "restore":
        return _restore(cluster, out)
    if action == "boot":
        return _boot(cluster)
    if action == "upgrade":
        return _upgrade(cluster, out)
    if action == "archive":
        return _archive(cluster, before, out or Path())
    if action == "unarchive":
        return _unarchive(cluster, out)
    (serve if action == "serve" else halt)(cluster)
    if action == "stop":
        print(TEXTS["server_stopped"])
    return 0


def _init(cluster: Cluster, listen: Sequence[str], port: int) -> int:
    try:
        cluster.init(datetime.now(UTC), listen, port)
    except OSError as error:
        raise file_error(str(cluster.folder), error) from error
    print(TEXTS["server_made"].format(folder=cluster.folder, password=cluster.password_file))
    show_code(cluster.join_code(listen[0]), None, sys.stdout)
    return 0


def _status(cluster: Cluster) -> int:
    """3 for a server that does not run, as services say it."""
    found = cluster.status()
    if not found.running:
        print(TEXTS["server_off"])
        return 3
    print(TEXTS["server_on"].format(version=found.version, address=found.address, since=found.since,
                                    connections=found.connections, size=f"{found.size / 1e6:.1f}"))
    return 0


def _backup(cluster: Cluster, file: Path) -> int:
    try:
        back_up(cluster, file)
    except OSError as error:
        raise file_error(str(file), error) from error
    print(TEXTS["server_backed_up"].format(path=file))
    return 0


def _restore(cluster: Cluster, file: Path | None) -> int:
    from hallapp.store.rights import RoleKind

    if file is None:
        raise BadInput("out")
    try:
        restore(cluster, file, [kind.group for kind in RoleKind])
    except OSError as error:
        raise ServerFailed("unread", f"{file}") from error
    print(TEXTS["server_restored"].format(path=file))
    return 0


def _make_months(cluster: Cluster) -> None:
    """The stations may not make the months of the event log that come next; a start and a backup come by often enough.
    Tables of another version are told of by whoever needs them."""
    from hallapp.store.opening import upgrade_postgres

    with suppress(StoreError, ServerFailed):
        upgrade_postgres(cluster.owner_url(), upgrading=False)


def _backup_file() -> Path:
    return Path(f"hall-{datetime.now():%Y%m%d-%H%M%S}.backup")


def _upgrade(cluster: Cluster, out: Path | None) -> int:
    """The tables brought up to this version, after a backup."""
    from hallapp.store.opening import upgrade_postgres

    _backup(cluster, out or _backup_file())
    upgrade_postgres(cluster.owner_url())
    print(TEXTS["server_upgraded"])
    return 0


def _archive(cluster: Cluster, before: date | None, folder: Path) -> int:
    from hallapp.store.archive import archive_before

    if before is None:
        raise BadInput("before")
    if before > date.today():
        raise ArchiveRefused("running", f"{date.today():%Y-%m}")
    done = False
    for month in archive_before(address("", cluster.folder), before, folder):
        done = True
        print(TEXTS["server_archived"].format(
            month=f"{month.month:%Y-%m}", halls=month.halls, events=month.events, path=month.file))
    if not done:
        print(TEXTS["server_archived_none"].format(before=f"{before:%Y-%m}"))
    return 0


def _unarchive(cluster: Cluster, file: Path | None) -> int:
    from hallapp.store.archive import bring_back

    if file is None:
        raise BadInput("out")
    month = bring_back(address("", cluster.folder), file)
    print(TEXTS["server_unarchived"].format(month=f"{month.month:%Y-%m}", halls=month.halls, events=month.events))
    return 0


def _boot(cluster: Cluster) -> int:
    """Let the system start the server with the PC."""
    cluster.front()
    if sys.platform == "win32":
        if (own := programs.private(Path.home())) is not None:
            raise ServerFailed("private", str(own))
        task = cluster.folder / "hallapp-server.xml"
        task.write_text(windows_task(cluster.folder), encoding="utf-16")
        done = subprocess.run(["schtasks", "/Create", "/F", "/TN", "hallapp-server", "/XML", str(task)],
                              capture_output=True, text=True, errors="replace", check=False)
        if done.returncode:
            raise ServerFailed("schtasks", done.stderr.strip())
        print(TEXTS["server_boot_windows"])
        return 0
    try:
        UNIT.write_text(systemd_unit(cluster.folder), encoding="utf-8")
    except PermissionError as error:
        again = f'sudo "{sys.executable}" -m hallapp server boot --folder "{cluster.folder}"'
        raise ServerFailed("sudo", again) from error
    except OSError as error:
        raise file_error(str(UNIT), error) from error
    print(TEXTS["server_boot"].format(path=UNIT))
    return 0
