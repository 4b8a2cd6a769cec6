"""The demo's day as drawn from a seed."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from hallapp.demo.clock import DemoClock
from hallapp.demo.plan import Story, draw_day
from hallapp.demo.schedule import Schedule
from hallapp.domain.handling import Outcome
from hallapp.domain.rating import Level, checked

DAY, ZONE = date(2026, 11, 23), ZoneInfo("Asia/Shanghai")


def test_the_same_seed_gives_the_same_day_and_another_seed_another(catalogue):
    assert draw_day(DAY, ZONE, catalogue, 40, 1) == draw_day(DAY, ZONE, catalogue, 40, 1)
    assert draw_day(DAY, ZONE, catalogue, 40, 1) != draw_day(DAY, ZONE, catalogue, 40, 2)


@pytest.mark.parametrize("seed", range(1, 21))
def test_a_day_of_forty_has_every_story_about_48_cases_and_a_morning_peak(catalogue, seed):
    day = draw_day(DAY, ZONE, catalogue, 40, seed)
    assert len(day) == 40
    assert set(Counter(visitor.story for visitor in day)) == set(Story)
    assert 40 <= sum(errand.quantity for visitor in day for errand in visitor.errands) <= 58
    assert sum(visitor.at.hour < 12 for visitor in day) > 20
    assert any(visitor.priority for visitor in day)
    assert [visitor.at for visitor in day] == sorted(visitor.at for visitor in day)


@pytest.mark.parametrize("visits", [1, 2, 5, 300])
def test_any_number_of_visitors_can_be_drawn(catalogue, visits):
    assert len(draw_day(DAY, ZONE, catalogue, visits, 1)) == visits


def test_whoever_gets_a_notice_has_an_item_with_materials(catalogue):
    for seed in range(1, 30):
        for visitor in draw_day(DAY, ZONE, catalogue, 40, seed):
            if visitor.story is Story.NOTICE:
                assert visitor.errands[0].outcome is Outcome.NOTICE
                assert any(not material.condition for material in visitor.errands[0].item.materials)


def test_nobody_comes_for_the_same_item_twice(catalogue):
    codes = [[errand.item.code for errand in visitor.errands] for seed in range(1, 30)
             for visitor in draw_day(DAY, ZONE, catalogue, 40, seed)]
    assert any(len(mine) > 1 for mine in codes)
    assert all(len(mine) == len(set(mine)) for mine in codes)


def test_visitors_think_what_the_seed_says_most_of_them_well_and_some_say_nothing(catalogue):
    levels = Counter(visitor.opinion.level for seed in range(1, 21)
                     for visitor in draw_day(DAY, ZONE, catalogue, 40, seed))
    assert set(levels) == {*Level, None}
    assert levels[5] > levels[4] > levels[3] > levels[1]
    assert 0.02 < (levels[1] + levels[2]) / levels.total() < 0.07
    assert 0.07 < levels[None] / levels.total() < 0.18


def test_every_opinion_can_be_given_at_the_rater(catalogue):
    opinions = [visitor.opinion for seed in range(1, 9) for visitor in draw_day(DAY, ZONE, catalogue, 40, seed)]
    assert any(opinion.reasons for opinion in opinions)
    for opinion in opinions:
        if opinion.level is None:
            assert opinion.reasons == ()
        else:
            assert checked(opinion.level, opinion.reasons)[0] is opinion.level


def test_persons_act_in_the_order_of_their_moments_and_the_clock_follows(clock):
    demo_clock = DemoClock(clock.now())
    schedule, seen = Schedule(demo_clock), []

    def person(name, *waits):
        for wait in waits:
            seen.append((name, demo_clock.monotonic()))
            yield wait

    schedule.add(person("a", 10, 10), clock.now())
    schedule.add(person("b", 1), clock.now() + timedelta(seconds=5))
    while schedule.next_moment() is not None:
        schedule.step()
    assert seen == [("a", 0), ("b", 5), ("a", 10)]


def test_who_came_after_somebody_in_the_background_had_gone_keeps_the_day_going(clock):
    schedule = Schedule(DemoClock(clock.now()))
    for _ in range(20):  # Python gives the place of one who has gone to the next one
        schedule.add(iter(()), clock.now(), background=True)
        assert not schedule.busy()
        schedule.step()
        schedule.add(iter(()), clock.now())
        assert schedule.busy()
        schedule.step()
