"""Which database a command means, and the password that goes with it."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from hallapp.domain.errors import BadInput
from hallapp.server.cluster import Cluster
from hallapp.ui.commands import TEXTS

_PGPASS = (Path(os.environ.get("APPDATA", "")) / "postgresql" / "pgpass.conf" if sys.platform == "win32"
           else Path.home() / ".pgpass")  # where libpq looks by itself


def address(url: str, folder: Path) -> str:
    """The ``url``, or without one that of the server in ``folder`` as its owner.

    A password that neither it nor the environment has is asked for at the terminal. Raises BadInput or ServerFailed.
    """
    if not url:
        return Cluster(folder).owner_url()
    try:
        parts = urlsplit(url)
        kept = bool(parts.password or parse_qs(parts.query).keys() & {"password", "passfile"})
    except ValueError:
        raise BadInput("url") from None
    kept = kept or bool(os.environ.keys() & {"PGPASSWORD", "PGPASSFILE"}) or _PGPASS.exists()
    who, at, where = url.partition("@")
    if parts.scheme != "postgresql" or not at or kept or not sys.stdin.isatty():
        return url
    return f"{who}:{quote(ask_password(), safe='')}@{where}"


def ask_password(asking: str = "join_password") -> str:
    """Typed unseen, or the next line of what a script hands over; ``asking``: the question, of TEXTS. Raises BadInput
    if nobody is there to type one."""
    try:
        if sys.stdin.isatty():
            return getpass.getpass(TEXTS[asking])
        return input(TEXTS[asking])
    except EOFError:
        raise BadInput("password") from None
