"""Booking a time at the counter by keys alone, telling its number, giving it up, and what a scanned one is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from hallapp.domain.appointment import AppointmentState, AppointmentTimes
from hallapp.domain.codes import AppointmentCode
from hallapp.domain.events import By, Clerk
from hallapp.domain.printing import SlipKind
from hallapp.services import appointments, kiosk, printing
from hallapp.services import counter as service
from hallapp.services.kiosk import Wish
from hallapp.ui.widgets.balanced import line_ends

TODAY = date(2026, 11, 23)  # a Monday; the clock says 9:00
TIMES = AppointmentTimes(((time(9), time(11, 30)),), days_ahead=2, per_slot=1)
CLERK = Clerk("window-1", "0312", 1)


@pytest.fixture
def hall(hall):
    return replace(hall, appointment_times=TIMES)


@pytest.fixture
def book(counter, hall):
    """``book(place)``: an appointment in the open slot of that place; 0 is 9:30 today."""

    def make(place=0, group="enrol"):
        slot = appointments.book_of(hall).open[place].slot
        return appointments.book(hall, CLERK, appointments.Booking(slot.starts_at, group))

    return make


@pytest.fixture
def scan(counter):
    def do(text):
        counter.view.scanned.emit(str(text))
        counter.settle()

    return do


def said(counter):
    dialog = counter.open_dialog()
    return "\n".join(each.text() for each in dialog.findChildren(QLabel)) if dialog else ""


def lines(of):
    return [of.item(row).text() for row in range(of.count())]


def today(hall):
    return appointments.book_of(hall).today


def slips(hall):
    return [job for job in printing.open_jobs(hall) if job.printer == "counter"]


def test_enter_books_the_first_free_time_prints_and_shows_the_number_until_it_is_told(counter, hall):
    counter.press("Ctrl+B Enter")
    (made,) = today(hall)
    assert (made.starts_at.hour, made.starts_at.minute, made.group, made.item_code) == (1, 30, "enrol", None)
    assert [job.ref_id for job in slips(hall)] == [made.id]
    assert counter.dialog("number").text() == "1123 019"
    assert "11月23日 星期一 09:30—10:00　参保登记" in said(counter)
    assert "10:10 前到取号机" in said(counter)
    assert "已送打印" in said(counter)
    counter.press("Enter")
    assert counter.open_dialog() is None


def test_arrows_and_tab_choose_day_slot_business_and_item(counter, hall):
    counter.press("Ctrl+B Down Tab Down Down Tab Down Tab Down Alt+1")
    found = appointments.find_appointment(hall, AppointmentCode(date(2026, 11, 24), 1)).appointment
    assert (found.starts_at.hour, found.starts_at.minute) == (2, 0)  # the third of the day: 10:00
    group = hall.catalogue.groups[1]
    assert (found.group, found.item_code) == (group.code, hall.catalogue.items_of(group)[0].code)
    assert slips(hall) == []
    assert "请群众记下预约号" in said(counter)


def test_only_times_with_room_are_offered_with_the_places_left(counter, book):
    book(0)
    counter.press("Ctrl+B")
    assert lines(counter.dialog("days")) == ["11月23日 星期一", "11月24日 星期二", "11月25日 星期三"]
    assert lines(counter.dialog("slots")) == [
        "10:00—10:30　余 1", "10:30—11:00　余 1", "11:00—11:30　余 1"]
    counter.press("Down")
    assert len(lines(counter.dialog("slots"))) == 5


def test_todays_are_seen_with_how_many_came(counter, hall, book):
    kiosk.issue(hall, By("kiosk"), Wish(appointment=book(0).code))
    appointments.withdraw(hall, CLERK, book(0).code)
    book(1)
    book(3)  # tomorrow's
    counter.press("Ctrl+B")
    assert counter.dialog("today").text() == "共 3 个：已到 1，未到 1，已撤销 1"
    assert lines(counter.dialog("todays")) == [
        "09:30  已到  1123 019  参保登记", "10:00  已撤销  1123 027  参保登记", "10:30  未到  1123 035  参保登记"]


def test_when_nothing_is_free_it_says_so_by_dead_keys(counter, hall, book):
    while appointments.book_of(hall).open:
        book(0)
    counter.press("Ctrl+B Enter")
    assert not counter.dialog("book-print").isEnabled()
    assert "近期没有可约的时段" in said(counter)


def test_a_time_taken_meanwhile_is_said_and_books_nothing(counter, hall, book):
    counter.press("Ctrl+B")
    taken = book(0)
    counter.press("Enter")
    assert today(hall) == (taken,)
    assert "刚刚约满" in counter.view.message.sentence()


@pytest.mark.parametrize("spaced", [False, True])
def test_one_is_given_up_by_its_number_after_a_look(counter, hall, book, spaced):
    made = book()
    counter.press("Ctrl+B Alt+2")
    number = made.code.number
    counter.dialog("appointment-number").setText(f"{number[:4]} {number[4:]}" if spaced else str(made.code))
    counter.press("Enter")
    assert "09:30—10:00　参保登记" in said(counter)
    assert today(hall)[0].state is AppointmentState.BOOKED
    counter.press("Enter")
    assert today(hall)[0].state is AppointmentState.WITHDRAWN
    assert "1123 019 已撤销" in counter.view.message.sentence()
    counter.press("Ctrl+B Alt+2")
    counter.dialog("appointment-number").setText(number)
    counter.press("Enter")
    assert "这个预约已经撤销。" in said(counter)


def test_escape_keeps_it(counter, hall, book):
    made = book()
    counter.press("Ctrl+B Alt+2")
    counter.dialog("appointment-number").setText(made.code.number)
    counter.press("Enter Esc")
    assert today(hall) == (made,)


@pytest.mark.parametrize(("number", "words"), [
    ("1123010", "没有找到这个预约"), ("1123 027", "没有找到这个预约"), ("A001", "没有找到这个预约")])
@pytest.mark.parametrize("key", ["Alt+2", "Alt+3"])
def test_a_number_that_is_none_is_said_where_it_was_typed_and_the_next_one_typed_over_it(
    counter, book, key, number, words,
):
    made = book()
    counter.press(f"Ctrl+B {key}")
    counter.dialog("appointment-number").setText(number)
    counter.press("Enter")
    assert words in counter.dialog("problem").text()
    assert QApplication.focusWidget().selectedText() == number
    counter.press(made.code.number[0])
    assert counter.dialog("problem").isHidden()
    counter.press(f"{made.code.number[1:]} Enter")
    assert "预约 1123 019" in said(counter)


def test_a_dialog_that_grows_stays_in_the_middle_wherever_it_was_put(counter):
    counter.press("Ctrl+B Alt+2")
    dialog = counter.open_dialog()
    dialog.move(0, 0)
    dialog.enter("1")
    counter.settle()
    assert dialog.geometry().center() == counter.view.geometry().center()


def test_what_is_found_after_the_dialog_was_left_asks_nothing(counter, hall, book, tasks):
    made = book()
    counter.press("Ctrl+B Alt+2")
    dialog = counter.open_dialog()
    dialog.enter(made.code.number)
    dialog.reject()
    counter.settle()
    assert counter.open_dialog() is None
    assert today(hall) == (made,)


def typed(counter, text):
    counter.press("Ctrl+B Alt+3")
    counter.dialog("appointment-number").setText(text)
    counter.press("Enter")


@pytest.mark.parametrize("way", ["scanned", "typed", "scanned into the entry"])
def test_who_comes_straight_to_the_window_gets_the_number_as_at_the_kiosk(counter, hall, book, scan, way):
    made = book()
    if way == "scanned":
        scan(made.code)
    else:
        typed(counter, made.code.number if way == "typed" else str(made.code))
    assert "预约 1123 019 还没有取号" in said(counter)
    assert "11月23日 星期一 09:30—10:00　参保登记" in said(counter)
    assert today(hall)[0].state is AppointmentState.BOOKED
    counter.press("Enter")
    ticket = counter.ticket("A004")
    assert (ticket.booked_for, ticket.rank_at) == (made.starts_at, made.starts_at)
    assert (today(hall)[0].state, today(hall)[0].ticket_id) == (AppointmentState.CAME, ticket.id)
    assert [(job.kind, job.ref_id) for job in slips(hall)] == [(SlipKind.TICKET, ticket.id)]
    assert counter.dialog("number").text() == "A004"
    assert "前面还有 3 人" in said(counter)
    assert "来得早，按预约时间排队" in said(counter)
    assert "您" not in said(counter)  # a clerk is told about the visitor
    assert "号码单已送打印" in said(counter)
    counter.press("Enter")
    assert counter.open_dialog() is None


def test_what_is_scanned_while_a_number_is_asked_for_is_the_answer(counter, hall, book, scan):
    first, second = book(), book()
    counter.press("Ctrl+B Alt+2")
    scan(first.code)
    assert "撤销预约 1123 019" in said(counter)
    counter.press("Enter Ctrl+B Alt+3")
    scan(second.code)
    counter.press("Enter")
    assert counter.dialog("number").text() == "A004"
    counter.press("Enter")
    assert counter.open_dialog() is None
    assert [one.state for one in today(hall)] == [AppointmentState.WITHDRAWN, AppointmentState.CAME]


def test_at_a_window_without_printer_the_number_is_to_be_learnt(make_counter, hall):
    counter = make_counter(printer=None)
    slot = appointments.book_of(hall).open[0].slot
    made = appointments.book(hall, CLERK, appointments.Booking(slot.starts_at, "enrol"))
    counter.view.scanned.emit(str(made.code))
    counter.settle()
    counter.press("Enter")
    assert printing.open_jobs(hall) == ()
    assert "请群众记下号码" in said(counter)


def test_somebody_is_checked_in_while_another_is_at_the_window(counter, hall, book, scan):
    counter.press("F2 F2")
    scan(book().code)
    counter.press("Enter Enter")
    assert counter.number == "A001"
    assert counter.ticket("A004").booked_for


def test_scanned_again_it_is_its_ticket_and_gets_no_second_one(counter, hall, book, scan):
    made = book()
    scan(made.code)
    counter.press("Enter Enter")
    scan(made.code)
    assert "A004 等候中" in said(counter)
    counter.press("Esc")
    typed(counter, made.code.number)
    assert "A004 等候中" in said(counter)


def test_checked_in_at_the_kiosk_meanwhile_it_is_said_and_no_second_number_is_given(counter, hall, book, scan):
    made = book()
    scan(made.code)
    kiosk.issue(hall, By("kiosk"), Wish(appointment=made.code))
    counter.press("Enter")
    assert "已经到厅取号" in counter.view.message.sentence()
    assert counter.ticket("A005") is None


def test_escape_checks_nobody_in(counter, hall, book, scan):
    scan(book().code)
    counter.press("Esc")
    assert today(hall)[0].state is AppointmentState.BOOKED


def test_why_one_gets_no_number_is_said_as_at_the_kiosk(counter, hall, book, scan, clock):
    here, tomorrow, gone = book(0), book(3), book(0)
    appointments.withdraw(hall, CLERK, gone.code)
    for made, words in ((tomorrow, "这是11月24日 09:00 的预约，请群众取普通号"), (gone, "这个预约已经撤销")):
        scan(made.code)
        assert words in counter.view.message.sentence()
    clock.advance(minutes=71)
    scan(here.code)
    assert "预约 1123 019：预约的时间已经过了，请群众取普通号或另约时间" in counter.view.message.sentence()
    typed(counter, here.code.number)
    assert "预约的时间已经过了" in counter.dialog("problem").text()
    counter.press("Esc")
    scan(AppointmentCode(TODAY, 99))
    assert "没有找到这个预约" in counter.view.message.sentence()
    assert counter.ticket("A004") is None


def test_one_for_a_business_that_the_hall_gave_up_is_said(counter, hall, book, scan):
    made = book()
    others = [item.code for group in hall.catalogue.groups[1:] for item in hall.catalogue.items_of(group)]
    counter.presenter.hall = replace(hall, catalogue=hall.catalogue.with_items(others))
    assert counter.presenter.hall.catalogue.find_group("enrol") is None
    scan(made.code)
    assert "这个预约现在取不了号" in counter.view.message.sentence()


def test_a_scanned_one_that_came_is_its_ticket(counter, hall, book, scan):
    made = book()
    ticket = kiosk.issue(hall, By("kiosk"), Wish(appointment=made.code)).ticket
    scan(made.code)
    assert f"{ticket.number} 等候中，前面 3 人" in said(counter)
    counter.press("Enter")
    assert counter.number == ticket.number
    assert "预约 09:30" in counter.view.queue.about.text()


def test_the_next_one_says_that_it_has_an_appointment(counter, hall, book):
    for waiting in counter.presenter.desk.waiting:
        service.abandon(hall, CLERK, waiting.id)
    kiosk.issue(hall, By("kiosk"), Wish(appointment=book().code))
    counter.presenter.read()
    counter.settle()
    assert counter.view.queue.next_why.text() == "预约 09:30，已等不到 1 分"


def test_the_key_is_alive_with_a_visitor_at_the_window_and_on_the_card_of_keys(counter):
    counter.press("F2 F2")
    assert counter.key("book").isEnabled()
    counter.press("F1")
    assert "Ctrl+B" in said(counter)


def test_what_to_tell_of_a_booked_time_is_parted_at_its_pauses(counter):
    counter.press("Ctrl+B Enter")
    advice = counter.dialog("advice")
    first, last = line_ends(advice.text(), advice.font(), advice.contentsRect().width())
    assert advice.text()[first - 1] in "，。"
    assert last - first > 4
