"""What a scan does at the counter: one key takes the fitting step, Esc leaves all as it is."""

from __future__ import annotations

import logging

import pytest
from PySide6.QtWidgets import QLabel

from hallapp.domain.events import By, Kind
from hallapp.domain.notice import NoticeLine, Situation
from hallapp.domain.ticket import HoldKind, TicketState
from hallapp.services import counter as service
from hallapp.services import visits
from hallapp.services.hall import look
from hallapp.services.notices import NoticeDraft, give_notice
from hallapp.store import log
from hallapp.ui.counter.dialogs.confirm import Confirm

CREDENTIAL, IDENTITY = "4241234567890123456789320000", "32092219540302047X"
SLIP = "T20261123A001"


@pytest.fixture
def scan(counter):
    def do(text):
        counter.view.scanned.emit(text)
        counter.settle()

    return do


@pytest.fixture
def other(hall, signed_in):
    return signed_in(2, "0313")


@pytest.fixture
def notice(hall, other):
    """A notice for NT12, given at window 2 to a visitor who left."""
    visits.walk_in(hall, other)
    item = visits.start_item(hall, other, "NT12")
    missing = (NoticeLine("诊断证明", original=True, copies=1),)
    given = give_notice(hall, other, NoticeDraft(item.id, Situation.INCOMPLETE, missing))
    visits.finish_visit(hall, other)
    return given


def events(counter):
    with look(counter.hall) as db:
        return log.events_after(db, counter.hall.id, 0, 1000)


def said(counter):
    """All that the open question says."""
    dialog = counter.open_dialog()
    return "\n".join(each.text() for each in dialog.findChildren(QLabel)) if dialog else ""


def test_a_waiting_number_is_called_out_of_turn_by_one_key(counter, scan):
    scan("T20261123A003")
    assert "A003 等候中，前面 2 人" in said(counter)
    assert counter.ticket("A003").state is TicketState.WAITING
    counter.press("Enter")
    assert counter.number == "A003"
    assert events(counter)[-1].data == {"chosen": True}


def test_escape_leaves_the_number_where_it_is(counter, scan):
    scan(SLIP)
    counter.press("Esc")
    assert counter.open_dialog() is None
    assert counter.ticket("A001").state is TicketState.WAITING


@pytest.mark.parametrize("keys", ["F2 F2", "F2", "F9 Alt+1"])
def test_a_window_that_cannot_call_is_only_told_where_the_number_stands(counter, scan, keys):
    counter.press(keys)
    scan("T20261123A003")
    assert counter.open_dialog() is None
    assert "A003 等候中，前面" in counter.view.message.sentence()


def test_a_missed_number_is_offered_its_place_and_returns_to_it(counter, scan):
    counter.miss_first()
    scan(SLIP)
    assert "A001 已过号" in said(counter)
    assert "返回后将排在第 3 位" in said(counter)
    counter.press("Enter")
    assert counter.ticket("A001").state is TicketState.WAITING
    assert "A001 已返回队列，排在第 3 位" in counter.view.message.sentence()
    assert [ticket.number for ticket in counter.presenter.desk.waiting] == ["A002", "A003", "A001"]


def test_a_missed_number_too_late_is_told_so(counter, scan):
    counter.miss_first()
    counter.pass_time(31 * 60)
    scan(SLIP)
    assert counter.open_dialog() is None
    assert "超过返回的时限或次数" in counter.view.message.sentence()


def test_finding_a_missed_number_by_hand_states_the_place_as_well(counter):
    counter.miss_first()
    counter.press("F11 A001")
    assert "排第 3 位" in counter.open_dialog().list.item(0).text()
    counter.press("Enter")
    assert "排在第 3 位" in counter.view.message.sentence()
    counter.pass_time(1)
    counter.miss_first()  # A002
    counter.pass_time(31 * 60)
    counter.press("F11 A002")
    assert "请重新取号" in counter.open_dialog().list.item(0).text()


@pytest.mark.parametrize(("key", "state", "words"), [
    ("1", TicketState.CALLED, "由本窗口呼叫"), ("2", TicketState.WAITING, "原来的位置"),
    ("3", TicketState.CALLED, "由本窗口呼叫"),
])
def test_a_held_number_is_resumed_by_one_key(counter, scan, key, state, words):
    counter.press(f"F2 F2 1 Enter F5 {key}")
    scan(SLIP)
    assert words in said(counter)
    counter.press("Enter")
    assert counter.ticket("A001").state is state


def test_papers_kept_elsewhere_send_the_visitor_there(counter, hall, other, scan):
    service.call_next(hall, other)
    service.arrive(hall, other)
    service.hold(hall, other, HoldKind.KEEP_PAPERS)
    counter.presenter.read()
    counter.settle()
    scan(SLIP)
    assert counter.open_dialog() is None
    assert "A001 的材料在 2 号窗口" in counter.view.message.sentence()


