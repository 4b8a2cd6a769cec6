"""Whole days on a server in which every station works under its own role: none needs more than it may."""

from queue import Queue
from threading import Event, Thread

import pytest

from drivers.escpos import PrinterProfile
from hallapp.domain.codes import TicketCode
from hallapp.domain.errors import HallError, StoreForbidden
from hallapp.domain.events import By, Kind
from hallapp.domain.notice import NoticeLine, Situation
from hallapp.domain.printing import DeviceState, DeviceStatus, SlipKind
from hallapp.domain.rules import HallInfo, Rules
from hallapp.domain.staff import Role, Staff
from hallapp.services import appointments, counter, kiosk, notices, printing, reports, slips, staff, visits
from hallapp.services.board import board
from hallapp.services.desk import desk
from hallapp.services.feed import follow
from hallapp.services.hall import Hall
from hallapp.services.standing import standing
from hallapp.store.opening import open_postgres
from hallapp.store.rights import RoleKind
from tests.conftest import PASSWORD
from tests.roles import served  # noqa: F401
from tests.services import played_days
from tests.services.conftest import CLERKS, KIOSK
from tests.services.played_days import Play, WatchedClock
from tests.services.replay import check_store
from tests.services.test_replay import TIMES, Day, moves


@pytest.fixture
def clock():
    return WatchedClock()


@pytest.fixture
def stations(served, catalogue, windows, clock, _hashed):  # noqa: F811
    """The hall as the desk's stations have it, and as kiosk and board do; two clerks sit at their windows."""
    desks, kiosks = (
        Hall(open_postgres(served.address(kind), served.ours), HallInfo(served.ours, "大厅"), Rules(), windows,
             catalogue, clock, TIMES) for kind in (RoleKind.DESK, RoleKind.KIOSK))
    for by in CLERKS:
        staff.add_staff(desks, By("setup"), Staff(by.staff, "员工", Role.CLERK), PASSWORD)
        staff.sign_in(desks, by.station, by.staff, PASSWORD, by.window)
    clock.hall = desks
    yield desks, kiosks
    for hall in (desks, kiosks):
        hall.store.close()


class DayOfRoles(Day):
    """As Day, the kiosk's moves under the kiosk's role."""

    def __init__(self, desks, kiosks, clock):
        super().__init__(desks, clock)
        self.kiosks = kiosks

    def issue(self, by, pick):
        Day(self.kiosks, self.clock).issue(by, pick)

    def check_in(self, by, pick):
        Day(self.kiosks, self.clock).check_in(by, pick)

    def print_slip(self, by, pick):
        if pick % 6 in (2, 5):  # to give a slip up or to say where it is, is for people at the desk
            super().print_slip(by, pick)
        else:
            Day(self.kiosks, self.clock).print_slip(by, pick)

    def doubt(self, by, pick):
        Day(self.kiosks, self.clock).doubt(by, pick)

    def look_around(self):
        board(self.kiosks)
        kiosk.group_waits(self.kiosks)
        for job in printing.open_jobs(self.kiosks, "kiosk"):
            printing.content(self.kiosks, job)
        desk(self.hall, 1)
        reports.figures(self.hall, self.hall.today())


def test_a_kiosk_checks_in_and_books_nothing(stations, clock):
    desks, kiosks = stations
    booking = appointments.Booking(appointments.book_of(kiosks).open[0].slot.starts_at, "enrol")
    with pytest.raises(StoreForbidden):
        appointments.book(kiosks, CLERKS[0], booking)
    booked = appointments.book(desks, CLERKS[0], booking, "kiosk")
    with pytest.raises(StoreForbidden):
        appointments.withdraw(kiosks, CLERKS[0], booked.code)
    assert isinstance(printing.content(kiosks, printing.next_job(kiosks, "kiosk")), printing.AppointmentContent)
    ticket = kiosk.issue(kiosks, KIOSK, kiosk.Wish(appointment=booked.code)).ticket
    assert appointments.find_appointment(kiosks, booked.code).ticket == ticket


