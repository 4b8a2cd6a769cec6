"""The counter's keys of the queue: recall, miss, hold, transfer, pause, find."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from hallapp.domain.rules import Window
from hallapp.domain.ticket import HoldKind, TicketState
from hallapp.services import counter as service
from hallapp.services.hall import look
from hallapp.store import people
from hallapp.ui.counter.dialogs.choose_transfer import TransferChoice
from hallapp.ui.counter.dialogs.find_ticket import TicketChoice
from hallapp.ui.widgets.parts import KeyButton


def seated(hall, window=1):
    with look(hall) as db:
        return people.session_at(db, hall.id, window)


def test_a_recall_must_wait_and_counts(counter):
    counter.press("F2 F3")
    assert "秒" in counter.view.message.sentence()
    counter.pass_time(15)
    counter.press("F3")
    assert counter.key("recall").words() == "重呼 1/3"
    assert "第 2 次" in counter.view.queue.state.text()


def test_recalls_come_to_an_end(counter):
    counter.press("F2")
    for _ in range(4):
        counter.pass_time(15)
        counter.press("F3")
    assert "已重呼 3 次" in counter.view.message.sentence()


def test_a_miss_needs_a_second_call_and_its_time(counter):
    counter.press("F2")
    counter.pass_time(20)
    assert not counter.key("miss").isEnabled()
    counter.press("F3")
    counter.pass_time(5)
    assert counter.key("miss").words() == "过号 11 秒"
    counter.press("F4")
    assert counter.ticket("A001").state is TicketState.CALLED
    counter.pass_time(10)
    assert counter.key("miss").words() == "过号"
    counter.press("F4")
    assert counter.ticket("A001").state is TicketState.MISSED
    assert counter.number == "—"


@pytest.mark.parametrize(("key", "kind"), [
    ("1", HoldKind.KEEP_PAPERS), ("2", HoldKind.NO_PAPERS), ("3", HoldKind.OUTSIDE),
])
def test_a_visitor_is_held_in_three_ways_and_comes_back(counter, key, kind):
    counter.press(f"F2 F2 1 Enter F5 {key}")
    ticket = counter.ticket("A001")
    assert (ticket.state, ticket.hold_kind) == (TicketState.HELD, kind)
    assert counter.number == "—"
    counter.press("F11 A001 Enter")
    if kind is HoldKind.NO_PAPERS:  # any window may do it: the old place in the queue, not this clerk
        assert counter.ticket("A001").state is TicketState.WAITING
        counter.press("F2")
    assert counter.number == "A001"
    counter.press("F2")
    assert len(counter.view.visit.cards) == 1


def test_escape_leaves_the_question_without_a_hold(counter):
    counter.press("F2 F2 F5 Esc")
    assert counter.ticket("A001").state is TicketState.ARRIVED


def test_a_transfer_to_another_business(counter):
    counter.press("F2 F2 F6 E")
    ticket = counter.ticket("A001")
    assert (ticket.state, ticket.group) == (TicketState.WAITING, "claim")


def test_a_transfer_to_a_window_and_back(make_counter, counter, hall):
    counter.press("F2 F2 F6 R 2")
    ticket = counter.ticket("A001")
    assert (ticket.target_window, ticket.return_window) == (2, 1)


def test_a_window_called_by_its_number_alone_is_named_once_and_another_with_its_name(themed, qtbot):
    windows = (Window(2, frozenset(), "2 号窗口"), Window(3, frozenset(), "综合窗口"), Window(4, frozenset(), ""))
    choice = TransferChoice((), windows, {2, 3, 4})
    qtbot.addWidget(choice)
    assert [choice.findChild(KeyButton, f"to-window-{one.number}").words() for one in windows] == [
        "2 号窗口", "3 号窗口\n综合窗口", "4 号窗口"]


def test_before_a_transfer_it_is_said_where_nobody_sits_and_afterwards_which_window_calls(counter, signed_in):
    counter.press("F2 F2 F6")
    empty = counter.open_dialog().findChild(KeyButton, "to-window-2")
    assert "没有人" in empty.words()
    counter.press("2")
    waiting = [words.text() for words in counter.view.side.waiting.findChildren(QLabel)]
    assert "等 2 号窗口" in waiting
    counter.press("F11 A001")
    assert "等 2 号窗口 → 回车现在呼叫" in counter.open_dialog().list.item(0).text()
    counter.press("Esc")
    signed_in(2, "0313")
    counter.press("F2 F2 F6")
    assert "没有人" not in counter.open_dialog().findChild(KeyButton, "to-window-2").words()


def test_where_nobody_waits_no_number_is_said_to_be_missing(themed, qtbot):
    choice = TicketChoice((), (), {}, {}, 1)
    qtbot.addWidget(choice)
    assert choice.list.item(0).text() == "现在没有等候、挂起或过号的号码。"


def test_of_a_number_that_stands_nowhere_it_is_said_what_to_do(counter):
    counter.press("F2 F2 1 Enter 1 F12 F11 A001")
    found = counter.open_dialog().list
    assert "重新取号" in found.item(0).text()
    counter.press("Enter Del")
    assert counter.open_dialog().list is found
    assert counter.ticket("A001").state is TicketState.DONE


def test_what_a_hold_means_stands_nearer_to_its_answer_than_to_the_next(counter):
    counter.press("F2 F2 F5")
    dialog = counter.open_dialog()
    first, second = (dialog.findChild(KeyButton, f"hold-{kind}") for kind in ("keep_papers", "no_papers"))
    words = next(each for each in dialog.findChildren(QLabel) if each.text().startswith("材料留在"))
    text = words.geometry().marginsRemoved(words.contentsMargins())
    assert 2 * (text.top() - first.geometry().bottom()) < second.geometry().top() - text.bottom()


def test_undo_takes_back_a_transfer(counter):
    counter.press("F2 F2 F6 2 Ctrl+Z")
    assert counter.number == "A001"


def test_the_window_pauses_for_a_reason_and_resumes(counter, hall):
    counter.press("F9 Alt+1")
    assert seated(hall).pause_reason == "午休"
    assert "暂停服务：午休" in counter.view.who.text()
    counter.press("F2")
    assert counter.ticket("A001").state is TicketState.WAITING
    counter.press("F9")
    assert seated(hall).pause_reason is None
    counter.press("F2")
    assert counter.number == "A001"


def test_the_reason_may_be_written(counter, hall):
    counter.press("F9")
    counter.write("政策培训")
    counter.press("Enter")
    assert seated(hall).pause_reason == "政策培训"


def test_somebody_waiting_is_called_out_of_turn(counter):
    counter.press("F11 003 Enter")
    assert counter.number == "A003"
    assert counter.ticket("A003").state is TicketState.CALLED


def test_the_arrows_choose_among_the_found(counter):
    counter.press("F11 Down Enter")
    assert counter.number == "A002"


def test_a_missed_visitor_returns_to_the_queue(counter):
    counter.miss_first()
    counter.press("F11 A001 Enter")
    assert counter.ticket("A001").state is TicketState.WAITING


def test_a_return_too_late_is_refused_in_words(counter):
    counter.miss_first()
    counter.pass_time(31 * 60)
    counter.press("F11 A001 Enter")
    assert counter.ticket("A001").state is TicketState.MISSED
    assert "重新取号" in counter.view.message.sentence()


def test_whoever_left_is_struck_from_the_list(counter):
    counter.press("F11 A002 Del")
    assert counter.ticket("A002").state is TicketState.ABANDONED
    assert "A002 已弃号" in counter.view.message.sentence()
    counter.press("Ctrl+Z")
    assert counter.ticket("A002").state is TicketState.WAITING


def test_delete_within_what_was_typed_strikes_nobody(counter):
    counter.press("F11 A00")
    field = counter.dialog("ticket-number")
    field.setCursorPosition(1)
    counter.press("Del")
    assert field.text() == "A0"
    assert counter.open_dialog() is not None
    assert counter.ticket("A001").state is TicketState.WAITING


def test_whoever_left_after_the_call_is_struck_too(counter):
    counter.press("F2 Ctrl+D")
    assert counter.ticket("A001").state is TicketState.ABANDONED


def test_the_list_says_who_waits_and_who_stands_aside(counter):
    assert "等候 3 人" in counter.view.side.heading.text()
    counter.press("F2 F2 F5 2")
    texts = [each.text() for each in counter.view.side.findChildren(type(counter.view.side.heading))]
    assert "不持件挂起" in texts
    assert "A001" in texts


def test_another_windows_call_shows_here(counter, feed, hall, signed_in, qtbot):
    feed.start()
    service.call_next(hall, signed_in(2, "0313"))
    qtbot.waitUntil(lambda: "等候 2 人" in counter.view.side.heading.text())


def test_two_clerks_who_press_at_once_call_two_visitors(counter, hall, signed_in):
    QTest.keyClick(QApplication.activeWindow(), Qt.Key.Key_F2)
    other = service.call_next(hall, signed_in(2, "0313"))
    counter.settle()
    assert {other.number, counter.number} == {"A001", "A002"}


def test_priority_is_said_with_its_reason(make_counter, issue, clock):
    issue()
    clock.advance(minutes=5)
    issue(priority=True)
    counter = make_counter()
    assert counter.view.queue.next_number.text().endswith("L001")
    assert "优先号" in counter.view.queue.next_why.text()
    counter.press("F2")
    assert "优先" in counter.view.queue.about.text()




def test_a_hall_without_appointments_has_no_key_for_them(counter):
    assert "book" not in counter.view.queue.keys
    counter.press("Ctrl+B")
    assert counter.open_dialog() is None


def test_finding_shows_business_minutes_and_where_the_papers_lie(counter, make_counter, issue, clock):
    counter.press("F2 F2 F5 1")
    clock.advance(minutes=12)
    other = make_counter(2, "0313", name="李强")
    other.press("F11")
    names = [other.open_dialog().list.item(row).text().split() for row in range(3)]
    assert names[0] == ["A002", "参保登记", "12", "分", "等候中", "→", "回车现在呼叫"]
    assert names[2] == ["A001", "参保登记", "12", "分", "已挂起，材料在", "1", "号窗口"]
    other.press("Esc")


def test_finding_offers_no_call_while_somebody_is_at_the_window(counter):
    counter.press("F2 F2 F5 2 F2 F2 F5 3 F2 F2 F11")
    states = {line.split()[0]: line.rpartition("分　")[2] for line in (
        counter.open_dialog().list.item(row).text() for row in range(counter.open_dialog().list.count()))}
    assert states == {"A001": "已挂起 → 回车回到队列", "A002": "已挂起（先办完当前号）"}
    counter.press("Esc")


def test_finding_offers_the_call_of_whoever_waits_only_to_a_free_window(counter):
    counter.press("F2 F11")
    assert counter.open_dialog().list.item(0).text().endswith("等候中（先办完当前号）")


def test_who_is_back_without_papers_here_is_told_to_wait_again(counter):
    counter.press("F2 F2 1 Enter F5 2 F11 A001 Enter")
    assert "A001 已回到队列里原来的位置" in counter.view.message.sentence()
    assert counter.ticket("A001").state is TicketState.WAITING


def test_a_pasted_reason_for_a_pause_stays_on_one_line(counter):
    QApplication.clipboard().setText("打印机\n故障")
    counter.press("F9")
    QApplication.focusWidget().paste()
    counter.press("Enter")
    assert counter.view.who.text().endswith("暂停服务：打印机 故障")


def test_at_a_window_that_rests_nobody_is_offered_to_be_called_before_it_goes_on(counter):
    counter.press("F9 Alt+1 F11")
    assert counter.open_dialog().list.item(0).text().endswith("等候中（先按 F9 恢复服务）")
    counter.press("Esc")
