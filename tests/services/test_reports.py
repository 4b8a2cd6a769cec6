"""Every figure of the daily report is what the event log tells by itself, whatever happens in a day."""

import shutil
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hallapp.domain.errors import HallError
from hallapp.domain.rules import Rules
from hallapp.domain.tally import Tally
from hallapp.services import appointments, reports, visits
from hallapp.services.desk import desk
from hallapp.services.hall import Hall
from hallapp.store.opening import open_sqlite
from tests.services import played_days
from tests.services.conftest import CLERKS
from tests.services.log_figures import FIGURES, ToldDay, agrees, every_figure, told
from tests.services.played_days import Play, WatchedClock
from tests.services.test_replay import Day, moves

RULES = {"as usual": Rules(), "elsewhere, in five minutes": Rules(timezone="America/St_Johns", target_seconds=300)}


@contextmanager
def opened(staffed_store, folder, rules):
    """A hall with two clerks at their windows, on a store of its own, and its clock."""
    path, plan = staffed_store
    shutil.copyfile(path, folder / "hall.db")
    clock = WatchedClock()
    store = open_sqlite(folder / "hall.db", "h1")
    clock.hall = hall = Hall(store, plan.info, rules, plan.windows, plan.catalogue, clock)
    try:
        yield hall, clock
    finally:
        store.close()


@pytest.fixture(scope="module", params=[(day, name) for day in played_days.DAYS for name in RULES],
                ids=lambda param: f"{param[0].__name__} {param[1]}")
def played(request, staffed_store, tmp_path_factory):
    """The hall after a played day, what its log tells, and its business days."""
    play, rules = request.param
    with opened(staffed_store, tmp_path_factory.mktemp(play.__name__), RULES[rules]) as (hall, clock):
        play(Play(hall, clock))
        clock.stamp()
        days = [*reports.days(hall), hall.today() + timedelta(days=1)]
        yield hall, told(hall, clock.ticks), {day: reports.figures(hall, day) for day in days}


def differing(hall, story):
    """Where report and log disagree: day, figure, reported, told."""
    both = [(day, name, getattr(reports.figures(hall, day), name), tell(ToldDay(story, day, hall)))
            for day in reports.days(hall) for name, tell in FIGURES.items()]
    return [one for one in both if not agrees(*one[2:])]


@pytest.mark.parametrize("name", FIGURES)
def test_the_log_tells_the_same_figure(played, name):
    hall, story, days = played
    for day, figures in days.items():
        reported, wanted = getattr(figures, name), FIGURES[name](ToldDay(story, day, hall))
        assert agrees(reported, wanted), f"{name} of {day}: reported {reported}, the log tells {wanted}"


def test_an_ordinary_day_leaves_no_figure_empty(staffed_store, tmp_path):
    with opened(staffed_store, tmp_path, Rules()) as (hall, clock):
        play = Play(hall, clock)
        played_days.ordinary(play)
        visits.void_visit(hall, played_days.SUPERVISOR, desk(hall, 1).visit.id, "忘记结束")
        played_days.with_a_caller(play)
        taking = replace(hall, appointment_times=played_days.AT_ANY_TIME)
        booking = appointments.Booking(appointments.book_of(taking).open[0].slot.starts_at, "enrol")
        play.ticket(appointment=appointments.book(taking, CLERKS[0], booking).code)
        play.ticket()
        visits.walk_in(hall, CLERKS[0])
        figures = reports.figures(hall, hall.today())
    assert [name for name in FIGURES if not getattr(figures, name)] == []


def test_each_engine_gives_the_figures_the_log_tells(hall, clock, clerk, other):
    played_days.over_night(Play(hall, clock))
    assert len(reports.days(hall)) == 2
    assert differing(hall, told(hall)) == []


class LongDay(Day):
    """A random day in which handling may take longer than its target."""

    def wait(self, by, pick):
        self.clock.advance(pick * 40)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_whatever_happens_the_log_tells_the_same_figures(staffed_store, tmp_path_factory, seed):
    folder = tmp_path_factory.mktemp("day")
    with opened(staffed_store, folder, Rules()) as (hall, clock):
        play = LongDay(hall, clock)
        for name, by, pick in moves(seed):
            clock.advance(1)
            with suppress(HallError):
                getattr(play, name)(by, pick)
        clock.stamp()
        found = differing(hall, told(hall, clock.ticks))
        desks, figures = [desk(hall, by.window) for by in CLERKS], reports.figures(hall, hall.today())
    shutil.rmtree(folder)
    assert found == []
    for seen in desks:  # clerks may have changed windows
        assert seen.tally == tally_of(figures, seen.session.staff if seen.session else None)


def tally_of(figures, staff):
    """What a counter has to show, from the day's figures."""
    mine = next((clerk for clerk in figures.clerks if clerk.staff == staff), None)
    mean = figures.immediate.times and figures.immediate.times.mean
    return Tally(mine.visits if mine else 0, mine.handling.cases if mine else 0, figures.handling.cases, mean,
                 figures.meets_target)


def test_every_figure_is_told_by_the_log():
    assert set(FIGURES) == every_figure()
