"""Checking in an appointment at the kiosk: by its code, by its number, in time, early, late, and not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from hallapp.domain.appointment import AppointmentTimes
from hallapp.domain.codes import AppointmentCode
from hallapp.domain.events import By, Kind
from hallapp.services import appointments
from hallapp.services import kiosk as kiosk_service
from hallapp.services.hall import look, step
from hallapp.services.kiosk import Wish
from hallapp.store import appointments as stored
from hallapp.store import jobs
from hallapp.store.rows import added

TODAY = date(2026, 11, 23)  # a Monday; the clock says 9:00
TIMES = AppointmentTimes(((time(9), time(11, 30)),))


@pytest.fixture
def hall(hall):
    return replace(hall, appointment_times=TIMES)


@pytest.fixture
def booked(hall, signed_in):
    """``booked(place, group, item)``: an appointment in the open slot of that place; 0 is 9:30 today."""
    clerk = signed_in()

    def make(place=0, group="enrol", item=None):
        slot = appointments.book_of(hall).open[place].slot
        return appointments.book(hall, clerk, appointments.Booking(slot.starts_at, group, item))

    return make


def enter(kiosk, number):
    kiosk.tap("appointment")
    for digit in number:
        kiosk.tap(f"digit-{digit}")
    kiosk.tap("check-in")


def kept(hall, code):
    with look(hall) as db:
        return stored.by_code(db, hall.id, code)


def test_a_scanned_code_gives_the_number_with_its_slip_and_says_the_time(kiosk, hall, booked):
    made = booked(item="NT01")
    kiosk.scan(made.code)
    (ticket,) = kiosk.tickets()
    assert kiosk.page() == "NumberPage"
    assert kiosk.says("number") == ticket.number == "A001"
    assert "预约 09:30" in kiosk.says("business")
    assert kiosk.says("wait") == "您来得早，按预约的 09:30 排队"
    assert (ticket.item_code, ticket.booked_for) == ("NT01", made.starts_at)
    with look(hall) as db:
        assert [job.ref_id for job in jobs.open_jobs(db, hall.id, "kiosk")] == [ticket.id]


def test_within_the_slot_the_wait_is_told_as_to_anybody(kiosk, booked, clock):
    made = booked()
    clock.advance(minutes=35)
    kiosk.scan(made.code)
    assert "来得早" not in kiosk.says("wait")


def test_the_number_is_typed_on_large_keys_and_wrong_digits_are_taken_back(kiosk, booked):
    number = booked().code.number
    kiosk.tap("appointment")
    assert not kiosk.button("check-in").isEnabled()
    for key in ("digit-9", "clear", *(f"digit-{digit}" for digit in number[:3]), "digit-7", "erase"):
        kiosk.tap(key)
    for digit in number[3:]:
        kiosk.tap(f"digit-{digit}")
    assert kiosk.says("typed") == f"{number[:4]} {number[4:]}"
    kiosk.tap("check-in")
    assert kiosk.says("number") == "A001"


def test_what_was_typed_outlives_another_screen_size_and_not_the_visitor(kiosk):
    kiosk.tap("appointment")
    kiosk.tap("digit-1")
    kiosk.view.resize(1366, 768)
    assert kiosk.says("typed") == "1"
    kiosk.tap("home")
    kiosk.tap("appointment")
    assert kiosk.says("typed") == ""


def test_a_digit_keeps_the_page_and_an_abandoned_pad_goes_home(kiosk):
    kiosk.tap("appointment")
    kiosk.presenter._idle.stop()
    kiosk.tap("digit-1")
    kiosk.let_time_run_out(kiosk.presenter._idle)
    assert kiosk.page() == "HomePage"


@pytest.mark.parametrize(("number", "said"), [("1123999", "这个号码不对"), ("1123019", "没有这个预约号")])
def test_a_number_that_is_none_is_said_and_can_be_put_right(kiosk, number, said):
    assert AppointmentCode(TODAY, 1).number == "1123019"
    enter(kiosk, number)
    assert said in kiosk.view.trouble()
    assert kiosk.page() == "PadPage"
    assert kiosk.says("typed") == f"{number[:4]} {number[4:]}"
    kiosk.tap("erase")
    assert kiosk.tickets() == ()


def test_scanned_once_more_the_same_number_is_shown_where_it_stands(kiosk, booked):
    made = booked()
    kiosk.scan(made.code)
    kiosk.tap("home")
    enter(kiosk, made.code.number)
    assert kiosk.page() == "ToldPage"
    assert (kiosk.says("number"), kiosk.says("answer")) == ("A001", "等候中，前面没有人")
    assert len(kiosk.tickets()) == 1


def test_whoever_comes_too_late_is_told_and_may_take_an_ordinary_number(kiosk, hall, booked, clock):
    made = booked(item="NT01")
    clock.advance(minutes=71)
    kiosk.scan(made.code)
    assert kiosk.page() == "LatePage"
    assert "预约的时间已经过了" in kiosk.text()
    assert "您的预约保留到 10:10" in kiosk.says("advice")
    assert kiosk.tickets() == ()
    kiosk.tap("take")
    (ticket,) = kiosk.tickets()
    assert (ticket.group, ticket.item_code, ticket.booked_for) == ("enrol", "NT01", None)
    assert kept(hall, made.code) == made


@pytest.mark.parametrize(("days", "answer"), [(-1, "这是11月24日 09:00 的预约"), (1, "这是11月24日 09:00 的预约")])
def test_one_of_another_day_is_told_which(kiosk, booked, clock, days, answer):
    made = booked(4)  # tomorrow's first
    clock.advance(minutes=(days + 1) * 24 * 60)
    kiosk.scan(made.code)
    assert kiosk.says("answer") == answer
    assert "只在当天有效" in kiosk.says("advice")
    assert kiosk.tickets() == ()


def test_a_withdrawn_one_and_an_unknown_one_are_told_what_to_do(kiosk, hall, signed_in, booked):
    made = booked()
    appointments.withdraw(hall, signed_in(2, "0313"), made.code)
    for code, answer in ((made.code, "这个预约已经撤销"), (AppointmentCode(TODAY, 77), "没有找到这个预约")):
        kiosk.scan(code)
        assert kiosk.says("answer") == answer
        assert "取号" in kiosk.says("advice")
    kiosk.tap("home")
    kiosk.tap("group-other")
    assert kiosk.says("number") == "F001"


def test_a_scan_in_the_middle_of_a_choice_is_the_next_visitors_and_not_of_that_business(kiosk, booked):
    made = booked(group="claim")
    kiosk.tap("group-elsewhere")
    kiosk.scan(made.code)
    assert [ticket.group for ticket in kiosk.tickets()] == ["claim"]


def test_in_the_priority_lane_it_is_a_priority_number(kiosk, booked):
    made = booked()
    kiosk.tap("priority")
    kiosk.scan(made.code)
    (ticket,) = kiosk.tickets()
    assert ticket.priority
    assert made.starts_at - ticket.rank_at == timedelta(minutes=15)


def test_one_of_a_business_that_the_hall_has_no_more_is_for_the_clerks(kiosk, hall, booked):
    made = booked()
    with step(hall) as doing:
        gone = replace(made, id=doing.id, serial=2, place=2, group="gone")
        doing.record(Kind.BOOKED, By("window-1"), [added(gone)])
    kiosk.scan(gone.code)
    assert kiosk.says("answer") == "这个预约现在取不了号"
    assert "工作人员" in kiosk.says("advice")


def test_a_hall_that_takes_some_says_so_when_it_does_not_know_a_code(kiosk):
    kiosk.scan("6901234567892")
    assert "号码单、告知单和预约单" in kiosk.view.trouble()


def test_an_answer_that_got_lost_is_the_number_when_the_store_is_back(kiosk, hall, booked):
    made = booked()
    wish = kiosk.presenter._unanswered.wish = Wish(appointment=made.code, request="tap-9")
    ticket = kiosk_service.issue(hall, By("kiosk"), wish).ticket
    kiosk.presenter._on_store_back()
    kiosk.settle()
    assert kiosk.says("number") == ticket.number
