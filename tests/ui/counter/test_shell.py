"""Signing in, locking, coming back and signing out."""

from __future__ import annotations

from itertools import count
from threading import Thread

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from shiboken6 import delete
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from hallapp.domain.errors import StoreAway
from hallapp.domain.events import By, Kind
from hallapp.domain.staff import Role
from hallapp.services import kiosk, staff
from hallapp.services.day import close_past_days
from hallapp.services.hall import look
from hallapp.services.kiosk import Wish
from hallapp.store import log, people
from hallapp.ui.counter.shell import ShellPresenter
from hallapp.ui.counter.sign_in import SignInPage
from hallapp.ui.counter.window import CounterShell
from tests.conftest import PASSWORD
from tests.ui.counter.conftest import Keyboard
from tests.ui.lost_answer import lost_answers
from tests.ui.timed_keys import ENTER, TimedKeys


class Desk(Keyboard):
    """The whole counter window, from the sign-in on."""

    def __init__(self, shell, hall, tasks, until):
        super().__init__(shell, tasks, until)
        self.shell, self.page, self._hall = shell, shell.page, hall

    def sign_in(self, number="0312", password=PASSWORD):
        self.page.number.setFocus()
        self.page.number.clear()
        self.write(number)
        self.press("Tab")
        self.write(password)
        self.press("Enter")

    @property
    def counter(self):
        """The counter's window, or ``None`` while the sign-in is shown."""
        shown = self.shell.currentWidget()
        return None if shown is self.page else shown

    def problem(self):
        return self.page._problem.text()

    def session(self, window=1):
        with look(self._hall) as db:
            return people.session_at(db, self._hall.id, window)


@pytest.fixture
def make_desk(qtbot, themed, hall, tasks, feed, lights, activate):
    shells, ids = [], map("sign-in-{}".format, count())

    def make(window=1):
        shell = CounterShell(SignInPage(hall.info.name, hall.windows, window), hall.info.name)
        shells.append(shell)
        ShellPresenter(shell, hall, tasks, feed, lights, lambda window: f"window-{window}", lambda: next(ids))
        shell.resize(1366, 768)
        activate(shell)
        desk = Desk(shell, hall, tasks, qtbot.waitUntil)
        desk.settle()
        return desk

    yield make
    feed.close()
    for shell in shells:
        delete(shell)


def test_the_first_supervisors_name_is_told_where_it_cannot_be_printed(make_desk):
    desk = make_desk()
    assert desk.page.asks_first
    desk.page.name.setText("𠮷某")
    desk.settle()
    assert "印不出“𠮷”" in desk.problem()
    desk.page.name.setText("吉某")
    desk.settle()
    assert desk.problem() == ""


def test_a_new_hall_asks_for_its_first_supervisor(make_desk, hall):
    desk = make_desk()
    for entry, text in ((desk.page.number, "0001"), (desk.page.name, "李敏"), (desk.page.password, "xianfeng-1")):
        entry.setFocus()
        desk.write(text)
    desk.press("Enter")
    (first,) = staff.everyone(hall)
    assert (first.number, first.name, first.role) == ("0001", "李敏", Role.SUPERVISOR)
    assert desk.counter is not None
    assert "0001 李敏" in desk.counter.who.text()


def test_a_first_supervisor_whose_answer_was_lost_signs_in_with_what_was_typed(make_desk, hall):
    desk = make_desk()
    for entry, text in ((desk.page.number, "0001"), (desk.page.name, "李敏"), (desk.page.password, "xianfeng-1")):
        entry.setFocus()
        desk.write(text)
    with lost_answers(hall.store):
        desk.press("Enter")
    assert desk.counter is None
    desk.shell.findChild(ShellPresenter)._again.timeout.emit()
    desk.settle()
    desk.press("Enter")
    assert desk.counter is not None
    assert [one.number for one in staff.everyone(hall)] == ["0001"]


def test_a_weak_password_is_refused_in_words(make_desk, hall):
    desk = make_desk()
    for entry, text in ((desk.page.number, "0001"), (desk.page.name, "李敏"), (desk.page.password, "1")):
        entry.setFocus()
        desk.write(text)
    desk.press("Enter")
    assert "密码至少" in desk.problem()
    assert staff.everyone(hall) == ()


def test_a_wrong_password_is_told_and_can_be_mended(make_desk, employed):
    employed()
    desk = make_desk()
    desk.sign_in(password="not-the-one")
    assert "密码不对" in desk.problem()
    assert desk.counter is None
    desk.page.password.clear()
    desk.sign_in(password="")
    desk.page.password.setFocus()
    desk.write(PASSWORD)
    desk.press("Enter")
    assert desk.counter is not None


