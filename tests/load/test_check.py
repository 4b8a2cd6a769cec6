"""The check of a load's event log finds every planted fault, and nothing in an untouched log."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from hallapp.domain.events import By, Kind
from hallapp.load.check import Wrong, faults
from hallapp.load.figures import Figures
from hallapp.load.halls import hall_of, stations_of
from hallapp.services.hall import look, step
from hallapp.store import log, queue
from hallapp.store.opening import open_postgres
from hallapp.store.tables import event

TURNS = 15


@pytest.fixture
def hall(load_url, catalogue, clock):
    store = open_postgres(load_url, "load-0001")
    yield hall_of(store, 2, catalogue, clock)
    store.close()


@pytest.fixture
def figures(hall, clock):
    """What the hall's stations got as answers in some turns."""
    found, stations = Figures(), stations_of(hall)
    for _ in range(TURNS):
        for station in stations:
            clock.advance(1)
            station.turn(found)
    return found


def answered(figures):
    return {kind: list(ids) for (_, kind), ids in figures.answered.items()}


def wrong(hall, figures):
    return {(fault.wrong, fault.seq) for fault in faults(hall.store, answered(figures))}


def of_kind(hall, kind):
    with look(hall) as db:
        return [one for one in log.events_after(db, hall.id, 0) if one.kind is kind]


def tamper(hall, statement):
    with hall.store.engine.connect().execution_options(writes=True) as db, db.begin():
        db.execute(statement.where(event.c.hall_id == hall.id))


def test_an_untouched_log_has_no_fault(hall, figures):
    assert of_kind(hall, Kind.FINISHED)
    assert list(faults(hall.store, answered(figures))) == []


def test_a_removed_event_is_a_gap_a_broken_chain_and_a_lost_answer(hall, figures):
    gone = of_kind(hall, Kind.ITEM_STARTED)[1]
    tamper(hall, delete(event).where(event.c.seq == gone.seq))
    assert {(Wrong.GAP, gone.seq + 1), (Wrong.CHAIN, gone.seq + 1), (Wrong.LOST, gone.data["item"])} <= wrong(
        hall, figures)


def test_a_removed_end_is_found(hall, figures):
    with look(hall) as db:
        last = log.last_seq(db, hall.id)
    tamper(hall, delete(event).where(event.c.seq == last))
    assert (Wrong.CHAIN, last) in wrong(hall, figures)


def test_a_doubled_number_is_found(hall, figures):
    first, *_, last = of_kind(hall, Kind.ISSUED)
    tamper(hall, update(event).where(event.c.seq == last.seq).values(number=first.number))
    assert {(Wrong.NUMBER, last.seq), (Wrong.CHAIN, last.seq)} <= wrong(hall, figures)


def test_a_step_done_twice_is_found_though_chain_and_numbers_hold(hall, figures):
    called = of_kind(hall, Kind.CALLED)[0]
    with look(hall) as db:
        ticket = queue.ticket(db, hall.id, called.ticket_id)
    with step(hall) as doing:
        doing.record(Kind.CALLED, By("window-1"), [], ticket=ticket)
    assert wrong(hall, figures) == {(Wrong.TWICE, doing.id), (Wrong.ORDER, doing.id)}


def test_a_step_out_of_order_is_found(hall, figures):
    waiting = of_kind(hall, Kind.ISSUED)[-1]
    with look(hall) as db:
        ticket = queue.ticket(db, hall.id, waiting.ticket_id)
    with step(hall) as doing:
        doing.record(Kind.ARRIVED, By("window-1"), [], ticket=ticket, visit_id=doing.id)
    assert wrong(hall, figures) == {(Wrong.ORDER, doing.id)}


def test_an_answer_without_its_event_is_found(hall, figures):
    figures.answered[hall.id, "called"].append(999)
    assert wrong(hall, figures) == {(Wrong.LOST, 999)}


def test_time_that_goes_back_is_found(hall, figures, clock):
    clock.set_wall(clock.now() - timedelta(minutes=3))
    with step(hall) as doing:
        doing.record(Kind.PAUSED, By("window-1"), [])
    assert wrong(hall, figures) == {(Wrong.TIME, doing.id)}


