"""News of the hall: every event from the start on, in order, whoever wrote it."""

from contextlib import suppress
from dataclasses import replace
from queue import Queue
from threading import Event, Thread

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from hallapp.domain.errors import StoreAway
from hallapp.services import kiosk
from hallapp.services.feed import follow
from hallapp.services.kiosk import Wish
from tests.services.conftest import KIOSK

SOON = 10


@pytest.fixture
def news(hall):
    """A queue of what the feed says; the first entry is its start."""
    said, stopped = Queue(), Event()
    thread = Thread(target=follow, args=(hall, stopped, said.put, said.put, lambda: said.put("back")))
    thread.start()
    yield said
    stopped.set()
    thread.join(SOON)
    assert not thread.is_alive()


def test_it_starts_with_nothing_and_then_tells_all_in_order(hall, news):
    assert news.get(timeout=SOON) == ()
    issued = [kiosk.issue(hall, KIOSK, Wish("enrol")).ticket.id for _ in range(5)]
    told = []
    while len(told) < 5:
        told += [event.seq for event in news.get(timeout=SOON)]
    assert told == issued


def test_another_processs_commit_is_told_too(hall, news, open_again):
    assert news.get(timeout=SOON) == ()
    ticket = kiosk.issue(replace(hall, store=open_again()), KIOSK, Wish("enrol")).ticket
    assert [event.ticket_id for event in news.get(timeout=SOON)] == [ticket.id]


def test_another_processs_commit_wakes_up_who_listens_in_this_one(hall, news, open_again):
    assert news.get(timeout=SOON) == ()
    printer = hall.store.listen()
    kiosk.issue(replace(hall, store=open_again()), KIOSK, Wish("enrol"))
    assert printer.wait(SOON)


def test_a_lost_store_is_told_once_and_its_return_too(hall, news):
    assert news.get(timeout=SOON) == ()
    with hall.store.engine.connect().execution_options(writes=True) as db, db.begin():
        db.exec_driver_sql("ALTER TABLE event RENAME TO elsewhere")
    hall.store.poke()
    assert isinstance(news.get(timeout=SOON), StoreAway)
    with hall.store.engine.connect().execution_options(writes=True) as db, db.begin():
        db.exec_driver_sql("ALTER TABLE elsewhere RENAME TO event")
    printer = hall.store.listen()
    assert news.get(timeout=SOON) == "back"
    assert printer.wait(SOON)
    ticket = kiosk.issue(hall, KIOSK, Wish("enrol")).ticket
    assert [event.ticket_id for event in news.get(timeout=SOON)] == [ticket.id]


def test_one_that_broke_off_is_woken_no_more(hall):
    def break_off(events):
        raise ValueError(events)

    before = len(hall.store._listeners)
    with suppress(ValueError):
        follow(hall, Event(), break_off, print, print)
    assert len(hall.store._listeners) == before


def test_an_event_of_an_earlier_day_is_told_too_when_the_clock_was_set_back(hall, news, clock):
    assert news.get(timeout=SOON) == ()
    told, issued = [], []
    for days in (0, -400, 1, 0):
        clock.advance(minutes=days * 24 * 60)
        issued.append(kiosk.issue(hall, KIOSK, Wish("enrol")).ticket.id)
        while told != issued:
            told += [event.seq for event in news.get(timeout=SOON)]


def test_what_was_told_just_before_the_store_got_lost_is_not_told_again(hall):
    said, stopped = Queue(), Event()

    def lose(_db):
        raise DBAPIError("BEGIN", None, Exception("gone"))

    def news(events):
        said.put([one.seq for one in events])
        if len(events) == 1:
            event.listen(hall.store.engine, "begin", lose, once=True)

    thread = Thread(target=follow, args=(hall, stopped, news, lambda _: said.put("lost"), lambda: said.put("back")))
    thread.start()
    assert said.get(timeout=SOON) == []
    first = kiosk.issue(hall, KIOSK, Wish("enrol")).ticket.id
    assert [said.get(timeout=SOON) for _ in range(3)] == [[first], "lost", "back"]
    second = kiosk.issue(hall, KIOSK, Wish("enrol")).ticket.id
    assert said.get(timeout=SOON) == [second]
    stopped.set()
    thread.join(SOON)
    assert not thread.is_alive()
