"""A server's database as one file, and back from it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from hallapp.domain.errors import ServerFailed
from hallapp.server import programs
from hallapp.server.cluster import DATABASE, Cluster, ask

_ROLE = ("DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN "
         "CREATE ROLE {name} NOLOGIN; END IF; END $$")


def back_up(cluster: Cluster, file: Path) -> Path:
    """The whole database into one file, checked to be readable, whole or not at all. Raises ServerFailed or OSError."""
    cluster.front()
    half = file.with_name(f".{file.name}.part")
    try:
        half.touch(mode=0o600)  # with the staff's names and the hashes of their passwords
        with half.open("wb") as out:
            cluster.client("pg_dump", "-Fc", out=out)
            out.flush()
            os.fsync(out.fileno())
        with half.open("rb") as source:
            programs.run("pg_restore", "--list", source=source)
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)
    return file


def restore(cluster: Cluster, file: Path, groups: Sequence[str]) -> None:
    """Put a backup into a running server that has no hall yet, whole or not at all. ``groups``: the roles that its
    rights are given to. Raises ServerFailed, ``filled`` for a server with a hall, ``no_backup`` for another file, or
    OSError."""
    with file.open("rb") as source:
        try:
            programs.run("pg_restore", "--list", source=source)
        except ServerFailed as error:
            raise ServerFailed("no_backup", str(file)) from error
    if ask(cluster, "SELECT to_regclass('hall')").strip() and ask(cluster, "SELECT hall_id FROM hall LIMIT 1").strip():
        raise ServerFailed("filled", str(cluster.folder))
    for group in groups:
        ask(cluster, _ROLE.format(name=group))
    for statement in (f"DROP DATABASE {DATABASE} WITH (FORCE)", f"CREATE DATABASE {DATABASE}"):
        ask(cluster, statement, database="postgres")
    with file.open("rb") as source:
        cluster.client("pg_restore", "--single-transaction", source=source)