def test_without_a_store_the_sign_in_says_so_and_keeps_what_was_typed(make_desk, employed, feed, qtbot):
    employed()
    desk = make_desk()
    desk.write("0312")
    feed.store_lost.emit(StoreAway("hall.db"))
    assert "没有响应" in desk.page._away.sentence()
    desk.press("Tab")
    desk.write(PASSWORD)
    desk.press("Enter")
    assert desk.counter is None
    feed.store_back.emit()
    desk.settle()
    assert desk.page._away.sentence() == ""
    desk.press("Enter")
    assert desk.session().staff == "0312"


def test_a_sign_in_that_the_store_refused_is_offered_again_once_it_can_be_read(make_desk, employed, hall, qtbot):
    employed()
    desk = make_desk()
    event.listen(hall.store.engine, "begin", lost, once=True)
    desk.sign_in()
    assert "没有响应" in desk.page._away.sentence()
    desk.shell.findChild(ShellPresenter)._again.timeout.emit()
    desk.settle()
    assert desk.page._away.sentence() == ""
    desk.press("Enter")
    assert desk.session().staff == "0312"


def test_a_sign_in_whose_answer_was_lost_is_one_sign_in(make_desk, employed, hall):
    employed()
    desk = make_desk()
    with lost_answers(hall.store):
        desk.sign_in()
    assert desk.counter is None
    desk.shell.findChild(ShellPresenter)._again.timeout.emit()
    desk.settle()
    desk.press("Enter")
    assert desk.counter is not None
    assert signed_in_times(hall) == 1
    desk.press("Ctrl+L")
    desk.sign_in()
    assert signed_in_times(hall) == 2  # who locks the window and comes back signs in anew


def signed_in_times(hall):
    with look(hall) as db:
        return sum(one.kind is Kind.SIGNED_IN for one in log.events_after(db, hall.id, 0))


def test_why_the_store_takes_no_sign_in_stays_on_show_though_it_can_be_read(make_desk, employed, hall):
    """A full disk, a database role of the kiosk's: the next look at the store, which succeeds, is no reason to hide
    it."""
    employed()
    desk = make_desk()
    event.listen(hall.store.engine, "begin", read_only)
    desk.sign_in()
    event.remove(hall.store.engine, "begin", read_only)
    assert "不能写入" in desk.problem()
    assert not desk.shell.findChild(ShellPresenter)._again.isActive()
    event.listen(hall.store.engine, "begin", writable, once=True)
    desk.press("Enter")
    assert desk.session().staff == "0312"


def read_only(db):
    db.connection.driver_connection.execute("PRAGMA query_only = ON").close()


def writable(db):
    db.connection.driver_connection.execute("PRAGMA query_only = OFF").close()


def lost(_db):
    raise DBAPIError("BEGIN", None, Exception("gone"))


def test_enter_moves_on_to_what_is_still_empty(make_desk, employed):
    employed()
    desk = make_desk()
    desk.write("0312")
    desk.press("Enter")
    assert QApplication.focusWidget() is desk.page.password
    desk.write(PASSWORD)
    desk.press("Enter")
    assert desk.session().staff == "0312"


def test_a_taken_window_can_be_taken_over(make_desk, employed, signed_in):
    signed_in(1, "0313")
    employed("0312")
    desk = make_desk()
    desk.sign_in()
    assert "0313" in desk.problem()
    assert desk.counter is None
    desk.press("F6")
    assert desk.counter is not None
    assert desk.session().staff == "0312"


def test_f6_takes_nothing_over_unless_it_is_offered(make_desk, employed, signed_in):
    signed_in(1, "0313")
    employed("0312")
    desk = make_desk()
    desk.write("0312")
    desk.press("F6")
    assert desk.session().staff == "0313"


def test_a_clerk_who_locks_comes_back_to_the_same_visit_with_the_clock_right(make_desk, employed, hall, clock):
    employed()
    kiosk.issue(hall, By("kiosk"), Wish("enrol"))
    desk = make_desk()
    desk.sign_in()
    desk.press("F2 F2 1 Enter")
    clock.advance(seconds=60)
    desk.press("Ctrl+L")
    assert desk.counter is None
    assert desk.page.number.text() == "0312"
    assert desk.page.password.text() == ""
    assert QApplication.focusWidget() is desk.page.password
    clock.advance(seconds=65)
    desk.write(PASSWORD)
    desk.press("Enter")
    assert desk.counter.queue.number.text() == "A001"
    assert desk.counter.visit.cards[0].clock.text() == "02:05"
    desk.press("1 F12")
    assert desk.counter.queue.number.text() == "—"


