"""A server that freezes, loses its answers or vanishes: every wait for it ends, and what was committed is known."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from queue import Queue
from threading import Event, Thread
from time import monotonic
from uuid import uuid4

import pytest
from psycopg import OperationalError
from sqlalchemy import event, text

from hallapp.app.hall import SystemClock
from hallapp.domain.clock import ServerClock
from hallapp.domain.errors import StoreAway
from hallapp.domain.events import By
from hallapp.services import kiosk
from hallapp.services.feed import RETRY_SECONDS, follow
from hallapp.services.hall import Hall, look
from hallapp.services.kiosk import Wish
from hallapp.store import bounded, db, postgres
from hallapp.store.opening import open_postgres
from hallapp.store.queue import tickets_of_day
from tests.system.conftest import address_at

KIOSK, SOON, PROMISED = By("kiosk"), 20, 3.0
TICK = 0.1  # how often psycopg looks up from a wait


@pytest.fixture
def store(far_url):
    """A hall of its own on the shared server."""
    made = open_postgres(far_url, uuid4().hex)
    yield made
    made.close()


@pytest.fixture
def aside():
    """``aside(work, *arguments)``: its result from another thread, or a failed test if it does not end."""
    pool = ThreadPoolExecutor()
    yield lambda work, *arguments: pool.submit(work, *arguments).result(SOON)
    pool.shutdown(wait=False)


@pytest.fixture
def news(hall):
    """What the feed says; ``lost`` and ``back`` by name."""
    said, stopped = Queue(), Event()
    thread = Thread(target=follow, args=(hall, stopped, said.put, lambda _: said.put("lost"),
                                         lambda: said.put("back")))
    thread.start()
    assert said.get(timeout=SOON) == ()
    yield said
    stopped.set()
    thread.join(SOON)
    assert not thread.is_alive()


def issue(hall, request=None):
    return kiosk.issue(hall, KIOSK, Wish("enrol", request=request)).ticket


def numbers(hall):
    with look(hall) as found:
        return [ticket.number for ticket in tickets_of_day(found, hall.id, hall.today())]


def test_what_a_station_waits_for_adds_up_to_less_than_three_seconds():
    two_hosts = 2 * bounded.CONNECT_SECONDS
    assert db.STEP_SECONDS + TICK < PROMISED
    assert postgres.ASK_SECONDS + two_hosts + 3 * TICK < PROMISED
    assert postgres.LOOK_SECONDS + postgres.BEAT_SECONDS + TICK < PROMISED  # a feed that hears nothing
    assert RETRY_SECONDS + two_hosts + 2 * TICK < PROMISED  # a feed that tries again


def test_a_step_on_a_frozen_server_ends_and_the_next_one_after_the_thaw_is_done(hall, proxy, aside):
    issue(hall)
    proxy.freeze()
    with pytest.raises(StoreAway):
        aside(issue, hall)
    proxy.go_on()
    assert aside(issue, hall).number == "A002"


@pytest.mark.parametrize("trouble", ["freeze", "swallow"])
def test_a_step_that_the_cable_leaves_in_the_middle_ends_and_lets_the_others_go_on(
        hall, proxy, aside, postgres_url, trouble):
    def interrupted():
        with db.writing(hall.store) as write:
            getattr(proxy, trouble)()
            write.db.execute(text("SELECT 1"))

    with pytest.raises(StoreAway):
        aside(interrupted)
    near = open_postgres(postgres_url, hall.id)  # by another cable
    other = Hall(near, hall.info, hall.rules, hall.windows, hall.catalogue, hall.clock)
    assert aside(issue, other).number == "A001"
    near.close()


def test_a_number_whose_commit_was_not_answered_is_given_once(hall, proxy, aside):
    event.listen(hall.store.engine, "commit", lambda _: proxy.swallow(answers_only=True), once=True)
    with pytest.raises(StoreAway):
        aside(issue, hall, "tap-1")
    proxy.go_on()
    assert aside(issue, hall, "tap-1").number == "A001"
    assert aside(issue, hall, "tap-2").number == "A002"
    assert aside(numbers, hall) == ["A001", "A002"]


@pytest.mark.parametrize("to_server", [True, False])
def test_the_feed_notices_a_connection_closed_towards_one_side_and_makes_a_new_one(
        hall, proxy, postgres_url, news, to_server):
    proxy.half_close(to_server)
    near = open_postgres(postgres_url, hall.id)
    ticket = issue(Hall(near, hall.info, hall.rules, hall.windows, hall.catalogue, hall.clock))
    near.close()
    assert news.get(timeout=SOON) == "lost"
    assert news.get(timeout=SOON) == "back"
    assert [one.ticket_id for one in news.get(timeout=SOON)] == [ticket.id]


@pytest.mark.parametrize("to_server", [True, False])
def test_a_number_is_issued_once_however_the_connection_was_closed_on_one_side(hall, proxy, aside, to_server):
    issue(hall)
    proxy.half_close(to_server)
    if to_server:  # nothing says that a connection used just now is dead
        with pytest.raises(StoreAway):
            aside(issue, hall, "tap-1")
    assert aside(issue, hall, "tap-1").number == "A002"  # over a new connection
    event.listen(hall.store.engine, "commit", lambda _: proxy.half_close(to_server), once=True)
    with pytest.raises(StoreAway):
        aside(issue, hall, "tap-2")
    assert aside(issue, hall, "tap-2").number == "A003"
    assert aside(numbers, hall) == ["A001", "A002", "A003"]


@pytest.mark.parametrize("trouble", ["freeze", "swallow", "refuse"])
def test_the_feed_notices_silence_and_the_return_and_misses_nothing(hall, proxy, postgres_url, news, trouble):
    getattr(proxy, trouble)()
    assert news.get(timeout=SOON) == "lost"
    near = open_postgres(postgres_url, hall.id)
    ticket = issue(Hall(near, hall.info, hall.rules, hall.windows, hall.catalogue, hall.clock))
    near.close()
    proxy.go_on()
    assert news.get(timeout=SOON) == "back"
    assert [one.ticket_id for one in news.get(timeout=SOON)] == [ticket.id]


def test_a_step_fits_a_network_of_two_fifths_of_a_second_there_and_back(hall, proxy, aside):
    issue(hall)
    proxy.delay = 0.2  # each way
    assert aside(issue, hall, "tap-1").number == "A002"
    assert aside(numbers, hall) == ["A001", "A002"]


def test_over_such_a_network_a_connection_is_made_anew_too(hall, proxy, aside):
    issue(hall)
    proxy.delay = 0.2
    proxy.cut()
    assert aside(issue, hall, "tap-1").number == "A002"


@pytest.mark.parametrize(("more", "given_up"), [(1e-9, True), (SOON, False)])
def test_while_connecting_each_answer_puts_the_end_off_and_silence_after_one_is_noticed(more, given_up):
    def asking():
        while True:
            yield "wait"

    waiting = bounded._within(asking(), monotonic() + SOON, more)
    assert [next(waiting), waiting.send(None), waiting.send("ready")] == ["wait"] * 3
    if given_up:
        with pytest.raises(OperationalError):
            waiting.send(None)
    else:
        assert waiting.send(None) == "wait"


def test_a_network_too_slow_for_a_step_is_told_and_the_step_is_done_once_it_is_fast_again(hall, proxy, aside):
    issue(hall)
    proxy.delay = 0.6  # each way: a step takes three answers
    with pytest.raises(StoreAway):
        aside(issue, hall, "tap-1")
    proxy.delay = 0.0
    assert aside(issue, hall, "tap-1").number == "A002"
    assert aside(numbers, hall) == ["A001", "A002"]


def test_a_connection_that_was_idle_is_asked_before_a_step_goes_over_it(hall, proxy, aside, monkeypatch):
    monkeypatch.setattr(postgres, "FRESH_SECONDS", 0.0)
    issue(hall)
    proxy.half_close(to_server=True)
    assert aside(issue, hall).number == "A002"


def test_a_connection_that_was_just_used_is_looked_at_before_a_step_goes_over_it(hall, proxy, aside):
    issue(hall)
    proxy.cut()
    assert aside(issue, hall).number == "A002"


def test_a_server_that_takes_connections_and_says_nothing_is_away(far_url, proxy, aside):
    proxy.freeze()
    with pytest.raises(StoreAway):
        aside(open_postgres, far_url, "h1")


def test_of_two_hosts_the_one_that_answers_is_taken(postgres_url, proxy, aside):
    near = proxy.target
    both = address_at(postgres_url, f"{proxy.port},127.0.0.1:{near}")
    proxy.freeze()
    store = aside(open_postgres, both, "h1")
    with db.reading(store) as found:
        assert found.execute(text("SELECT inet_server_port()")).scalar_one() == near
    assert ":***@" in store.where
    store.close()


def test_the_owners_work_may_take_longer_than_a_stations_step(far_url):
    def work(seconds):
        store = open_postgres(far_url, "h1", seconds=seconds)
        try:
            with db.reading(store) as found:
                found.execute(text("SELECT pg_sleep(0.6)"))
        finally:
            store.close()

    with pytest.raises(StoreAway):
        work(0.3)
    work(db.LONG_SECONDS)


class WrongClock:
    """A PC whose clock was set an hour ahead; its monotonic clock is right."""

    id = "wrong"

    def __init__(self, own):
        self._own = own

    def now(self):
        return self._own.now() + timedelta(hours=1)

    def monotonic(self):
        return self._own.monotonic()


def test_a_number_bears_the_servers_time_whatever_the_pcs_clock_says(far_url, hall):
    clock = ServerClock(WrongClock(SystemClock()))
    store = open_postgres(far_url, uuid4().hex, clock.heard)
    there = Hall(store, hall.info, hall.rules, hall.windows, hall.catalogue, clock)
    with db.reading(store) as found:
        before = found.execute(text("SELECT clock_timestamp()")).scalar_one()
    ticket = issue(there)
    with db.reading(store) as found:
        after = found.execute(text("SELECT clock_timestamp()")).scalar_one()
    store.close()
    slack = timedelta(seconds=0.5)
    assert before - slack <= ticket.issued_at <= after + slack


def test_the_feed_asks_for_the_time_again_and_again(far_url, hall):
    heard = Queue()
    store = open_postgres(far_url, hall.id, lambda *said: heard.put(said))
    stopped = Event()
    there = Hall(store, hall.info, hall.rules, hall.windows, hall.catalogue, hall.clock)
    thread = Thread(target=follow, args=(there, stopped, lambda _: None, lambda _: None, lambda: None))
    thread.start()
    told = [heard.get(timeout=SOON) for _ in range(4)]
    stopped.set()
    thread.join(SOON)
    store.close()
    assert told == sorted(told)
    assert all(asked <= answered for _, asked, answered in told)
