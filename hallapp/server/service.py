"""PostgreSQL and its front together as a service of this PC: in the foreground, in the background, at boot."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from threading import Event, Thread
from time import sleep
from xml.sax.saxutils import escape

from hallapp.domain.errors import ServerFailed
from hallapp.server import programs
from hallapp.server.cluster import Cluster, require_free
from hallapp.server.programs import NETWORK_SERVICE, UNSEEN
from hallapp.server.standby import tunnel

START_SECONDS = STOP_SECONDS = 60.0
LOOK_SECONDS = 0.1
WATCH_SECONDS = 2.0

_UNIT = """[Unit]
Description=hallapp database server
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
{user}ExecStart={program} server serve --folder "{folder}"
Restart=on-failure
RestartSec=2
KillMode=mixed
TimeoutStopSec=60

[Install]
WantedBy=multi-user.target
"""
# Without its settings Windows ends a task after 72 hours, or when a laptop is unplugged, and lets others go first.
_TASK = """<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers><BootTrigger><Enabled>true</Enabled></BootTrigger></Triggers>
  <Principals><Principal id="server">
    <UserId>{account}</UserId><RunLevel>LeastPrivilege</RunLevel>
  </Principal></Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>5</Priority>
    <RestartOnFailure><Interval>PT1M</Interval><Count>99</Count></RestartOnFailure>
  </Settings>
  <Actions Context="server"><Exec>
    <Command>{program}</Command>
    <Arguments>-m hallapp server serve --folder "{folder}"</Arguments>
  </Exec></Actions>
</Task>
"""


def serve(cluster: Cluster) -> None:
    """Start PostgreSQL and keep it going, let stations in until told to end, stop it; not as root. Raises
    ServerFailed."""
    front, ended = cluster.front(), Event()
    require_free(front.hosts, front.port)  # who is second here must not stop, at its end, what the first one started
    programs.step_down(cluster.folder)
    watch = Thread(target=_keep, name="watch", args=(cluster, ended))
    with tunnel(cluster) or nullcontext():
        cluster.start()
        pid = cluster.folder / "pid"
        pid.write_text(str(os.getpid()), encoding="ascii")
        watch.start()
        try:
            front.run()
        except OSError as error:
            raise ServerFailed("listen", str(error)) from error
        finally:
            ended.set()
            watch.join()
            cluster.stop()
            pid.unlink(missing_ok=True)  # last: whoever waits for the end looks at it


def _keep(cluster: Cluster, ended: Event) -> None:
    """Start PostgreSQL again whenever it is gone: it ran out of memory, or the disk was full."""
    said = ""
    while not ended.wait(WATCH_SECONDS):
        try:
            cluster.start()
        except ServerFailed as error:
            if str(error) != said:  # once, not every other second onto a full disk
                said = str(error)
                print(said, file=sys.stderr, flush=True)


def launch(cluster: Cluster) -> None:
    """``serve`` in the background; returns once stations can come in. Raises ServerFailed."""
    front = cluster.front()

    def up() -> bool:
        return _listens(front.hosts[0], front.port) and ready(cluster)

    log = cluster.folder / "front.log"
    if _listens(front.hosts[0], front.port):
        if not within(START_SECONDS, up):  # it looks after PostgreSQL, if it is ours
            raise ServerFailed("listen", f"{front.hosts[0]}:{front.port}, {log}")
        return
    with log.open("ab") as kept:
        started = subprocess.Popen(
            [sys.executable, "-m", "hallapp", "server", "serve", "--folder", str(cluster.folder)], stdout=kept,
            stderr=kept, stdin=subprocess.DEVNULL, start_new_session=True, creationflags=UNSEEN)
    if not within(START_SECONDS, lambda: up() or started.poll() is not None):
        raise ServerFailed("start", str(log))
    if started.poll() is not None:
        raise ServerFailed("start", "".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-1:]))
    started.returncode = 0  # it is meant to outlive this process, which Popen would complain of


def halt(cluster: Cluster) -> None:
    """End the background service and PostgreSQL. Raises ServerFailed."""
    pid, front = cluster.folder / "pid", cluster.front()
    if pid.exists():
        try:
            if not _listens(front.hosts[0], front.port):  # after a power cut the number may be any other program's
                raise ProcessLookupError
            os.kill(int(pid.read_text(encoding="ascii")), signal.SIGTERM)
            if sys.platform == "win32":  # that ended it on the spot
                raise ProcessLookupError
        except PermissionError as error:  # the one that a system service or another user runs
            raise ServerFailed("foreign", str(cluster.folder)) from error
        except (ValueError, OSError):  # it is gone without saying so
            pid.unlink(missing_ok=True)
        within(STOP_SECONDS, lambda: not pid.exists())
    cluster.stop()


def systemd_unit(folder: Path) -> str:
    """For /etc/systemd/system/hallapp-server.service. A server that somebody made without being root runs as them."""
    owner = (folder / "data").owner()
    user = "" if owner == programs.ACCOUNT else f"User={owner}\n"
    return _UNIT.format(program=f'"{sys.executable}" -m hallapp', folder=folder.resolve(), user=user)


def windows_task(folder: Path) -> str:
    """For ``schtasks /Create /XML``, in UTF-16: Windows starts the server with the PC, before anybody signs in."""
    return _TASK.format(account=NETWORK_SERVICE, program=escape(sys.executable), folder=escape(str(folder.resolve())))


def ready(cluster: Cluster) -> bool:
    """Whether PostgreSQL takes connections: after a crash it runs for a while without."""
    try:
        programs.run("pg_isready", "-q", "-h", "127.0.0.1", "-p", f"{cluster.front().inner}")
    except ServerFailed:
        return False
    return True


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1" if host == "0.0.0.0" else host, port), 1).close()
    except OSError:
        return False
    return True


def within(seconds: float, done: Callable[[], bool]) -> bool:
    for _ in range(int(seconds / LOOK_SECONDS)):
        if done():
            return True
        sleep(LOOK_SECONDS)
    return done()
