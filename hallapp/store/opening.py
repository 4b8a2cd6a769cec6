"""Making, checking and upgrading a store before anybody uses it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from time import sleep

from sqlalchemy import Connection, Engine, insert, inspect, select, text

from hallapp.domain.clock import Heard
from hallapp.domain.errors import (
    BadInput,
    StoreDamaged,
    StoreOutdated,
    StoreReadOnly,
    StoreTooNew,
    StoreTooOld,
    file_error,
)
from hallapp.domain.presence import Sign
from hallapp.domain.upkeep import HallClosed, HallUnknown, NotOwner
from hallapp.store import tables
from hallapp.store.db import LONG_SECONDS, STEP_SECONDS, Kind, Store, translated
from hallapp.store.partitions import lacking_months, make_month
from hallapp.store.rights import RoleKind, give_rights, has_role, is_owner
from hallapp.store.sqlite import BUSY_SECONDS, Sqlite, engine_of

MIGRATIONS = Path(__file__).with_name("migrations")
HEAD = "0007"
RETRY_SECONDS = 0.05
OLDEST_POSTGRES = (15,)


def open_sqlite(path: Path, hall_id: str) -> Store:
    """The store in ``path``, made or upgraded if need be.

    Raises StoreReadOnly, StoreTooNew, StoreDamaged, StoreFull or StoreAway.
    Of several programs that start at once, one makes the store and the rest wait for it.
    """
    _require_writable(path)
    _use_wal(path)
    return _opened(engine_of(path), Sqlite(), hall_id, str(path))


def open_postgres(
    url: str, hall_id: str, heard: Heard | None = None, seconds: float = STEP_SECONDS, sign: Sign | None = None
) -> Store:
    """The store on a server, as in ``postgresql://user@host:5432/hall``; its tables made if need be.

    Of two hosts, ``user@one,other:5432``, the one that may be written to is taken. ``heard`` and ``sign`` as in
    postgres.Postgres; ``seconds`` as in postgres.engine_of, LONG_SECONDS for the owner's work. Raises StoreTooOld for
    a server before version 15, BadInput for an address, StoreOutdated (upgrade_postgres helps), StoreTooNew,
    StoreForbidden, HallUnknown, HallClosed, StoreReadOnly, StoreFull or StoreAway.
    """
    from hallapp.store import postgres  # psycopg is there only where the server extra is installed

    (engine, where), kind = server_of(url, seconds), postgres.Postgres(heard, sign)
    store = _opened(engine, kind, hall_id, where)
    try:
        version = engine.dialect.server_version_info
        if version is not None and version < OLDEST_POSTGRES:
            raise StoreTooOld(where, ".".join(map(str, version)))
        with translated(kind, where):
            kind.hear(engine)
    except BaseException:
        store.close()
        raise
    return store


def upgrade_postgres(url: str, upgrading: bool = True) -> None:
    """Make a server's tables and the months ahead, or bring them up to this version: the owner's work, after a backup.

    Raises StoreOutdated if that would be needed and is not wanted, or as ``owned``.
    """
    with owned(url, upgrading):
        pass


@contextmanager
def owned(url: str, upgrading: bool = False) -> Iterator[Connection]:
    """A transaction of the owner's, as ``upgraded`` has it. Raises BadInput for an address, NotOwner for somebody
    else, StoreOutdated or other StoreError kinds."""
    from hallapp.store import postgres

    engine, where = server_of(url, LONG_SECONDS)
    try:
        with translated(postgres.Postgres(), where), upgraded(engine, where, upgrading) as db:
            if not is_owner(db):
                raise NotOwner(where)
            yield db
    finally:
        engine.dispose()


def server_of(url: str, seconds: float) -> tuple[Engine, str]:
    """The engine of a server's address, and the address for people to read. Raises BadInput for what is none."""
    import psycopg

    from hallapp.store import bounded, postgres

    if not url.startswith(("postgresql://", "postgres://")):
        raise BadInput("url")
    try:
        return postgres.engine_of(url, seconds), bounded.shown(url)
    except psycopg.ProgrammingError:
        raise BadInput("url") from None


def open_county(url: str) -> Store:
    """A server's store of many halls, of no hall in particular; nothing is made or upgraded.

    Raises BadInput for an address, StoreTooNew, StoreOutdated, StoreDamaged where there are no tables, or StoreAway.
    """
    from hallapp.store import postgres

    engine, where = server_of(url, LONG_SECONDS)
    store = Store(engine, postgres.Postgres(), "", where)
    try:
        with translated(store.kind, store.where), store.engine.connect() as db, db.begin():
            if _revision(db) is None:
                raise StoreDamaged(store.where, "no tables")
            require_head(db, store.where)
    except BaseException:
        store.close()
        raise
    return store


def beside(store: Store, hall_id: str) -> Store:
    """Another hall of the same database over the same connections; its row made if need be. Raises StoreError kinds."""
    with translated(store.kind, store.where):
        _prepare(store.engine, store.where, hall_id)
    return Store(store.engine, store.kind, hall_id, store.where)


