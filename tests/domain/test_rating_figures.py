"""The report's figures on ratings, computed another way: from the event log alone."""

from __future__ import annotations

import shutil
from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hallapp.domain.errors import HallError
from hallapp.domain.events import By, Clerk, Kind
from hallapp.domain.figures import DayRecords, day_figures
from hallapp.domain.rating import CODES, Level, RatingFigures
from hallapp.domain.rules import HallInfo, Rules, Window
from hallapp.domain.staff import Session
from hallapp.services import ratings, reports, visits
from hallapp.services.hall import Hall, look, step
from hallapp.store import log
from hallapp.store.opening import open_sqlite
from hallapp.store.rows import added
from tests.conftest import TestClock

CLERKS = (Clerk("window-1", "0312", 1), Clerk("window-2", "0313", 2))


def told(events):
    """Answers and silences by clerk, from the events: the last word on each visit counts."""
    clerk, word = {}, {}
    for event in events:
        if event.kind is Kind.FINISHED:
            clerk[event.visit_id] = event.staff
        elif event.kind is Kind.RATED:
            word[event.visit_id] = event.data["level"]
        elif event.kind is Kind.NOT_RATED:
            word[event.visit_id] = None
    return {visit: (clerk[visit], level) for visit, level in word.items()}


@pytest.fixture(scope="module")
def many(tmp_path_factory, empty_store, catalogue):
    """``many(seed)``: a day with two clerks, rated at random; the hall."""
    halls = []

    def play(seed):
        chance, clock = Random(seed), TestClock()
        path = tmp_path_factory.mktemp("rated") / "hall.db"
        shutil.copyfile(empty_store, path)
        every = frozenset(group.code for group in catalogue.groups)
        windows = tuple(Window(number, every) for number in (1, 2))
        hall = Hall(open_sqlite(path, "h1"), HallInfo("h1", "大厅"), Rules(), windows, catalogue, clock)
        halls.append(hall)
        for by in CLERKS:
            sit(hall, by)
        for _ in range(chance.randrange(12)):
            by = chance.choice(CLERKS)
            visits.walk_in(hall, by)
            clock.advance(60)
            visit = visits.finish_visit(hall, by)
            for _ in range(chance.randrange(4)):
                answer(hall, visit.id, chance)
        return hall

    yield play
    for hall in halls:
        hall.store.close()


def sit(hall, by):
    with step(hall) as doing:
        doing.record(Kind.SIGNED_IN, by, [added(Session(by.window, by.staff, doing.now))])


def answer(hall, visit, chance):
    level = chance.choice([None, *Level])
    try:
        if level is None:
            ratings.not_rated(hall, By("rater-1"), visit)
        else:
            ratings.rate(hall, By("rater-1"), visit, level, CODES[level][: chance.randrange(3)])
    except HallError:
        pass


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_the_figures_are_what_the_event_log_tells(many, seed):
    hall = many(seed)
    found = reports.figures(hall, hall.today())
    with look(hall) as db:
        words = told(log.events_of_day(db, hall.id, hall.today())).values()
    levels = Counter(level for _clerk, level in words)
    assert found.ratings.asked == len(words)
    assert found.ratings.not_rated == levels[None]
    assert {level: count for level, count in found.ratings.levels.items() if count} == {
        level: count for level, count in levels.items() if level is not None}
    assert found.ratings.bad == levels[1] + levels[2]
    by_clerk = {one.staff: (one.ratings.rated, one.ratings.bad, one.ratings.not_rated) for one in found.clerks}
    for staff, counts in by_clerk.items():
        mine = [level for clerk, level in words if clerk == staff]
        assert counts == (sum(level is not None for level in mine), sum(level in (1, 2) for level in mine),
                          mine.count(None))
    assert sum(rated + silent for rated, _bad, silent in by_clerk.values()) == len(words)


def test_a_day_on_which_nobody_was_asked_has_empty_figures(hall):
    figures = day_figures(hall.today(), DayRecords(), Rules())
    assert figures.ratings == RatingFigures()
    assert figures.ratings.satisfied_share is None
