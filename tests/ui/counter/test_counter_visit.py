"""What the middle of the counter adds to a visit: suggestions, materials, notices, and what a restart finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from shiboken6 import delete

from hallapp.domain.errors import StoreAway, StoreFull, WrongState
from hallapp.domain.events import By, Clerk
from hallapp.domain.handling import ItemState, Outcome
from hallapp.domain.notice import Notice, NoticeLine, Situation
from hallapp.domain.printing import SlipKind
from hallapp.domain.ticket import TicketState
from hallapp.services import kiosk, printing, visits
from hallapp.services.desk import desk
from hallapp.services.kiosk import Wish
from hallapp.services.notices import find_notice, give_notice
from hallapp.ui.counter import visit_actions
from hallapp.ui.counter.notice_lines import MaterialRow
from hallapp.ui.counter.presenter import CounterPresenter
from hallapp.ui.counter.view import CounterWindow
from hallapp.ui.widgets.balanced import line_ends


def matches(counter):
    found = counter.view.visit.entry.list
    return [found.item(row).text() for row in range(found.count())] if found.isVisible() else []


def texts(widget):
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisible()]


def write_notice(counter, keys="F8"):
    """Tick the first material as missing; F8 prints."""
    counter.press(keys)
    QApplication.activeWindow().findChildren(MaterialRow)[0].missing.setChecked(True)
    counter.press("F8")


def test_an_item_begun_before_the_hall_gave_it_up_is_still_called_by_its_name(counter, hall):
    counter.press("F2 F2 1 Enter")
    item = counter.items()[0]
    name = hall.catalogue.find_item(item.item_code).name
    others = [one.code for one in hall.catalogue.items if one.code != item.item_code]
    for catalogue, shown in ((hall.catalogue.with_items(others), name),
                             (replace(hall.catalogue.with_items(others), known=()), f"已停用事项 {item.item_code}")):
        view = CounterWindow(catalogue, hall.rules)
        view.visit.show_items(desk(hall, 1).items, "")
        assert any(shown in each.text() for each in view.visit.cards[0].findChildren(QLabel))
        delete(view)


def test_what_was_chosen_at_the_kiosk_starts_with_enter(make_counter, hall):
    code = hall.catalogue.find("6")[0].code
    group = next(each for each in hall.catalogue.groups if code in each.items)
    kiosk.issue(hall, By("kiosk"), Wish(group.code, item_code=code))
    counter = make_counter()
    counter.press("F2 F2 Enter")
    assert [each.item_code for each in counter.items()] == [code]
    assert matches(counter) == []


def test_the_rest_of_the_business_is_offered_but_not_chosen(counter, hall):
    counter.press("F2 F2")
    group = hall.catalogue.find_group("enrol")
    assert len(matches(counter)) == len(group.items)
    counter.press("Enter")
    assert counter.items() == ()
    assert QApplication.focusWidget() is counter.view.visit
    counter.press("F7 Down Enter")
    assert [each.item_code for each in counter.items()] == [group.items[0]]


def test_enter_on_the_empty_entry_leads_to_the_items(counter):
    counter.press("F2 F2 1 Enter F7 Enter 1")
    assert [each.outcome for each in counter.items()] == [Outcome.COMPLETED]


def test_the_match_shows_the_quantity_before_it_is_taken(counter, hall):
    counter.press("F2 F2 2*3")
    assert matches(counter)[0] == f"2　× 3 件　{hall.catalogue.find('2')[0].name}"
    counter.press("Enter")
    assert [each.quantity for each in counter.items()] == [3]
    assert counter.view.visit.entry.field.text() == ""


@pytest.mark.parametrize("typed", ["2*", "2×3", "2x3", "2＊3"])
def test_a_half_typed_or_foreign_times_sign_is_understood(counter, typed, hall):
    counter.press("F2 F2")
    counter.write(typed)
    assert [text.split("　")[0] for text in matches(counter)][:1] == ["2"]


@pytest.mark.parametrize("typed", ["2*0", "2x0", "2*00", "2*100"])
def test_a_number_of_cases_that_is_none_starts_nothing_and_is_said(counter, typed):
    counter.press(f"F2 F2 {typed}")
    assert matches(counter) == ["件数要写 1 到 99"]
    counter.press("Down Enter")
    assert counter.items() == ()
    assert counter.view.message.sentence() == ""  # the line says it all; nothing was asked of the store
    assert counter.view.visit.entry.field.text() == typed


def test_the_arrows_choose_among_matches_and_escape_clears(counter, hall):
    counter.press("F2 F2 cx Down Enter")
    assert counter.items()[0].item_code == hall.catalogue.find("cx")[1].code
    counter.press("F7 cx Esc")
    assert counter.view.visit.entry.field.text() == ""


def test_several_cases_have_several_times_ten_minutes(counter):
    counter.press("F2 F2 2*2 Enter")
    counter.pass_time(900)
    assert counter.card().status.text() == "● 距 20 分钟还有 05:00"
    counter.pass_time(301)
    assert counter.card().status.text() == "■ 已超时 00:01"


def test_near_is_a_word_too(counter):
    counter.press("F2 F2 1 Enter")
    counter.pass_time(479)
    assert counter.card().near.isHidden()
    counter.pass_time(1)
    assert counter.card().near.isVisible()
    counter.pass_time(121)
    assert counter.card().near.isHidden()


def test_the_materials_of_the_chosen_item_are_in_view(counter, hall):
    counter.press("F2 F2 2 Enter")
    item = hall.catalogue.find("2")[0]
    shown = "".join(texts(counter.view.visit.materials))
    always = [each.name for each in item.materials if not each.condition]
    assert all(name in shown for name in always[:2])
    counter.press("F7 6 Enter")
    assert "".join(texts(counter.view.visit.materials)) != shown


def test_with_many_items_all_stay_in_sight_and_the_chosen_one_is_large(counter):
    counter.view.resize(1366, 768)
    counter.press("F2 F2 1 Enter F7 2 Enter F7 3 Enter F7 4 Enter F7 5 Enter")
    cards = counter.view.visit.cards
    assert all(card.visibleRegion().boundingRect() == card.rect() for card in cards)
    assert [card.bar.isHidden() for card in cards] == [True] * 4 + [False]
    counter.press("Up")
    assert [card.bar.isHidden() for card in counter.view.visit.cards] == [True] * 3 + [False, False]


def test_a_notice_by_keyboard_is_stored_printed_and_told(counter, hall):
    counter.press("F2 F2 5 Enter")
    write_notice(counter)
    (notice,) = counter.notices()
    assert counter.items()[0].outcome is Outcome.NOTICE
    assert [(job.kind, job.ref_id) for job in printing.open_jobs(hall, "counter")] == [(SlipKind.NOTICE, notice.id)]
    assert notice.number in counter.view.message.sentence()


def test_a_notice_written_while_the_store_goes_is_kept_and_saved_when_it_is_back(counter, feed, monkeypatch):
    counter.press("F2 F2 5 Enter")
    away = StoreAway("hall.db")

    def refuse(*_args):
        raise away

    monkeypatch.setattr(visit_actions, "give_notice", refuse)
    write_notice(counter)
    feed.store_lost.emit(away)
    assert counter.notices() == ()
    monkeypatch.setattr(visit_actions, "give_notice", give_notice)
    feed.store_back.emit()
    counter.settle()
    assert len(counter.notices()) == 1
    feed.store_back.emit()
    counter.settle()
    assert len(counter.notices()) == 1


def test_a_notice_that_a_full_disk_refused_is_still_written_when_it_is_given_again(counter, monkeypatch):
    counter.press("F2 F2 5 Enter")

    def refuse(*_args):
        raise StoreFull("hall.db")

    monkeypatch.setattr(visit_actions, "give_notice", refuse)
    write_notice(counter)
    monkeypatch.setattr(visit_actions, "give_notice", give_notice)
    counter.press("F8")
    written = counter.open_dialog().rows.missing()
    assert written
    counter.press("F8")
    (notice,) = counter.notices()
    assert notice.missing == written
    counter.press("F8")
    assert counter.open_dialog().rows.missing() == ()
    counter.press("Esc")


def test_a_notice_that_was_refused_is_given_up_once_its_visitor_has_left(counter, feed, monkeypatch):
    counter.press("F2 F2 5 Enter")

    def refuse(*_args):
        raise WrongState("visit 1", "parked")

    monkeypatch.setattr(visit_actions, "give_notice", refuse)
    write_notice(counter)
    counter.press("1 F12")
    feed.store_back.emit()
    counter.settle()
    assert "接待已结束，写好的告知单没有保存。" in counter.view.message.sentence()
    counter.view.message.hide()
    feed.store_back.emit()
    counter.settle()
    assert counter.view.message.isHidden()


def test_a_notice_brought_back_to_the_kiosk_says_what_was_missing(counter, hall):
    counter.press("F2 F2 5 Enter")
    write_notice(counter)
    counter.press("F12")
    (notice,) = counter.notices()
    kiosk.issue(hall, By("kiosk"), Wish("claim", notice_id=notice.id, priority=True))
    counter.press("F2")
    assert "告知后复办" in counter.view.queue.about.text()
    counter.press("F2")
    assert notice.missing[0].name in counter.view.visit.returned.text()
    counter.press("Enter")
    assert counter.items()[-1].item_code == notice.item_code


def test_what_was_missing_leaves_no_last_characters_alone(counter):
    said = counter.view.visit.returned
    for length in range(10, 60):
        missing = NoticeLine("病历" * (length // 2) + "历" * (length % 2) + "（门诊等）", original=False, copies=0)
        notice = Notice(1, date(2026, 11, 23), "20261123001", 1, 1, 1, "NT12", Situation.INCOMPLETE, (missing,), (), (),
                        "", "", "0312", 1, datetime(2026, 11, 23, 1, tzinfo=UTC))
        counter.view.visit.show_returned(notice)
        counter.settle()
        ends = line_ends(said.text(), said.font(), said.contentsRect().width() - 2 * said.margin())
        assert ends[-1] - [0, *ends][-2] >= 6, said.text()


def test_a_notice_scanned_at_the_counter_says_what_was_missing(counter, hall):
    counter.press("F2 F2 5 Enter")
    write_notice(counter)
    counter.press("F12 F2 F2")
    (notice,) = counter.notices()
    counter.press(f"N{notice.number} Enter")
    assert find_notice(hall, notice.number).missing[0].name in counter.view.visit.returned.text()
    counter.press("Enter F7")
    assert counter.items()[-1].item_code == notice.item_code
    assert counter.view.visit.returned.isVisible()
    counter.press("1 F12 Enter F2 F2")
    assert counter.view.visit.returned.isHidden()


def test_a_number_of_no_notice_is_told_and_stays_to_be_corrected(counter):
    counter.press("F2 F2 20261123099 Enter")
    assert "没有找到：20261123099" in counter.view.message.sentence()
    assert counter.view.visit.entry.field.text() == "20261123099"


def test_two_quick_enters_start_one_item(counter):
    counter.press("F2 F2")
    field = counter.view.visit.entry.field
    field.setText("1")
    field.returnPressed.emit()
    field.returnPressed.emit()
    counter.settle()
    assert len(counter.items()) == 1


def test_after_a_restart_the_visit_is_there_with_the_right_clocks(counter, hall, tasks, feed, lights, clock, activate):
    counter.press("F2 F2 1 Enter")
    counter.pass_time(60)
    counter.press("F7 2 Enter")
    counter.pass_time(30)
    clock.restart()
    clock.advance(seconds=15)  # the restart took a while
    again = CounterWindow(hall.catalogue, hall.rules)
    CounterPresenter(again, hall, Clerk("window-1", "0312", 1), tasks, feed, lights, None)
    activate(again)
    counter.settle()
    assert again.queue.number.text() == "A001"
    assert [card.clock.text() for card in again.visit.cards] == ["01:00", "00:45"]
    delete(again)


def test_a_visit_moved_here_from_another_window_shows_its_items(counter, make_counter, hall, signed_in):
    counter.press("F2 F2 1 Enter")
    counter.pass_time(90)
    counter.press("F6 2")
    assert counter.number == "—"
    assert counter.items()[0].state is ItemState.SUSPENDED
    other = make_counter(2, "0313", name="李强")
    other.press("F2 F2")
    assert other.ticket("A001").state in (TicketState.ARRIVED, TicketState.HANDLING)
    assert [card.clock.text() for card in other.view.visit.cards] == ["01:30"]


def test_the_clocks_go_without_reading_the_store(counter, hall, clock):
    counter.press("F2 F2 1 Enter")
    before = counter.presenter.desk
    counter.pass_time(5)
    assert counter.card().clock.text() == "00:05"
    assert counter.presenter.desk is before


def test_what_another_program_did_to_the_visit_shows_here(counter, feed, hall, qtbot):
    feed.start()
    counter.press("F2 F2")
    visits.start_item(hall, Clerk("window-1", "0312", 1), hall.catalogue.find("3")[0].code)
    qtbot.waitUntil(lambda: len(counter.view.visit.cards) == 1)
    counter.settle()
