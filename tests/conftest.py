"""Fixtures for all tests: a hall on a real SQLite file, a clock that tests set, clerks, and Qt's parts."""

import gc
import os
import shutil
import signal
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from hallapp import paths
from hallapp.app.hall import open_hall, prepare_folder
from hallapp.app.station import Station
from hallapp.domain.catalogue_file import load_catalogue
from hallapp.domain.events import By, Clerk, Kind
from hallapp.domain.rules import HallInfo, Rules, Window
from hallapp.domain.staff import Role, Staff
from hallapp.server.cluster import Cluster, free_port
from hallapp.services import staff as staff_services
from hallapp.services.hall import Hall, step
from hallapp.store import people
from hallapp.store.opening import open_sqlite, upgrade_postgres
from hallapp.store.rows import added
from hallapp.ui.garbage import collect

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # so a run in the background begins, and every program it starts
    signal.signal(signal.SIGINT, signal.default_int_handler)

# how long an example takes says how busy the machine is, and nothing of the program
settings.register_profile("hall", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hall")

PASSWORD = "haoma-0312"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # a real hash that is quick to verify


@contextmanager
def whole_station(folder, tables, window):
    """All windows of a hall with a clerk, the counter for that window; ``tables`` are added to its hall.toml."""
    file = prepare_folder(folder)
    file.write_text(file.read_text(encoding="utf-8") + tables, encoding="utf-8")
    hall, config = open_hall(folder)
    staff_services.add_staff(hall, By("setup"), Staff("0312", "王芳", Role.SUPERVISOR), PASSWORD)
    with Station(hall, config) as station:
        station.open("hall", window)
        yield station
        for made in station.windows:
            getattr(made, "allow_close", lambda: None)()
    hall.store.close()


def pytest_xdist_auto_num_workers(config):
    """A process for each core the tests may use; none for the benchmarks, which measure alone."""
    return 0 if config.option.markexpr == "benchmark" else os.cpu_count()


def pytest_collection_modifyitems(items):
    """The long ones first, so that no core ends up waiting for another."""
    items.sort(key=lambda item: "system" not in item.path.parts)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown():
    """What a test leaves behind goes once its windows are closed, and not amid another test."""
    left = yield
    if not gc.isenabled():
        collect()
    return left


class TestClock:
    """A clock that stands still until told; wall and monotonic time may be moved apart."""

    __test__ = False

    def __init__(self, start=datetime(2026, 11, 23, 1, 0, tzinfo=UTC)):
        self.id = "test-clock"
        self._wall = start
        self._mono = 1000.0

    def now(self):
        return self._wall

    def monotonic(self):
        return self._mono

    def advance(self, seconds=0.0, minutes=0.0):
        self.set_wall(self._wall + timedelta(seconds=seconds, minutes=minutes))
        self._mono += seconds + 60 * minutes

    def set_wall(self, moment):
        """Somebody sets the PC's clock: the wall time jumps, the monotonic time does not."""
        self._wall = moment

    def restart(self, name="test-clock-2"):
        """The program starts anew: another monotonic clock."""
        self.id, self._mono = name, 5.0


@pytest.fixture
def clock():
    return TestClock()


@pytest.fixture(scope="session")
def catalogue():
    return load_catalogue(paths.resources() / "catalogues" / "nantong19.toml")


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory):
    """The file of a store in which nothing happened yet, to be copied."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    open_sqlite(path, "h1").close()
    return path


@pytest.fixture
def store_path(tmp_path, empty_store):
    """A fresh store's file; making one takes longer than copying it."""
    path = tmp_path / "hall.db"
    shutil.copyfile(empty_store, path)
    return path


@pytest.fixture
def windows(catalogue):
    every = frozenset(group.code for group in catalogue.groups)
    return tuple(Window(number, every, f"{number}号窗口") for number in (1, 2, 3))


