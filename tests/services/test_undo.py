"""Taking the last step back: every undoable kind leaves the tables as they were, and nobody else's step is undone."""

import pytest

from hallapp.domain.errors import NothingToUndo
from hallapp.domain.events import UNDOABLE, By, Kind
from hallapp.domain.handling import Outcome
from hallapp.domain.notice import Situation
from hallapp.domain.ticket import HoldKind
from hallapp.services import counter, notices, staff, visits
from hallapp.services.desk import desk
from hallapp.services.hall import look
from hallapp.store import tables
from tests.services.conftest import KIOSK


def state(hall):
    """All rows of the hall in all state tables that a step of the queue may touch."""
    with look(hall) as db:
        return {table.name: set(db.execute(table.select().where(table.c.hall_id == hall.id)).all())
                for table in tables.STATE_TABLES if table.name not in ("notice", "rating")}


@pytest.fixture
def at(hall, clerk, clock, issue, served):
    """``at[kind]()``: bring the window to where a step of that kind is possible and return that step."""

    def open_item():
        served(clerk)
        return visits.start_item(hall, clerk, "NT01")

    def call():
        issue()
        return lambda: counter.call_next(hall, clerk)

    def called():
        call()()

    def arrive():
        called()
        return lambda: counter.arrive(hall, clerk)

    def miss():
        called()
        clock.advance(15)
        counter.recall(hall, clerk)
        clock.advance(15)
        return lambda: counter.miss(hall, clerk)

    def abandon():
        ticket = issue()
        return lambda: counter.abandon(hall, clerk, ticket.id)

    def hold():
        open_item()
        return lambda: counter.hold(hall, clerk, HoldKind.KEEP_PAPERS)

    def transfer():
        open_item()
        return lambda: counter.transfer(hall, clerk, window=2, back=True)

    def walk_in():
        return lambda: visits.walk_in(hall, clerk)

    def start():
        open_item()
        return lambda: visits.start_item(hall, clerk, "NT02")

    def suspend():
        item = open_item()
        return lambda: visits.suspend_item(hall, clerk, item.id)

    def resume():
        first = open_item()
        visits.start_item(hall, clerk, "NT02")
        return lambda: visits.resume_item(hall, clerk, first.id)

    def change():
        item = open_item()
        return lambda: visits.set_quantity(hall, clerk, item.id, 5)

    def bring():
        item = open_item()
        draft = notices.NoticeDraft(item.id, Situation.CONSULTATION, ())
        number = notices.give_notice(hall, clerk, draft).number
        return lambda: notices.bring_notice(hall, clerk, number)

    def finish_item():
        item = open_item()
        return lambda: visits.finish_item(hall, clerk, item.id, Outcome.COMPLETED)

    def finish():
        finish_item()()
        return lambda: visits.finish_visit(hall, clerk)

    return {
        Kind.CALLED: call, Kind.ARRIVED: arrive, Kind.MISSED: miss, Kind.ABANDONED: abandon, Kind.HELD: hold,
        Kind.TRANSFERRED: transfer, Kind.WALKED_IN: walk_in, Kind.ITEM_STARTED: start, Kind.ITEM_SUSPENDED: suspend,
        Kind.ITEM_RESUMED: resume, Kind.ITEM_CHANGED: change, Kind.ITEM_FINISHED: finish_item, Kind.FINISHED: finish,
        Kind.NOTICE_BROUGHT: bring,
    }


@pytest.mark.parametrize("kind", sorted(UNDOABLE))
def test_a_step_taken_back_leaves_what_was(hall, clerk, clock, at, kind, events):
    step = at[kind]()
    before = state(hall)
    clock.advance(20)
    step()
    assert events()[-1].kind is kind
    assert state(hall) != before
    clock.advance(20)
    assert counter.undo(hall, clerk) is kind
    assert state(hall) == before
    assert events()[-1].data == {"of": events()[-2].seq, "kind": kind}


def test_a_step_taken_back_can_be_made_again(hall, clerk, at):
    step = at[Kind.FINISHED]()
    step()
    counter.undo(hall, clerk)
    step()
    assert desk(hall, 1).visit is None


def test_one_step_is_taken_back_and_no_more(hall, clerk, at):
    at[Kind.ARRIVED]()()
    counter.undo(hall, clerk)
    with pytest.raises(NothingToUndo):
        counter.undo(hall, clerk)


def test_there_is_nothing_to_undo_at_first(hall, clerk):
    with pytest.raises(NothingToUndo):
        counter.undo(hall, clerk)


def test_a_pause_is_not_undone(hall, clerk, at):
    at[Kind.CALLED]()()
    staff.pause(hall, clerk, "lunch")
    with pytest.raises(NothingToUndo):
        counter.undo(hall, clerk)


def test_nothing_is_undone_once_another_window_went_on(hall, clerk, other, at):
    at[Kind.TRANSFERRED]()()
    counter.call_next(hall, other)
    with pytest.raises(NothingToUndo):
        counter.undo(hall, clerk)


def test_nothing_is_undone_once_the_visitor_came_back(hall, clerk, at, events):
    at[Kind.MISSED]()()
    counter.come_back(hall, KIOSK, events()[-1].ticket_id)
    with pytest.raises(NothingToUndo):
        counter.undo(hall, clerk)


def test_nothing_is_undone_once_a_supervisor_closed_the_visit(hall, clerk, at, events):
    at[Kind.ITEM_STARTED]()()
    visits.void_visit(hall, By("supervisor"), events()[-1].visit_id, "left")
    with pytest.raises(NothingToUndo):
        counter.undo(hall, clerk)


def test_other_windows_and_visitors_steps_do_not_matter(hall, clerk, other, at, issue):
    at[Kind.MISSED]()()
    issue()
    counter.call_next(hall, other)
    counter.arrive(hall, other)
    assert counter.undo(hall, clerk) is Kind.MISSED


def test_the_step_of_the_clerk_before_is_not_undone(hall, clerk, at, signed_in):
    at[Kind.FINISHED]()()
    staff.sign_out(hall, clerk)
    after = signed_in(1, "0313")
    with pytest.raises(NothingToUndo):
        counter.undo(hall, after)


def test_yesterdays_step_is_not_undone(hall, clerk, at, clock):
    at[Kind.FINISHED]()()
    clock.advance(minutes=24 * 60)
    with pytest.raises(NothingToUndo):
        counter.undo(hall, clerk)
