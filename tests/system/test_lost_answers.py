"""What a clerk, a visitor or a printer asked for and got no answer to is done once, when it is asked for again.

Some of the steps know the wish by its request id; the others are refused by the state that the first try left, and the
station shows that state as soon as it can read again. Setting a value to what it is already may be repeated.
"""

from dataclasses import replace
from datetime import time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event

from hallapp.domain.appointment import AppointmentTimes
from hallapp.domain.errors import HallError, StoreAway
from hallapp.domain.events import By, Kind
from hallapp.domain.handling import Outcome
from hallapp.domain.notice import Situation
from hallapp.domain.printing import SlipKind
from hallapp.domain.staff import Staff
from hallapp.domain.ticket import HoldKind
from hallapp.services import (
    appointments,
    copies,
    counter,
    hardware_caller,
    kiosk,
    notices,
    printing,
    ratings,
    staff,
    visits,
)
from hallapp.services.appointments import Booking
from hallapp.services.hall import look
from hallapp.services.kiosk import Wish
from hallapp.services.notices import NoticeDraft
from hallapp.store import log
from hallapp.store.opening import open_postgres
from tests.conftest import PASSWORD

KIOSK, SECONDS = By("kiosk"), 0.4


@pytest.fixture
def store(far_url):
    made = open_postgres(far_url, uuid4().hex, seconds=SECONDS)
    yield made
    made.close()


@pytest.fixture
def hall(hall):
    return replace(hall, appointment_times=AppointmentTimes(((time(0), time(23)),), frozenset(range(1, 8))))


@pytest.fixture
def clerk(signed_in):
    return signed_in(1)


def waiting(hall, _clerk):
    return kiosk.issue(hall, KIOSK, Wish("enrol"), "kiosk").ticket


def called(hall, clerk):
    waiting(hall, clerk)
    waiting(hall, clerk)
    return counter.call_next(hall, clerk)


def called_long_ago(hall, clerk):
    called(hall, clerk)
    hall.clock.advance(hall.rules.call_interval)


def recalled(hall, clerk):
    called_long_ago(hall, clerk)
    counter.recall(hall, clerk)
    hall.clock.advance(hall.rules.call_interval)


def missed(hall, clerk):
    recalled(hall, clerk)
    return counter.miss(hall, clerk).id


def here(hall, clerk):
    called(hall, clerk)
    return counter.arrive(hall, clerk)


def running(hall, clerk):
    here(hall, clerk)
    return visits.start_item(hall, clerk, "NT01").id


def suspended(hall, clerk):
    item = running(hall, clerk)
    visits.suspend_item(hall, clerk, item)
    return item


def held(hall, clerk):
    here(hall, clerk)
    return counter.hold(hall, clerk, HoldKind.KEEP_PAPERS).id


def called_back(hall, clerk):
    running(hall, clerk)
    return counter.resume(hall, clerk, counter.hold(hall, clerk, HoldKind.KEEP_PAPERS).id)


def left(hall, clerk):
    here(hall, clerk)
    return visits.finish_visit(hall, clerk).id


def job(hall, clerk):
    waiting(hall, clerk)
    return printing.open_jobs(hall)[0].id


def book(hall, clerk, request=None):
    booking = Booking(hall.clock.now() + timedelta(minutes=30), "enrol")
    return appointments.book(hall, clerk, booking, "counter", request)


def booked(hall, clerk):
    return book(hall, clerk).code


def doubtful(hall, clerk):
    found = job(hall, clerk)
    printing.start(hall, KIOSK, found)
    printing.failed(hall, KIOSK, found, "unknown_fate", unknown=True)
    return found


def paused(hall, clerk):
    staff.pause(hall, clerk, "午休")


def draft(item):
    return NoticeDraft(item, Situation.INCOMPLETE, (), remark="带身份证")


