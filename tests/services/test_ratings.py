"""Whom a rater asks, what it keeps, and that the log holds it all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hallapp.domain.errors import AlreadyRated, BadInput, NotFound, NothingToUndo, WrongState
from hallapp.domain.events import By, Kind
from hallapp.domain.handling import Outcome
from hallapp.domain.rating import Answer, Channel, Level
from hallapp.services import counter, ratings, visits
from hallapp.services.hall import look
from hallapp.store import ratings as stored
from tests.services.replay import check_store

RATER = By("rater-1")


@pytest.fixture
def ended(hall, clerk, clock, served):
    """``ended()``: a visitor has just left window 1; the visit."""

    def end(by=clerk):
        served(by)
        item = visits.start_item(hall, by, "NT02")
        clock.advance(minutes=5)
        visits.finish_item(hall, by, item.id, Outcome.COMPLETED)
        return visits.finish_visit(hall, by)

    return end


@pytest.fixture
def rating_of(hall):
    def read(visit):
        with look(hall) as db:
            return stored.rating(db, hall.id, visit.id)

    return read


def test_an_answer_is_kept_with_the_visits_window_and_clerk(hall, ended, clock, rating_of):
    visit = ended()
    clock.advance(7)
    kept = ratings.rate(hall, RATER, visit.id, 2, ("214", "207"))
    assert kept == rating_of(visit)
    assert (kept.level, kept.reasons, kept.channel) == (Level.DISSATISFIED, ("207", "214"), Channel.SCREEN)
    assert (kept.window, kept.staff, kept.day, kept.at) == (1, "0312", visit.day, clock.now())


def test_one_event_tells_the_answer_and_carries_no_window(hall, ended, events):
    visit = ended()
    before = len(events())
    ratings.rate(hall, RATER, visit.id, 5, ("510",), Channel.KEYPAD)
    (event,) = events()[before:]
    assert (event.kind, event.station, event.window, event.staff) == (Kind.RATED, "rater-1", None, None)
    assert event.visit_id == visit.id
    assert event.number == "A001"
    assert event.data == {"level": 5, "reasons": ["510"], "channel": "keypad"}


def test_a_visit_is_rated_once(hall, ended, rating_of):
    visit = ended()
    ratings.rate(hall, RATER, visit.id, 5)
    for _ in range(2):
        with pytest.raises(AlreadyRated):
            ratings.rate(hall, RATER, visit.id, 1)
        with pytest.raises(AlreadyRated):
            ratings.not_rated(hall, RATER, visit.id)
    assert rating_of(visit).level == 5


def test_no_answer_is_noted_once_and_a_late_answer_replaces_it(hall, ended, clock, rating_of):
    visit = ended()
    clock.advance(60)
    assert ratings.not_rated(hall, RATER, visit.id).level is None
    with pytest.raises(AlreadyRated):
        ratings.not_rated(hall, RATER, visit.id)
    clock.advance(3)
    ratings.rate(hall, RATER, visit.id, 4, ("406",), Channel.KEYPAD)
    kept = rating_of(visit)
    assert (kept.level, kept.reasons, kept.channel, kept.at) == (4, ("406",), Channel.KEYPAD, clock.now())


def test_an_answer_of_another_day_is_refused(hall, ended, clock):
    visit = ended()
    clock.advance(minutes=24 * 60)
    with pytest.raises(WrongState):
        ratings.rate(hall, RATER, visit.id, 5)


def test_an_answer_given_in_time_counts_for_its_day_whenever_it_arrives(hall, ended, clock, rating_of):
    visits = [ended(), ended()]
    clock.advance(8)
    given = clock.now()
    clock.advance(minutes=20 * 60)
    for visit, level in zip(visits, (Level.SATISFIED, None), strict=True):
        answer = Answer(visit.id, 1, level, (), Channel.SCREEN, given)
        ratings.give(hall, answer)
        assert (rating_of(visit).level, rating_of(visit).day, rating_of(visit).at) == (level, visit.day, given)
        with pytest.raises(AlreadyRated):
            ratings.give(hall, answer)


def test_an_answer_is_not_given_to_a_visit_that_ended_after_it(hall, ended, clock, rating_of):
    given = clock.now()
    visit = ended()
    with pytest.raises(WrongState):
        ratings.give(hall, Answer(visit.id, 1, Level.SATISFIED, (), Channel.SCREEN, given))
    assert rating_of(visit) is None


@pytest.mark.parametrize(("level", "reasons", "field"), [(0, (), "level"), (6, (), "level"), (5, ("108",), "reasons"),
                                                         (1, ("999",), "reasons")])
def test_what_is_no_rating_is_refused_and_leaves_no_trace(hall, ended, events, level, reasons, field):
    visit = ended()
    before = events()
    with pytest.raises(BadInput) as refused:
        ratings.rate(hall, RATER, visit.id, level, reasons)
    assert refused.value.field == field
    assert events() == before


def test_only_an_ended_visit_is_rated(hall, clerk, served, visit_of, ended):
    visit = visit_of(served(clerk))
    with pytest.raises(WrongState):
        ratings.rate(hall, RATER, visit.id, 5)
    with pytest.raises(NotFound):
        ratings.rate(hall, RATER, 999_999, 5)
    visits.void_visit(hall, By("supervisor"), visit.id, "忘记结束")
    with pytest.raises(WrongState):
        ratings.rate(hall, RATER, visit.id, 5)
    assert ratings.to_rate(hall, 1) is None


def test_the_visitor_who_just_left_is_asked_until_somebody_answers_or_comes(hall, clerk, ended, issue, clock):
    assert ratings.to_rate(hall, 1) is None
    visit = ended()
    assert ratings.to_rate(hall, 1) == visit
    assert ratings.to_rate(hall, 2) is None
    assert ratings.time_left(hall, visit, clock.now()) == hall.rules.rating_seconds
    issue()
    counter.call_next(hall, clerk)
    assert ratings.to_rate(hall, 1) == visit  # the next one is on the way
    counter.arrive(hall, clerk)
    assert ratings.to_rate(hall, 1) is None
    second = visits.finish_visit(hall, clerk)
    assert ratings.to_rate(hall, 1).id == second.id
    ratings.not_rated(hall, RATER, second.id)
    assert ratings.to_rate(hall, 1) is None


def test_a_visitor_who_only_goes_to_another_window_is_not_asked(hall, clerk, other, served):
    served(clerk)
    counter.transfer(hall, clerk, window=2, back=True)
    counter.call_next(hall, other)
    counter.arrive(hall, other)
    visits.finish_visit(hall, other)  # goes back to window 1
    assert ratings.to_rate(hall, 2) is None
    assert ratings.to_rate(hall, 1) is None


def test_the_end_of_a_visit_can_be_undone_while_its_visitor_is_asked(hall, clerk, ended):
    ended()
    assert counter.undo(hall, clerk) is Kind.FINISHED
    assert ratings.to_rate(hall, 1) is None


@pytest.mark.parametrize("answer", [lambda *who: ratings.rate(*who, 5), ratings.not_rated], ids=["rated", "not rated"])
def test_after_an_answer_the_end_of_the_visit_stands(hall, clerk, ended, answer):
    visit = ended()
    answer(hall, RATER, visit.id)
    with pytest.raises(NothingToUndo):
        counter.undo(hall, clerk)


def test_a_visitors_answer_does_not_keep_the_clerk_from_undoing_the_next_step(hall, clerk, ended, issue):
    visit = ended()
    issue()
    counter.call_next(hall, clerk)
    ratings.rate(hall, RATER, visit.id, 5)
    assert counter.undo(hall, clerk) is Kind.CALLED


def test_bad_ratings_are_listed_newest_first_with_window_number_and_time(hall, clerk, ended, clock):
    first = ended()
    ratings.rate(hall, RATER, first.id, 1, ("108",))
    fine = ended()
    ratings.rate(hall, RATER, fine.id, 5)
    visits.walk_in(hall, clerk)
    third = visits.finish_visit(hall, clerk)
    clock.advance(5)
    ratings.rate(hall, RATER, third.id, 2)
    found = ratings.bad_today(hall)
    assert [(bad.rating.visit_id, bad.number, bad.rating.level) for bad in found] == [
        (third.id, "", 2), (first.id, "A001", 1)]
    assert found[0].rating.at - found[1].rating.at >= timedelta(seconds=5)


def test_the_log_replays_to_the_same_ratings(hall, ended, tmp_path):
    first, second = ended(), ended()
    ratings.rate(hall, RATER, first.id, 5, ("510", "517"))
    ratings.not_rated(hall, RATER, second.id)
    ratings.rate(hall, RATER, second.id, 2, ("207",))
    check_store(hall.store, tmp_path / "replayed.db")


def test_the_time_for_an_answer_is_the_halls_rule(hall, ended, clock):
    visit = ended()
    short = replace(hall, rules=replace(hall.rules, rating_seconds=20))
    clock.advance(15)
    assert ratings.time_left(short, visit, clock.now()) == 5
