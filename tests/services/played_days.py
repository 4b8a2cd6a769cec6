"""Days in a hall, played through the services, each with something that figures may get wrong."""

from contextlib import suppress
from dataclasses import replace
from datetime import time, timedelta

from hallapp.domain.appointment import AppointmentRefused, AppointmentTimes
from hallapp.domain.events import By
from hallapp.domain.handling import Outcome
from hallapp.domain.notice import NoticeLine, Situation
from hallapp.domain.ticket import HoldKind
from hallapp.services import appointments, counter, hardware_caller, kiosk, notices, staff, visits
from hallapp.services.day import close_past_days
from hallapp.services.desk import desk
from hallapp.services.hall import look
from hallapp.store import log
from tests.conftest import PASSWORD, TestClock
from tests.services.conftest import CLERKS, KIOSK

A, B = CLERKS
NIGHT = 24 * 60
AT_ANY_TIME = AppointmentTimes(((time(0), time(23, 59)),), frozenset(range(1, 8)))
SUPERVISOR = By("supervisor", "0300")


class WatchedClock(TestClock):
    """Knows the true seconds of every event of ``hall``: what was logged before the time went on happened till then."""

    def __init__(self):
        super().__init__()
        self.hall, self.ticks, self._true = None, {}, 0.0

    def advance(self, seconds=0.0, minutes=0.0):
        self.stamp()
        super().advance(seconds, minutes)
        self._true += seconds + 60 * minutes

    def stamp(self):
        with look(self.hall) as db:
            last = log.last_seq(db, self.hall.id)
        self.ticks |= dict.fromkeys(range(len(self.ticks) + 1, last + 1), self._true)


class Play:
    """What people do in a hall, and the time it takes them."""

    def __init__(self, hall, clock):
        self.hall, self.clock = hall, clock

    def set_clock(self, seconds):
        self.clock.set_wall(self.clock.now() + timedelta(seconds=seconds))

    def ticket(self, wait=0, **wish):
        self.clock.advance(1)
        ticket = kiosk.issue(self.hall, KIOSK, kiosk.Wish(**{"group": "enrol", **wish})).ticket
        self.clock.advance(wait)
        return ticket.id

    def called(self, by, ticket_id, recalls=0):
        counter.call_number(self.hall, by, ticket_id)
        for _ in range(recalls):
            self.clock.advance(17)
            counter.recall(self.hall, by)

    def arrived(self, by, ticket_id, way=20, recalls=0):
        self.called(by, ticket_id, recalls)
        self.clock.advance(way)
        counter.arrive(self.hall, by)

    def missed(self, by, ticket_id):
        self.called(by, ticket_id, recalls=1)
        self.clock.advance(18)
        counter.miss(self.hall, by)

    def item(self, by, code, seconds, outcome=Outcome.COMPLETED, quantity=1):
        item = visits.start_item(self.hall, by, code, quantity)
        self.clock.advance(seconds)
        visits.finish_item(self.hall, by, item.id, outcome)
        return item.id

    def left(self, by):
        self.clock.advance(3)
        visits.finish_visit(self.hall, by)

    def served(self, by, code="NT01", seconds=200, wait=40, **more):
        self.arrived(by, self.ticket(wait))
        self.item(by, code, seconds, **more)
        self.left(by)

    def undo(self, by):
        self.clock.advance(7)
        counter.undo(self.hall, by)