def test_who_was_taken_over_is_back_at_the_sign_in(make_desk, employed, hall, feed, qtbot):
    employed()
    employed("0313", "李强")
    desk = make_desk()
    desk.sign_in()
    feed.start()
    staff.sign_in(hall, "window-1", "0313", PASSWORD, 1, take_over=True)
    qtbot.waitUntil(lambda: desk.counter is None)
    assert "请重新登录" in desk.problem()
    assert desk.session().staff == "0313"


def test_a_counter_left_on_overnight_asks_who_sits_there_in_the_morning(make_desk, employed, hall, feed, clock, qtbot):
    employed()
    desk = make_desk()
    desk.sign_in()
    feed.start()
    clock.advance(minutes=24 * 60)
    close_past_days(hall, By("hall"))
    qtbot.waitUntil(lambda: desk.counter is None)
    assert "请重新登录" in desk.problem()
    desk.write(PASSWORD)  # the number still stands there
    desk.press("Enter")
    assert (desk.counter is not None, desk.problem()) == (True, "")


def test_signing_out_leaves_the_window_to_the_next(make_desk, employed):
    employed()
    desk = make_desk()
    desk.sign_in()
    desk.press("Ctrl+Q")
    assert desk.session() is None
    assert desk.counter is None
    assert [desk.page.number.text(), desk.page.password.text()] == ["", ""]
    assert QApplication.focusWidget() is desk.page.number


def test_nobody_signs_out_with_a_visitor_at_the_window(make_desk, employed, hall):
    employed()
    kiosk.issue(hall, By("kiosk"), Wish("enrol"))
    desk = make_desk()
    desk.sign_in()
    desk.press("F2 Ctrl+Q")
    assert desk.session().staff == "0312"
    assert "先处理完" in desk.counter.message.sentence()


def test_a_second_sign_in_starts_from_a_clean_counter(make_desk, employed):
    employed()
    employed("0313", "李敏")
    desk = make_desk()
    desk.sign_in()
    desk.press("Ctrl+Q")
    desk.sign_in("0313")
    assert "0313 李敏" in desk.counter.who.text()
    assert desk.shell.count() == 2
    assert desk.counter.findChildren(QPushButton)


def test_a_scanner_that_types_reaches_the_counter_and_no_field(make_desk, hall, employed):
    employed()
    kiosk.issue(hall, By("kiosk"), Wish("enrol"))
    desk = make_desk()
    keys = TimedKeys(desk.shell.windowHandle())
    desk.page.number.setFocus()
    desk.page.number.clear()
    keys.type("T20261123A001" + ENTER, 5)  # nobody is signed in: it goes nowhere
    assert desk.page.number.text() == ""
    desk.sign_in()
    keys.type("T20261123A001" + ENTER, 5)
    desk.settle()
    assert QApplication.activeWindow().objectName() == "choice"
    keys = TimedKeys(QApplication.activeWindow().windowHandle())
    keys.type("T20261120A001" + ENTER, 5)  # with the question open; its Enter answers nothing
    desk.settle()
    assert QApplication.activeWindow() is desk.shell
    assert "不是今天的" in desk.counter.message.sentence()
    reader = Thread(target=desk.shell.scanned.emit, args=("T20261123A001",))  # a scanner on a serial line
    reader.start()
    reader.join()
    QApplication.sendPostedEvents()
    desk.settle()
    desk.press("Enter")
    assert desk.counter.queue.number.text() == "A001"


def test_after_an_error_nobody_expected_one_can_sign_in_again(make_desk, employed, bugs, monkeypatch):
    employed("0312", "王芳")
    desk = make_desk()
    with monkeypatch.context() as broken:
        broken.setattr(staff, "sign_in", lambda *_given, **_more: 1 / 0)
        desk.sign_in()
    assert [type(bug) for bug in bugs] == [ZeroDivisionError]
    assert "程序出错，已记入日志" in desk.problem()
    desk.sign_in()
    assert desk.counter is not None


def test_a_sign_out_that_is_refused_once_the_counter_is_locked_troubles_nobody(make_desk, employed, hall):
    employed()
    desk = make_desk()
    desk.sign_in()
    desk.shell.sign_out_requested.emit()
    desk.shell.sign_out_requested.emit()  # the key twice, or held down
    desk.settle()
    assert (desk.counter, desk.session(), desk.problem()) == (None, None, "")