# what is asked for: the state before, the step, its event
STEPS = {
    "issue": (lambda hall, by: None, lambda h, by, _: kiosk.issue(h, KIOSK, Wish("enrol", request="t")), Kind.ISSUED),
    "call next": (waiting, lambda h, by, _: counter.call_next(h, by), Kind.CALLED),
    "call a number": (waiting, lambda h, by, ticket: counter.call_number(h, by, ticket.id), Kind.CALLED),
    "a hardware caller's key": (called_long_ago, lambda h, by, _: hardware_caller.call_next(h, by), Kind.CALLED),
    "recall": (called_long_ago, lambda h, by, _: counter.recall(h, by), Kind.RECALLED),
    "miss": (recalled, lambda h, by, _: counter.miss(h, by), Kind.MISSED),
    "come back": (missed, lambda h, by, ticket: counter.come_back(h, by, ticket), Kind.RETURNED),
    "abandon": (called, lambda h, by, ticket: counter.abandon(h, by, ticket.id), Kind.ABANDONED),
    "arrive": (called, lambda h, by, _: counter.arrive(h, by), Kind.ARRIVED),
    "arrive after a hold": (called_back, lambda h, by, _: counter.arrive(h, by), Kind.ARRIVED),
    "walk in": (lambda hall, by: None, lambda h, by, _: visits.walk_in(h, by), Kind.WALKED_IN),
    "start item": (here, lambda h, by, _: visits.start_item(h, by, "NT01", 1, "w"), Kind.ITEM_STARTED),
    "suspend item": (running, lambda h, by, item: visits.suspend_item(h, by, item), Kind.ITEM_SUSPENDED),
    "resume item": (suspended, lambda h, by, item: visits.resume_item(h, by, item), Kind.ITEM_RESUMED),
    "finish item": (running, lambda h, by, i: visits.finish_item(h, by, i, Outcome.COMPLETED), Kind.ITEM_FINISHED),
    "notice": (running, lambda h, by, i: notices.give_notice(h, by, draft(i), "counter", "n"), Kind.NOTICE_GIVEN),
    "book": (lambda hall, by: None, lambda h, by, _: book(h, by, "b"), Kind.BOOKED),
    "check in": (booked, lambda h, by, code: kiosk.issue(h, KIOSK, Wish(appointment=code, request="c")), Kind.ISSUED),
    "check in at a window": (booked, lambda h, by, code: kiosk.issue(
        h, by, Wish(appointment=code, request="w"), "counter"), Kind.ISSUED),
    "withdraw": (booked, lambda h, by, code: appointments.withdraw(h, by, code), Kind.WITHDRAWN),
    "hold": (here, lambda h, by, _: counter.hold(h, by, HoldKind.NO_PAPERS), Kind.HELD),
    "resume": (held, lambda h, by, ticket: counter.resume(h, by, ticket), Kind.CALLED),
    "transfer": (here, lambda h, by, _: counter.transfer(h, by, group="other"), Kind.TRANSFERRED),
    "finish visit": (here, lambda h, by, _: visits.finish_visit(h, by), Kind.FINISHED),
    "void visit": (here, lambda h, by, visit: visits.void_visit(h, by, visit.id, "忘记"), Kind.VOIDED),
    "undo": (called, lambda h, by, _: counter.undo(h, by), Kind.UNDONE),
    "rate": (left, lambda h, by, visit: ratings.rate(h, KIOSK, visit, 5), Kind.RATED),
    "not rated": (left, lambda h, by, visit: ratings.not_rated(h, KIOSK, visit), Kind.NOT_RATED),
    "sign in": (lambda hall, by: None, lambda h, by, _: staff.sign_in(h, "window-1", "0312", PASSWORD, 1, request="s"),
                Kind.SIGNED_IN),
    "pause": (lambda hall, by: None, lambda h, by, _: staff.pause(h, by, "午休"), Kind.PAUSED),
    "unpause": (paused, lambda h, by, _: staff.unpause(h, by), Kind.UNPAUSED),
    "sign out": (lambda hall, by: None, lambda h, by, _: staff.sign_out(h, by), Kind.SIGNED_OUT),
    "add staff": (lambda hall, by: None, lambda h, by, _: staff.add_staff(h, by, Staff("0399", "李强"), PASSWORD),
                  Kind.STAFF_ADDED),
    "change password": (lambda hall, by: None, lambda h, by, _: staff.change_password(h, by, PASSWORD, "geheim-1"),
                        Kind.STAFF_CHANGED),
    "print": (job, lambda h, by, found: printing.start(h, by, found), Kind.PRINT_STARTED),
    "reprint": (waiting, lambda h, by, _: copies.reprint_number(h, by, "A001", "kiosk", "r"), Kind.REPRINTED),
    "test page": (lambda hall, by: None,
                  lambda h, by, _: printing.reprint(h, by, SlipKind.TEST, 0, "kiosk", "p"), Kind.REPRINTED),
    "decide": (doubtful, lambda h, by, found: printing.decide(h, by, found, on_paper=False), Kind.PRINT_DECIDED),
    "give a job up": (job, lambda h, by, found: printing.cancel(h, by, found), Kind.PRINT_DECIDED),
}
KNOWN_AGAIN = ("issue", "book", "check in", "check in at a window", "start item", "notice", "sign in",
               "change password", "reprint", "test page")


@pytest.mark.parametrize("name", STEPS)
def test_a_step_whose_answer_was_lost_is_not_done_twice(hall, clerk, proxy, name):
    prepare, act, kind = STEPS[name]
    before = prepare(hall, clerk)
    count = happened(hall, kind)

    lost = []

    def lose(db):
        if db.get_execution_options().get("writes") and not lost:
            lost.append(name)
            proxy.swallow(answers_only=True)

    event.listen(hall.store.engine, "commit", lose)
    with pytest.raises(StoreAway):
        act(hall, clerk, before)
    proxy.go_on()
    try:
        act(hall, clerk, before)
    except HallError:
        assert name not in KNOWN_AGAIN
    assert happened(hall, kind) == count + 1


def happened(hall, kind):
    with look(hall) as db:
        return sum(one.kind is kind for one in log.events_after(db, hall.id, 0))
