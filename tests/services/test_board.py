"""What the board and the desk show."""

from hallapp.domain.events import Kind
from hallapp.services import counter, staff, visits
from hallapp.services.board import WindowState, board, call_lines
from hallapp.services.desk import desk
from tests.conftest import PASSWORD


def line(hall, window=1):
    return next(one for one in board(hall).windows if one.window == window)


def test_a_window_goes_through_its_states(hall, signed_in, issue):
    assert line(hall).state is WindowState.CLOSED
    clerk = signed_in(1)
    assert line(hall).state is WindowState.FREE
    issue()
    counter.call_next(hall, clerk)
    assert (line(hall).state, line(hall).number) == (WindowState.CALLING, "A001")
    counter.arrive(hall, clerk)
    assert (line(hall).state, line(hall).number) == (WindowState.SERVING, "A001")
    visits.finish_visit(hall, clerk)
    staff.pause(hall, clerk, "lunch")
    assert (line(hall).state, line(hall).pause_reason) == (WindowState.PAUSED, "lunch")
    assert [one.label for one in board(hall).windows] == ["1号窗口", "2号窗口", "3号窗口"]


def test_a_walk_in_has_no_number(hall, clerk):
    visits.walk_in(hall, clerk)
    assert (line(hall).state, line(hall).number) == (WindowState.SERVING, "")


def test_who_takes_a_window_over_has_not_the_visitor_of_who_left_it(hall, clerk, employed, served):
    employed("0313", "李强")
    served(clerk)
    staff.sign_in(hall, "window-1", "0313", PASSWORD, 1, take_over=True)
    assert (line(hall).state, line(hall).number) == (WindowState.FREE, "")
    staff.sign_in(hall, "window-2", clerk.staff, PASSWORD, 2)
    assert (line(hall, 2).state, line(hall, 2).number) == (WindowState.SERVING, "A001")
    assert line(hall).state is WindowState.FREE


def test_the_waiting_are_counted_by_business_and_the_longest_is_told(hall, issue, clock):
    assert board(hall).longest is None
    for group in ("enrol", "enrol", "claim"):
        issue(group)
    clock.advance(58)
    found = board(hall)
    assert (found.waiting, found.longest) == ({"enrol": 2, "claim": 1}, 60)


def test_recent_calls_are_newest_first_each_number_once_and_six_at_most(hall, clerk, issue, clock):
    for _ in range(8):
        issue()
        counter.call_next(hall, clerk)
        clock.advance(15)
        counter.recall(hall, clerk)
        counter.arrive(hall, clerk)
        visits.finish_visit(hall, clerk)
    assert [call.number for call in board(hall).recent] == ["A008", "A007", "A006", "A005", "A004", "A003"]


def test_every_recall_is_a_line_to_announce_in_order(hall, clerk, issue, clock, events):
    issue()
    counter.call_next(hall, clerk)
    clock.advance(15)
    counter.recall(hall, clerk)
    lines = call_lines(events())
    assert [(one.number, one.window) for one in lines] == [("A001", 1), ("A001", 1)]
    assert lines[0].seq < lines[1].seq == board(hall).seq


def test_yesterdays_calls_are_gone(hall, clerk, issue, clock):
    issue()
    counter.call_next(hall, clerk)
    counter.arrive(hall, clerk)
    clock.advance(minutes=24 * 60)
    found = board(hall)
    assert (found.recent, found.waiting) == ((), {})


def test_the_desk_shows_call_ticket_and_visit_of_its_window(hall, clerk, other, issue):
    ticket = issue()
    issue()
    counter.call_next(hall, clerk)
    mine, theirs = desk(hall, 1), desk(hall, 2)
    assert (mine.call.ticket_id, mine.ticket.id, mine.visit) == (ticket.id, ticket.id, None)
    assert (theirs.call, theirs.ticket) == (None, None)
    assert theirs.next_up.ticket.number == "A002"
    visit = counter.arrive(hall, clerk)
    assert (desk(hall, 1).call, desk(hall, 1).visit) == (None, visit)


def test_the_desk_counts_my_visits(hall, clerk, other, served):
    for by in (clerk, clerk, other):
        served(by)
        visits.finish_visit(hall, by)
    assert (desk(hall, 1).tally.my_visits, desk(hall, 2).tally.my_visits) == (2, 1)


def test_the_desk_knows_which_event_it_has_seen(hall, clerk, events):
    assert desk(hall, 1).seq == events()[-1].seq
    assert events()[-1].kind is Kind.SIGNED_IN