def _opened(engine: Engine, kind: Kind, hall_id: str, where: str) -> Store:
    try:
        with translated(kind, where):
            _prepare(engine, where, hall_id)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, kind, hall_id, where)


def _require_writable(path: Path) -> None:
    """SQLite reports a folder it may not write to only at the first write: too late and too vague."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise file_error(str(path.parent), error) from error
    for place in (path.parent, path):
        if place.exists() and not os.access(place, os.W_OK):
            raise StoreReadOnly(str(place))


def _use_wal(path: Path) -> None:
    """Turn a new file's journal to WAL, which does not wait by itself for programs that start at the same time."""
    with sqlite_failures(path), closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as raw:
        for tries_left in reversed(range(int(BUSY_SECONDS / RETRY_SECONDS))):
            try:
                raw.execute("PRAGMA journal_mode=WAL").close()
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or not tries_left:
                    raise
            sleep(RETRY_SECONDS)


@contextmanager
def sqlite_failures(path: Path) -> Iterator[None]:
    """SQLite's own words as StoreError kinds."""
    try:
        yield
    except sqlite3.Error as error:
        raise Sqlite().failure(error)(str(path), str(error)) from error


def _prepare(engine: Engine, where: str, hall_id: str) -> None:
    with engine.connect() as db, db.begin():
        if _revision(db) == HEAD and _has_hall(db, where, hall_id) and not _lacking(db):
            return
    with upgraded(engine, where) as db:
        if not _has_hall(db, where, hall_id):
            if db.dialect.name == "postgresql" and not is_owner(db):
                raise HallUnknown(where, hall_id)
            db.execute(insert(tables.hall), {"hall_id": hall_id, "seq": 0})


@contextmanager
def upgraded(engine: Engine, where: str, upgrading: bool = False) -> Iterator[Connection]:
    """A transaction in which the tables are there, as this version has them, and nobody else changes them.

    Those of an earlier version are brought up to it on a server only if ``upgrading``. Raises StoreOutdated,
    StoreTooNew, StoreDamaged and DBAPIError.
    """
    with engine.connect().execution_options(writes=True, seconds=LONG_SECONDS) as db, db.begin():
        if db.dialect.name == "postgresql":  # SQLite's write lock lets one in by itself
            for setting in ("lock_timeout", "idle_in_transaction_session_timeout"):
                db.execute(text(f"SET LOCAL {setting} = '{LONG_SECONDS:.0f}s'"))
            db.execute(text("SELECT pg_advisory_xact_lock(hashtext('hallapp'))"))
        _make_tables(db, where, upgrading or db.dialect.name == "sqlite")
        yield db


def _make_tables(db: Connection, where: str, upgrading: bool) -> None:
    """Make the tables, or bring those of an earlier version up to this one if ``upgrading``."""
    found = _revision(db)
    if not (upgrading or found is None):
        require_head(db, where)
    if found is not None and found > HEAD:
        raise StoreTooNew(where, found)
    if found is None and inspect(db).get_table_names():
        raise StoreDamaged(where, "another program's tables")
    if found is not None and found != HEAD and db.dialect.name == "sqlite":
        _back_up(Path(where), found)
    if found != HEAD:
        _upgrade(db)
        if db.dialect.name == "postgresql" and has_role(db, RoleKind.DESK.group):
            give_rights(db)
    for first in _lacking(db):
        make_month(db, first)


def require_head(db: Connection, where: str) -> None:
    """Raises StoreTooNew or StoreOutdated for tables of another version."""
    found = _revision(db)
    if found != HEAD:
        raise (StoreTooNew if (found or "") > HEAD else StoreOutdated)(where, found or "")


def _back_up(path: Path, version: str) -> None:
    """A copy of the store beside it before it is changed, e.g. ``hall.db.0001``; the first one made stands.

    Called with the write lock held: the copy is the store as it was, whole or not there at all. Raises StoreFull or
    StoreReadOnly.
    """
    kept = path.with_name(f"{path.name}.{version}")
    if kept.exists():
        return
    half = kept.with_name(f".{kept.name}.{os.getpid()}")
    try:
        with sqlite_failures(kept), closing(sqlite3.connect(path)) as store, closing(sqlite3.connect(half)) as copy:
            store.backup(copy)
        half.replace(kept)
    except OSError as error:
        raise file_error(str(kept), error) from error
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)


def _revision(db: Connection) -> str | None:
    if not inspect(db).has_table("alembic_version"):
        return None
    return db.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _has_hall(db: Connection, where: str, hall_id: str) -> bool:
    """Raises HallClosed for a hall that works no more."""
    row = db.execute(select(tables.hall).where(tables.hall.c.hall_id == hall_id)).first()
    if row is not None and row.closed_on is not None:
        raise HallClosed(where, f"{row.closed_on}")
    return row is not None


def _lacking(db: Connection) -> tuple[date, ...]:
    return lacking_months(db) if db.dialect.name == "postgresql" else ()


def _upgrade(db: Connection) -> None:
    from alembic.command import upgrade  # slow to import and needed once in a store's life
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = db
    upgrade(config, "head")
