"""A second server that follows the hall's server and can take its place.

Every commit waits until it is on the disks of both PCs (synchronous streaming replication), so whatever was answered is
there after a promotion. Its folder holds, beside a server's files (cluster), ``upstream.toml``: whom it follows.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import sleep
from urllib.parse import quote, urlsplit

from hallapp.domain.errors import ServerFailed
from hallapp.server import programs
from hallapp.server.cluster import DATABASE, ROLE, Cluster, free_port, let_in, require_free
from hallapp.server.tunnel import Tunnel

NAME = "hall_standby"  # of its slot and its connection: one server has one standby
SECRETS = ("password", "server.crt", "server.key")  # the same on both PCs: stations know one certificate
FOLLOW_SECONDS, LOOK_SECONDS = 60.0, 0.1
CERTIFICATE = "PGSSLROOTCERT"
_UPSTREAM = 'host = "{host}"\nport = {port}\nlocal = {local}\n'
_ALONE = (
    "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()",
    f"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '{NAME}' AND NOT active",
)


def make_standby(cluster: Cluster, host: str, port: int, listen: Sequence[str], own_port: int) -> None:
    """A copy of the running server whose front is at ``host`` and ``port``; ready to start.

    Raises ServerFailed: ``exists``, ``secrets`` (the other server's files are not there), or what PostgreSQL says.
    """
    if cluster.data.exists():
        raise ServerFailed("exists", str(cluster.folder))
    missing = [name for name in SECRETS if not (cluster.folder / name).is_file()]
    if missing:
        raise ServerFailed("secrets", f"{cluster.folder}: {', '.join(missing)}")
    require_free(listen, own_port)
    for name in ("password", "server.key"):
        (cluster.folder / name).chmod(0o600)
        programs.give(cluster.folder / name)
    programs.give(cluster.folder)
    inner, local = free_port(), free_port()
    let_in(cluster.folder, listen, own_port, inner)
    file = cluster.folder / "upstream.toml"
    file.write_text(_UPSTREAM.format(host=host, port=port, local=local), encoding="utf-8")
    with _certified(cluster):
        _ask(_url(cluster, host, port), _ALONE[-1])  # what an earlier try left there
    try:
        with Tunnel(host, port, cluster.folder / "server.crt", local):
            programs.run(
                "pg_basebackup", "-d", f"host=127.0.0.1 port={local} user={ROLE} application_name={NAME}", "-D",
                cluster.data, "-R", "-X", "stream", "-c", "fast", "-C", "-S", NAME,
                env={"PGPASSWORD": _password(cluster)})
    except ServerFailed:
        file.unlink()
        raise
    with (cluster.data / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write(f"port = {inner}  # this PC's\n")


def tunnel(cluster: Cluster) -> Tunnel | None:
    """A standby's way to the server it follows; ``None`` for a server that follows nobody."""
    file = cluster.folder / "upstream.toml"
    if not file.exists():
        return None
    return Tunnel(**tomllib.loads(file.read_text(encoding="utf-8")), certificate=cluster.folder / "server.crt")


def follow(cluster: Cluster, host: str, port: int) -> None:
    """Let the other server's commits wait for this standby from now on. Raises ServerFailed if it does not follow."""
    url = _url(cluster, host, port)
    streaming = f"SELECT count(*) FROM pg_stat_replication WHERE application_name = '{NAME}' AND state = 'streaming'"
    with _certified(cluster):
        for _ in range(int(FOLLOW_SECONDS / LOOK_SECONDS)):
            if _ask(url, streaming):
                break
            sleep(LOOK_SECONDS)
        else:
            raise ServerFailed("standby", str(cluster.folder / "server.log"))
        _ask(url, "ALTER SYSTEM SET max_slot_wal_keep_size = '2GB'",  # a standby that stays away must not fill the disk
             f"ALTER SYSTEM SET synchronous_standby_names = '{NAME}'", "SELECT pg_reload_conf()")


def promote(cluster: Cluster) -> None:
    """The standby becomes the hall's server. Raises ServerFailed."""
    file = cluster.folder / "upstream.toml"
    if not file.exists():
        raise ServerFailed("no_standby", str(cluster.folder))
    programs.run("pg_ctl", "promote", "-D", cluster.data, "-w")
    file.unlink()


def go_alone(cluster: Cluster) -> None:
    """The server waits for its standby no longer: that one is broken. Raises ServerFailed."""
    _ask(cluster.owner_url(), *_ALONE)


def _ask(url: str, *statements: str) -> int:
    """Run them; the number that the last one gives. Raises ServerFailed."""
    import psycopg

    found = None
    try:
        with psycopg.connect(url, autocommit=True) as db:
            for one in statements:
                cursor = db.execute(one)
                found = cursor.fetchone() if cursor.description else None
    except psycopg.Error as error:
        if error.sqlstate is None:  # it did not come to a statement
            there = urlsplit(url)
            what = ("login", ROLE) if "password" in str(error) else ("reach", f"{there.hostname}:{there.port}")
            raise ServerFailed(*what) from error
        raise ServerFailed("standby", str(error)) from error
    return int(found[0] or 0) if found and str(found[0]).isdigit() else 0


def _url(cluster: Cluster, host: str, port: int) -> str:
    """The other server, by its front; for within ``_certified``."""
    secret = quote(_password(cluster), safe="")
    return f"postgresql://{ROLE}:{secret}@{host}:{port}/{DATABASE}?sslmode=verify-ca"


@contextmanager
def _certified(cluster: Cluster) -> Iterator[None]:
    """The other server's certificate is named in the environment: in an address libpq on Windows finds no file with
    Chinese in its path."""
    before = os.environ.get(CERTIFICATE)
    os.environ[CERTIFICATE] = str(cluster.folder / "server.crt")
    try:
        yield
    finally:
        del os.environ[CERTIFICATE]
        if before is not None:
            os.environ[CERTIFICATE] = before


def _password(cluster: Cluster) -> str:
    return cluster.password_file.read_text(encoding="utf-8").strip()
