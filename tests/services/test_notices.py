"""One-time notices: given, numbered, printed, found again, and brought back with the next visit."""

from datetime import timedelta

import pytest

from hallapp.domain.errors import BadInput, NotFound, NotSignedIn, WrongState
from hallapp.domain.events import By, Clerk, Kind
from hallapp.domain.handling import ItemState, Outcome
from hallapp.domain.notice import NoticeLine, Situation
from hallapp.domain.printing import SlipKind
from hallapp.services import counter, notices, printing, visits
from hallapp.services.desk import desk
from hallapp.services.hall import step
from hallapp.services.notices import NoticeDraft
from hallapp.store.backup import serials_after

CARD = NoticeLine("身份证", True, 1, "", "正反面")
FORM = NoticeLine("申请表", True, 2, "窗口领取")


@pytest.fixture
def item(hall, clerk, served):
    served(clerk)
    return visits.start_item(hall, clerk, "NT01")


def draft(item, **fields):
    return NoticeDraft(**{"item_id": item.id, "situation": Situation.INCOMPLETE, "missing": (CARD,), **fields})


def test_a_notice_is_kept_word_for_word(hall, clerk, item, clock):
    given = notices.give_notice(hall, clerk, draft(item, received=(FORM,), conditions=("代办",), remark=" 周五前 "))
    assert (given.number, given.barcode, given.serial) == ("20261123001", "N20261123001", 1)
    assert (given.missing, given.received, given.conditions, given.remark) == ((CARD,), (FORM,), ("代办",), "周五前")
    assert (given.item_code, given.staff, given.window, given.given_at) == ("NT01", "0312", 1, clock.now())
    assert notices.find_notice(hall, given.number) == given


def test_it_ends_its_item_with_the_clock_stopped(hall, clerk, item, clock):
    clock.advance(45)
    notices.give_notice(hall, clerk, draft(item))
    clock.advance(45)
    [ended] = desk(hall, 1).items
    assert (ended.item.state, ended.item.outcome, ended.seconds) == (ItemState.ENDED, Outcome.NOTICE, 45)
    visits.finish_visit(hall, clerk)


def test_an_ended_items_outcome_stays(hall, clerk, item):
    visits.finish_item(hall, clerk, item.id, Outcome.CONSULTED)
    notices.give_notice(hall, clerk, draft(item))
    assert desk(hall, 1).items[0].item.outcome is Outcome.CONSULTED


def test_its_slip_is_queued_if_there_is_a_printer(hall, clerk, item):
    given = notices.give_notice(hall, clerk, draft(item), "counter")
    [job] = printing.open_jobs(hall, "counter")
    assert (job.kind, job.ref_id) == (SlipKind.NOTICE, given.id)
    content = printing.content(hall, job)
    assert (content.notice, content.staff.name) == (given, "王芳")


@pytest.mark.parametrize(("fields", "field"), [
    ({"situation": Situation.REFUSED, "reason": " "}, "reason"), ({"missing": ()}, "missing"),
    ({"missing": (), "remark": "  "}, "missing"),
])
def test_a_notice_must_say_something(hall, clerk, item, fields, field):
    with pytest.raises(BadInput) as refused:
        notices.give_notice(hall, clerk, draft(item, **fields))
    assert refused.value.field == field


@pytest.mark.parametrize("fields", [
    {"situation": Situation.REFUSED, "reason": "不属本厅", "missing": ()},
    {"situation": Situation.CONSULTATION, "missing": ()}, {"missing": (), "remark": "补盖章"},
])
def test_enough_is_said_with_a_reason_a_remark_or_for_a_consultation(hall, clerk, item, fields):
    notices.give_notice(hall, clerk, draft(item, **fields))


def test_a_notice_is_given_within_the_clerks_own_visit(hall, clerk, other, item):
    with pytest.raises(WrongState):
        notices.give_notice(hall, other, draft(item))
    with pytest.raises(NotSignedIn):
        notices.give_notice(hall, Clerk("window-3", "0312", 3), draft(item))
    with pytest.raises(NotFound):
        notices.give_notice(hall, clerk, NoticeDraft(9999, Situation.CONSULTATION, ()))
    visits.finish_item(hall, clerk, item.id, Outcome.COMPLETED)
    visits.finish_visit(hall, clerk)
    with pytest.raises(WrongState):
        notices.give_notice(hall, clerk, draft(item))


def test_serials_run_on_within_the_day_and_restart(hall, clerk, item, clock):
    assert [notices.give_notice(hall, clerk, draft(item)).serial for _ in range(2)] == [1, 2]
    clock.set_wall(clock.now() + timedelta(days=1))
    assert notices.give_notice(hall, clerk, draft(item)).number == "20261124001"


@pytest.mark.parametrize("scanned", ["N20261123001", "n20261123001", " 20261123001 "])
def test_a_notice_is_found_by_its_barcode_or_number(hall, clerk, item, scanned):
    given = notices.give_notice(hall, clerk, draft(item))
    assert notices.find_notice(hall, scanned) == given


@pytest.mark.parametrize("scanned", ["N20261123002", "A012", "", "6901234567892"])
def test_what_is_no_notice_is_not_found(hall, clerk, item, scanned):
    notices.give_notice(hall, clerk, draft(item))
    with pytest.raises(NotFound):
        notices.find_notice(hall, scanned)


def test_a_notice_brought_to_the_window_belongs_to_the_visit(hall, clerk, item, issue, events):
    given = notices.give_notice(hall, clerk, draft(item))
    visits.finish_visit(hall, clerk)
    visits.walk_in(hall, clerk)
    assert notices.bring_notice(hall, clerk, given.barcode) == given
    now = desk(hall, 1)
    assert (now.notice, now.visit.notice_id) == (given, given.id)
    assert events()[-1].kind is Kind.NOTICE_BROUGHT
    assert (events()[-1].visit_id, events()[-1].data) == (now.visit.id, {"notice": given.number})
    counter.undo(hall, clerk)
    assert desk(hall, 1).notice is None


def test_a_notice_is_brought_to_an_open_visit_and_must_exist(hall, clerk, item, events):
    before = len(events())
    with pytest.raises(NotFound):
        notices.bring_notice(hall, clerk, "N20261123009")
    given = notices.give_notice(hall, clerk, draft(item))
    visits.finish_visit(hall, clerk)
    with pytest.raises(WrongState):
        notices.bring_notice(hall, clerk, given.number)
    with pytest.raises(NotSignedIn):
        notices.bring_notice(hall, Clerk("window-3", "0312", 3), given.number)
    assert len(events()) == before + 2  # the notice and the end of the visit


def test_who_comes_back_with_a_notice_is_met_with_it(hall, clerk, item, issue):
    given = notices.give_notice(hall, clerk, draft(item))
    visits.finish_visit(hall, clerk)
    issue("enrol", item_code=given.item_code, notice_id=given.id)
    counter.call_next(hall, clerk)
    counter.arrive(hall, clerk)
    assert desk(hall, 1).notice == given


def test_after_a_restore_that_lost_some_a_notice_comes_after_those_that_people_hold(hall, clerk, item):
    with step(hall) as doing:
        change = serials_after(doing.db, hall.id, doing.day, 500)
        doing.record(Kind.RESTORED, By("restore"), [change])
    assert notices.give_notice(hall, clerk, draft(item)).number == "20261123501"
