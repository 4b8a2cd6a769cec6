"""Taking a number: its order, what the visitor is told, and that a tap counts once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hallapp.domain.errors import BadInput
from hallapp.domain.events import By, Kind
from hallapp.domain.printing import JobState, SlipKind
from hallapp.domain.ticket import TicketState
from hallapp.services import counter, kiosk, printing, staff, visits
from hallapp.services.hall import step
from hallapp.services.kiosk import GroupWait, Wish
from hallapp.store.backup import serials_after
from tests.services.conftest import KIOSK


def test_numbers_run_on_within_their_letter(issue):
    assert [issue(group).number for group in ("enrol", "claim", "enrol", "enrol")] == ["A001", "E001", "A002", "A003"]


def test_after_a_restore_that_lost_some_every_letter_goes_on_above_what_people_hold_until_midnight(hall, issue, clock):
    issue("enrol")
    with step(hall) as doing:
        doing.record(Kind.RESTORED, By("restore"), [serials_after(doing.db, hall.id, doing.day, 500)])
    assert [issue(group).number for group in ("enrol", "enrol", "claim")] == ["A501", "A502", "E501"]
    clock.advance(minutes=24 * 60)
    assert issue("enrol").number == "A001"


def test_a_priority_number_has_its_own_letter_and_a_head_start(issue, hall):
    ticket = issue("claim", priority=True)
    assert (ticket.number, ticket.group) == ("L001", "claim")
    assert ticket.issued_at - ticket.rank_at == timedelta(minutes=15)


def test_an_issued_ticket_waits_and_is_logged(issue, clock, events):
    ticket = issue("enrol", item_code="NT01", notice_id=4)
    assert ticket.state is TicketState.WAITING
    assert (ticket.item_code, ticket.notice_id, ticket.station) == ("NT01", 4, "kiosk-1")
    last = events()[-1]
    assert (last.kind, last.seq, last.ticket_id, last.number) == (Kind.ISSUED, ticket.id, ticket.id, "A001")
    assert last.at == clock.now()


class Overheard:
    """A store's kind, with what it is told to do."""

    def __init__(self, kind):
        self._kind, self.told = kind, []

    def __getattr__(self, name):
        self.told.append(name)
        return getattr(self._kind, name)


def test_a_server_is_at_work_while_the_slip_and_then_the_event_are_made_ready(hall):
    overheard = Overheard(hall.store.kind)
    kiosk.issue(replace(hall, store=replace(hall.store, kind=overheard)), KIOSK, Wish("enrol"), "kiosk")
    assert overheard.told == ["begin", "hasten", "hasten", "append", "committing"]


def test_unknown_business_or_item_is_refused(hall, events):
    for wish, field in ((Wish("nothing"), "group"), (Wish("enrol", "XX99"), "item_code")):
        with pytest.raises(BadInput) as refused:
            kiosk.issue(hall, KIOSK, wish)
        assert refused.value.field == field
    assert events() == ()


def test_a_slip_is_queued_with_the_number(hall):
    issued = kiosk.issue(hall, KIOSK, Wish("enrol"), "kiosk")
    [job] = printing.open_jobs(hall, "kiosk")
    assert (job.id, job.ref_id, job.kind, job.state) == (
        issued.job_id, issued.ticket.id, SlipKind.TICKET, JobState.QUEUED)


def test_without_a_printer_no_slip_is_queued(hall):
    assert kiosk.issue(hall, KIOSK, Wish("enrol")).job_id is None
    assert printing.open_jobs(hall) == ()


@pytest.mark.parametrize("printer", [None, "kiosk"])
def test_a_double_tap_issues_once(hall, events, printer):
    first = kiosk.issue(hall, KIOSK, Wish("enrol", request="tap-1"), printer)
    assert kiosk.issue(hall, KIOSK, Wish("enrol", request="tap-1"), printer) == first
    assert len(events()) == 1
    assert kiosk.issue(hall, KIOSK, Wish("enrol", request="tap-2")).ticket.number == "A002"


def test_what_breaks_a_rule_of_the_stores_is_not_taken_for_a_wish_fulfilled_before(hall, events):
    kiosk.issue(hall, KIOSK, Wish("enrol", request="tap-1"))
    with hall.store.writer.begin() as db:
        db.execute(text("UPDATE ticket SET number = 'A002' WHERE hall_id = :hall"), {"hall": hall.id})
    with pytest.raises(IntegrityError):
        kiosk.issue(hall, KIOSK, Wish("enrol", request="tap-2"))
    assert len(events()) == 1


def test_a_wish_is_known_again_after_midnight(hall, clock):
    clock.set_wall(datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC))
    first = kiosk.issue(hall, KIOSK, Wish("enrol", request="tap-1"))
    clock.advance(2)
    assert clock.now().astimezone(hall.rules.zone).day == 24
    assert kiosk.issue(hall, KIOSK, Wish("enrol", request="tap-1")).ticket == first.ticket


def test_numbers_restart_with_the_halls_day_which_is_not_utcs(issue, clock):
    clock.set_wall(datetime(2026, 11, 23, 15, 59, tzinfo=UTC))  # 23:59 in the hall
    late = issue()
    clock.advance(minutes=2)
    early = issue()
    assert (late.number, early.number) == ("A001", "A001")
    assert (early.day - late.day).days == 1


def test_no_wait_is_promised_while_no_window_is_open(hall, issue):
    ticket = issue()
    assert (ticket.ahead, ticket.expected_minutes) == (0, None)
    assert kiosk.group_waits(hall)[0] == GroupWait("enrol", 1, None)


def test_a_free_window_means_come_at_once(issue, clerk):
    assert issue().expected_minutes == 0


def test_the_wait_counts_everybody_whom_the_same_windows_serve(issue, clerk):
    issue("enrol")
    issue("claim")
    ticket = issue("enrol")
    assert ticket.ahead == 2
    assert ticket.expected_minutes == 12  # two visits of 8 minutes, the second half done


def test_a_busy_window_is_not_idle(hall, issue, clerk):
    issue()
    counter.call_next(hall, clerk)
    assert issue().expected_minutes == 4


def test_a_paused_window_serves_nobody(hall, issue, clerk):
    staff.pause(hall, clerk, "lunch")
    assert issue().expected_minutes is None


def test_a_priority_visitor_is_told_of_fewer_ahead(issue, clock, clerk):
    issue()
    clock.advance(minutes=20)
    issue()
    assert issue(priority=True).ahead == 1
    assert issue().ahead == 3


def test_the_days_own_visits_set_the_pace_once_there_are_enough(hall, clock, issue, clerk, served):
    for _ in range(5):
        served(clerk)
        clock.advance(minutes=20)
        visits.finish_visit(hall, clerk)
    issue()
    assert issue().expected_minutes == 10


def test_the_home_page_lists_every_group(hall, issue, clerk):
    issue("claim")
    waits = {wait.group: wait for wait in kiosk.group_waits(hall)}
    assert list(waits) == [group.code for group in hall.catalogue.groups]
    assert waits["claim"] == GroupWait("claim", 1, 4)
    assert waits["enrol"] == GroupWait("enrol", 1, 4)  # the same windows serve both


def test_the_home_page_tells_what_the_slip_will_tell(hall, issue, clock, clerk):
    issue("claim")
    clock.advance(minutes=20)
    issue("claim", priority=True)
    issue("enrol")
    for priority in (False, True):
        told = next(wait for wait in kiosk.group_waits(hall, priority) if wait.group == "change")
        ticket = issue("change", priority=priority)
        assert (told.ahead, told.minutes) == (ticket.ahead, ticket.expected_minutes)
