"""The figures of a day: what counts, how long it took, and what is left out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import mean

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hallapp.domain.figures import DayRecords, HourFigures, Spread, day_figures, spread
from hallapp.domain.handling import HandledItem, Interval, ItemState, Outcome, Visit, VisitState
from hallapp.domain.notice import Notice, Situation
from hallapp.domain.rules import Rules
from hallapp.domain.ticket import Call, CallResult, Ticket, TicketState

DAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # in Shanghai
RULES = Rules()


def after(seconds):
    return NINE + timedelta(seconds=seconds)


def figures(rules=RULES, **records):
    return day_figures(DAY, DayRecords(**{name: tuple(rows) for name, rows in records.items()}), rules)


def ticket(number=1, issued=0, **more):
    return Ticket(number, DAY, f"A{number:03d}", "A", number, "enrol", None, **{
        "priority": False, "state": TicketState.DONE, "issued_at": after(issued), "rank_at": after(issued),
        "station": "kiosk", **more})


def call(id, ticket_id=1, at=0, ended=None, result=CallResult.ARRIVED, **more):
    end = None if ended is None else after(ended)
    return Call(id, DAY, ticket_id, **{"window": 1, "staff": "0312", **more}, called_at=after(at),
                last_called_at=after(at), ended_at=end, result=result)


def visit(id=1, **more):
    return Visit(id, DAY, **{"ticket_id": 1, "window": 1, "staff": "0312", "opened_at": NINE,
                             "state": VisitState.CLOSED, "closed_at": after(900), **more})


def item(id=1, **more):
    return HandledItem(id, DAY, **{
        "visit_id": 1, "item_code": "NT01", "quantity": 1, "window": 1, "staff": "0312", "immediate": True,
        "mode": "direct", "started_at": NINE, "state": ItemState.ENDED, "outcome": Outcome.COMPLETED,
        "ended_at": after(600), **more})


def interval(id, item_id, seconds):
    return Interval(id, item_id, NINE, "clock", 0.0, after(seconds or 0), seconds)


def handled(*seconds, **more):
    """The figures of items that took so long, all in one visit."""
    return figures(visits=[visit()], items=[item(n, **more) for n in range(len(seconds))],
                   intervals=[interval(n, n, one) for n, one in enumerate(seconds)])


def notice(id, situation):
    return Notice(id, DAY, f"20261123{id:03d}", id, 1, 1, "NT01", situation, (), (), (), "", "", "0312", 1, NINE)


def test_a_spread_names_mean_median_nine_in_ten_and_longest():
    assert spread([]) is None
    assert spread([7.0]) == Spread(1, 7.0, 7.0, 7.0, 7.0)
    assert spread([30, 10, 20, 100]) == Spread(4, 40.0, 25.0, 100, 100)
    assert spread(list(range(10, 0, -1))) == Spread(10, 5.5, 5.5, 9, 10)
    assert spread(range(1, 12)).p90 == 10  # 9.9 of 11 is the tenth


@given(st.lists(st.integers(0, 36_000), min_size=1))
def test_nine_in_ten_are_not_longer_than_the_90th_percentile_and_no_smaller_one_would_do(seconds):
    found = spread(seconds)
    not_longer = sum(one <= found.p90 for one in seconds)
    shorter = sum(one < found.p90 for one in seconds)
    assert found.p90 in seconds
    assert 10 * not_longer >= 9 * len(seconds) > 10 * shorter


@given(st.lists(st.integers(0, 36_000), min_size=1))
def test_a_spread_lies_within_its_values(seconds):
    found = spread(seconds)
    assert found.n == len(seconds)
    assert found.mean == pytest.approx(mean(seconds))
    assert min(seconds) <= found.median <= found.p90 <= found.longest == max(seconds)
    assert sum(one < found.median for one in seconds) <= len(seconds) / 2 >= sum(one > found.median for one in seconds)


def test_suspended_time_is_left_out_as_only_intervals_count():
    day = figures(visits=[visit()], items=[item()], intervals=[interval(1, 1, 100.0), interval(2, 1, 20.5)])
    assert day.handling.times == Spread(1, 120.5, 120.5, 120.5, 120.5)


def test_an_item_of_several_cases_shares_its_time_among_them():
    day = figures(visits=[visit()], items=[item(1, quantity=3), item(2)],
                  intervals=[interval(1, 1, 900.0), interval(2, 2, 100.0)])
    assert day.handling.cases == 4
    assert day.handling.times == Spread(4, 250.0, 300.0, 300.0, 300.0)
    assert day.items[0].outcomes == {Outcome.COMPLETED: 4}


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(0, 7_200_000)), min_size=1))
def test_sharing_neither_adds_time_nor_takes_any(items):
    """Quantities and milliseconds of items."""
    day = figures(visits=[visit()], items=[item(n, quantity=quantity) for n, (quantity, _) in enumerate(items)],
                  intervals=[interval(n, n, ms / 1000) for n, (_, ms) in enumerate(items)])
    assert day.handling.times.n == sum(quantity for quantity, _ in items)
    assert day.handling.times.mean * day.handling.times.n == pytest.approx(sum(ms for _, ms in items) / 1000)


def test_items_without_an_outcome_are_no_cases_yet():
    running = item(2, state=ItemState.RUNNING, outcome=None, ended_at=None)
    suspended = item(3, state=ItemState.SUSPENDED, outcome=None, ended_at=None)
    day = figures(visits=[visit()], items=[item(), running, suspended], intervals=[interval(1, 2, None)])
    assert day.handling.cases == day.immediate.cases == 1


def test_void_timing_is_a_case_but_in_no_time_and_no_share():
    visits = [visit(), visit(2, void_reason="忘记结束", ticket_id=2)]
    day = figures(visits=visits, items=[item(), item(2, visit_id=2, quantity=2)],
                  intervals=[interval(1, 1, 601.0), interval(2, 2, 30_000.0)])
    for found in (day.handling, day.immediate, day.items[0].handling, day.clerks[0].handling):
        assert (found.cases, found.void, found.over, found.over_share) == (3, 2, 1, 1.0)
        assert found.times == Spread(1, 601.0, 601.0, 601.0, 601.0)
    assert (day.visits, day.void_visits) == (2, 1)


def test_void_timing_is_left_out_though_its_visit_began_the_day_before():
    night = replace(visit(9, void_reason="隔夜"), day=DAY - timedelta(days=1))
    day = figures(others=[night], items=[item(visit_id=9)], intervals=[interval(1, 1, 50_000.0)])
    assert (day.handling.cases, day.handling.void, day.handling.times) == (1, 1, None)
    assert (day.visits, day.void_visits) == (0, 0)


@pytest.mark.parametrize(("seconds", "met", "over"), [
    ([600.0], True, 0), ([600.001], False, 1), ([599.0, 601.0], True, 1), ([599.0, 601.1], False, 1), ([], None, 0),
])
def test_ten_minutes_are_met_up_to_the_very_second(seconds, met, over):
    day = handled(*seconds)
    assert day.meets_target is met
    assert day.immediate.over == over
    assert day.immediate.over_share == (over / len(seconds) if seconds else None)


@given(st.integers(1, 99), st.lists(st.integers(0, 600_000), min_size=2))
@example(1, [100, 518_800])
def test_parts_that_make_exactly_ten_minutes_a_case_are_not_over(quantity, cuts):
    """Milliseconds at which an item was suspended and resumed at once; added up, floats are off by a little."""
    cuts = sorted([0, *cuts, 600_000 * quantity])
    parts = [interval(n, 1, (end - start) / 1000) for n, (start, end) in enumerate(pairwise(cuts))]
    day = figures(visits=[visit()], items=[item(quantity=quantity)], intervals=parts)
    assert day.immediate.over == 0
    assert day.meets_target


@given(st.integers(1, 99), st.integers(1, 99), st.floats(0, 1))
@example(1, 11, 0.05)
def test_cases_of_ten_minutes_in_the_mean_meet_them(few, many, share):
    """Two items of several cases share all the time there is."""
    whole = 600_000 * (few + many)
    first = round(whole * share)
    day = figures(visits=[visit()], items=[item(1, quantity=few), item(2, quantity=many)],
                  intervals=[interval(1, 1, first / 1000), interval(2, 2, (whole - first) / 1000)])
    assert day.meets_target


def test_only_immediate_items_are_judged():
    day = figures(visits=[visit()], items=[item(), item(2, immediate=False, item_code="NT13")],
                  intervals=[interval(1, 1, 60.0), interval(2, 2, 9000.0)])
    assert (day.immediate.cases, day.immediate.over, day.handling.over) == (1, 0, 1)
    assert day.meets_target
    assert [one.code for one in day.items] == ["NT01", "NT13"]


def test_the_hall_decides_the_target():
    rules = replace(RULES, target_seconds=300)
    day = figures(rules, visits=[visit()], items=[item()], intervals=[interval(1, 1, 301.0)])
    assert (day.target, day.meets_target, day.immediate.over) == (300.0, False, 1)


def test_outcomes_are_counted_in_cases_by_item():
    items = [item(1, quantity=2), item(2, outcome=Outcome.NOTICE), item(3), item(4, item_code="NT02")]
    first, second = figures(visits=[visit()], items=items).items
    assert first.outcomes == {Outcome.COMPLETED: 3, Outcome.NOTICE: 1}
    assert (second.code, second.outcomes, second.handling.cases) == ("NT02", {Outcome.COMPLETED: 1}, 1)


def test_visits_count_when_they_are_closed():
    visits = [visit(1), visit(2, ticket_id=None), visit(3, ticket_id=3, state=VisitState.OPEN),
              visit(4, ticket_id=4, state=VisitState.PARKED)]
    day = figures(visits=visits)
    assert (day.visits, day.walk_ins, day.open_visits) == (2, 1, 2)


def test_the_wait_ends_with_the_first_call():
    """A recall, a second call after a miss, a hold or a transfer change nothing."""
    moved = call(1, 1, at=50, ended=80, result=CallResult.TRANSFERRED, calls=3)
    day = figures(tickets=[ticket(1), ticket(2, issued=10), ticket(3)],
                  calls=[moved, call(2, 1, at=300, ended=320), call(3, 2, at=70)])
    assert (day.issued, day.waiting) == (3, Spread(2, 55.0, 55.0, 60.0, 60.0))
    assert day.recalls == 2


def test_a_clock_set_back_makes_no_wait_or_way_negative_and_no_later_call_the_first():
    calls = [call(1, at=100, ended=40, result=CallResult.MISSED), call(2, at=-500, ended=-600)]
    day = figures(tickets=[ticket(1)], calls=calls)
    assert (day.waiting.mean, day.way.longest) == (100.0, 0.0)


def test_the_way_is_from_the_call_to_the_window_of_those_who_came():
    calls = [call(1, at=10, ended=40), call(2, 2, at=10, ended=500, result=CallResult.MISSED),
             call(3, 3, at=0, ended=60, staff="0313"), call(4, 4, at=0, ended=77, result=CallResult.ABANDONED),
             call(5, 5, at=0, result=None)]
    day = figures(calls=calls, visits=[visit(), visit(2, staff="0313", ticket_id=3)])
    assert day.way == Spread(2, 45.0, 45.0, 60.0, 60.0)
    assert [(one.staff, one.way.mean) for one in day.clerks] == [("0312", 30.0), ("0313", 60.0)]
    assert day.missed == 1


def test_tickets_tell_who_had_priority_came_back_and_gave_up():
    gone = ticket(3, state=TicketState.ABANDONED, returns=2)
    day = figures(tickets=[ticket(1, priority=True), ticket(2, returns=1), gone])
    assert (day.issued, day.priority, day.returned, day.abandoned) == (3, 1, 3, 1)


def test_notices_are_counted_by_situation():
    given_ = [notice(n, one) for n, one in enumerate((Situation.REFUSED, Situation.INCOMPLETE, Situation.REFUSED))]
    assert figures(notices=given_).notices == {Situation.REFUSED: 2, Situation.INCOMPLETE: 1}


def test_each_clerk_has_visits_cases_and_times():
    visits = [visit(1, staff="0400"), visit(2, staff="0312", ticket_id=2), visit(3, staff="0312", ticket_id=3)]
    items = [item(1, staff="0400", visit_id=1), item(2, staff="0355", visit_id=1), item(3, visit_id=2, quantity=2)]
    day = figures(visits=visits, items=items, intervals=[interval(1, 1, 10.0), interval(3, 3, 100.0)])
    assert [(one.staff, one.visits, one.handling.cases, one.handling.times.mean) for one in day.clerks] == [
        ("0312", 2, 2, 50.0), ("0355", 0, 1, 0.0), ("0400", 1, 1, 10.0)]


def test_an_estimate_errs_by_minutes_whatever_its_sign():
    tickets = [ticket(1, expected_minutes=10), ticket(2, expected_minutes=1), ticket(3, expected_minutes=5), ticket(4)]
    calls = [call(1, 1, at=420), call(2, 2, at=120), call(4, 4, at=600)]
    day = figures(tickets=tickets, calls=calls)
    assert (day.estimates, day.estimate_error) == (2, 2.0)  # 7 for 10, 2 for 1; one never called, one told nothing


@pytest.mark.parametrize(("zone", "hours"), [("UTC", [1, 2, 3]), ("Asia/Shanghai", [9, 10, 11])])
def test_hours_are_the_halls_from_the_first_to_the_last(zone, hours):
    """Numbers are issued in the first, visits open in the last; the hour between is shown empty."""
    day = figures(replace(RULES, timezone=zone), tickets=[ticket(), ticket(2, issued=3599)],
                  visits=[visit(opened_at=after(7200)), visit(2, state=VisitState.OPEN, opened_at=after(10_799))],
                  items=[item(quantity=4, ended_at=after(7300))])
    assert day.hours == (HourFigures(hours[0], 2, 0, 0), HourFigures(hours[1], 0, 0, 0), HourFigures(hours[2], 0, 2, 4))


def test_the_last_hour_before_midnight_takes_nothing_from_the_next_day():
    midnight = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    late = [item(1, ended_at=midnight - timedelta(seconds=1)), item(2, ended_at=midnight, quantity=5)]
    day = figures(visits=[visit(opened_at=midnight - timedelta(minutes=5))], items=late)
    assert day.hours == (HourFigures(23, 0, 1, 1),)
    assert day.handling.cases == 6


def test_a_day_without_records_has_no_figure():
    day = figures()
    assert (day.issued, day.visits, day.handling.cases, day.notices, day.items, day.clerks, day.hours) == (
        0, 0, 0, {}, (), (), ())
    assert [day.waiting, day.way, day.handling.times, day.estimate_error, day.meets_target] == [None] * 5
    assert day.immediate.over_share is None
