"""Which call is announced next and which are past."""

from __future__ import annotations

from datetime import UTC, datetime

from hallapp.services.board import CallLine
from hallapp.ui.board.calls import Calls


def line(seq, number, window=1):
    return CallLine(seq, number, window, datetime(2026, 11, 23, tzinfo=UTC))


def test_calls_are_shown_in_order_each_once():
    calls = Calls()
    calls.add([line(1, "A001"), line(2, "A002"), line(3, "A003")])
    assert [calls.move_on().number for _ in range(3)] == ["A001", "A002", "A003"]
    assert calls.move_on() is None
    assert calls.past() == [("A003", 1), ("A002", 1), ("A001", 1)]


def test_what_is_still_ahead_is_not_past():
    calls = Calls()
    calls.add([line(1, "A001"), line(2, "A002")])
    calls.move_on()
    assert calls.past() == []


def test_a_recalled_number_is_past_once_with_its_last_window():
    calls = Calls()
    calls.add([line(1, "A001", 1), line(2, "A002", 2), line(3, "A001", 3)])
    while calls.move_on():
        pass
    assert calls.past() == [("A001", 3), ("A002", 2)]


def test_an_undone_call_is_neither_announced_nor_past():
    calls = Calls()
    calls.add([line(1, "A001"), line(2, "A002")])
    calls.withdraw(2)
    assert calls.move_on().number == "A001"
    assert calls.move_on() is None
    calls.withdraw(1)
    assert calls.past() == []


def test_an_undone_call_on_show_is_taken_down():
    calls = Calls()
    calls.add([line(1, "A001")])
    calls.move_on()
    calls.withdraw(1)
    assert calls.showing is None


def test_reading_the_store_keeps_calls_newer_than_it_and_drops_what_it_forgot():
    calls = Calls()
    calls.add([line(1, "A001"), line(5, "A005")])
    while calls.move_on():
        pass
    calls.read([line(3, "A003")], seq=4)
    assert calls.past() == [("A005", 1), ("A003", 1)]
