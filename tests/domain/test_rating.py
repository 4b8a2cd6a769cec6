"""The rules of a rating: levels, codes of a level, one a visit, what counts as bad."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallapp.domain.errors import AlreadyRated, BadInput
from hallapp.domain.rating import CODES, Channel, Level, Rating, checked, rating_figures, require_open

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def rating(level, visit=1):
    return Rating(visit, date(2026, 11, 23), 1, "0312", level, (), Channel.SCREEN, NOW)


def test_there_are_the_five_official_levels_of_which_two_are_bad():
    assert sorted(Level) == [1, 2, 3, 4, 5]
    assert [level for level in sorted(Level) if level.bad] == [1, 2]


def test_every_level_has_its_official_codes_that_begin_with_its_number():
    assert set(CODES) == set(Level)
    for level, codes in CODES.items():
        assert len(codes) == 8
        assert all(code.startswith(str(int(level))) for code in codes)
    assert [CODES[level][0] for level in sorted(Level)] == ["108", "207", "307", "406", "510"]
    assert [CODES[level][-1] for level in sorted(Level)] == ["115", "214", "314", "413", "517"]


@pytest.mark.parametrize("level", [0, 6, -1, 55])
def test_a_level_that_does_not_exist_is_refused(level):
    with pytest.raises(BadInput) as refused:
        checked(level, ())
    assert refused.value.field == "level"


@given(st.sampled_from(Level), st.lists(st.sampled_from([code for codes in CODES.values() for code in codes])))
def test_codes_must_belong_to_the_level_and_come_once_in_official_order(level, codes):
    if set(codes) <= set(CODES[level]):
        _level, kept = checked(int(level), codes)
        assert sorted(set(codes)) == list(kept)
    else:
        with pytest.raises(BadInput) as refused:
            checked(int(level), codes)
        assert refused.value.field == "reasons"


def test_a_given_level_is_final_and_no_answer_is_not():
    require_open(None)
    require_open(rating(None))
    with pytest.raises(AlreadyRated):
        require_open(rating(Level.SATISFIED))


def test_nobody_asked_gives_empty_figures():
    found = rating_figures([])
    assert (found.levels, found.asked, found.rated, found.bad, found.satisfied_share) == ({}, 0, 0, 0, None)


@given(st.lists(st.sampled_from([None, *Level])))
def test_figures_count_every_answer_once(levels):
    found = rating_figures([rating(level) for level in levels])
    assert found.asked == len(levels)
    assert found.not_rated == levels.count(None)
    assert found.bad == sum(level in (1, 2) for level in levels)
    answers = [level for level in levels if level is not None]
    if answers:
        assert found.satisfied_share == pytest.approx(sum(level >= 3 for level in answers) / len(answers))
    else:
        assert found.satisfied_share is None