@pytest.fixture(scope="session")
def server_folder():
    """A folder where a server's account may come and go, whoever runs the tests; pytest's own are closed to it."""
    with TemporaryDirectory(prefix="hallapp-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        folder.chmod(0o777)
        yield folder


@pytest.fixture(scope="session")
def postgres_url(server_folder):
    """A real PostgreSQL server with an empty database; its address."""
    cluster = Cluster(server_folder / "shared")
    cluster.init(datetime.now(UTC), port=free_port())
    with (cluster.data / "postgresql.conf").open("a") as conf:
        conf.write("fsync = off\nfull_page_writes = off\n")  # no test pulls the plug of this one
    cluster.start()
    yield cluster.url("127.0.0.1").replace("hall@", f"hall:{cluster.password_file.read_text()}@").replace(
        f":{cluster.front().port}/hall?sslmode=require", f":{cluster.front().inner}/hall")
    cluster.stop()


@pytest.fixture(scope="session")
def made_database(postgres_url):
    """A database on the shared server with a store's tables in it, to be copied."""
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute("CREATE DATABASE made")
    upgrade_postgres(f"{postgres_url.rpartition('/')[0]}/made")


@contextmanager
def copied_database(postgres_url):
    """The address of a copy of ``made_database``, which goes away in the end."""
    import psycopg

    name = f"t{uuid4().hex[:12]}"
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name} TEMPLATE made STRATEGY file_copy")
    yield f"{postgres_url.rpartition('/')[0]}/{name}"
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(postgres_url, made_database):
    """The address of a database of the test's own on the shared server: a store with its tables, and no hall."""
    with copied_database(postgres_url) as made:
        yield made


@pytest.fixture
def store(store_path):
    """A fresh store: SQLite, unless a folder's tests say otherwise."""
    made = open_sqlite(store_path, "h1")
    yield made
    made.close()


@pytest.fixture
def hall(store, clock, catalogue, windows):
    """A hall with three windows that serve everything; nobody works there yet."""
    info = HallInfo(id=store.hall_id, name="上冈镇为民服务中心")
    return Hall(store, info, Rules(), windows, catalogue, clock)


@pytest.fixture(scope="session")
def _hashed():
    return CHEAP.hash(PASSWORD)


@pytest.fixture
def employed(hall, _hashed):
    """``employed(number, name, role)``: a member of staff whose password is PASSWORD and quick to check."""

    def employ(number="0312", name="王芳", role=Role.CLERK):
        member = Staff(number, name, role)
        with step(hall) as doing:
            people.keep_password(doing.db, hall.id, number, _hashed)
            doing.record(Kind.STAFF_ADDED, By("setup"), [added(member)], data={"number": number})
        return member

    return employ


@pytest.fixture
def signed_in(hall, employed):
    """``signed_in(window, number)``: a clerk, employed if need be, who sits at that window."""

    def sign_in(window=1, number="0312", password=PASSWORD, name="王芳", role=Role.CLERK):
        if number not in [member.number for member in staff_services.everyone(hall)]:
            employed(number, name, role)
        station = f"window-{window}"
        staff_services.sign_in(hall, station, number, password, window)
        return Clerk(station, number, window)

    return sign_in


@pytest.fixture(scope="session")
def qapp(qapp):
    """Qt as the program has it, whose cycles go in its own thread only."""
    gc.disable()
    return qapp


@pytest.fixture(scope="session")
def themed(qapp):
    """The application in the hall's dress."""
    from hallapp.ui import theme

    theme.apply(qapp)
    return qapp


@pytest.fixture
def tasks(qapp, hall):
    """The worker thread of a window; an error nobody expected fails the test."""
    from hallapp.ui.tasks import Tasks

    failures = []
    made = Tasks()
    made.failed.connect(failures.append)
    yield made
    made.close()
    qapp.processEvents()
    assert failures == []


@pytest.fixture
def bugs(tasks):
    """Errors nobody expected, in a test that wants one."""
    heard = []
    tasks.failed.disconnect()
    tasks.failed.connect(heard.append)
    return heard


@pytest.fixture
def feed(qapp, hall):
    """News of the hall; a test starts it once it listens."""
    from hallapp.ui.feed import Feed

    made = Feed(hall)
    yield made
    made.close()


@pytest.fixture
def lights(qapp):
    from hallapp.ui.lights import Lights

    return Lights()
