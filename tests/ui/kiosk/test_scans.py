"""What the kiosk answers to a slip, a notice, an e-credential and anything else that is scanned."""

from __future__ import annotations

import logging
from dataclasses import replace
from threading import Thread

import pytest
from PySide6.QtWidgets import QApplication

from hallapp.domain.events import By
from hallapp.domain.ticket import HoldKind
from hallapp.services import counter, visits
from hallapp.services import kiosk as kiosk_service
from hallapp.services.hall import look
from hallapp.services.kiosk import Wish
from hallapp.store import log

CREDENTIAL, IDENTITY = "4241234567890123456789320000", "32092219540302047X"
SLIP = "T20261123A001"


@pytest.fixture
def clerk(signed_in):
    return signed_in()


@pytest.fixture
def take(hall):
    return lambda group="enrol": kiosk_service.issue(hall, By("kiosk-1"), Wish(group)).ticket


@pytest.fixture
def first(hall, clerk, take, clock):
    """``first(state)``: A001, brought there."""

    def miss():
        counter.call_next(hall, clerk)
        clock.advance(15)
        counter.recall(hall, clerk)
        clock.advance(15)
        counter.miss(hall, clerk)

    def arrive():
        counter.call_next(hall, clerk)
        counter.arrive(hall, clerk)

    def finish():
        arrive()
        visits.finish_visit(hall, clerk)

    def hold(kind):
        arrive()
        counter.hold(hall, clerk, kind)

    ways = {
        "waiting": lambda: None, "called": lambda: counter.call_next(hall, clerk), "arrived": arrive, "missed": miss,
        "done": finish, "kept": lambda: hold(HoldKind.KEEP_PAPERS), "aside": lambda: hold(HoldKind.NO_PAPERS),
    }

    def bring(state):
        ticket = take()
        ways[state]()
        return ticket

    return bring


@pytest.mark.parametrize(("state", "answer", "advice"), [
    ("waiting", "等候中，前面没有人", "留意叫号屏"), ("called", "请到 1 号窗口", "正在叫您"),
    ("arrived", "正在 1 号窗口办理", None), ("missed", "已过号，请到窗口", "请在 09:30 前告诉任一窗口的工作人员"),
    ("done", "已办完", "重新取号"), ("kept", "请回到 1 号窗口", "工作人员继续办理"),
    ("aside", "已挂起，请到窗口", "不用重新取号"),
])
def test_a_slip_is_told_where_it_stands_and_what_to_do(kiosk, first, state, answer, advice):
    first(state)
    kiosk.scan(SLIP)
    assert kiosk.page() == "ToldPage"
    assert kiosk.says("number") == "A001"
    assert kiosk.says("answer") == answer
    assert advice is None or advice in kiosk.says("advice")


def test_the_people_before_it_are_counted(kiosk, clerk, take):
    for _ in range(3):
        take()
    kiosk.scan("T20261123A003")
    assert kiosk.says("answer") == "等候中，前面 2 人"


def test_a_missed_visitor_is_told_the_place_and_after_the_time_to_start_anew(kiosk, first, take, clock):
    first("missed")
    for _ in range(5):
        clock.advance(1)
        take()
    kiosk.scan(SLIP)
    assert "将排在第 4 位" in kiosk.says("advice")
    clock.advance(minutes=31)
    kiosk.scan(SLIP)
    assert (kiosk.says("answer"), "重新取号" in kiosk.says("advice")) == ("已过号", True)


def test_a_number_that_was_given_up_is_void(kiosk, hall, clerk, take):
    counter.abandon(hall, clerk, take().id)
    kiosk.scan(SLIP)
    assert kiosk.says("answer") == "号码已作废"


def test_a_slip_of_another_day_is_not_todays(kiosk, take):
    take()
    kiosk.scan("T20261120A001")
    assert kiosk.says("answer") == "这是11月20日的号码"
    assert "当天有效" in kiosk.says("advice")


def test_an_unknown_number_is_said_at_the_foot(kiosk):
    kiosk.scan(SLIP)
    assert "没有找到这个号码" in kiosk.view.trouble()


def test_the_answer_makes_room_and_changes_nothing(kiosk, hall, first):
    first("missed")
    with look(hall) as db:
        before = log.last_seq(db, hall.id)
    kiosk.tap("group-chronic")
    kiosk.tap("item-NT12")
    kiosk.scan(SLIP)
    kiosk.let_time_run_out(kiosk.presenter._done)
    assert kiosk.page() == "HomePage"
    with look(hall) as db:
        assert log.last_seq(db, hall.id) == before
    kiosk.tap("group-chronic")
    kiosk.tap("direct")
    assert kiosk.tickets()[-1].item_code is None  # what was begun before the scan is forgotten


def test_an_e_credential_is_sent_to_the_window_and_nothing_of_it_is_kept(kiosk, hall, store_path, caplog):
    caplog.set_level(logging.DEBUG)
    kiosk.scan(CREDENTIAL)
    assert kiosk.says("answer") == "这是医保电子凭证"
    assert "请在窗口出示" in kiosk.says("advice")
    assert CREDENTIAL not in kiosk.text() + kiosk.view.trouble() + caplog.text
    kiosk.tap("home")
    kiosk.tap("group-other")
    hall.store.close()
    kept = b"".join(path.read_bytes() for path in store_path.parent.iterdir() if path.is_file())
    assert b"F001" in kept
    assert CREDENTIAL.encode() not in kept


@pytest.mark.parametrize("text", [IDENTITY, "6901234567892", "YY20261123001"])
def test_anything_else_is_said_to_be_of_no_use_here_without_repeating_it(kiosk, text):
    kiosk.scan(text)
    assert "只认本厅的号码单和告知单" in kiosk.view.trouble()
    assert text not in kiosk.view.trouble() + kiosk.text()
    assert kiosk.page() == "HomePage"


def test_a_notice_on_an_item_that_the_hall_gave_up_stays_with_its_visitor(kiosk, hall, notice):
    left = [item.code for item in hall.catalogue.items if item.code != notice.item_code]
    kiosk.presenter.hall = replace(hall, catalogue=hall.catalogue.with_items(left))
    kiosk.scan(notice.barcode)
    assert "本厅已不办这张告知单上的事项" in kiosk.view.trouble()
    kiosk.button("group-other").click()
    kiosk.settle()
    assert kiosk.tickets()[-1].notice_id is None


def test_what_was_said_of_one_scan_is_gone_with_the_next(kiosk):
    kiosk.scan("NONSENSE")
    assert "这里只认" in kiosk.view.trouble()
    kiosk.scan("1" * 28)
    assert (kiosk.says("answer"), kiosk.view.trouble()) == ("这是医保电子凭证", "")


def test_a_notice_scanned_while_a_number_is_shown_gets_a_number_of_its_own(kiosk, notice):
    kiosk.tap("group-other")
    kiosk.scan(notice.barcode)
    assert not kiosk.presenter._done.isActive()  # the page is not taken away while it is read
    kiosk.tap("take")
    assert [each.notice_id for each in kiosk.tickets()][-2:] == [None, notice.id]
    assert kiosk.says("number") == kiosk.tickets()[-1].number


def test_a_scanner_with_a_thread_of_its_own_is_heard_as_well(kiosk, first):
    first("waiting")
    reader = Thread(target=kiosk.view.scanned.emit, args=(SLIP,))
    reader.start()
    reader.join()
    assert kiosk.page() == "HomePage"  # nothing is touched but in the window's own thread
    QApplication.sendPostedEvents()
    kiosk.settle()
    assert kiosk.says("answer") == "等候中，前面没有人"
