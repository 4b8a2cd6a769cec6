"""Writing a one-time notice at the counter, by the keyboard alone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from hallapp.domain.handling import ItemState, Outcome
from hallapp.domain.notice import Situation
from hallapp.domain.printing import SlipKind
from hallapp.services import printing
from hallapp.ui.widgets.balanced import Balanced, line_ends

ITEM = "NT14"  # materials always needed and others by condition


@pytest.fixture
def writing(counter, hall):
    """The notice dialog of an item whose materials depend on conditions."""
    item = hall.catalogue.find_item(ITEM)
    assert item.conditions
    counter.press(f"F2 F2 {item.seq} Enter F8")
    assert counter.open_dialog().objectName() == "notice"
    return counter


def listed(counter):
    return [row.material for row in counter.open_dialog().rows._rows]


def test_conditions_filter_the_materials(writing, hall):
    item = hall.catalogue.find_item(ITEM)
    assert listed(writing) == list(item.materials_for())
    writing.dialog("condition-1").setFocus()
    writing.press_space()
    chosen = frozenset(item.conditions[:1])
    assert listed(writing) == list(item.materials_for(chosen))
    writing.press_space()
    assert listed(writing) == list(item.materials_for())


def test_no_single_sign_of_a_materials_name_is_left_over_for_its_last_line(writing):
    names = [row.findChild(Balanced) for row in writing.open_dialog().rows._rows]
    ends = {name.text(): line_ends(name.text(), name.font(), name.contentsRect().width()) for name in names}
    assert max(map(len, ends.values())) > 1
    assert all(to - start > 4 for found in ends.values() for start, to in pairwise([0, *found]))


def test_what_was_ticked_survives_another_condition(writing):
    writing.press_space()
    missing = writing.open_dialog().rows.missing()
    writing.dialog("condition-2").setFocus()
    writing.press_space()
    assert writing.open_dialog().rows.missing() == missing


def test_a_notice_is_stored_and_its_slip_queued(writing, hall):
    first = listed(writing)[0]
    writing.press_space()
    writing.press("F8")
    assert writing.open_dialog() is None
    (notice,) = writing.notices()
    assert notice.situation is Situation.INCOMPLETE
    assert [line.name for line in notice.missing] == [first.name]
    (job,) = printing.open_jobs(hall, "counter")
    assert (job.kind, job.ref_id) == (SlipKind.NOTICE, notice.id)
    assert notice.number in writing.view.message.sentence()
    (item,) = writing.items()
    assert (item.state, item.outcome) == (ItemState.ENDED, Outcome.NOTICE)
    writing.press("F12")
    assert writing.number == "—"


def test_what_was_received_is_kept_too(writing):
    writing.press("R")
    writing.press("Down")
    writing.press_space()
    writing.dialog("remark").setFocus()
    writing.write("下周带来")
    writing.press("F8")
    (notice,) = writing.notices()
    assert [len(notice.received), len(notice.missing)] == [1, 1]
    assert notice.remark == "下周带来"


def test_incomplete_with_nothing_missing_is_refused_in_words(writing):
    writing.press("F8")
    assert "请勾选缺少的材料" in writing.open_dialog()._problem.text()
    assert writing.notices() == ()


def test_a_refusal_needs_its_reason(writing):
    writing.press("Alt+3")
    assert QApplication.focusWidget().objectName() == "refusal-reason"
    writing.dialog("remark").setFocus()
    writing.press("F8")
    assert "原因" in writing.open_dialog()._problem.text()
    assert QApplication.focusWidget().objectName() == "refusal-reason"
    writing.write("不属于本厅事项")
    writing.press("F8")
    (notice,) = writing.notices()
    assert (notice.situation, notice.reason) == (Situation.REFUSED, "不属于本厅事项")


def test_what_was_asked_for_is_said_until_it_is_done(writing):
    writing.press("F8")
    problem = writing.open_dialog()._problem
    writing.press("R")
    assert "请勾选缺少的材料" in problem.text()
    writing.press_space()
    assert problem.text() == ""
    writing.press_space()
    assert "请勾选缺少的材料" in problem.text()
    writing.press("F7")
    writing.write("下周带来")
    assert problem.text() == ""
    writing.press("Alt+3")
    assert "原因" in problem.text()
    writing.press("Alt+2")
    assert problem.text() == ""


@pytest.mark.parametrize("keys", ["F7", "Alt+3 F8"], ids=["remark", "reason"])
def test_signs_that_no_slip_can_print_are_told_and_keep_no_notice_from_being_given(writing, keys):
    writing.press_space()
    writing.press(keys)
    problem = writing.open_dialog()._problem
    writing.write("请带𠮷先生的证明")
    writing.settle()
    assert "印不出“𠮷”" in problem.text()
    writing.press("F8")
    (notice,) = writing.notices()
    assert notice.remark + notice.reason == "请带𠮷先生的证明"


def test_signs_that_can_be_printed_again_are_told_no_more(writing):
    writing.press("F7")
    writing.write("𠮷")
    writing.settle()
    QApplication.focusWidget().clear()
    writing.settle()
    assert writing.open_dialog()._problem.text() == ""


def test_pasted_words_stay_on_one_line(writing):
    QApplication.clipboard().setText("请带\n证明")
    writing.press("F7")
    QApplication.focusWidget().paste()
    writing.press("F8")
    assert [each.remark for each in writing.notices()] == ["请带 证明"]


def test_a_consultation_may_miss_nothing(writing):
    writing.press("Alt+2 F8")
    assert [each.situation for each in writing.notices()] == [Situation.CONSULTATION]


def test_escape_writes_nothing(writing):
    writing.press_space()
    writing.press("Esc")
    assert writing.notices() == ()
    assert writing.items()[0].state is ItemState.RUNNING


def test_a_notice_brought_back_is_scanned_into_the_field(writing):
    writing.press_space()
    writing.press("F8 F12")
    (notice,) = writing.notices()
    writing.press("F2 F2")
    QTest.keyClicks(QApplication.focusWidget(), notice.barcode)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    writing.settle()
    assert notice.number in writing.view.visit.returned.text()
    assert notice.missing[0].name in writing.view.visit.returned.text()


@pytest.mark.parametrize(("code", "focus", "said"), [
    ("NT01", "condition-1", "请先选适用情形"), ("NT18", "remark", "请写补充说明"),
])
def test_without_materials_to_tick_the_focus_is_where_to_go_on(counter, hall, code, focus, said):
    counter.press(f"F2 F2 {hall.catalogue.find_item(code).seq} Enter F8")
    assert QApplication.focusWidget().objectName() == focus
    assert said in "".join(label.text() for label in counter.open_dialog().rows.findChildren(QLabel))


def test_arrows_lead_from_the_conditions_to_the_materials_and_back(writing):
    dialog = writing.open_dialog()
    writing.dialog("condition-1").setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert QApplication.focusWidget() is dialog.rows._rows[0].missing
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Left)
    assert QApplication.focusWidget() is writing.dialog("condition-1")


def test_tab_goes_from_the_last_material_to_the_words(writing):
    writing.dialog("condition-1").setFocus()
    writing.press_space()  # the rows are made anew, behind all else
    writing.open_dialog().rows._rows[-1].missing.setFocus()
    writing.press("Tab Tab")
    assert QApplication.focusWidget() is writing.dialog("remark")


def test_one_key_leads_past_the_materials_to_the_words(writing):
    assert "F7" in writing.dialog("remark").placeholderText()
    writing.press("F7")
    assert writing.dialog("remark").hasFocus()


def test_esc_keeps_what_was_written_until_another_item_asks(writing, hall):
    writing.press_space()
    writing.dialog("remark").setFocus()
    writing.write("请带老人的社保卡")
    writing.press("Esc F8")
    assert writing.dialog("remark").text() == "请带老人的社保卡"
    assert len(writing.open_dialog().rows.missing()) == 1
    writing.press("Esc F7 2 Enter F8")
    assert writing.dialog("remark").text() == ""
    writing.press("Esc")


def test_a_notice_once_printed_is_not_offered_again(writing):
    writing.press_space()
    writing.press("F8 F8")
    assert writing.open_dialog().rows.missing() == ()
    writing.press("Esc")
