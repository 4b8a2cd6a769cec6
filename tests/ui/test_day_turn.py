"""A program that is left running overnight closes the day like one that starts in the morning."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QObject, QTimer

from hallapp.domain.errors import StoreAway
from hallapp.domain.events import By
from hallapp.domain.ticket import TicketState
from hallapp.services import kiosk
from hallapp.services.hall import look
from hallapp.services.kiosk import Wish
from hallapp.store import queue
from hallapp.ui.day_turn import DayTurn
from hallapp.ui.lights import Lights
from hallapp.ui.words import trouble_sentence


@pytest.fixture
def turn(hall, tasks, qtbot):
    """``turn()``: a minute goes by, and all is done that it brings."""
    owner, lights = QObject(), Lights()
    made = DayTurn(hall, By("hall"), tasks, lights, owner)

    def minute():
        made.findChild(QTimer).timeout.emit()
        qtbot.waitUntil(lambda: not tasks.busy)

    minute.made, minute.owner, minute.lights = made, owner, lights
    return minute


def state(hall, ticket):
    with look(hall) as db:
        return queue.ticket(db, hall.id, ticket.id).state


def test_what_is_left_over_is_closed_once_the_day_has_turned_and_not_before(hall, clock, turn):
    ticket = kiosk.issue(hall, By("kiosk"), Wish("enrol")).ticket
    turn()
    assert state(hall, ticket) is TicketState.WAITING
    clock.advance(minutes=24 * 60)
    turn()
    assert state(hall, ticket) is TicketState.ABANDONED


def test_a_store_that_is_away_at_midnight_is_asked_again(hall, clock, turn):
    ticket = kiosk.issue(hall, By("kiosk"), Wish("enrol")).ticket
    clock.advance(minutes=24 * 60)
    turn.made._day = hall.today()  # as the first try leaves it
    turn.made._on_unclosed(StoreAway("hall.db"))
    turn()
    assert state(hall, ticket) is TicketState.ABANDONED


def test_each_day_is_closed_once(hall, clock, turn):
    clock.advance(minutes=24 * 60)
    turn()
    ticket = kiosk.issue(hall, By("kiosk"), Wish("enrol")).ticket
    turn()
    assert state(hall, ticket) is TicketState.WAITING


@pytest.mark.parametrize(("days", "told"), [(3, True), (2, False)])
def test_a_clock_before_days_on_which_the_hall_worked_is_told_until_it_is_set_right(hall, clock, turn, days, told):
    for _ in range(days):
        clock.advance(minutes=24 * 60)
        kiosk.issue(hall, By("kiosk"), Wish("enrol"))
    turn()
    assert turn.lights.current() == ()
    clock.set_wall(clock.now() - timedelta(days=4000))
    turn()
    kiosk.issue(hall, By("kiosk"), Wish("enrol"))
    turn()
    assert [trouble_sentence(light) for light in turn.lights.troubled()] == told * [
        f"电脑日期不对，以后的日子已有业务记录，请先校正日期时间再办理（{hall.today()}）"]
    clock.set_wall(clock.now() + timedelta(days=4000))
    turn()
    assert turn.lights.current() == ()
