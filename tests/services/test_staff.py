"""Accounts, signing in, taking over a window, pausing."""

from dataclasses import replace

import pytest

from hallapp.domain.errors import (
    BadInput,
    NotFound,
    NotSignedIn,
    SignedInElsewhere,
    StaffExists,
    WeakPassword,
    WindowTaken,
    WrongPassword,
)
from hallapp.domain.events import By, Clerk, Kind
from hallapp.domain.handling import Outcome
from hallapp.domain.staff import LONGEST, Role, Session, Staff
from hallapp.domain.ticket import HoldKind
from hallapp.services import counter, ratings, staff, visits
from hallapp.services.desk import desk
from hallapp.store import tables
from hallapp.ui.words import sentence
from tests.conftest import PASSWORD

SETUP = By("setup")


def sign_in(hall, number, window, **how):
    return staff.sign_in(hall, f"window-{window}", number, PASSWORD, window, **how)


def test_an_account_opens_with_its_password_only(hall):
    member = Staff("0401", "赵敏", Role.SUPERVISOR, "5551234")
    staff.add_staff(hall, SETUP, member, "geheim-1")
    assert staff.everyone(hall) == (member,)
    assert staff.check_password(hall, "0401", "geheim-1") == member
    for number, password in (("0401", "geheim-2"), ("0402", "geheim-1"), ("0401", "")):
        with pytest.raises(WrongPassword):
            staff.check_password(hall, number, password)
    staff.change_staff(hall, SETUP, replace(member, name="赵明"), "geheim-3")
    with pytest.raises(WrongPassword):
        staff.check_password(hall, "0401", "geheim-1")
    assert staff.check_password(hall, "0401", "geheim-3").name == "赵明"


def test_a_password_never_gets_into_the_log(hall, events):
    staff.add_staff(hall, SETUP, Staff("0401", "赵敏"), "geheim-1")
    assert "geheim" not in repr(events())
    assert "argon2" not in repr(events())


def test_a_clerk_changes_the_own_password_with_the_old_one_only(hall, clerk, events):
    before = len(events())
    with pytest.raises(WrongPassword):
        staff.change_password(hall, clerk, "wrong!", "geheim-1")
    with pytest.raises(WeakPassword) as weak:
        staff.change_password(hall, clerk, PASSWORD, "12345")
    assert weak.value.minimum == 6
    assert len(events()) == before
    member = staff.change_password(hall, clerk, PASSWORD, "geheim-1")
    assert staff.check_password(hall, clerk.staff, "geheim-1") == member
    with pytest.raises(WrongPassword):
        staff.check_password(hall, clerk.staff, PASSWORD)
    (told,) = events()[before:]
    assert (told.kind, told.staff, told.window) == (Kind.STAFF_CHANGED, clerk.staff, clerk.window)
    assert told.data == {"number": clerk.staff, "password": True}
    assert "geheim" not in repr(told)
    assert "argon2" not in repr(told)
    assert staff.change_password(hall, clerk, PASSWORD, "geheim-1") == member  # the answer had been lost
    assert events()[-1] == told


def test_whose_seat_is_taken_changes_no_password_there(hall, clerk, employed):
    employed("0313", "李强")
    sign_in(hall, "0313", clerk.window, take_over=True)
    with pytest.raises(NotSignedIn):
        staff.change_password(hall, clerk, PASSWORD, "geheim-1")
    assert staff.check_password(hall, clerk.staff, PASSWORD)


def test_a_password_that_was_set_anew_while_the_own_one_was_changed_stays(hall, clerk, monkeypatch):
    check = staff.check_password

    def supervisor_is_quicker(*args):
        member = check(*args)
        staff.change_staff(hall, SETUP, member, "geheim-2")
        return member

    monkeypatch.setattr(staff, "check_password", supervisor_is_quicker)
    with pytest.raises(WrongPassword):
        staff.change_password(hall, clerk, PASSWORD, "geheim-1")
    assert check(hall, clerk.staff, "geheim-2")


def test_an_account_needs_a_new_number_a_name_and_a_password(hall, employed):
    employed("0312")
    with pytest.raises(StaffExists) as refused:
        staff.add_staff(hall, SETUP, Staff("0312", "x"), "geheim-1")
    assert refused.value.number == "0312"
    with pytest.raises(WeakPassword) as weak:
        staff.add_staff(hall, SETUP, Staff("0401", "x"), "12345")
    assert weak.value.minimum == 6
    for member in (Staff(" ", "x"), Staff("0401", " ")):
        with pytest.raises(BadInput):
            staff.add_staff(hall, SETUP, member, "geheim-1")