def ordinary(play):
    """Two clerks, all outcomes, the three notices, no-shows, holds, transfers, walk-ins, several cases at once."""
    hall, clock = play.hall, play.clock
    for turn, outcome in enumerate(Outcome):
        play.served(A, ("NT01", "NT13", "NT02")[turn % 3], 100 + 90 * turn, 30 * turn, outcome=outcome)
    queued = [play.ticket() for _ in range(4)]
    for ticket_id in reversed(queued):  # the first come sooner than their slips said
        play.arrived(B, ticket_id)
        play.left(B)
    slow = play.ticket(priority=True, wait=400)
    play.arrived(B, slow, way=55, recalls=2)
    play.item(B, "NT13", 1500, quantity=3)
    play.item(B, "NT02", 601)
    play.item(B, "NT02", 600)
    play.left(B)
    play.missed(A, gone := play.ticket())
    counter.abandon(hall, A, gone)
    counter.abandon(hall, A, play.ticket())
    play.missed(A, late := play.ticket(priority=True))
    clock.advance(60)
    counter.come_back(hall, A, late)
    play.arrived(A, late, way=31)
    first = visits.start_item(hall, A, "NT01", 2)
    clock.advance(130)
    visits.suspend_item(hall, A, first.id)
    clock.advance(1000)
    for situation, told in zip(Situation, (first.id, None, None), strict=True):
        told = told or visits.start_item(hall, A, "NT05").id
        clock.advance(44)
        missing = (NoticeLine("身份证", True, 1),)
        notices.give_notice(hall, A, notices.NoticeDraft(told, situation, missing, reason="不符合"))
    play.left(A)
    for kind in HoldKind:
        held(play, kind)
    held_twice(play)
    moved(play)
    for _ in range(2):
        visits.walk_in(hall, B)
        play.item(B, "NT03", 77)
        play.left(B)
    play.ticket(group="other")
    visits.walk_in(hall, A)
    visits.start_item(hall, A, "NT03")


def held(play, kind):
    """Steps aside while an item runs, and comes back."""
    ticket_id = play.ticket(10)
    play.arrived(A, ticket_id)
    item = visits.start_item(play.hall, A, "NT06")
    play.clock.advance(90)
    counter.hold(play.hall, A, kind)
    play.clock.advance(700)
    counter.resume(play.hall, A, ticket_id)
    if kind is HoldKind.NO_PAPERS:
        counter.call_number(play.hall, A, ticket_id)
    play.clock.advance(12)
    counter.arrive(play.hall, A)
    play.clock.advance(33)
    visits.set_quantity(play.hall, A, item.id, 2)
    visits.finish_item(play.hall, A, item.id, Outcome.COMPLETED)
    play.clock.advance(20)
    visits.correct_outcome(play.hall, A, item.id, Outcome.ACCEPTED)
    play.left(A)


def held_twice(play):
    """One item is suspended by hand and another by the hold, whose end is taken back and made again."""
    hall, clock = play.hall, play.clock
    ticket_id = play.ticket(3)
    play.arrived(A, ticket_id)
    by_hand = visits.start_item(hall, A, "NT02")
    clock.advance(20)
    visits.suspend_item(hall, A, by_hand.id)
    by_hold = visits.start_item(hall, A, "NT01")
    clock.advance(31)
    for _ in range(2):
        counter.hold(hall, A, HoldKind.OUTSIDE)
        clock.advance(500)
        counter.resume(hall, A, ticket_id)
        counter.arrive(hall, A)
        clock.advance(40)
        play.undo(A)
        clock.advance(15)
        counter.arrive(hall, A)
        clock.advance(44)
    visits.finish_item(hall, A, by_hold.id, Outcome.COMPLETED)
    visits.resume_item(hall, A, by_hand.id)
    clock.advance(9)
    visits.finish_item(hall, A, by_hand.id, Outcome.COMPLETED)
    play.left(A)


def moved(play):
    """To another window and back, to another business, and on from a call: one visit each."""
    hall, clock = play.hall, play.clock
    ticket_id = play.ticket(5)
    play.arrived(A, ticket_id)
    item = visits.start_item(hall, A, "NT07")
    clock.advance(65)
    counter.transfer(hall, A, window=2, back=True)
    clock.advance(300)
    play.arrived(B, ticket_id)
    play.item(B, "NT13", 50)
    play.left(B)
    clock.advance(20)
    play.arrived(A, ticket_id, recalls=1)
    visits.resume_item(hall, A, item.id)
    clock.advance(15)
    visits.finish_item(hall, A, item.id, Outcome.COMPLETED)
    play.left(A)
    ticket_id = play.ticket(8)
    play.called(A, ticket_id)
    clock.advance(4)
    counter.transfer(hall, A, group="claim")
    play.arrived(B, ticket_id)
    item = visits.start_item(hall, B, "NT01")
    clock.advance(80)
    counter.transfer(hall, B, group="other")
    play.arrived(A, ticket_id)
    visits.resume_item(hall, A, item.id)
    clock.advance(80)
    visits.finish_item(hall, A, item.id, Outcome.REFERRED)
    play.left(A)


