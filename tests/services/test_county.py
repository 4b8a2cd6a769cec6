"""County figures are the day reports' own figures added up: held against the domain's, from the rows themselves."""

from contextlib import suppress
from dataclasses import fields, replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hallapp.domain.county import FEW_CASES, CountyRefused, HallFigures, Period, league
from hallapp.domain.errors import HallError
from hallapp.domain.events import By, Kind
from hallapp.domain.figures import DayRecords, Figures, Handling, Spread, day_figures
from hallapp.domain.handling import Outcome
from hallapp.domain.rules import HallInfo, Rules
from hallapp.domain.staff import Staff
from hallapp.services import county, reports, staff
from hallapp.services.hall import look, step
from hallapp.store import county as store_county
from hallapp.store import people
from hallapp.store.opening import beside, open_postgres
from hallapp.store.rows import added
from hallapp.store.spreads import Asked
from tests.conftest import PASSWORD, TestClock
from tests.services import played_days
from tests.services.conftest import CLERKS
from tests.services.log_figures import agrees
from tests.services.played_days import Play
from tests.services.test_replay import moves
from tests.services.test_reports import LongDay

NAMES = [one.name for one in fields(Figures)]
DAY = date(2026, 11, 23)


def same(found, wanted):
    """Where the two differ; items may come in another order."""
    pairs = {name: (getattr(found, name), getattr(wanted, name)) for name in NAMES}
    pairs["items"] = tuple(tuple(sorted(one.items, key=lambda item: item.code)) for one in (found, wanted))
    return {name: pair for name, pair in pairs.items() if not agrees(*pair)}


def whole(halls):
    """The figures over all days of some halls, worked out by the domain from all their rows."""
    everything = DayRecords()
    turns = [(hall, day) for hall in halls for day in reports.days(hall)]
    for turn, (hall, day) in enumerate(turns, 1):
        own = _renumbered(reports.records(hall, day), turn * 1_000_000)
        everything = DayRecords(*(getattr(everything, f.name) + getattr(own, f.name) for f in fields(DayRecords)))
    return day_figures(DAY, everything, halls[0].rules)


def _renumbered(records, offset):
    """The same rows with ids of their own, as if each hall's day were no other's."""
    return DayRecords(*(tuple(_shifted(row, offset) for row in getattr(records, f.name)) for f in fields(DayRecords)))


def _shifted(row, offset):
    ids = {f.name: getattr(row, f.name) for f in fields(row) if f.name in ("id", "ticket_id", "visit_id", "item_id")}
    return replace(row, **{name: one + offset for name, one in ids.items() if one is not None})


def days_differing(hall):
    return {day: differs for day in [*reports.days(hall), hall.today() + timedelta(days=1)]
            if (differs := same(held_to_its_own_aim(hall, Period(day, day)), reports.figures(hall, day)))}


def held_to_its_own_aim(hall, period):
    """A county's figures of the hall, but for the ten minutes."""
    with look(hall) as db:
        return store_county.figures(db, Asked([hall.id], period, hall.rules.target_seconds))[store_county.TOTAL]


@pytest.fixture
def store(new_store):
    """The county's figures are worked out on PostgreSQL only."""
    return new_store()


@pytest.fixture
def new_store(postgres_url):
    """``new_store()``: a hall of its own on the shared server."""
    opened = []

    def make():
        opened.append(open_postgres(postgres_url, uuid4().hex))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.mark.parametrize("play", played_days.DAYS, ids=lambda play: play.__name__)
def test_one_hall_and_day_of_the_county_is_the_halls_own_report(play, hall, staffed):
    hall = staffed(replace(hall, rules=Rules(target_seconds=300)))
    play(Play(hall, hall.clock))
    assert days_differing(hall) == {}
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    assert same(held_to_its_own_aim(hall, year), whole([hall])) == {}
    found = county.figures(hall.store, year, [hall.id])
    assert same(found.total, whole([replace(hall, rules=Rules())])) == {}  # ten minutes, whatever a hall aims at
    assert same(found.halls[0].figures, found.total) == {}


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_whatever_happens_the_county_says_what_the_hall_says(hall, new_store, staffed, seed):
    store, clock = new_store(), TestClock()
    own = staffed(replace(hall, store=store, info=HallInfo(store.hall_id, "h"), clock=clock))
    play = LongDay(own, clock)
    for name, by, pick in moves(seed):
        clock.advance(1)
        with suppress(HallError):
            getattr(play, name)(by, pick)
    assert days_differing(own) == {}


