"""Which copies of a store are kept."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hallapp.domain.upkeep import kept

DAYS = st.sets(st.dates(date(2024, 1, 1), date(2027, 12, 31)), max_size=80)


def test_of_two_years_of_days_a_fortnight_and_the_firsts_of_a_year_are_kept():
    days = [date(2026, 11, 25) - timedelta(days=back) for back in range(730)]
    fortnight = {date(2026, 11, 25) - timedelta(days=back) for back in range(14)}
    firsts = {date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 12))}
    assert kept(days) == fortnight | firsts


def test_the_first_of_a_month_is_the_first_on_which_the_hall_was_open():
    days = [date(2026, 5, day) for day in (4, 5, 6)] + [date(2026, 11, day) for day in range(1, 26)]
    assert date(2026, 5, 4) in kept(days)
    assert date(2026, 5, 5) not in kept(days)


@given(DAYS)
def test_the_newest_is_always_kept_and_a_day_more_never_costs_an_earlier_month_of_the_same_year_window(days):
    found = kept(days)
    assert found <= days
    assert len(found) <= 14 + 12
    assert set(sorted(days)[-14:]) <= found
    assert kept(found) == found, "what was kept once is kept by the same rule again"
