"""One visit from call to end, by the keyboard alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest

from hallapp.domain.handling import ItemState, Outcome, VisitState
from hallapp.domain.ticket import TicketState
from hallapp.store import tables
from hallapp.ui.widgets.parts import KeyButton


def test_the_whole_visit_takes_six_keys_and_the_items_name(counter, hall):
    counter.press("F2")
    assert counter.number == "A001"
    assert counter.ticket("A001").state is TicketState.CALLED
    counter.press("F2")
    assert counter.ticket("A001").state is TicketState.ARRIVED
    counter.press("cxjm Enter")
    (item,) = counter.items()
    assert item.item_code == hall.catalogue.find("cxjm")[0].code
    counter.pass_time(300)
    counter.press("1 F12")
    assert [each.outcome for each in counter.items()] == [Outcome.COMPLETED]
    assert [each.state for each in counter.visits()] == [VisitState.CLOSED]
    assert counter.ticket("A001").state is TicketState.DONE
    assert counter.number == "—"
    counter.press("F2")
    assert counter.number == "A002"


def test_the_days_count_and_mean_follow_the_visit(counter):
    counter.press("F2 F2 1 Enter")
    counter.pass_time(408)
    counter.press("1 F12")
    assert "1 人次 1 件" in counter.view.tally.text()
    assert counter.view.queue.mean.text() == "6 分 48 秒"
    assert "达标" in counter.view.queue.verdict.text()


@pytest.mark.parametrize(("key", "outcome"), [
    ("1", Outcome.COMPLETED), ("2", Outcome.ACCEPTED), ("3", Outcome.DEFERRED), ("4", Outcome.ASSISTED),
    ("6", Outcome.REFERRED), ("7", Outcome.CONSULTED), ("8", Outcome.WITHDRAWN),
])
def test_each_outcome_has_its_key(counter, key, outcome):
    counter.press(f"F2 F2 1 Enter {key}")
    assert [each.outcome for each in counter.items()] == [outcome]


def test_the_fifth_outcome_is_written_as_a_notice(counter):
    counter.press("F2 F2 1 Enter 5")
    assert counter.open_dialog().objectName() == "notice"
    counter.press("Esc")
    assert counter.items()[0].state is ItemState.RUNNING


def test_two_items_with_a_quantity_run_one_after_the_other(counter, hall):
    counter.press("F2 F2 1 Enter")
    counter.pass_time(60)
    counter.press("F7 6*2 Enter")
    first, second = counter.items()
    assert (first.state, second.state, second.quantity) == (ItemState.SUSPENDED, ItemState.RUNNING, 2)
    assert second.item_code == hall.catalogue.find("6")[0].code
    counter.pass_time(30)
    assert [counter.card(place).clock.text() for place in (0, 1)] == ["01:00", "00:30"]
    counter.press("1")
    assert [each.outcome for each in counter.items()] == [None, Outcome.COMPLETED]
    counter.press("1 F12")
    assert [each.outcome for each in counter.items()] == [Outcome.COMPLETED] * 2


def test_the_arrows_choose_the_item_the_keys_mean(counter):
    counter.press("F2 F2 1 Enter F7 2 Enter Up 7")
    assert [each.outcome for each in counter.items()] == [Outcome.CONSULTED, None]


def test_plus_and_minus_change_the_quantity(counter):
    counter.press("F2 F2 1 Enter + + -")
    assert counter.items()[0].quantity == 2
    assert "×\u00a02\u00a0件" in "".join(label.text() for label in counter.card().findChildren(type(counter.view.who)))


def test_a_letter_too_many_finds_nothing_and_starts_nothing(counter):
    counter.press("F2 F2 qqqq Enter")
    assert counter.items() == ()
    counter.press("Esc 1 Enter")
    assert len(counter.items()) == 1


def test_near_and_over_are_shown_by_sign_and_word(counter):
    counter.press("F2 F2 1 Enter")
    status = counter.card().status
    assert status.text() == "● 距 10 分钟还有 10:00"
    counter.pass_time(481)
    assert status.text() == "▲ 距 10 分钟还有 01:59"
    counter.pass_time(125)
    assert status.text() == "■ 已超时 00:06"
    assert counter.card().clock.text() == "10:06"


def test_zero_suspends_the_clock_and_resumes_it(counter):
    counter.press("F2 F2 1 Enter")
    counter.pass_time(60)
    counter.press("0")
    assert counter.card().status.text() == "‖ 已暂停，按 0 继续"
    counter.pass_time(600)
    assert counter.card().clock.text() == "01:00"
    counter.press("0")
    counter.pass_time(5)
    assert counter.card().clock.text() == "01:05"
    counter.press("1")
    assert counter.items()[0].outcome is Outcome.COMPLETED


def test_the_end_with_open_items_asks_and_enter_ends_all(counter):
    counter.press("F2 F2 1 Enter F7 2 Enter F12")
    assert counter.open_dialog() is not None
    assert counter.visits()[0].state is VisitState.OPEN
    counter.press("Enter")
    assert counter.open_dialog() is None
    assert [each.outcome for each in counter.items()] == [Outcome.COMPLETED] * 2
    assert counter.visits()[0].state is VisitState.CLOSED


def test_escape_at_that_question_ends_nothing(counter):
    counter.press("F2 F2 1 Enter F12 Esc")
    assert counter.items()[0].state is ItemState.RUNNING


def test_undo_takes_back_the_last_step(counter):
    counter.press("F2 F2 1 Enter 1 Ctrl+Z")
    assert counter.items()[0].outcome is None
    assert "已撤销" in counter.view.message.sentence()
    counter.press("2 F12")
    assert counter.items()[0].outcome is Outcome.ACCEPTED


def test_a_wrong_outcome_is_corrected_after_a_question_also_of_a_visit_that_was_reopened(counter):
    counter.press("F2 F2 1 Enter 1 F12 Ctrl+Z 2")
    assert "改成“受理”" in counter.dialog("confirm").words()
    counter.press("Esc")
    assert [each.outcome for each in counter.items()] == [Outcome.COMPLETED]
    counter.press("2 Enter")
    assert [each.outcome for each in counter.items()] == [Outcome.ACCEPTED]
    counter.press("Ctrl+Z")
    assert "已撤销：修改事项" in counter.view.message.sentence()
    assert [each.outcome for each in counter.items()] == [Outcome.COMPLETED]


def test_the_outcome_of_the_first_item_is_corrected_while_the_second_one_runs(counter):
    counter.press("F2 F2 1 Enter 1 F7 2 Enter Up")
    counter.presenter.read()  # somebody took a number: the clerk's choice stays
    counter.settle()
    counter.press("3 Enter")
    assert [(each.state, each.outcome) for each in counter.items()] == [
        (ItemState.ENDED, Outcome.DEFERRED), (ItemState.RUNNING, None)]


def test_an_ended_item_is_offered_neither_its_own_outcome_nor_that_of_a_notice(counter):
    counter.press("F2 F2 1 Enter 1")
    keys = [counter.view.visit.findChild(KeyButton, f"outcome-{place}") for place in range(1, 9)]
    assert [place for place, key in enumerate(keys, 1) if not key.isEnabled()] == [1, 5]
    counter.press("1 5")
    assert counter.open_dialog() is None


def test_undo_takes_back_a_call(counter):
    counter.press("F2 Ctrl+Z")
    assert counter.ticket("A001").state is TicketState.WAITING
    assert counter.number == "—"


def test_after_an_undo_with_nothing_left_one_is_told(make_counter):
    counter = make_counter()
    counter.press("Ctrl+Z")
    assert "撤销" in counter.view.message.sentence()


def test_somebody_without_a_number_is_received(counter):
    counter.press("F10")
    assert counter.number == "无号"
    counter.press("1 Enter 1 F12")
    (visit,) = counter.visits()
    assert (visit.ticket_id, visit.state) == (None, VisitState.CLOSED)


def test_keys_that_make_no_sense_do_nothing(counter):
    counter.press("F3 F4 F5 F6 F12")
    assert counter.number == "—"
    counter.press("F2 F12 F10")
    assert counter.ticket("A001").state is TicketState.CALLED
    assert counter.visits() == ()


def test_two_presses_before_the_answer_call_one(counter):
    for _ in range(2):
        QTest.keyClick(counter.view, Qt.Key.Key_F2)
    counter.settle()
    assert counter.ticket("A001").state is TicketState.CALLED
    assert counter.ticket("A002").state is TicketState.WAITING


def test_a_key_held_down_counts_once(counter):
    assert not any(shortcut.autoRepeat() for shortcut in counter.view.findChildren(QShortcut))


def test_the_id_of_a_wish_fits_into_the_log_whatever_the_items_code(counter):
    ids = {counter.presenter.request_of(f"{'X' * 31}{last}*99") for last in "AB"}
    assert len(ids) == 2
    assert max(map(len, ids)) <= tables.event.c.request.type.length


def test_who_leaves_without_an_item_is_told_to_be_no_case_and_may_be_taken_back(counter):
    counter.press("F2 F2 F12")
    assert "没有登记事项，不计件" in counter.view.message.sentence()
    counter.press("Ctrl+Z 2 Enter 1 F12")
    assert [each.outcome for each in counter.items()] == [Outcome.COMPLETED]
    assert counter.visits()[0].state is VisitState.CLOSED
    assert counter.view.message.sentence() == ""


def test_the_keys_of_the_items_are_at_hand_when_a_visitor_comes_back_from_a_hold(counter):
    counter.press("F2 F2 2 Enter")
    counter.pass_time(60)
    counter.press("F5 1")
    counter.pass_time(600)
    counter.press("F11 A001 Enter F2")
    counter.pass_time(5)
    assert counter.card().status.text().startswith("●")  # it goes on by itself
    assert counter.card().clock.text() == "01:05"
    counter.press("0")
    assert counter.card().status.text() == "‖ 已暂停，按 0 继续"
    counter.press("1 F12")
    assert [each.outcome for each in counter.items()] == [Outcome.COMPLETED]


def test_esc_leaves_the_empty_field_for_the_keys_of_the_items(counter):
    counter.press("F2 F2 2 Enter F7 x Esc Esc 1")
    assert counter.items()[0].outcome is Outcome.COMPLETED
    assert counter.view.visit.entry.field.text() == ""


def test_the_focus_does_not_stay_in_a_field_that_was_switched_off(counter):
    counter.press("F2 F2 F12")
    assert counter.view.visit.hasFocus()
