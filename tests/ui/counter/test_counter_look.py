"""Nothing at the counter is cut, at both sizes and in every state."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from hallapp.domain.errors import StoreAway
from hallapp.domain.events import By
from hallapp.domain.printing import DeviceState, DeviceStatus, SlipKind, Trouble
from hallapp.services import printing

SIZES = [(1366, 768), (1920, 1080)]


def cut(view):
    """The texts that are not wholly to be seen."""
    found = []
    for each in view.findChildren(QLabel):
        if not each.isVisible() or not each.text():
            continue
        ink = each.fontMetrics().tightBoundingRect(each.text())
        room = each.contentsRect()
        fits = (each.heightForWidth(each.width()) <= each.height() if each.wordWrap()
                else each.fontMetrics().horizontalAdvance(each.text()) <= room.width() and ink.height() <= room.height())
        if not fits or each.visibleRegion().boundingRect() != each.rect():
            found.append(each.text())
    return found


def idle(counter):
    pass


def called(counter):
    counter.press("F2")
    counter.pass_time(20)
    counter.press("F3")
    counter.pass_time(3)


def typing(counter):
    counter.press("F2 F2 cb")


def handling(counter):
    counter.press("F2 F2 1*2 Enter")
    counter.pass_time(1100)


def several(counter):
    counter.press("F2 F2 28 Enter")
    counter.pass_time(4000)
    counter.press("F7 2 Enter F7 3 Enter 1 F7 4 Enter")


def three(counter):
    counter.press("F2 F2 1*12 Enter F7 6 Enter F7 19 Enter")


def paused(counter):
    counter.press("F9 Alt+1")


def aside(counter):
    counter.press("F2 F2 1 Enter F5 2 F2 F2 1 Enter F5 3")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
@pytest.mark.parametrize("state", [idle, called, typing, handling, several, three, paused, aside],
                         ids=lambda state: state.__name__)
def test_nothing_is_cut(make_counter, issue, clock, lights, hall, state, size):
    for place in range(12):
        ticket = issue("chronic" if hall.catalogue.find_group("chronic") else "enrol", priority=place % 4 == 0)
        clock.advance(minutes=9)
    lights.report(DeviceStatus("kiosk", "printer", DeviceState.DOWN, Trouble.CUTTER))
    lights.report(DeviceStatus("counter", "printer", DeviceState.DOWN, Trouble.SILENT))
    lights.report(DeviceStatus("voice", "voice", DeviceState.WARNING, Trouble.NO_SOUND))
    job = printing.reprint(hall, By("kiosk"), SlipKind.TICKET, ticket.id, "kiosk")
    printing.start(hall, By("kiosk"), job.id)
    printing.failed(hall, By("kiosk"), job.id, "unknown_fate", unknown=True)
    counter = make_counter(name="欧阳建国")
    counter.view.resize(*size)
    state(counter)
    counter.settle()
    assert (counter.view.width(), counter.view.height()) == size
    assert cut(counter.view) == []


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_nothing_is_cut_while_the_store_is_away(counter, feed, size):
    counter.view.resize(*size)
    handling(counter)
    feed.store_lost.emit(StoreAway("hall.db"))
    counter.pass_time(1)
    assert cut(counter.view) == []


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