def taken_back(play):
    """Every step that can be taken back is, after a while, and done again another way."""
    hall, clock = play.hall, play.clock
    play.called(A, play.ticket(20))
    play.undo(A)
    play.missed(A, ticket_id := play.ticket())
    play.undo(A)
    counter.arrive(hall, A)
    play.undo(A)
    clock.advance(9)
    counter.arrive(hall, A)
    visits.start_item(hall, A, "NT02")
    play.undo(A)
    running = visits.start_item(hall, A, "NT01")
    clock.advance(100)
    visits.start_item(hall, A, "NT13", 5)
    play.undo(A)
    for step in (visits.suspend_item, visits.resume_item, visits.suspend_item):
        clock.advance(50)
        step(hall, A, running.id)
        if step is not visits.suspend_item:
            continue
        play.undo(A)
        clock.advance(11)
        visits.suspend_item(hall, A, running.id)
    clock.advance(400)
    visits.resume_item(hall, A, running.id)
    play.undo(A)
    visits.set_quantity(hall, A, running.id, 9)
    play.undo(A)
    visits.finish_item(hall, A, running.id, Outcome.WITHDRAWN)
    play.undo(A)
    clock.advance(10)
    counter.hold(hall, A, HoldKind.OUTSIDE)
    play.undo(A)
    counter.transfer(hall, A, window=2, back=True)
    play.undo(A)
    visits.finish_item(hall, A, running.id, Outcome.COMPLETED)
    play.left(A)
    play.undo(A)
    play.item(A, "NT03", 20)
    play.left(A)
    counter.abandon(hall, A, ticket_id := play.ticket())
    play.undo(A)
    play.arrived(A, ticket_id)
    play.left(A)
    visits.walk_in(hall, B)
    play.undo(B)


