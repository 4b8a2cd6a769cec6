"""Whatever happens in a day: replaying the log gives the tables, and its chain of hashes holds."""

import shutil
from datetime import time, timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hallapp.domain.appointment import AppointmentTimes
from hallapp.domain.codes import AppointmentCode
from hallapp.domain.errors import HallError
from hallapp.domain.events import By
from hallapp.domain.handling import Outcome
from hallapp.domain.notice import NoticeLine, Situation
from hallapp.domain.printing import SlipKind
from hallapp.domain.rating import CODES, Level
from hallapp.domain.staff import Role, Staff
from hallapp.domain.ticket import HoldKind, TicketState
from hallapp.services import (
    appointments,
    counter,
    hardware_caller,
    kiosk,
    notices,
    printing,
    ratings,
    reports,
    staff,
    visits,
)
from hallapp.services.board import board
from hallapp.services.day import close_past_days
from hallapp.services.desk import desk
from hallapp.services.hall import Hall
from hallapp.store.opening import open_sqlite
from tests.conftest import PASSWORD, TestClock
from tests.services.conftest import CLERKS, KIOSK
from tests.services.replay import check_store

GROUPS, ITEMS = ("enrol", "claim", "other"), ("NT01", "NT13", "NT02")


class Day:
    """Every service function as a move; ``pick`` chooses among what is there."""

    def __init__(self, hall, clock):
        self.hall, self.clock = hall, clock

    def issue(self, by, pick):
        kiosk.issue(self.hall, KIOSK, kiosk.Wish(GROUPS[pick % 3], priority=pick % 4 == 0, request=f"tap-{pick}"),
                    "kiosk" if pick % 2 else None)

    def call_next(self, by, pick):
        counter.call_next(self.hall, by)

    def call_number(self, by, pick):
        counter.call_number(self.hall, by, self._waiting(pick))

    def recall(self, by, pick):
        counter.recall(self.hall, by)

    def miss(self, by, pick):
        self.clock.advance(15)
        if pick % 2:
            counter.recall(self.hall, by)
            self.clock.advance(15)
        counter.miss(self.hall, by)

    def come_back(self, by, pick):
        counter.come_back(self.hall, by, self._aside(pick, TicketState.MISSED))

    def abandon(self, by, pick):
        counter.abandon(self.hall, by, self._waiting(pick) if pick % 2 else self._aside(pick, TicketState.MISSED))

    def arrive(self, by, pick):
        counter.arrive(self.hall, by)

    def hold(self, by, pick):
        counter.hold(self.hall, by, list(HoldKind)[pick % 3])

    def resume(self, by, pick):
        counter.resume(self.hall, by, self._aside(pick, TicketState.HELD))

    def transfer(self, by, pick):
        target = {"window": 1 + pick % 3} if pick % 2 else {"group": GROUPS[pick % 3]}
        counter.transfer(self.hall, by, **target, back=pick % 3 == 0)

    def undo(self, by, pick):
        counter.undo(self.hall, by)

    def walk_in(self, by, pick):
        visits.walk_in(self.hall, by)

    def start_item(self, by, pick):
        visits.start_item(self.hall, by, ITEMS[pick % 3], 1 + pick % 5)

    def set_quantity(self, by, pick):
        visits.set_quantity(self.hall, by, self._item(by, pick), 1 + pick % 9)

    def suspend_item(self, by, pick):
        visits.suspend_item(self.hall, by, self._item(by, pick))

    def resume_item(self, by, pick):
        visits.resume_item(self.hall, by, self._item(by, pick))

    def finish_item(self, by, pick):
        visits.finish_item(self.hall, by, self._item(by, pick), list(Outcome)[pick % 8])

    def finish_visit(self, by, pick):
        visits.finish_visit(self.hall, by)

    def void_visit(self, by, pick):
        visit = desk(self.hall, by.window).visit
        visits.void_visit(self.hall, By("supervisor"), visit.id if visit else pick, "forgotten")

    def rate(self, by, pick):
        visit = ratings.to_rate(self.hall, by.window)
        level = 1 + pick % 5
        ratings.rate(self.hall, by, visit.id if visit else pick, level, CODES[Level(level)][: pick % 4])

    def not_rated(self, by, pick):
        visit = ratings.to_rate(self.hall, by.window)
        ratings.not_rated(self.hall, by, visit.id if visit else pick)

    def give_notice(self, by, pick):
        missing = (NoticeLine("身份证", True, 1),)
        draft = notices.NoticeDraft(self._item(by, pick), list(Situation)[pick % 3], missing, remark="周五前")
        notices.give_notice(self.hall, by, draft, "kiosk" if pick % 2 else None)

    def book(self, by, pick):
        open_now = appointments.book_of(self.hall).open
        starts_at = open_now[pick % min(3, len(open_now))].slot.starts_at if open_now else self.clock.now()
        booking = appointments.Booking(starts_at, GROUPS[pick % 3], "NT01" if pick % 2 else None)
        appointments.book(self.hall, by, booking, "kiosk" if pick % 3 == 0 else None, f"book-{pick}")

    def withdraw(self, by, pick):
        appointments.withdraw(self.hall, by, self._code(pick))

    def check_in(self, by, pick):
        wish = kiosk.Wish(appointment=self._code(pick), priority=pick % 5 == 0, request=f"scan-{pick}")
        kiosk.issue(self.hall, KIOSK, wish, "kiosk" if pick % 2 else None)

    def bring_notice(self, by, pick):
        given = reports.records(self.hall, self.hall.today()).notices
        notices.bring_notice(self.hall, by, given[pick % len(given)].number if given else "20261123999")

    def sign_in(self, by, pick):
        who = CLERKS[pick % 2]
        staff.sign_in(self.hall, by.station, who.staff, PASSWORD, by.window, take_over=pick % 3 == 0)

    def sign_out(self, by, pick):
        if pick == 0:
            staff.sign_out(self.hall, by)

    def pause(self, by, pick):
        if pick < 5:
            staff.pause(self.hall, by, "lunch")

    def unpause(self, by, pick):
        staff.unpause(self.hall, by)

    def caller_key(self, by, pick):
        self.clock.advance(15 * (pick % 2))
        (hardware_caller.call_next, hardware_caller.call_next, hardware_caller.finish, hardware_caller.hold,
         hardware_caller.call_back, hardware_caller.seat,
         lambda *to: hardware_caller.toggle_pause(*to, "away"))[pick % 7](self.hall, by)

    def change_staff(self, by, pick):
        staff.change_staff(self.hall, By("setup"), Staff(by.staff, f"员工{pick}", list(Role)[pick % 2]))

    def print_slip(self, by, pick):
        jobs = printing.open_jobs(self.hall) or (None,)
        job_id = jobs[pick % len(jobs)].id if jobs[0] else pick
        (printing.start, printing.printed, printing.cancel,
         lambda *to: printing.failed(*to, "silent", unknown=pick % 2 == 0),
         lambda *to: printing.blocked(*to, "paper_out"),
         lambda *to: printing.decide(*to, on_paper=pick % 2 == 0))[pick % 6](self.hall, KIOSK, job_id)

    def reprint(self, by, pick):
        printing.reprint(self.hall, by, list(SlipKind)[pick % 4], pick, "kiosk")

    def doubt(self, by, pick):
        printing.doubt_interrupted(self.hall, KIOSK, "kiosk")

    def wait(self, by, pick):
        self.clock.advance(pick)

    def set_the_clock(self, by, pick):
        self.clock.set_wall(self.clock.now() + timedelta(seconds=pick * 60 - 900))

    def night(self, by, pick):
        if pick == 0:
            self.clock.advance(minutes=24 * 60)
            close_past_days(self.hall, By("app"))

    def _code(self, pick):
        booked = appointments.book_of(self.hall).today
        return booked[pick % len(booked)].code if booked else AppointmentCode(self.hall.today(), 1)

    def _waiting(self, pick):
        found = desk(self.hall, 1).waiting
        return found[pick % len(found)].id if found else pick

    def _aside(self, pick, state):
        found = [ticket for ticket in desk(self.hall, 1).aside if ticket.state is state]
        return found[pick % len(found)].id if found else pick

    def _item(self, by, pick):
        found = desk(self.hall, by.window).items
        return found[pick % len(found)].item.id if found else pick


