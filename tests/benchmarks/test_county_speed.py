"""A county's month over 1,300 halls of 800 visits: its figures against plain SQL that works out the same numbers."""

import gc
import time

import pytest
from sqlalchemy import create_engine, text

from hallapp.domain.county import Period
from hallapp.services import county
from hallapp.store.opening import open_county
from tests.benchmarks.county_month import FIRST, HALLS, LAST, VISITS, make

pytestmark = pytest.mark.benchmark
ROUNDS = 2
IN = f"day BETWEEN '{FIRST}' AND '{LAST}'"

# As somebody writes it who wants these numbers once, for all halls: the mean, median, 90th percentile and longest of
# handling, waiting and way, and the counts, of each hall, each item, both, and all.
BY_HAND = (
    f"""
    WITH ended AS MATERIALIZED (
        SELECT i.hall_id, i.item_code, i.immediate, i.quantity,
               CASE WHEN v.void_reason IS NULL THEN round(coalesce(n.seconds, 0)::numeric, 3)::float8 / i.quantity END s
        FROM item i JOIN visit v ON v.hall_id = i.hall_id AND v.id = i.visit_id
        LEFT JOIN (SELECT hall_id, item_id, sum(seconds) AS seconds FROM interval GROUP BY hall_id, item_id) n
            ON n.hall_id = i.hall_id AND n.item_id = i.id
        WHERE i.state = 'ended' AND i.{IN})
    SELECT hall_id, item_code, count(*), count(s), avg(s), percentile_cont(0.5) WITHIN GROUP (ORDER BY s),
           percentile_disc(0.9) WITHIN GROUP (ORDER BY s), max(s), count(*) FILTER (WHERE s > 600),
           count(*) FILTER (WHERE immediate), count(s) FILTER (WHERE immediate), avg(s) FILTER (WHERE immediate),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY s) FILTER (WHERE immediate),
           percentile_disc(0.9) WITHIN GROUP (ORDER BY s) FILTER (WHERE immediate),
           max(s) FILTER (WHERE immediate), count(*) FILTER (WHERE immediate AND s > 600)
    FROM ended, generate_series(1, quantity) GROUP BY GROUPING SETS ((), (hall_id), (item_code), (hall_id, item_code))
    """,
    f"""
    SELECT hall_id, item_code, outcome, sum(quantity) FROM item WHERE state = 'ended' AND {IN}
    GROUP BY hall_id, item_code, outcome
    """,
    f"""
    WITH waited AS (
        SELECT t.hall_id, t.expected_minutes, greatest(0, extract(epoch FROM f.called_at - t.issued_at))::float8 AS s
        FROM ticket t JOIN (
            SELECT DISTINCT ON (hall_id, ticket_id, day) hall_id, ticket_id, day, called_at FROM call WHERE {IN}
            ORDER BY hall_id, ticket_id, day, id) f
        ON f.hall_id = t.hall_id AND f.ticket_id = t.id AND f.day = t.day)
    SELECT hall_id, count(*), avg(s), percentile_cont(0.5) WITHIN GROUP (ORDER BY s),
           percentile_disc(0.9) WITHIN GROUP (ORDER BY s), max(s), count(expected_minutes),
           avg(abs(s / 60 - expected_minutes)) FROM waited GROUP BY GROUPING SETS ((), (hall_id))
    """,
    f"""
    SELECT hall_id, count(*), avg(s), percentile_cont(0.5) WITHIN GROUP (ORDER BY s),
           percentile_disc(0.9) WITHIN GROUP (ORDER BY s), max(s)
    FROM (SELECT hall_id, greatest(0, extract(epoch FROM ended_at - called_at))::float8 AS s FROM call
          WHERE result = 'arrived' AND ended_at IS NOT NULL AND {IN}) ways GROUP BY GROUPING SETS ((), (hall_id))
    """,
    f"""
    SELECT hall_id, count(*), count(*) FILTER (WHERE priority), sum(returns),
           count(*) FILTER (WHERE state = 'abandoned')
    FROM ticket WHERE {IN} GROUP BY hall_id
    """,
    f"SELECT hall_id, sum(calls - 1), count(*) FILTER (WHERE result = 'missed') FROM call WHERE {IN} GROUP BY hall_id",
    f"""
    SELECT hall_id, count(*) FILTER (WHERE state = 'closed'), count(*) FILTER (WHERE state <> 'closed'),
           count(*) FILTER (WHERE state = 'closed' AND ticket_id IS NULL),
           count(*) FILTER (WHERE state = 'closed' AND void_reason IS NOT NULL),
           count(*) FILTER (WHERE state = 'closed' AND NOT EXISTS (
               SELECT FROM item i WHERE i.hall_id = v.hall_id AND i.visit_id = v.id AND i.day = v.day)),
           count(*) FILTER (WHERE state = 'closed' AND EXISTS (
               SELECT FROM call c WHERE c.hall_id = v.hall_id AND c.ticket_id = v.ticket_id AND c.day = v.day
               AND c.result = 'came'))
    FROM visit v WHERE {IN} GROUP BY hall_id
    """,
    f"SELECT hall_id, situation, count(*) FROM notice WHERE {IN} GROUP BY hall_id, situation",
    f"SELECT hall_id, level, count(*) FROM rating WHERE {IN} GROUP BY hall_id, level",
    f"""
    SELECT hall_id, count(*) FILTER (WHERE state <> 'withdrawn'), count(*) FILTER (WHERE state = 'came')
    FROM appointment a WHERE {IN} AND NOT EXISTS (
        SELECT FROM bundle b WHERE b.hall_id = a.hall_id GROUP BY b.hall_id HAVING max(b.last_day) < a.day)
    GROUP BY hall_id
    """,
    f"SELECT hall_id, max(day) FROM event WHERE day <= '{LAST}' GROUP BY hall_id",
)