def clock_set(play):
    """Somebody sets the PC's clock back and forward while people wait, walk and are handled."""
    for jump in (-3600, 7200, -90, 1800):
        ticket_id = play.ticket(100)
        play.set_clock(jump)
        play.called(A, ticket_id)
        play.clock.advance(25)
        play.set_clock(-jump // 2)
        counter.arrive(play.hall, A)
        first = visits.start_item(play.hall, A, "NT01", 2)
        play.clock.advance(700)
        play.set_clock(jump)
        second = visits.start_item(play.hall, A, "NT02")
        play.set_clock(-jump // 3)
        play.clock.advance(590)
        visits.finish_item(play.hall, A, second.id, Outcome.COMPLETED)
        visits.resume_item(play.hall, A, first.id)
        play.set_clock(jump // 5)
        counter.hold(play.hall, A, HoldKind.KEEP_PAPERS)
        play.set_clock(-200)
        counter.resume(play.hall, A, ticket_id)
        play.clock.advance(8)
        counter.arrive(play.hall, A)
        visits.finish_item(play.hall, A, first.id, Outcome.COMPLETED)
        play.left(A)


def started_anew(play):
    """The program is started again while an item runs."""
    play.arrived(A, play.ticket(15))
    item = visits.start_item(play.hall, A, "NT01")
    play.clock.advance(120)
    play.clock.restart()
    play.clock.advance(60)
    visits.finish_item(play.hall, A, item.id, Outcome.COMPLETED)
    play.left(A)


def forgotten(play):
    """Visits forgotten open are closed the same evening and the next morning; other tickets are left over."""
    hall, clock = play.hall, play.clock
    play.served(A)
    play.arrived(A, play.ticket(3))
    play.item(A, "NT01", 300, quantity=4)
    visits.start_item(hall, A, "NT02", 2)
    clock.advance(5000)
    visits.void_visit(hall, SUPERVISOR, desk(hall, 1).visit.id, "忘记结束")
    visits.walk_in(hall, B)
    play.item(B, "NT13", 45)
    visits.start_item(hall, B, "NT04")
    play.ticket()
    play.missed(A, play.ticket(priority=True))
    clock.advance(minutes=NIGHT)
    visits.void_visit(hall, SUPERVISOR, desk(hall, 2).visit.id, "次日补结束")
    close_past_days(hall, By("app"))
    staff.sign_in(hall, B.station, B.staff, PASSWORD, B.window)
    play.served(B, "NT02", 90)


def over_night(play):
    """Visits go on the next morning: one is closed properly, one void after it was called again; calls stay open."""
    hall, clock = play.hall, play.clock
    clock.advance(minutes=14 * 60 + 50)  # 23:50
    play.served(A, "NT01", 420)
    play.arrived(A, parked := play.ticket(), recalls=1)
    play.item(A, "NT02", 30)
    counter.hold(hall, A, HoldKind.OUTSIDE)
    play.arrived(A, play.ticket())
    visits.start_item(hall, A, "NT08", 3)
    play.called(B, play.ticket())
    clock.advance(minutes=15)  # past midnight
    visits.suspend_item(hall, A, desk(hall, 1).items[0].item.id)
    counter.recall(hall, B)
    clock.advance(22)
    counter.arrive(hall, B)
    play.item(B, "NT09", 66)
    play.left(B)
    clock.advance(minutes=9 * 60)
    visits.finish_item(hall, A, desk(hall, 1).items[0].item.id, Outcome.COMPLETED)
    play.item(A, "NT10", 240)
    play.left(A)
    counter.resume(hall, A, parked)
    clock.advance(5)
    counter.arrive(hall, A)
    play.item(A, "NT11", 7000, quantity=2)
    visits.start_item(hall, A, "NT12")
    visits.void_visit(hall, SUPERVISOR, desk(hall, 1).visit.id, "隔夜")
    play.served(B, "NT03", 250)


def quiet(play):
    """Nobody comes."""


def refused(play):
    """Numbers are taken, nobody is called."""
    play.ticket(60)
    play.ticket(60, priority=True)


def with_a_caller(play):
    """A pad at window 1 and a counter at window 2; visitors of one go on to the other."""
    hall, clock = play.hall, play.clock
    for wait in (5, 30, 90, 200, 0):
        play.ticket(wait)
    for gap in (40, 300, 61):
        hardware_caller.call_next(hall, A)
        clock.advance(gap)
    hardware_caller.finish(hall, A)
    play.arrived(B, play.ticket(12))
    play.item(B, "NT01", 240)
    counter.transfer(hall, B, window=1)
    clock.advance(20)
    hardware_caller.call_next(hall, A)
    clock.advance(55)
    hardware_caller.hold(hall, A)
    clock.advance(400)
    hardware_caller.call_back(hall, A)
    clock.advance(33)
    while hardware_caller.call_next(hall, A):
        clock.advance(70)
    play.served(B)


def with_appointments(play):
    """One comes in time, one too late, one never, one is withdrawn; two are for the next day, and one of them comes."""
    taking = replace(play.hall, appointment_times=AT_ANY_TIME)
    slots = [one.slot.starts_at for one in appointments.book_of(taking).open]
    tomorrow = [one.slot.starts_at for one in appointments.book_of(taking).open if one.day > play.hall.today()]
    late, early, _never, gone, other, _another = (
        appointments.book(taking, by, appointments.Booking(at, "claim"))
        for by, at in ((A, slots[0]), (B, slots[2]), (A, slots[1]), (A, slots[1]), (B, tomorrow[0]), (A, tomorrow[0])))
    appointments.withdraw(taking, A, gone.code)
    play.arrived(A, play.ticket(30, appointment=early.code))
    play.item(A, "NT13", 300)
    play.left(A)
    play.clock.advance(minutes=75)
    with suppress(AppointmentRefused):
        play.ticket(appointment=late.code)
    play.served(A)
    play.clock.advance(seconds=(tomorrow[0] - play.clock.now()).total_seconds())
    play.ticket(appointment=other.code)


DAYS = (with_appointments, with_a_caller, ordinary, taken_back, clock_set, started_anew, forgotten, over_night, quiet,
        refused)