MOVES = sorted(name for name in vars(Day) if not name.startswith("_"))
OFTEN = ["issue", "call_next", "arrive", "start_item", "start_item", "finish_item", "finish_visit", "rate", "miss",
         "book", "check_in",
         "come_back", "suspend_item", "resume_item", "hold", "resume", "caller_key"]
LONG = 150
TIMES = AppointmentTimes(((time(8), time(12)), (time(13, 30), time(17))), frozenset(range(1, 8)), slot_minutes=10)


def moves(seed):
    """A long day out of one number: drawn move by move, hypothesis makes short and repetitive ones."""
    chance = Random(seed)
    return [(chance.choice(MOVES + 4 * OFTEN), chance.choice(CLERKS), chance.randrange(41)) for _ in range(LONG)]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_any_day_can_be_replayed(staffed_store, empty_store, tmp_path_factory, seed):
    path, plan = staffed_store
    folder = tmp_path_factory.mktemp("day")
    shutil.copyfile(path, folder / "hall.db")
    clock = TestClock()
    hall = Hall(open_sqlite(folder / "hall.db", "h1"), plan.info, plan.rules, plan.windows, plan.catalogue, clock,
                TIMES)
    day = Day(hall, clock)
    try:
        for name, by, pick in moves(seed):
            clock.advance(1)
            try:
                getattr(day, name)(by, pick)
            except HallError:
                continue
        for window in hall.windows:
            desk(hall, window.number)
        assert all(one.place in (None, 1, 2) for one in appointments.book_of(hall).today)
        board(hall)
        shutil.copyfile(empty_store, folder / "again.db")
        check_store(hall.store, folder / "again.db")
    finally:
        hall.store.close()
        shutil.rmtree(folder)