@pytest.fixture
def month(database):
    started = time.perf_counter()
    make(database)
    print(f"\n{HALLS} halls, {HALLS * VISITS} visits made in {time.perf_counter() - started:.0f} s")
    return database


def by_hand(url):
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    started = time.perf_counter()
    with engine.begin() as db:
        db.execute(text("SET LOCAL work_mem = '128MB'"))  # as the program has it
        found = [db.execute(text(statement)).all() for statement in BY_HAND]
    took = time.perf_counter() - started
    engine.dispose()
    return took, found


def by_program(url):
    store = open_county(url)
    started = time.perf_counter()
    found = county.figures(store, Period(FIRST, LAST))
    took = time.perf_counter() - started
    store.close()
    return took, found


def test_a_countys_month_takes_at_most_twice_the_hand_written_aggregate(month):
    times = []
    for _ in range(ROUNDS):  # turn about, so that whatever else the machine does falls on both
        (hand, rows), (program, figures) = by_hand(month), by_program(month)
        times.append((program, hand))
        print(f"program {program:.1f} s, by hand {hand:.1f} s, ratio {program / hand:.2f}")
        gc.collect()
    handled = {(row[0], row[1]): row for row in rows[0]}
    assert len(figures.halls) == HALLS
    for hall_id, own in [(None, figures.total), *((hall.hall_id, hall.figures) for hall in figures.halls)]:
        row = handled[hall_id, None]
        assert (own.handling.cases, own.handling.over, own.immediate.over) == (row[2], row[8], row[15])
        spreads = [(own.handling.times, row[3:8]), (own.immediate.times, row[10:15])]
        for spread, wanted in spreads:
            got = (spread.n, spread.mean, spread.median, spread.p90, spread.longest)
            assert got == pytest.approx(tuple(wanted), abs=1e-6)
    assert figures.total.visits == HALLS * VISITS
    program, hand = min(one for one, _ in times), min(one for _, one in times)
    print(f"best: program {program:.1f} s, by hand {hand:.1f} s, ratio {program / hand:.2f} (at most 2)")
    assert program <= 2 * hand