def test_a_clerk_checks_in_and_changes_the_own_password(stations, clock):
    desks, _ = stations
    booking = appointments.Booking(appointments.book_of(desks).open[0].slot.starts_at, "enrol")
    booked = appointments.book(desks, CLERKS[0], booking)
    ticket = kiosk.issue(desks, CLERKS[0], kiosk.Wish(appointment=booked.code), "counter").ticket
    assert appointments.find_appointment(desks, booked.code).ticket == ticket
    member = staff.change_password(desks, CLERKS[0], PASSWORD, "geheim-1")
    assert staff.check_password(desks, CLERKS[0].staff, "geheim-1") == member


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_random_day_needs_no_other_rights(stations, clock, tmp_path, seed):
    day = DayOfRoles(*stations, clock)
    for name, by, pick in moves(seed):
        clock.advance(1)
        try:
            getattr(day, name)(by, pick)
        except StoreForbidden:
            raise
        except HallError:
            continue
        day.look_around()
    check_store(stations[0].store, tmp_path / "replayed.db")


class PlayOfRoles(Play):
    """As Play, the numbers taken under the kiosk's role."""

    def __init__(self, desks, kiosks, clock):
        super().__init__(desks, clock)
        self.kiosks = Play(kiosks, clock)

    def ticket(self, wait=0, **wish):
        return self.kiosks.ticket(wait, **wish)


@pytest.mark.parametrize("play", played_days.DAYS, ids=lambda play: play.__name__)
def test_a_played_day_needs_no_other_rights(stations, clock, tmp_path, play):
    play(PlayOfRoles(*stations, clock))
    check_store(stations[0].store, tmp_path / "replayed.db")


def test_the_kiosks_own_services_work_under_its_role(stations, clock):
    desks, kiosks = stations
    taken = kiosk.issue(kiosks, KIOSK, kiosk.Wish("enrol", request="tap"), "kiosk")
    assert kiosk.issue(kiosks, KIOSK, kiosk.Wish("enrol", request="tap"), "kiosk") == taken
    assert kiosk.issued_before(kiosks, kiosk.Wish("enrol", request="tap")) == taken
    assert standing(kiosks, TicketCode(taken.ticket.day, taken.ticket.number)).ahead == 0
    counter.call_next(desks, CLERKS[0])
    assert board(kiosks).recent[0].number == taken.ticket.number
    counter.arrive(desks, CLERKS[0])
    item = visits.start_item(desks, CLERKS[0], "NT01")
    draft = notices.NoticeDraft(item.id, Situation.CONSULTATION, (NoticeLine("身份证", True, 1),))
    notice = notices.give_notice(desks, CLERKS[0], draft, "kiosk")
    assert notices.find_notice(kiosks, notice.number) == notice
    printing.reprint(desks, By("supervisor"), SlipKind.TEST, 0, "kiosk")
    turns, said = Printer(), []
    while printing.open_jobs(kiosks, "kiosk"):
        slips.take_turn(kiosks, By("printer-kiosk"), turns, said.append)
    assert len(turns.slips) == 3


class Printer:
    """Takes every slip."""

    name, profile = "kiosk", PrinterProfile()

    def __init__(self):
        self.slips = []

    def status(self):
        return DeviceStatus("kiosk", "printer", DeviceState.READY)

    def print(self, slip):
        self.slips.append(slip)
        return self.status()


def test_each_side_hears_of_the_other(stations):
    desks, kiosks = stations
    said, stopped = {}, Event()
    threads = []
    for name, hall in (("desk", desks), ("kiosk", kiosks)):
        said[name] = Queue()
        threads.append(Thread(target=follow, args=(hall, stopped, said[name].put, said[name].put, print)))
        threads[-1].start()
        assert said[name].get(timeout=10) == ()
    kiosk.issue(kiosks, KIOSK, kiosk.Wish("enrol"))
    counter.call_next(desks, CLERKS[0])
    for queue in said.values():
        kinds = []
        while len(kinds) < 2:
            kinds += [event.kind for event in queue.get(timeout=10)]
        assert kinds == [Kind.ISSUED, Kind.CALLED]
    stopped.set()
    for thread in threads:
        thread.join()