@pytest.fixture
def staffed(_hashed):
    """``staffed(hall)``: the same hall with two clerks at their windows."""

    def seat(hall):
        for by in CLERKS:
            with step(hall) as doing:
                people.keep_password(doing.db, hall.id, by.staff, _hashed)
                doing.record(Kind.STAFF_ADDED, By("setup"), [added(Staff(by.staff, "员工"))])
            staff.sign_in(hall, by.station, by.staff, PASSWORD, by.window)
        return hall

    return seat


@pytest.fixture
def another(hall, staffed):
    """``another(name)``: one more hall in the same store, with two clerks at their windows."""

    def make(name):
        store = beside(hall.store, f"{hall.id[:20]}-{name}")
        made = replace(hall, store=store, info=HallInfo(store.hall_id, name), clock=TestClock())
        return staffed(made)

    return make


@pytest.fixture
def three(hall, another, staffed):
    """Three halls with different days behind them."""
    halls = [staffed(hall), another("b"), another("c")]
    for one, play in zip(halls, (played_days.over_night, played_days.ordinary, played_days.with_a_caller), strict=True):
        play(Play(one, one.clock))
    return halls


def test_totals_over_halls_and_days_are_those_of_all_rows_together(three):
    found = county.figures(three[0].store, Period(date(2026, 11, 1), date(2026, 11, 30)), [hall.id for hall in three])
    assert found.total.handling.times.n > 10
    assert same(found.total, whole(three)) == {}
    assert {one.hall_id: same(one.figures, whole([hall])) for one, hall in zip(
        found.halls, sorted(three, key=lambda hall: hall.id), strict=True)} == {hall.id: {} for hall in three}


def test_each_day_of_each_hall_is_its_own_report(three):
    assert [days_differing(hall) for hall in three] == [{}, {}, {}]


def test_an_item_of_several_cases_counts_each_with_its_share(three):
    hall = three[2]
    before = county.figures(hall.store, Period(hall.today(), hall.today()), [hall.id]).total.handling
    play = Play(hall, hall.clock)
    play.arrived(CLERKS[0], play.ticket())
    play.item(CLERKS[0], "NT02", 3 * 601, Outcome.COMPLETED, quantity=3)
    play.left(CLERKS[0])
    after = county.figures(hall.store, Period(hall.today(), hall.today()), [hall.id]).total.handling
    assert (after.cases - before.cases, after.over - before.over) == (3, 3)


def test_only_the_days_and_halls_asked_for_count(three):
    hall = three[0]
    days = sorted(reports.days(hall))
    assert len(days) > 1
    one = county.figures(hall.store, Period(days[0], days[0]), [hall.id]).total
    both = county.figures(hall.store, Period(days[0], days[-1]), [hall.id]).total
    assert one.handling.cases == reports.figures(hall, days[0]).handling.cases < both.handling.cases
    assert county.figures(hall.store, Period(days[0], days[-1]), [hall.id, three[1].id]).total.visits > both.visits


def test_a_hall_without_an_event_in_the_period_is_named_with_its_last_day(three, another):
    never = another("d")
    empty = beside(three[0].store, f"{three[0].id[:20]}-e")
    last = {hall.id: max(reports.days(hall)) for hall in (*three, never)}
    period = Period(max(last.values()), max(last.values()))
    found = county.figures(three[0].store, period, [*last, empty.hall_id])
    assert [(hall.hall_id, hall.last_day) for hall in found.silent()] == [
        (empty.hall_id, None), *sorted(((one, day) for one, day in last.items() if day < period.first),
                                       key=lambda pair: (pair[1], pair[0]))]


def test_a_hall_nobody_knows_is_refused_by_name(three):
    with pytest.raises(CountyRefused) as refused:
        county.figures(three[0].store, Period(DAY, DAY), [three[0].id, "nowhere"])
    assert (refused.value.why, refused.value.where) == ("unknown", "nowhere")


def test_in_the_league_halls_with_few_cases_come_after_the_others():
    def hall(name, n, mean):
        times = Spread(n, mean, mean, mean, mean) if n else None
        return HallFigures(name, name, Figures(immediate=Handling(n, times, 0, 0)), DAY)

    slow, quick = hall("a", FEW_CASES, 700.0), hall("b", FEW_CASES, 200.0)
    few, none = hall("c", FEW_CASES - 1, 10.0), hall("d", 0, 0.0)
    assert league([none, few, slow, quick]) == (quick, slow, few, none)
    assert [one.few for one in (slow, few, none)] == [False, True, True]
