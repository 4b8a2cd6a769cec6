"""Where a number stands: how many are before it, and what a missed one may still hope for."""

from datetime import timedelta

import pytest

from hallapp.domain.codes import TicketCode
from hallapp.domain.errors import NotFound, NotToday
from hallapp.domain.ticket import TicketState
from hallapp.services import counter
from hallapp.services.desk import desk
from hallapp.services.standing import return_place, standing
from tests.services.conftest import KIOSK


@pytest.fixture
def stands(hall):
    """``stands(number)``: as a slip of today says it."""
    return lambda number: standing(hall, TicketCode(hall.today(), number))


def test_those_who_are_called_before_it_are_counted(hall, clerk, issue, stands):
    issue()
    issue("claim")
    last = issue()
    assert [stands(number).ahead for number in ("A001", "E001", last.number)] == [0, 1, 2]
    issue(priority=True)
    assert stands(last.number).ahead == 3
    counter.call_next(hall, clerk)
    assert stands(last.number).ahead == 2
    assert stands(last.number).ticket == last


def test_nobody_is_before_a_number_that_does_not_wait(hall, clerk, issue, served, stands):
    issue()
    served(clerk)
    assert stands("A002").ticket.state is TicketState.ARRIVED
    assert stands("A002").ahead == 0
    assert stands("A002").return_place is None


@pytest.mark.parametrize(("waiting", "place"), [(0, 1), (2, 3), (3, 4), (6, 4)])
def test_a_missed_number_is_told_the_place_that_it_then_gets(hall, clerk, issue, missed, stands, waiting, place):
    back = missed(clerk)
    for _ in range(waiting):
        issue()
    assert stands("A001").return_place == place
    assert counter.come_back(hall, KIOSK, back).place == place
    assert [ticket.id for ticket in desk(hall, 1).waiting].index(back) + 1 == place


def test_two_who_return_at_once_are_told_different_places(hall, clerk, issue, missed, stands):
    first, second = missed(clerk), missed(clerk)
    for _ in range(5):
        issue()
    told = []
    for number, ticket_id in (("A002", second), ("A001", first)):
        told.append(stands(number).return_place)
        assert counter.come_back(hall, KIOSK, ticket_id).place == told[-1]
        assert [ticket.id for ticket in desk(hall, 1).waiting].index(ticket_id) + 1 == told[-1]


def test_a_missed_number_that_may_not_return_has_no_place(hall, clerk, clock, missed, stands):
    missed(clerk)
    clock.advance(minutes=hall.rules.return_minutes)
    assert stands("A001").return_place == 1
    clock.advance(seconds=1)
    assert stands("A001").return_place is None


def test_a_slip_of_another_day_and_an_unknown_number_are_told_apart(hall, issue):
    issue()
    with pytest.raises(NotToday) as refused:
        standing(hall, TicketCode(hall.today() - timedelta(days=1), "A001"))
    assert (refused.value.number, refused.value.day) == ("A001", hall.today() - timedelta(days=1))
    with pytest.raises(NotFound):
        standing(hall, TicketCode(hall.today(), "A002"))


def test_only_a_missed_ticket_has_a_place_to_return_to(hall, issue):
    assert return_place(hall, issue(), ()) is None
