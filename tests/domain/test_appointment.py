"""Which times are open, who comes before whom with an appointment, and what becomes of one."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallapp.domain.appointment import (
    Appointment,
    AppointmentRefused,
    AppointmentState,
    AppointmentTimes,
    Refusal,
    come,
    free_place,
    withdraw,
)
from hallapp.domain.queue import order, rank_at
from hallapp.domain.rules import Rules
from hallapp.domain.ticket import Ticket, TicketState

ZONE, DAY = ZoneInfo("Asia/Shanghai"), date(2026, 11, 25)
START = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)  # half past nine
BOOKED = Appointment(7, DAY, 3, 1, START, START + timedelta(minutes=30), START + timedelta(minutes=40), "enrol", None,
                     START - timedelta(days=1))
RULES = Rules()
SPANS = st.lists(st.integers(0, 24 * 12 - 1), min_size=2, max_size=6, unique=True).map(sorted).map(
    lambda marks: tuple((clock(a), clock(b)) for a, b in zip(marks[::2], marks[1::2], strict=False)))


def clock(fives):
    return time(fives // 12, fives % 12 * 5)


def local(slot):
    return tuple(at.astimezone(ZONE).time() for at in (slot.starts_at, slot.ends_at))


@given(SPANS, st.integers(5, 240))
def test_slots_are_whole_lie_within_the_hours_and_leave_no_room_for_another(hours, minutes):
    times, length = AppointmentTimes(hours, slot_minutes=minutes), timedelta(minutes=minutes)
    slots = times.slots(DAY, ZONE)
    assert all(one.ends_at - one.starts_at == length for one in slots)
    assert all(one.ends_at <= two.starts_at for one, two in pairwise(slots))
    assert all(any(opens <= local(one)[0] and local(one)[1] <= closes for opens, closes in hours) for one in slots)
    rooms = [datetime.combine(DAY, closes) - datetime.combine(DAY, opens) for opens, closes in hours]
    assert len(slots) == sum(room // length for room in rooms)


def test_weekends_are_left_out_and_today_is_the_first():
    times = AppointmentTimes(((time(9), time(11)),), days_ahead=7)
    assert [day.day for day in times.days(DAY)] == [25, 26, 27, 30, 1, 2]
    assert replace(times, days_ahead=0).days(DAY) == [DAY]
    assert replace(times, days_ahead=0).days(date(2026, 11, 28)) == []


def test_holidays_are_left_out_and_weekends_worked_for_them_are_not():
    holiday, made_up = date(2026, 11, 27), date(2026, 11, 28)
    times = AppointmentTimes(((time(9), time(11)),), closed_days=frozenset({holiday}), workdays=frozenset({made_up}))
    assert [day.day for day in times.days(DAY)] == [25, 26, 28, 30, 1, 2]
    assert made_up not in replace(times, closed_days=frozenset({made_up})).days(DAY)


@given(st.sets(st.integers(1, 12)), st.integers(1, 12))
def test_a_free_place_is_one_that_nobody_has_as_long_as_there_is_one(taken, per_slot):
    place = free_place(taken, per_slot)
    assert (place is None) == (len(taken) >= per_slot)
    if place is not None:
        assert place not in taken
        assert 1 <= place <= per_slot


@pytest.mark.parametrize("minutes", [-600, 0, 29, 40])
def test_it_is_checked_in_early_in_the_slot_and_a_little_late(minutes):
    came = come(BOOKED, 99, START + timedelta(minutes=minutes), DAY)
    assert (came.state, came.ticket_id, came.place) == (AppointmentState.CAME, 99, 1)


@pytest.mark.parametrize(("booked", "minutes", "today", "why"), [
    (BOOKED, 41, DAY, Refusal.LATE), (BOOKED, -24 * 60, DAY - timedelta(days=1), Refusal.OTHER_DAY),
    (BOOKED, 24 * 60, DAY + timedelta(days=1), Refusal.OTHER_DAY),
    (replace(BOOKED, state=AppointmentState.WITHDRAWN), 0, DAY, Refusal.WITHDRAWN),
    (replace(BOOKED, state=AppointmentState.CAME), 0, DAY, Refusal.CAME),
])
def test_otherwise_it_is_refused_with_the_reason(booked, minutes, today, why):
    with pytest.raises(AppointmentRefused) as refused:
        come(booked, 99, START + timedelta(minutes=minutes), today)
    assert (refused.value.why, refused.value.appointment) == (why, booked)


def test_a_withdrawn_one_gives_its_place_back():
    gone = withdraw(BOOKED, START)
    assert (gone.state, gone.place) == (AppointmentState.WITHDRAWN, None)


@pytest.mark.parametrize(("booked", "minutes", "why"), [
    (BOOKED, 41, Refusal.LATE), (replace(BOOKED, state=AppointmentState.CAME), 0, Refusal.CAME),
    (replace(BOOKED, state=AppointmentState.WITHDRAWN), 0, Refusal.WITHDRAWN),
])
def test_one_that_is_over_is_not_withdrawn_any_more(booked, minutes, why):
    with pytest.raises(AppointmentRefused) as refused:
        withdraw(booked, START + timedelta(minutes=minutes))
    assert refused.value.why is why


def ticket(serial, issued, booked_for=None, priority=False):
    at = START + timedelta(minutes=issued)
    due = None if booked_for is None else START + timedelta(minutes=booked_for)
    return Ticket(serial, DAY, f"A{serial:03d}", "A", serial, "enrol", None, priority, TicketState.WAITING, at,
                  rank_at(due or at, priority, RULES), "kiosk", booked_for=due)


SLOT, LATE = 30, 10
WALK_INS = st.tuples(st.integers(-120, 120), st.none())
CHECK_INS = st.integers(-2, 2).flatmap(lambda slot: st.tuples(
    st.integers(SLOT * slot - 90, SLOT * (slot + 1) + LATE), st.just(SLOT * slot)))


@given(st.lists(WALK_INS | CHECK_INS, max_size=30))
def test_whoever_has_an_appointment_ranks_as_if_come_at_its_start_and_everybody_else_by_coming(seen):
    line = sorted((ticket(i, *one) for i, one in enumerate(seen, 1)), key=order)
    for place, first in enumerate(line):
        for behind in line[place + 1:]:
            if first.booked_for is None and behind.booked_for is None:
                assert first.issued_at <= behind.issued_at
            elif first.booked_for is None:  # a walk-in goes first only if it came before the slot began
                assert first.issued_at <= behind.booked_for
            elif behind.booked_for is None:  # and an early check-in overtakes nobody who came before its slot
                assert behind.issued_at >= first.booked_for
            else:
                assert first.booked_for <= behind.booked_for


@given(st.lists(CHECK_INS, max_size=40))
def test_no_walk_in_starves_behind_appointments(seen):
    """Only those whose slot began before the walk-in came go first: as many as the hall takes in these slots."""
    me = ticket(1000, 5)
    line = sorted([me, *(ticket(i, *one) for i, one in enumerate(seen, 1))], key=order)
    assert all(one.booked_for <= me.issued_at for one in line[:line.index(me)])
