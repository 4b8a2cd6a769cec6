"""Nothing at the counter is cut, at both sizes and in every state."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from hallapp.domain.appointment import AppointmentTimes
from hallapp.domain.errors import StoreAway
from hallapp.domain.events import By
from hallapp.domain.printing import DeviceState, DeviceStatus, SlipKind, Trouble
from hallapp.services import printing
from hallapp.ui import theme
from hallapp.ui.counter.notice_lines import MaterialRow
from hallapp.ui.widgets.balanced import line_ends
from tests.ui.contrast import faint
from tests.ui.test_windows import overlapping

SIZES = [(1093, 614), (1280, 720), (1366, 768), (1536, 864), (1920, 1080)]


def cut(view):
    """The texts that are not wholly to be seen."""
    found = []
    for each in view.findChildren(QLabel):
        if not each.isVisible() or not each.text():
            continue
        metrics, room = each.fontMetrics(), each.contentsRect()
        wide, high = metrics.horizontalAdvance(each.text()), metrics.tightBoundingRect(each.text()).height()
        fits = (each.heightForWidth(each.width()) <= each.height() if each.wordWrap()
                else wide <= room.width() and high <= room.height())
        if not fits or each.visibleRegion().boundingRect() != each.rect():
            found.append(each.text())
    return found


DAY = (  # the state of the counter, the keys that lead there, and the seconds that pass then
    ("idle", "", 0), ("called", "F2", 20), ("recalled", "F3", 3), ("looking for an item", "F2 cb", 0),
    ("two cases near their time", "Esc 1*2 Enter", 1100), ("a long name, far over time", "F7 28 Enter", 4000),
    ("three items", "F7 19 Enter", 0), ("many items", "F7 2 Enter F7 3 Enter 1 F7 4 Enter", 0),
    ("one aside", "F5 2", 0), ("two aside", "F2 F2 1 Enter F5 3", 0), ("paused", "F9 Alt+1", 0),
)


@pytest.fixture
def hall(hall):
    """With every key that there is."""
    return replace(hall, appointment_times=AppointmentTimes(((time(9), time(11)),)))


@pytest.fixture
def busy(make_counter, issue, clock, lights, hall):
    """A counter on a bad day: a queue, broken devices, a doubtful slip."""
    for place in range(12):
        ticket = issue("chronic" if hall.catalogue.find_group("chronic") else "enrol", priority=place % 4 == 0)
        clock.advance(minutes=9)
    lights.report(DeviceStatus("kiosk", "printer", DeviceState.DOWN, Trouble.CUTTER))
    lights.report(DeviceStatus("counter", "printer", DeviceState.DOWN, Trouble.SILENT))
    lights.report(DeviceStatus("voice", "voice", DeviceState.WARNING, Trouble.NO_SOUND))
    job = printing.reprint(hall, By("kiosk"), SlipKind.TICKET, ticket.id, "kiosk")
    printing.start(hall, By("kiosk"), job.id)
    printing.failed(hall, By("kiosk"), job.id, "unknown_fate", unknown=True)
    return make_counter(name="欧阳建国")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_nothing_is_cut_all_day(busy, size):
    busy.view.resize(*size)
    for state, keys, seconds in DAY:
        busy.press(keys)
        busy.pass_time(seconds)
        assert (state, cut(busy.view), overlapping(busy.view)) == (state, [], [])
    assert (busy.view.width(), busy.view.height()) == size


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_how_long_ago_somebody_was_called_stands_on_one_line(busy, size):
    busy.view.resize(*size)
    busy.press("F2")
    busy.pass_time(700)
    state = busy.view.queue.state
    assert "第 1 次" in state.text()
    assert state.heightForWidth(state.width()) < 2 * state.fontMetrics().lineSpacing()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_what_matches_covers_no_item_that_is_handled_and_is_reached_by_the_arrows(busy, size):
    busy.view.resize(*size)
    busy.press("F2 F2 19 Enter F7 2*12")
    entry, card = busy.view.visit.entry, busy.card()
    assert entry.list.geometry().bottom() < entry.height()
    assert card.visibleRegion().boundingRect() == card.rect()
    assert entry.list.count() == 6
    assert not entry.list.horizontalScrollBar().isVisible()  # over the last line
    for row in range(1, 6):
        busy.press("Down")
        place = entry.list.visualItemRect(entry.list.item(row))
        assert (entry.list.currentRow(), entry.list.viewport().rect().contains(place)) == (row, True)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_what_to_do_next_stands_on_the_lines_it_is_written_in(busy, size):
    busy.view.resize(*size)
    busy.press("F2")
    hint = busy.view.visit.hint
    assert hint.text().count("\n") == 1
    assert line_ends(hint.text(), hint.font(), hint.contentsRect().width()) == [hint.text().index("\n") + 1,
                                                                               len(hint.text())]


def test_every_word_at_the_counter_can_be_read_all_day(busy):
    busy.view.resize(1366, 768)
    for state, keys, seconds in DAY:
        busy.press(keys)
        busy.pass_time(seconds)
        assert (state, faint(busy.view, 4.5)) == (state, [])


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_nothing_is_cut_while_the_store_is_away(counter, feed, size):
    counter.view.resize(*size)
    counter.press("F2 F2 12 Enter F8")
    for row in QApplication.activeWindow().findChildren(MaterialRow):
        row.missing.setChecked(True)
    counter.press("F8 F12 F2 F2")
    counter.view.visit.entry.field.setText(counter.notices()[0].number)
    counter.press("Enter F7 12 Enter")  # who came back with a notice of all that was missing
    feed.store_lost.emit(StoreAway("hall.db"))
    counter.pass_time(1)
    assert cut(counter.view) == []
    assert overlapping(counter.view) == []
    assert faint(counter.view, 4.5) == []


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_what_is_said_of_a_scan_is_seen_whole(counter, size):
    counter.view.resize(*size)
    for keys, seconds in (("F2", 15), ("F3", 15), ("F4 F9 Alt+1", 1860)):  # A001 missed long ago; the window pauses
        counter.press(keys)
        counter.pass_time(seconds)
    said = set()
    slips = ("T20261123A001", "T20261123A002", "T20261120A001", "T20261123Z999")
    for text in (*slips, "N20261120001", "4" * 28, "?" * 18):
        counter.view.scanned.emit(text)
        counter.settle()
        said.add(counter.view.message.sentence())
        assert counter.view.message.isVisible()
        assert cut(counter.view) == []
    assert len(said) == 7


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("item", ["1", "12", "16"])
def test_what_a_notice_lacks_is_said_on_one_line_within_the_window(counter, size, item):
    counter.view.resize(*size)
    counter.press(f"F2 F2 {item} Enter F8")
    dialog = counter.open_dialog()
    before = dialog.size()
    for keys, sentence in (("F8", "请勾选缺少的材料，或写补充说明。"), ("Alt+3 F8", "请写明不予受理的原因。")):
        counter.press(keys)
        (said,) = (each for each in dialog.findChildren(QLabel) if each.text() == sentence)
        assert said.height() < 2 * said.fontMetrics().lineSpacing()
        assert said.width() >= said.fontMetrics().horizontalAdvance(sentence)
        assert dialog.size() == before
    assert (dialog.width() <= size[0], dialog.height() <= size[1]) == (True, True)


def test_a_cut_text_would_be_found(counter):
    counter.view.queue.number.setFixedSize(40, 20)
    counter.settle()
    assert counter.number in cut(counter.view)


def test_a_message_moves_nothing(counter):
    counter.view.resize(1366, 768)
    counter.press("F2")
    before = [panel.geometry() for panel in (counter.view.queue, counter.view.visit, counter.view.side)]
    counter.press("F3")
    assert counter.view.message.isVisible()
    assert [panel.geometry() for panel in (counter.view.queue, counter.view.visit, counter.view.side)] == before
    assert cut(counter.view) == []


def test_every_step_has_its_key_and_no_key_takes_the_focus(counter):
    for button in counter.view.queue.keys.values():
        assert button.focusPolicy() is Qt.FocusPolicy.NoFocus
        assert button.findChildren(QLabel)[1].text()


def test_another_size_keeps_the_verdicts_colour(counter):
    counter.press("F2 F2 1 Enter")
    counter.pass_time(660)
    counter.press("1 F12")
    before = counter.view.queue.mean.palette().windowText().color()
    counter.view.resize(1366, 768)
    counter.settle()
    assert counter.view.queue.mean.palette().windowText().color() == before
    assert before.name().upper() == theme.OVER