def test_the_called_visitor_arrives_by_scan_and_one_key(counter, scan):
    counter.press("F2")
    scan(SLIP)
    assert "群众已经到窗口了？" in said(counter)
    counter.press("Enter")
    assert counter.ticket("A001").state is TicketState.ARRIVED
    counter.press("1 Enter")  # the focus is where the first item is entered
    assert len(counter.items()) == 1


def test_a_number_at_another_window_or_done_is_told_so(counter, hall, other, scan):
    service.call_next(hall, other)
    scan(SLIP)
    assert "A001 正在 2 号窗口呼叫" in counter.view.message.sentence()
    service.arrive(hall, other)
    scan(SLIP)
    assert "A001 正在 2 号窗口办理" in counter.view.message.sentence()
    visits.finish_visit(hall, other)
    scan(SLIP)
    assert "A001 今天已办完" in counter.view.message.sentence()
    service.abandon(hall, By("x"), counter.ticket("A002").id)
    scan("T20261123A002")
    assert "A002 已弃号" in counter.view.message.sentence()


def test_a_slip_of_another_day_and_an_unknown_number_are_told_so(counter, scan):
    scan("T20261120A001")
    assert "A001 是11月20日的号，不是今天的" in counter.view.message.sentence()
    scan("T20261123Z099")
    assert "没有找到：Z099" in counter.view.message.sentence()


def test_the_next_scan_takes_the_place_of_the_offer(counter, scan):
    scan(SLIP)
    scan("T20261123A002")
    assert "A002" in said(counter)
    assert len([each for each in counter.view.findChildren(Confirm) if each.isVisible()]) == 1
    counter.press("Enter")
    assert (counter.number, counter.open_dialog()) == ("A002", None)


def test_a_notice_is_stored_with_the_visit_and_suggests_its_item(counter, notice, scan):
    counter.press("F2 F2")
    scan(notice.barcode)
    assert counter.visits()[-1].notice_id == notice.id
    assert events(counter)[-1].kind is Kind.NOTICE_BROUGHT
    assert "诊断证明" in counter.view.visit.returned.text()
    assert "告知后复办" in counter.view.queue.about.text()
    counter.press("Enter")
    assert counter.items()[-1].item_code == "NT12"


def test_the_same_notice_scanned_twice_is_stored_once(counter, notice, scan):
    counter.press("F2 F2")
    scan(notice.barcode)
    scan(notice.barcode)
    assert [event.kind for event in events(counter)].count(Kind.NOTICE_BROUGHT) == 1


def test_undo_takes_the_notice_from_the_visit(counter, notice, scan):
    counter.press("F2 F2")
    scan(notice.barcode)
    counter.press("Ctrl+Z")
    assert "已撤销：登记告知单" in counter.view.message.sentence()
    assert counter.visits()[-1].notice_id is None
    assert counter.view.visit.returned.isHidden()


def test_a_notice_without_a_visitor_is_told_and_stored_nowhere(counter, notice, scan):
    before = len(events(counter))
    scan(notice.barcode)
    assert f"告知单 {notice.number}" in counter.view.message.sentence()
    assert "群众到窗口后再扫一次" in counter.view.message.sentence()
    assert len(events(counter)) == before


def test_a_notice_typed_by_hand_is_stored_as_well(counter, notice):
    counter.press(f"F2 F2 {notice.number} Enter")
    assert counter.visits()[-1].notice_id == notice.id
    assert counter.view.visit.entry.field.text() == ""


def test_a_notice_is_heard_over_an_open_question(counter, notice, scan):
    counter.press("F2 F2 F5")
    scan(notice.barcode)
    assert counter.visits()[-1].notice_id == notice.id
    assert counter.open_dialog() is not None


def test_an_e_credential_is_one_sentence_and_kept_nowhere(counter, scan, hall, store_path, caplog):
    caplog.set_level(logging.DEBUG)
    counter.press("F2 F2")
    before = len(events(counter))
    scan(CREDENTIAL)
    assert counter.view.message.sentence() == "●  已出示医保电子凭证。"
    assert len(events(counter)) == before
    shown = "".join(each.text() for each in counter.view.findChildren(QLabel)) + counter.view.visit.entry.field.text()
    kept = b"".join(path.read_bytes() for path in store_path.parent.iterdir() if path.is_file())
    assert CREDENTIAL not in shown + caplog.text
    assert CREDENTIAL.encode() not in kept


@pytest.mark.parametrize("text", [IDENTITY, "6901234567892", "YY20261123001"])
def test_anything_else_is_not_repeated(counter, scan, text):
    scan(text)
    assert "没有识别" in counter.view.message.sentence()
    assert text not in counter.view.message.sentence()


def test_of_two_scans_before_the_store_answers_only_the_last_is_offered(counter):
    for number in ("A001", "A002"):
        counter.view.scanned.emit(f"T20261123{number}")
    counter.settle()
    assert "A002 等候中" in said(counter)
    assert [one.isVisible() for one in counter.view.findChildren(Confirm)] == [True]
