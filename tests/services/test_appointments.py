"""Booking a time, coming in time and being called in the right order; on both engines."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from threading import Thread

import pytest
from sqlalchemy.exc import IntegrityError

from drivers.escpos import PAPER_80
from hallapp.domain.appointment import AppointmentRefused, AppointmentState, AppointmentTimes, Refusal
from hallapp.domain.codes import AppointmentCode
from hallapp.domain.errors import BadInput, NotFound, NotSignedIn
from hallapp.domain.events import By, Clerk, Kind
from hallapp.domain.printing import SlipKind
from hallapp.domain.queue import Why
from hallapp.services import copies, counter, kiosk, printing, slips
from hallapp.services.appointments import Booking, book, book_of, find_appointment, withdraw
from hallapp.services.desk import desk
from hallapp.services.hall import Hall, step
from hallapp.services.kiosk import Wish
from hallapp.store import log, tables
from hallapp.store.backup import serials_after
from hallapp.store.rows import Change, added
from tests.documents.slip_reader import running_text, scanned
from tests.services.conftest import KIOSK
from tests.services.replay import check_store

TODAY = date(2026, 11, 23)  # a Monday; the clock says 9:00
TIMES = AppointmentTimes(((time(9), time(11, 30)), (time(13, 30), time(16, 30))), days_ahead=3)
NOWHERE = AppointmentCode(TODAY, 99)


@pytest.fixture
def hall(hall):
    return Hall(hall.store, hall.info, hall.rules, hall.windows, hall.catalogue, hall.clock, TIMES)


@pytest.fixture
def booked(hall, clerk):
    """``booked(minutes, group)``: an appointment whose slot begins so many minutes after 9:00 today."""

    def make(minutes=30, group="enrol", **more):
        return book(hall, clerk, Booking(at(minutes), group, **more))

    return make


def at(minutes, day=TODAY):
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC) + timedelta(minutes=minutes)


def refused(work, *given):
    with pytest.raises(AppointmentRefused) as found:
        work(*given)
    return found.value.why


def check_in(hall, code, **more):
    return kiosk.issue(hall, KIOSK, Wish(appointment=code, **more)).ticket


def test_slots_of_today_are_offered_until_they_begin_and_others_days_ahead(hall, clerk, clock):
    clock.advance(minutes=31)
    found = book_of(hall).open
    assert {one.day for one in found} == {TODAY + timedelta(days=ahead) for ahead in range(4)}
    assert [one.slot.starts_at for one in found][:2] == [at(60), at(90)]
    assert {one.left for one in found} == {2}


def test_a_full_slot_is_offered_no_more_and_a_place_given_back_is(hall, clerk, booked):
    first, _ = booked(), booked()
    assert at(30) not in [one.slot.starts_at for one in book_of(hall).open]
    assert refused(booked) is Refusal.FULL
    withdraw(hall, clerk, first.code)
    assert next(one.left for one in book_of(hall).open if one.slot.starts_at == at(30)) == 1
    assert booked().place == first.place
    assert refused(booked) is Refusal.FULL


@pytest.mark.parametrize("minutes", [0, -30, 150, 45, 5 * 24 * 60, 4 * 24 * 60])
def test_a_time_that_is_not_open_is_refused(booked, minutes):
    """Begun, past, at lunch, between two, on a Saturday, too far ahead."""
    assert refused(booked, minutes) is Refusal.NOT_OPEN


def test_a_hall_without_the_table_takes_none(hall, clerk):
    closed = Hall(hall.store, hall.info, hall.rules, hall.windows, hall.catalogue, hall.clock)
    assert book_of(closed).open == ()
    assert refused(book, closed, clerk, Booking(at(30), "enrol")) is Refusal.NOT_OPEN


def test_unknown_business_or_item_and_a_clerk_who_is_not_there_are_refused(hall, clerk, booked, events):
    before = events()
    for more, field in (({"group": "nothing"}, "group"), ({"item_code": "XX99"}, "item_code")):
        with pytest.raises(BadInput) as wrong:
            booked(**more)
        assert wrong.value.field == field
    with pytest.raises(NotSignedIn):
        book(hall, Clerk("window-3", "0399", 3), Booking(at(30), "enrol"))
    assert events() == before


def test_booking_is_one_event_with_the_slip_and_nothing_of_a_person(hall, clerk, events):
    made = book(hall, clerk, Booking(at(30), "enrol", "NT01"), "counter")
    last = events()[-1]
    assert (last.kind, last.seq, last.data) == (Kind.BOOKED, made.id, {"appointment": str(made.code)})
    [job] = printing.open_jobs(hall, "counter")
    assert (job.kind, job.ref_id, job.copy) == (SlipKind.APPOINTMENT, made.id, False)
    assert printing.content(hall, job) == printing.AppointmentContent(made)
    assert {column.name for column in tables.appointment.c} == {
        "hall_id", "id", "day", "serial", "place", "starts_at", "ends_at", "holds_until", "group", "item_code",
        "booked_at", "state", "ticket_id"}


def test_the_same_wish_twice_is_one_appointment(hall, clerk, events):
    one, two = (book(hall, clerk, Booking(at(30), "enrol"), "counter", "tap-1") for _ in range(2))
    assert one == two
    assert [event.kind for event in events()].count(Kind.BOOKED) == 1


def test_numbers_run_on_within_their_day_and_stay_with_a_withdrawn_one(hall, clerk, booked):
    withdraw(hall, clerk, booked().code)
    made = [booked(), booked(24 * 60), booked(60)]
    assert [(one.day.day, one.serial) for one in made] == [(23, 2), (24, 1), (23, 3)]


def test_after_a_restore_that_lost_some_numbers_go_on_above_those_that_people_hold(hall, booked):
    with step(hall) as doing:
        doing.record(Kind.RESTORED, By("restore"), [serials_after(doing.db, hall.id, doing.day, 500)])
    assert [booked(minutes).serial for minutes in (30, 24 * 60, 24 * 60)] == [501, 501, 502]


def test_whoever_checks_in_gets_a_ticket_of_the_business_ranked_at_the_slots_start(hall, booked, events):
    made = booked(30, "claim", item_code="NT13")
    ticket = kiosk.issue(hall, KIOSK, Wish(appointment=made.code, request="scan"), "kiosk").ticket
    assert (ticket.number, ticket.group, ticket.item_code) == ("E001", "claim", "NT13")
    assert ticket.rank_at == ticket.booked_for == made.starts_at
    last = events()[-1]
    assert (last.kind, last.ticket_id, last.data) == (Kind.ISSUED, ticket.id, {"appointment": str(made.code)})
    found = find_appointment(hall, made.code)
    assert (found.appointment.state, found.ticket) == (AppointmentState.CAME, ticket)
    assert printing.next_job(hall, "kiosk").ref_id == ticket.id


def test_in_the_priority_lane_its_head_start_counts_from_the_slot(hall, booked):
    ticket = check_in(hall, booked(30).code, priority=True)
    assert (ticket.number, ticket.rank_at) == ("L001", at(15))


def test_an_item_that_the_hall_offers_no_more_is_left_out(hall, booked):
    made = booked(30, item_code="NT02")
    fewer = Hall(hall.store, hall.info, hall.rules, hall.windows, hall.catalogue.with_items(["NT01"]), hall.clock,
                 TIMES)
    assert check_in(fewer, made.code).item_code is None


def test_the_queue_goes_by_the_slots_start_and_the_next_one_says_why(hall, clerk, clock, booked, issue):
    early, punctual, tardy = (booked(minutes) for minutes in (60, 30, 30))
    first = issue()
    early_ticket = check_in(hall, early.code)
    clock.advance(minutes=25)
    punctual_ticket = check_in(hall, punctual.code)
    clock.advance(minutes=20)
    behind = issue()  # at 9:45, before the second one of half past nine comes
    tardy_ticket = check_in(hall, tardy.code)
    clock.advance(minutes=20)
    last = issue()  # at 10:05, after the slot of 10:00 began
    order = [first, punctual_ticket, tardy_ticket, behind, early_ticket, last]
    assert [one.number for one in desk(hall, 1).waiting] == [one.number for one in order]
    counter.call_next(hall, clerk)
    following = desk(hall, 1).next_up
    assert (following.ticket, following.why) == (punctual_ticket, Why.BOOKED)


def test_one_place_gives_one_ticket_however_often_it_is_scanned(hall, booked, events):
    made = booked()
    ticket = check_in(hall, made.code, request="scan-1")
    before = events()
    assert check_in(hall, made.code, request="scan-1") == ticket  # its answer was lost
    assert refused(check_in, hall, made.code) is Refusal.CAME
    assert events() == before
    assert find_appointment(hall, made.code).ticket == ticket


@pytest.mark.parametrize(("minutes", "why"), [(71, Refusal.LATE), (24 * 60, Refusal.OTHER_DAY), (-1, None), (70, None)])
def test_who_comes_too_late_or_on_another_day_gets_no_ticket(hall, clock, booked, minutes, why):
    """The slot ends at 10:00, and ten minutes more are given."""
    made = booked()
    clock.advance(minutes=minutes)
    if why is None:
        assert check_in(hall, made.code).booked_for == made.starts_at
    else:
        assert refused(check_in, hall, made.code) is why
        assert find_appointment(hall, made.code).appointment == made


def test_what_is_withdrawn_or_not_known_gets_no_ticket_and_is_not_withdrawn_again(hall, clerk, booked, events):
    made = booked()
    gone = withdraw(hall, clerk, made.code)
    assert (events()[-1].kind, events()[-1].data) == (Kind.WITHDRAWN, {"appointment": str(made.code)})
    assert book_of(hall).today == (gone,)
    assert refused(check_in, hall, made.code) is Refusal.WITHDRAWN
    assert refused(withdraw, hall, clerk, made.code) is Refusal.WITHDRAWN
    for work in (check_in, find_appointment):
        assert refused(work, hall, NOWHERE) is Refusal.UNKNOWN
    assert refused(withdraw, hall, clerk, NOWHERE) is Refusal.UNKNOWN


def test_one_that_came_keeps_its_place(hall, clerk, booked):
    made = booked()
    check_in(hall, made.code)
    assert refused(withdraw, hall, clerk, made.code) is Refusal.CAME


def test_its_slip_is_printed_again_by_its_number(hall, booked):
    made = booked(24 * 60)
    job = copies.reprint_number(hall, By("supervisor", "0300"), made.code.number, "counter")
    assert (job.kind, job.ref_id, job.copy) == (SlipKind.APPOINTMENT, made.id, True)
    with pytest.raises(NotFound):
        copies.reprint_number(hall, By("supervisor", "0300"), NOWHERE.number, "counter")


def test_the_printers_turn_builds_its_slip_with_item_and_code(hall, clerk):
    made = book(hall, clerk, Booking(at(30), "enrol", "NT02"), "counter")
    slip = slips.build(hall, printing.next_job(hall, "counter"), PAPER_80)
    assert list(scanned(slip, PAPER_80).values()) == [str(made.code)]
    assert hall.catalogue.find_item("NT02").name in running_text(slip, PAPER_80)


def test_of_many_who_book_and_check_in_at_once_each_place_goes_to_one(hall, clerk, other, tmp_path):
    made, failed = [], []

    def work(by):
        for turn in range(4):
            for do in (lambda turn=turn: made.append(book(hall, by, Booking(at(30 * (1 + turn % 2)), "enrol"))),
                       *(lambda one=one: check_in(hall, one.code) for one in list(made))):
                try:
                    do()
                except AppointmentRefused as error:
                    failed.append(error.why)

    threads = [Thread(target=work, args=(by,)) for by in (clerk, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == len({(one.starts_at, one.place) for one in made}) == 4
    assert set(failed) == {Refusal.FULL, Refusal.CAME}
    tickets = [one.ticket_id for one in book_of(hall).today if one.ticket_id]
    assert len(tickets) == len(set(tickets)) == len(desk(hall, 1).waiting) >= 2
    check_store(hall.store, tmp_path / "replayed.db")


@pytest.mark.parametrize("change", [{"serial": 9}, {"place": 2}])
def test_the_store_itself_keeps_a_place_and_a_number_to_one(hall, booked, change):
    """A second one with the same serial, or the same place."""
    made = booked()
    with pytest.raises(IntegrityError), step(hall) as doing:
        doing.record(Kind.BOOKED, KIOSK, [added(replace(made, id=doing.id, **change))])


def test_a_ticket_of_an_older_programs_log_is_taken_in(hall, issue):
    ticket = issue()
    plain = {name: one for name, one in added(ticket).after.items() if name != "booked_for"}
    with step(hall) as doing:
        again = plain | {"id": 999, "number": "A999", "serial": 999}
        doing.record(Kind.ISSUED, KIOSK, [])
        log.apply(doing.db, hall.id, [Change("ticket", 999, None, again)])
    assert [one.booked_for for one in desk(hall, 1).waiting] == [None, None]
