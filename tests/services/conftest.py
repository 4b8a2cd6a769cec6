import shutil
from uuid import uuid4

import pytest

from hallapp.domain.events import By, Clerk, Kind
from hallapp.domain.rules import HallInfo, Rules, Window
from hallapp.domain.staff import Staff
from hallapp.services import counter, kiosk, staff
from hallapp.services.hall import Hall, look, step
from hallapp.store import log, people, queue, visits
from hallapp.store.opening import open_postgres, open_sqlite
from hallapp.store.rows import added
from tests.conftest import PASSWORD, TestClock

KIOSK = By("kiosk-1")
CLERKS = (Clerk("window-1", "0312", 1), Clerk("window-2", "0313", 2))


@pytest.fixture(params=["sqlite", "postgres"])
def open_again(request):
    """``open_again()``: the test's store once more, as another program opens it. On the server every test has a hall
    of its own."""
    opened, hall_id = [], uuid4().hex
    if request.param == "sqlite":
        where, opening = request.getfixturevalue("store_path"), open_sqlite
        hall_id = "h1"
    else:
        where, opening = request.getfixturevalue("postgres_url"), open_postgres

    def open_store():
        opened.append(opening(where, hall_id))
        return opened[-1]

    yield open_store
    for store in opened:
        store.close()


@pytest.fixture
def store(open_again):
    """A fresh store on each engine."""
    return open_again()


@pytest.fixture
def clerk(signed_in):
    return signed_in(1)


@pytest.fixture
def other(signed_in):
    return signed_in(2, "0313", name="李强")


@pytest.fixture
def issue(hall, clock):
    """``issue(group, ...)``: the next ticket, a second after the one before."""

    def take(group="enrol", **wish):
        clock.advance(1)
        return kiosk.issue(hall, KIOSK, kiosk.Wish(group, **wish)).ticket

    return take


@pytest.fixture
def served(hall, issue):
    """``served(clerk)``: a new ticket whose visitor sits at the clerk's window; the ticket's id."""

    def serve(by, **wish):
        ticket = issue(**wish)
        counter.call_number(hall, by, ticket.id)
        counter.arrive(hall, by)
        return ticket.id

    return serve


@pytest.fixture
def missed(hall, clock, issue):
    """``missed(clerk)``: a ticket that was called twice in vain; its id."""

    def miss(by):
        ticket = issue()
        counter.call_number(hall, by, ticket.id)
        clock.advance(15)
        counter.recall(hall, by)
        clock.advance(15)
        counter.miss(hall, by)
        return ticket.id

    return miss


@pytest.fixture
def now_of(hall):
    """``now_of(ticket_id)``: the ticket as the store has it."""

    def read(ticket_id):
        with look(hall) as db:
            return queue.ticket(db, hall.id, ticket_id)

    return read


@pytest.fixture
def visit_of(hall):
    def read(ticket_id):
        with look(hall) as db:
            return visits.visit_of_ticket(db, hall.id, ticket_id)

    return read


@pytest.fixture
def events(hall):
    def read():
        with look(hall) as db:
            return log.events_after(db, hall.id, 0, 10_000)

    return read


@pytest.fixture(scope="session")
def staffed_store(empty_store, _hashed, tmp_path_factory, catalogue):
    """A store with two clerks at their windows, to be copied."""
    path = tmp_path_factory.mktemp("replay") / "staffed.db"
    shutil.copyfile(empty_store, path)
    every = frozenset(group.code for group in catalogue.groups)
    windows = tuple(Window(number, every) for number in (1, 2, 3))
    hall = Hall(open_sqlite(path, "h1"), HallInfo("h1", "上冈镇为民服务中心"), Rules(), windows, catalogue, TestClock())
    for by in CLERKS:
        with step(hall) as doing:
            people.keep_password(doing.db, hall.id, by.staff, _hashed)
            doing.record(Kind.STAFF_ADDED, By("setup"), [added(Staff(by.staff, "员工"))])
        staff.sign_in(hall, by.station, by.staff, PASSWORD, by.window)
    hall.store.close()
    return path, hall
