"""The turn of the day: leftovers are closed, forgotten visits are shown, nothing is deleted."""

from datetime import timedelta

from hallapp.domain.events import By, Kind
from hallapp.domain.printing import SlipKind
from hallapp.domain.ticket import HoldKind, TicketState
from hallapp.services import counter, kiosk, printing, staff, visits
from hallapp.services.day import clock_behind, close_past_days
from hallapp.services.desk import desk
from hallapp.services.kiosk import Wish
from tests.conftest import PASSWORD

PROGRAM, KIOSK = By("app"), By("kiosk")
NIGHT = 24 * 60


def test_what_was_left_over_is_abandoned_the_next_day(hall, clerk, issue, missed, now_of, clock, events):
    left = [missed(clerk), issue().id]
    assert close_past_days(hall, PROGRAM) == 0  # not on the day itself
    clock.advance(minutes=NIGHT)
    assert close_past_days(hall, PROGRAM) == 2
    assert {now_of(ticket_id).state for ticket_id in left} == {TicketState.ABANDONED}
    assert (events()[-1].kind, events()[-1].data) == (Kind.DAY_CLOSED, {"abandoned": 2, "signed_out": 1, "slips": 0})


def test_slips_of_yesterdays_numbers_do_not_come_out_with_the_mornings_paper(hall, clock):
    _waiting, failed, doubted, sent = (
        kiosk.issue(hall, KIOSK, Wish("enrol"), "kiosk").job_id for _ in range(4))
    printing.blocked(hall, PROGRAM, failed, "paper_out")
    for job in (doubted, sent):
        printing.start(hall, PROGRAM, job)
    printing.failed(hall, PROGRAM, doubted, "interrupted", unknown=True)
    test_page = printing.reprint(hall, PROGRAM, SlipKind.TEST, 0, "kiosk").id
    clock.advance(minutes=NIGHT)
    today = kiosk.issue(hall, KIOSK, Wish("enrol"), "kiosk").job_id
    close_past_days(hall, PROGRAM)
    assert {job.id for job in printing.open_jobs(hall)} == {sent, test_page, today}
    printing.printed(hall, PROGRAM, sent)
    assert close_past_days(hall, PROGRAM) == 0


def test_who_forgot_to_sign_out_is_signed_out_and_who_signs_in_anew_stays(hall, clerk, clock):
    clock.advance(minutes=NIGHT)
    staff.sign_in(hall, clerk.station, clerk.staff, PASSWORD, clerk.window)
    close_past_days(hall, PROGRAM)
    assert desk(hall, clerk.window).session.staff == clerk.staff
    clock.advance(minutes=NIGHT)
    close_past_days(hall, PROGRAM)
    assert desk(hall, clerk.window).session is None
    assert kiosk.group_waits(hall)[0].minutes is None  # no window is open


def test_who_sits_before_a_visitor_is_not_signed_out(hall, clerk, issue, clock):
    issue()
    counter.call_next(hall, clerk)
    clock.advance(minutes=NIGHT)
    close_past_days(hall, PROGRAM)
    assert desk(hall, clerk.window).session is not None
    counter.arrive(hall, clerk)
    close_past_days(hall, PROGRAM)
    assert desk(hall, clerk.window).session is not None


def test_closing_again_writes_nothing(hall, issue, clock, events):
    issue()
    clock.advance(minutes=NIGHT)
    close_past_days(hall, PROGRAM)
    before = events()
    assert close_past_days(hall, PROGRAM) == 0
    assert events() == before


def test_a_visitor_still_in_a_visit_is_shown_as_forgotten_instead(hall, clerk, served, now_of, visit_of, clock, events):
    held = served(clerk)
    counter.hold(hall, clerk, HoldKind.KEEP_PAPERS)
    sitting = served(clerk)
    clock.advance(minutes=NIGHT)
    before = events()
    assert close_past_days(hall, PROGRAM) == 0
    assert events() == before
    assert now_of(held).state is TicketState.HELD
    forgotten = desk(hall, 2).forgotten
    assert [visit.ticket_id for visit in forgotten] == [held, sitting]
    for visit in forgotten:
        visits.void_visit(hall, PROGRAM, visit.id, "forgotten")
    assert {now_of(ticket_id).state for ticket_id in (held, sitting)} == {TicketState.DONE}
    assert desk(hall, 2).forgotten == ()


def test_yesterdays_open_call_is_ended_by_its_window(hall, clerk, issue, clock, now_of):
    ticket = issue()
    counter.call_next(hall, clerk)
    clock.advance(minutes=NIGHT)
    assert close_past_days(hall, PROGRAM) == 0
    counter.recall(hall, clerk)
    clock.advance(15)
    counter.miss(hall, clerk)
    assert close_past_days(hall, PROGRAM) == 1
    assert now_of(ticket.id).state is TicketState.ABANDONED


def test_a_new_day_starts_with_an_empty_hall(hall, clerk, served, issue, clock):
    served(clerk)
    item = visits.start_item(hall, clerk, "NT01")
    visits.finish_item(hall, clerk, item.id, visits.Outcome.COMPLETED)
    visits.finish_visit(hall, clerk)
    issue()
    clock.advance(minutes=NIGHT)
    found = desk(hall, 1)
    assert (found.waiting, found.next_up, found.tally.hall_cases) == ((), None, 0)
    assert issue().number == "A001"


def test_a_clock_is_behind_once_the_hall_has_worked_on_three_days_after_it(hall, clock, issue):
    seen = []
    for _ in range(4):
        clock.advance(minutes=NIGHT)
        issue()
        clock.set_wall(clock.now() - timedelta(days=5))
        seen.append(clock_behind(hall))
        clock.set_wall(clock.now() + timedelta(days=5))
    assert seen == [False, False, True, True]
    assert not clock_behind(hall)


def test_days_after_today_on_which_a_clock_was_wrong_are_known_as_such_once_it_was_right_for_three(hall, clock, issue):
    seen = []
    for start, days in ((400, 4), (-404, 4)):
        clock.advance(minutes=NIGHT * start)
        for _ in range(days):
            clock.advance(minutes=NIGHT)
            issue()
            seen.append(clock_behind(hall))
    assert seen == [False] * 4 + [True, True, False, False]
