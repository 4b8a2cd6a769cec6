"""A hall's own PostgreSQL: made once, started, asked, backed up, stopped.

Its folder holds ``data`` (PostgreSQL's), ``front.toml`` (where stations come in), ``server.crt`` and ``server.key``,
``server.log``, and ``password``; key and password are readable by the server's account only.
"""

from __future__ import annotations

import json
import secrets
import shutil
import socket
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from hallapp.domain.errors import ServerFailed
from hallapp.server import programs
from hallapp.server.front import Front
from hallapp.server.join_code import JoinCode, fingerprint

DATABASE = ROLE = "hall"
PORT = 5432
LOCAL = ("127.0.0.1",)

_CONF = """
listen_addresses = '127.0.0.1'  # the stations come in by the encrypted front
port = {port}
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
max_connections = 200
timezone = 'UTC'
log_timezone = 'Asia/Shanghai'
idle_in_transaction_session_timeout = '30s'  # of programs that set none; a station's own is shorter
wal_level = replica
"""
_HBA = """# nobody gets in without a password; from outside nobody gets here but through the encrypted front
host all all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
"""
_FRONT = """hosts = {hosts}
port = {port}
inner = {inner}
"""


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """``running``, and if so since when, how many stations are connected, and the size in bytes."""

    running: bool
    version: str = ""
    address: str = ""
    since: str = ""
    connections: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Cluster:
    """The server in ``folder``, an absolute path: PostgreSQL's programs run elsewhere."""

    folder: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "folder", self.folder.absolute())

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def password_file(self) -> Path:
        return self.folder / "password"

    def init(self, now: datetime, listen: Sequence[str] = LOCAL, port: int = PORT) -> None:
        """Make it: a database ``hall`` with a role of that name, SCRAM passwords, TLS, listening at ``listen`` only.

        Raises ServerFailed if there is one already, or with what PostgreSQL says.
        """
        if self.data.exists():
            raise ServerFailed("exists", str(self.folder))
        require_free(listen, port)
        self.folder.mkdir(parents=True, exist_ok=True)
        programs.give(self.folder)
        programs.require_reached(self.folder, programs.program("initdb"))
        try:
            self._make(now, listen, port)
        except BaseException:  # no half a server is in the way of the next try
            shutil.rmtree(self.data, ignore_errors=True)
            raise

    def _make(self, now: datetime, listen: Sequence[str], port: int) -> None:
        from hallapp.server.certificate import make_certificate

        self._secret(self.password_file, secrets.token_urlsafe(18).encode())
        programs.run("initdb", "-D", self.data, "-U", ROLE, "--pwfile", self.password_file, "-A", "scram-sha-256",
                     "-E", "UTF8", "--locale", "C", "--data-checksums")
        key, certificate = make_certificate(tuple(dict.fromkeys([*listen, "localhost"])), now)
        self._secret(self.folder / "server.key", key)
        (self.folder / "server.crt").write_bytes(certificate)
        inner = free_port()
        let_in(self.folder, listen, port, inner)
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write(_CONF.format(port=inner))
        (self.data / "pg_hba.conf").write_text(_HBA, encoding="utf-8")
        self.start()
        try:
            ask(self, f"CREATE DATABASE {DATABASE}", database="postgres")
        finally:
            self.stop()

    def front(self) -> Front:
        """What lets the stations in. Raises ServerFailed where there is no server's folder."""
        self._require()
        return Front(**self._front(), certificate=self.folder / "server.crt", key=self.folder / "server.key")

    def start(self) -> None:
        """Raises ServerFailed."""
        self._require()
        if not self.running():
            programs.start(self.data, self.folder / "server.log")

    def stop(self) -> None:
        """Let running steps end, then stop. Raises ServerFailed."""
        self._require()
        if self.running():
            programs.run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w")

    def running(self) -> bool:
        try:
            programs.run("pg_ctl", "status", "-D", self.data)
        except ServerFailed:
            return False
        return True

    def status(self) -> ServerStatus:
        """Raises ServerFailed where there is no server's folder."""
        self._require()
        if not self.running():
            return ServerStatus(False)
        rows = ask(self, "SELECT current_setting('server_version'), to_char(pg_postmaster_start_time(), "
                        "'YYYY-MM-DD HH24:MI'), (SELECT count(*) FROM pg_stat_activity WHERE datname = "
                        f"'{DATABASE}') - 1, pg_database_size('{DATABASE}')")
        version, since, connections, size = rows.strip().split("|")
        front = self._front()
        address = f"{', '.join(front['hosts'])}:{front['port']}"
        return ServerStatus(True, version, address, since, int(connections), int(size))

    def url(self, host: str) -> str:
        """How a station reaches it; without the password."""
        return f"postgresql://{ROLE}@{host}:{self._front()['port']}/{DATABASE}?sslmode=require"

    def owner_url(self) -> str:
        """For the owner's work on this PC, past the front; with the password. Raises ServerFailed, also where the
        server does not run."""
        self._require()
        if not self.running():
            raise ServerFailed("off", str(self.folder))
        password = quote(self.password_file.read_text(encoding="utf-8").strip(), safe="")
        return f"postgresql://{ROLE}:{password}@127.0.0.1:{self._front()['inner']}/{DATABASE}"

    def join_code(self, host: str) -> JoinCode:
        """What another PC types to become a station."""
        return JoinCode(ROLE, host, self._front()["port"], DATABASE,
                        fingerprint((self.folder / "server.crt").read_bytes()))

    def client(self, name: str, *arguments: str, database: str = DATABASE, source: IO[bytes] | None = None,
               out: IO[bytes] | None = None) -> str:
        """Run one of PostgreSQL's client programs here as the owner, past the front. As ``programs.run``."""
        where = f"host=127.0.0.1 port={self._front()['inner']} dbname={database} user={ROLE}"
        secret = {"PGPASSWORD": self.password_file.read_text(encoding="utf-8").strip()}
        try:
            return programs.run(name, "-d", where, *arguments, env=secret, source=source, out=out)
        except ServerFailed as error:
            if self.running():
                raise
            raise ServerFailed("off", str(self.folder)) from error

    def _front(self) -> dict[str, Any]:
        return tomllib.loads((self.folder / "front.toml").read_text(encoding="utf-8"))

    def _secret(self, path: Path, data: bytes) -> None:
        path.touch(mode=0o600)
        path.write_bytes(data)
        programs.give(path)

    def _require(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            raise ServerFailed("none", str(self.folder))


def ask(cluster: Cluster, sql: str, database: str = DATABASE) -> str:
    """What PostgreSQL answers there, rows as lines. Raises ServerFailed."""
    return cluster.client("psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, database=database)


def let_in(folder: Path, listen: Sequence[str], port: int, inner: int) -> None:
    """Where the front of a server's folder stands from its next start on, and PostgreSQL behind it."""
    (folder / "front.toml").write_text(
        _FRONT.format(hosts=json.dumps(list(listen)), port=port, inner=inner), encoding="utf-8")


def require_free(hosts: Sequence[str], port: int) -> None:
    """Raises ServerFailed for an address that is not this PC's or a port in use."""
    for host in hosts:
        try:
            socket.create_server((host, port)).close()
        except OSError as error:
            raise ServerFailed("listen", f"{host}:{port}") from error


def free_port() -> int:
    """A TCP port of this PC that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
