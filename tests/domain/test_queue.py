"""Who is next, why, where a returning visitor lands, and how long it takes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallapp.domain.queue import (
    Why,
    expected_minutes,
    explain,
    number,
    order,
    place_of,
    rank_at,
    return_rank,
    rivals,
    served_by,
)
from hallapp.domain.rules import Rules, Window
from hallapp.domain.ticket import Ticket, TicketState

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
RULES = Rules()
WINDOW = Window(1, frozenset({"enrol"}))


def ticket(serial, minutes=0.0, *, priority=False, **fields):
    issued = NOW + timedelta(minutes=minutes)
    plain = Ticket(serial, date(2026, 11, 23), number("A", serial), "A", serial, "enrol", None, priority,
                   TicketState.WAITING, issued, rank_at(issued, priority, RULES), "kiosk-1")
    return replace(plain, **fields)


def booked(serial, minutes, start, **fields):
    """Checked in at ``minutes`` for ``start``."""
    due = NOW + timedelta(minutes=start)
    return ticket(serial, minutes, booked_for=due, rank_at=due, **fields)


def queued(*tickets):
    return sorted(tickets, key=order)


arrivals = st.lists(st.tuples(st.integers(0, 240), st.booleans()), min_size=1, max_size=30)


def test_a_number_has_three_digits_and_grows_past_them():
    assert [number("A", serial) for serial in (1, 12, 999, 1000)] == ["A001", "A012", "A999", "A1000"]


@given(arrivals)
def test_the_longest_waiting_goes_first_among_equals(seen):
    line = queued(*(ticket(i, minutes) for i, (minutes, _) in enumerate(seen, 1)))
    assert [t.issued_at for t in line] == sorted(t.issued_at for t in line)


def test_equal_ranks_go_by_issue():
    assert [t.serial for t in queued(ticket(2), ticket(1), ticket(3))] == [1, 2, 3]


@given(arrivals)
def test_priority_overtakes_the_last_quarter_of_an_hour_and_nobody_else(seen):
    line = queued(*(ticket(i, minutes, priority=priority) for i, (minutes, priority) in enumerate(seen, 1)))
    head_start = timedelta(minutes=RULES.priority_head_start_minutes)
    for place, first in enumerate(line):
        for behind in line[place + 1:]:
            if behind.issued_at < first.issued_at:
                assert first.priority
                assert not behind.priority
                assert first.issued_at - behind.issued_at <= head_start


@given(st.integers(0, 300), st.lists(st.integers(0, 300), max_size=60))
def test_nobody_starves_however_many_priority_visitors_come(mine, others):
    """Everybody issued more than the head start later comes after me."""
    me = ticket(1, mine)
    line = queued(me, *(ticket(i, m, priority=True) for i, m in enumerate(others, 2)))
    before = line[: line.index(me)]
    assert all(t.issued_at <= me.issued_at + timedelta(minutes=RULES.priority_head_start_minutes) for t in before)


@given(st.lists(st.integers(0, 10_000), min_size=0, max_size=12, unique=True), st.integers(0, 6))
def test_a_returning_ticket_lands_behind_exactly_so_many(seconds, places):
    line = queued(*(ticket(i, s / 60) for i, s in enumerate(seconds, 2)))
    now = NOW + timedelta(seconds=20_000)
    back = replace(ticket(1), rank_at=return_rank(line, places, now), returns=1)
    assert queued(back, *line).index(back) == min(places, len(line))
    assert place_of(back, line) == min(places, len(line)) + 1


def test_the_rivals_of_a_ticket_are_those_its_windows_serve():
    windows = (Window(1, frozenset({"enrol"})), Window(2, frozenset({"claim", "other"})))
    mine, same, sent, away, elsewhere = (
        ticket(1, 5), ticket(2), ticket(3, 1, group="claim", target_window=1), ticket(4, 2, target_window=2),
        ticket(5, 3, group="other"))
    assert rivals(mine, queued(mine, same, sent, away, elsewhere), windows) == [same, sent]
    assert rivals(ticket(6, group="nobody"), [same], windows) == []


def test_a_window_serves_its_groups_and_what_was_sent_to_it():
    assert served_by(ticket(1), WINDOW)
    assert not served_by(ticket(1, group="claim"), WINDOW)
    assert served_by(ticket(1, group="claim", target_window=1), WINDOW)
    assert not served_by(ticket(1, target_window=2), WINDOW)


def test_nobody_is_next_when_only_others_wait():
    assert explain([ticket(1, group="claim")], WINDOW) is None


@pytest.mark.parametrize(("line", "why", "overtaken"), [
    ([ticket(1), ticket(2, 1)], Why.LONGEST, None),
    ([ticket(1, target_window=1), ticket(2, 1)], Why.SENT_HERE, None),
    ([ticket(1, returns=1), ticket(2, 1)], Why.RETURNED, None),
    ([ticket(1, 10), ticket(2, 12), ticket(3, 14, priority=True)], Why.HEAD_START, "A001"),
    ([ticket(1, 10), booked(2, -40, 9)], Why.BOOKED, None),
    ([ticket(1, 10), booked(2, 15, 9)], Why.BOOKED, None),
    ([booked(1, -40, 30), ticket(2, 10)], Why.LONGEST, None),  # it came earlier, but its time has not
    ([booked(1, -40, 30), ticket(2, 10), ticket(3, 16, priority=True)], Why.HEAD_START, "A002"),
    ([booked(1, 0, 9, returns=1)], Why.RETURNED, None),
    ([ticket(1, rank_at=NOW + timedelta(minutes=7), returns=1), ticket(2, 5)], Why.LONGEST, None),  # it missed its turn
    ([ticket(1, 10, group="claim"), ticket(3, 14, priority=True)], Why.LONGEST, None),
])
def test_the_next_ticket_is_explained(line, why, overtaken):
    found = explain(queued(*line), WINDOW)
    assert (found.why, found.overtaken) == (why, overtaken)


@given(st.integers(0, 50), st.integers(1, 4), st.integers(0, 4), st.floats(1, 30))
def test_more_people_ahead_never_shorten_the_wait(ahead, serving, idle, minutes):
    idle = min(idle, serving)
    now = expected_minutes(ahead, serving, idle, minutes)
    assert now is not None
    assert expected_minutes(ahead + 1, serving, idle, minutes) >= now >= 0


def test_without_an_open_window_no_wait_is_promised():
    assert expected_minutes(0, 0, 0, 8.0) is None


def test_a_free_window_means_no_wait():
    assert expected_minutes(0, 2, 1, 8.0) == 0


def test_with_all_windows_busy_the_first_in_line_waits_half_a_visit_for_the_first_of_them():
    assert expected_minutes(0, 1, 0, 8.0) == 4
    assert expected_minutes(0, 2, 0, 8.0) == 2
    assert expected_minutes(3, 1, 0, 8.0) == 28