@pytest.mark.parametrize(("field", "most"), LONGEST.items())
def test_what_is_too_long_for_the_store_is_told_by_its_field(hall, employed, field, most):
    known = employed("0312")
    assert tables.staff.c[field].type.length == most  # a server refuses more, SQLite does not
    new = replace(known, number="0401")
    fitting = replace(new, **{field: "1" * most})
    assert staff.add_staff(hall, SETUP, fitting, "geheim-1") == fitting
    for keep, member in ((staff.add_staff, new), (staff.change_staff, known)):
        with pytest.raises(BadInput) as refused:
            keep(hall, SETUP, replace(member, **{field: "1" * (most + 1)}), "geheim-1")
        assert refused.value.field == field


def test_a_name_cannot_be_taken_away(hall, employed):
    with pytest.raises(BadInput):
        staff.change_staff(hall, SETUP, replace(employed("0312"), name=" "))


def test_the_last_supervisor_stays_one(hall, employed):
    employed("0312")
    first = replace(employed("0300"), role=Role.SUPERVISOR)
    second = replace(employed("0301"), role=Role.SUPERVISOR)
    staff.change_staff(hall, SETUP, first)
    for change in ({"active": False}, {"role": Role.CLERK}):
        with pytest.raises(BadInput) as refused:
            staff.change_staff(hall, SETUP, replace(first, **change))
        assert "至少要有一名在用的管理员" in sentence(refused.value)
    staff.change_staff(hall, SETUP, replace(first, name="周敏"))
    staff.change_staff(hall, SETUP, second)
    staff.change_staff(hall, SETUP, replace(first, active=False))
    with pytest.raises(BadInput):
        staff.change_staff(hall, SETUP, replace(second, active=False))


def test_an_account_is_changed_without_its_password(hall, employed):
    member = employed("0312")
    staff.change_staff(hall, SETUP, replace(member, role=Role.SUPERVISOR))
    assert staff.check_password(hall, "0312", PASSWORD).role is Role.SUPERVISOR
    with pytest.raises(NotFound):
        staff.change_staff(hall, SETUP, Staff("0999", "x"))
    with pytest.raises(WeakPassword):
        staff.change_staff(hall, SETUP, member, "1")


def test_a_closed_account_does_not_open(hall, employed):
    staff.change_staff(hall, SETUP, replace(employed("0312"), active=False))
    with pytest.raises(WrongPassword):
        sign_in(hall, "0312", 1)


def test_a_clerk_sits_down_and_gets_up(hall, employed, clock):
    employed("0312")
    assert sign_in(hall, "0312", 1) == Session(1, "0312", clock.now())
    assert desk(hall, 1).staff.name == "王芳"
    staff.sign_out(hall, Clerk("window-1", "0312", 1))
    assert desk(hall, 1).session is None


def test_a_wrong_password_opens_no_window(hall, employed):
    employed("0312")
    with pytest.raises(WrongPassword):
        staff.sign_in(hall, "window-1", "0312", "wrong!", 1)
    assert desk(hall, 1).session is None


def test_a_window_that_does_not_exist_is_refused(hall, employed):
    employed("0312")
    with pytest.raises(BadInput):
        sign_in(hall, "0312", 9)


def test_nobody_sits_at_two_windows(hall, clerk):
    with pytest.raises(SignedInElsewhere) as refused:
        sign_in(hall, clerk.staff, 2)
    assert refused.value.window == 1


def test_a_taken_window_is_taken_over_on_purpose_only(hall, clerk, employed, events):
    employed("0313", "李强")
    with pytest.raises(WindowTaken) as refused:
        sign_in(hall, "0313", 1)
    assert (refused.value.window, refused.value.staff) == (1, "0312")
    sign_in(hall, "0313", 1, take_over=True)
    assert desk(hall, 1).session.staff == "0313"
    assert events()[-1].data == {"took_over": "0312"}
    sign_in(hall, "0312", 2)


def test_who_takes_over_answers_the_windows_call_even_of_the_day_before(hall, clerk, employed, issue, clock):
    employed("0313", "李强")
    issue()
    counter.call_next(hall, clerk)
    clock.advance(minutes=24 * 60)
    sign_in(hall, "0313", 1, take_over=True)
    assert desk(hall, 1).call is not None
    counter.abandon(hall, Clerk("window-1", "0313", 1), desk(hall, 1).ticket.id)
    issue()
    assert counter.call_next(hall, Clerk("window-1", "0313", 1)).number == "A001"


def test_who_takes_over_finds_the_visit_left_open_and_whose_it_is_may_still_end_it(hall, clerk, employed, served):
    employed("0313", "李强")
    served(clerk)
    visits.start_item(hall, clerk, "NT01")
    sign_in(hall, "0313", 1, take_over=True)
    found = desk(hall, 1)
    assert (found.visit, [visit.staff for visit in found.forgotten]) == (None, [clerk.staff])
    with pytest.raises(NotSignedIn):
        visits.finish_visit(hall, clerk)
    sign_in(hall, clerk.staff, 1, take_over=True)
    found = desk(hall, 1)
    assert (len(found.items), found.forgotten) == (1, ())


def test_a_visit_goes_on_at_the_window_where_its_clerk_signs_in_next(hall, clerk, employed, served, now_of, visit_of):
    """The PC of window 1 went off during a visit, and somebody else works there since."""
    employed("0313", "李强")
    ticket_id = served(clerk)
    item = visits.start_item(hall, clerk, "NT01")
    sign_in(hall, "0313", 1, take_over=True)
    sign_in(hall, clerk.staff, 2)
    here = Clerk("window-2", clerk.staff, 2)
    assert (visit_of(ticket_id).window, now_of(ticket_id).window) == (2, 2)
    assert [one.item.id for one in desk(hall, 2).items] == [item.id]
    assert ratings.to_rate(hall, 2) is None
    visits.finish_item(hall, here, item.id, Outcome.COMPLETED)
    visit = visits.finish_visit(hall, here)
    assert (ratings.to_rate(hall, 2), ratings.to_rate(hall, 1)) == (visit, None)


def test_papers_kept_after_a_change_of_windows_lie_where_the_clerk_is(hall, clerk, employed, served):
    employed("0313", "李强")
    served(clerk)
    sign_in(hall, "0313", 1, take_over=True)
    sign_in(hall, clerk.staff, 2)
    assert counter.hold(hall, Clerk("window-2", clerk.staff, 2), HoldKind.KEEP_PAPERS).target_window == 2


def test_a_walk_in_goes_on_at_another_window_too_and_one_of_the_day_before_stays_where_it_was(
    hall, clerk, employed, clock
):
    employed("0313", "李强")
    visit = visits.walk_in(hall, clerk)
    sign_in(hall, "0313", 1, take_over=True)
    sign_in(hall, clerk.staff, 2)
    assert desk(hall, 2).visit == replace(visit, window=2)
    employed("0314", "赵敏")
    sign_in(hall, "0314", 2, take_over=True)
    clock.advance(minutes=24 * 60)
    sign_in(hall, clerk.staff, 3)
    assert desk(hall, 3).forgotten[0].window == 2


def test_signing_in_again_comes_back_to_the_open_visit(hall, clerk, served, clock):
    served(clerk)
    item = visits.start_item(hall, clerk, "NT01")
    before = desk(hall, 1).session
    clock.advance(30)
    clock.restart()
    assert sign_in(hall, clerk.staff, 1, take_over=True) == before
    found = desk(hall, 1)
    assert [running.item.id for running in found.items] == [item.id]


def test_signing_in_again_ends_a_pause(hall, clerk):
    staff.pause(hall, clerk, "lunch")
    assert sign_in(hall, clerk.staff, 1).pause_reason is None


def test_a_pause_has_a_reason_and_an_end(hall, clerk, clock, events):
    with pytest.raises(BadInput):
        staff.pause(hall, clerk, "  ")
    paused = staff.pause(hall, clerk, " lunch ")
    assert (paused.pause_reason, paused.paused_at) == ("lunch", clock.now())
    assert staff.unpause(hall, clerk).pause_reason is None
    assert [event.kind for event in events()[-2:]] == [Kind.PAUSED, Kind.UNPAUSED]


def test_somebody_who_may_look_after_the_staff_is_always_left(hall):
    first, second = Staff("0300", "周敏", Role.SUPERVISOR), Staff("0301", "赵敏", Role.SUPERVISOR)
    staff.add_staff(hall, SETUP, first, "geheim-1")
    for less in (replace(first, active=False), replace(first, role=Role.CLERK)):
        with pytest.raises(BadInput):
            staff.change_staff(hall, SETUP, less)
    staff.add_staff(hall, SETUP, second, "geheim-1")
    staff.change_staff(hall, SETUP, replace(first, active=False))
    with pytest.raises(BadInput):
        staff.change_staff(hall, SETUP, replace(second, active=False))


def test_nobody_loses_the_name_by_a_change(hall, employed):
    member = employed("0312")
    with pytest.raises(BadInput):
        staff.change_staff(hall, SETUP, replace(member, name=" "))
    assert staff.everyone(hall) == (member,)
