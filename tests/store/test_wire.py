"""Statements that wait for each other on the way to a server: fewer round trips, and nothing else is different."""

import math
import signal
import tempfile
from contextlib import contextmanager
from datetime import UTC, date, datetime
from random import Random
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from hallapp.store.bounded import connection_settings
from hallapp.store.together import Together
from hallapp.store.wire import COMMIT, LOOK, MOST, STEP, Wire

KEEP, KEPT = b"INSERT INTO kept VALUES ($1)", b"SELECT n FROM kept WHERE n >= $1 ORDER BY n"
REFUSED = b"SELECT 1 / $1::int"
CHINA = ZoneInfo("Asia/Shanghai")
LOCK = b"SELECT pg_advisory_xact_lock($1)"


@pytest.fixture
def wire(postgres_url):
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute("CREATE TABLE kept (n int PRIMARY KEY)")
    made = Wire.connect(prepare_threshold=None, **connection_settings(postgres_url, 60.0))
    made.allow(60.0)
    yield made
    made.close()
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute("DROP TABLE kept")


@pytest.fixture
def lock(postgres_url):
    """Another connection's lock, which somebody on the wire may wait for."""
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute("SELECT pg_advisory_lock(7)")
        yield db


@pytest.fixture
def others(wire, postgres_url):
    """What everybody else sees in the table."""
    with psycopg.connect(postgres_url, autocommit=True) as db:
        yield lambda: [n for n, in db.execute("SELECT n FROM kept ORDER BY n")]


@contextmanager
def round_trips(wire):
    """How often the server says that it is ready again."""
    counted = SimpleNamespace(n=0)
    with tempfile.TemporaryFile() as told:
        wire.pgconn.trace(told.fileno())
        yield counted
        wire.pgconn.untrace()
        told.seek(0)
        counted.n = told.read().count(b"ReadyForQuery")


def test_a_step_without_a_question_is_one_round_trip(wire, others):
    with round_trips(wire) as counted:
        wire.begin(STEP)
        for n in range(3):
            wire.ask(KEEP, [n])
        wire.commit()
    assert counted.n == 1
    assert others() == [0, 1, 2]


def test_what_waits_goes_with_the_first_question_and_in_its_order(wire):
    with round_trips(wire) as counted:
        wire.begin(STEP)
        wire.ask(KEEP, [1])
        before = wire.ask(KEPT, [0])
        wire.ask(KEEP, [2])
        assert wire.ask(KEPT, [0]).fetchall() == [(1,), (2,)]
        assert before.fetchall() == [(1,)]
    assert counted.n == 1
    wire.rollback()


def test_what_psycopg_does_itself_comes_after_what_waits(wire):
    wire.begin(STEP)
    wire.ask(KEEP, [1])
    assert wire.execute("SELECT n FROM kept").fetchall() == [(1,)]
    wire.rollback()


def test_a_rollback_drops_what_waits(wire, others):
    wire.begin(STEP)
    wire.ask(KEEP, [1])
    wire.ask(REFUSED, [0])
    with round_trips(wire) as counted:
        wire.rollback()
    assert counted.n == 0
    wire.begin(STEP)
    wire.ask(KEEP, [2])
    wire.commit()
    assert others() == [2]


@pytest.mark.parametrize("hastened", [None, False, True])
@pytest.mark.parametrize("refused", [(KEEP, [1]), (REFUSED, [0]), (b"SELECT nothing FROM nowhere", [])])
def test_an_error_on_the_way_comes_with_the_commit_and_leaves_nothing_behind(wire, others, refused, hastened):
    for _ in range(2):
        wire.begin(STEP)
        wire.ask(KEEP, [1])
        wire.ask(*refused)
        if hastened is not None:
            wire.hasten(hastened)
        wire.ask(KEEP, [2])
        with pytest.raises((psycopg.IntegrityError, psycopg.DataError, psycopg.ProgrammingError)):
            wire.commit()
    assert others() == []
    wire.begin(STEP)
    wire.ask(KEEP, [3])
    wire.commit()
    assert others() == [3]


def test_an_error_on_the_way_comes_with_the_next_answer(wire):
    wire.begin(STEP)
    wire.ask(REFUSED, [0])
    later = wire.ask(KEPT, [0])
    with pytest.raises(psycopg.errors.DivisionByZero):
        later.fetchall()
    wire.rollback()
    wire.begin(LOOK)
    assert wire.ask(KEPT, [0]).fetchall() == []
    wire.commit()


def test_what_is_hastened_is_begun_before_anybody_asks_for_its_answer(wire, lock):
    wire.begin(STEP)
    with round_trips(wire) as counted:
        wire.ask(KEEP, [1])
        wire.ask(LOCK, [7])
        wire.hasten()
    assert counted.n == 0
    waits = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted AND pid = %s"
    assert any(lock.execute(waits, [wire.pgconn.backend_pid]).fetchall() for _ in range(20_000))
    lock.execute("SELECT pg_advisory_unlock(7)")
    with round_trips(wire) as counted:
        assert wire.ask(KEPT, [0]).fetchall() == [(1,)]
    assert counted.n == 1
    wire.rollback()


def test_an_answer_that_was_hastened_does_not_wait_for_what_came_after_its_question(wire, lock, others):
    wire.begin(STEP)
    wire.ask(KEEP, [1])
    first = wire.ask(KEPT, [0])
    wire.hasten(answers=True)
    wire.ask(LOCK, [7])
    wire.ask(KEEP, [2])
    assert first.fetchall() == [(1,)]
    later = wire.ask(KEPT, [0])
    lock.execute("SELECT pg_advisory_unlock(7)")
    assert later.fetchall() == [(1,), (2,)]
    wire.commit()
    assert others() == [1, 2]


def test_answers_that_were_hastened_come_in_order_though_only_the_last_is_wanted(wire, others):
    wire.begin(STEP)
    first = wire.ask(KEPT, [0])
    wire.hasten(answers=True)
    wire.hasten(answers=True)
    wire.ask(KEEP, [1])
    second = wire.ask(KEPT, [0])
    wire.hasten(answers=True)
    assert (second.fetchall(), first.fetchall()) == ([(1,)], [])
    wire.commit()
    assert others() == [1]


def test_what_is_hastened_is_part_of_the_step(wire, others):
    with round_trips(wire) as counted:
        wire.begin(STEP)
        first = wire.ask(KEEP, [1])
        wire.hasten()
        wire.hasten()
        assert wire.ask(KEPT, [0]).fetchall() == [(1,)]
        wire.ask(KEEP, [2])
        wire.hasten()
        wire.commit()
    assert first.result is not None
    assert counted.n == 2
    assert others() == [1, 2]


def test_a_step_whose_statements_are_all_hastened_is_committed(wire, others):
    wire.begin(STEP)
    wire.ask(KEEP, [1])
    wire.hasten()
    wire.commit()
    assert others() == [1]


@pytest.mark.parametrize("answers", [False, True])
@pytest.mark.parametrize("more", [(KEEP, [2]), (REFUSED, [0])])
def test_a_rollback_takes_back_what_is_hastened(wire, others, more, answers):
    wire.begin(STEP)
    wire.ask(KEEP, [1])
    for _ in range(3):
        wire.ask(*more)
        wire.hasten(answers)
    wire.rollback()
    wire.begin(STEP)
    wire.ask(KEEP, [3])
    wire.commit()
    assert others() == [3]


def test_what_psycopg_does_itself_comes_after_what_is_hastened(wire):
    wire.begin(STEP)
    wire.ask(KEEP, [1])
    wire.hasten()
    assert wire.execute("SELECT n FROM kept").fetchall() == [(1,)]
    wire.rollback()


def test_a_connection_that_broke_is_found_out_by_who_hastens_or_commits(wire, others, postgres_url):
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute("SELECT pg_terminate_backend(%s)", [wire.pgconn.backend_pid])

    def step():
        wire.begin(STEP)
        wire.ask(KEEP, [1])
        wire.hasten()
        wire.commit()

    with pytest.raises(psycopg.OperationalError):
        step()
    assert wire.closed
    assert others() == []


@pytest.mark.parametrize("after", [(KEEP, [2]), (REFUSED, [0]), (b"SELECT nothing FROM nowhere", [])])
@pytest.mark.parametrize("end", ["rollback", "commit"])
def test_the_next_step_is_whole_whatever_came_after_the_last_commit(wire, others, after, end):
    for n in (10, 11):
        wire.begin(STEP)
        wire.ask(KEEP, [n])
        wire.afterwards(*after)
        wire.commit()
        wire.begin(STEP)
        wire.ask(KEEP, [n + 10])
        getattr(wire, end)()
    wire.flush()
    assert [n for n in others() if n > 2] == ([10, 11] if end == "rollback" else [10, 11, 20, 21])


def test_psycopg_goes_on_after_a_commit_and_what_came_behind_it(wire):
    wire.begin(STEP)
    wire.ask(KEEP, [1])
    wire.afterwards(KEEP, [2])
    wire.commit()
    assert wire.execute("SELECT n FROM kept ORDER BY n").fetchall() == [(1,), (2,)]


def test_a_commit_that_fails_takes_what_was_to_come_after_it_along(wire, others):
    wire.begin(STEP)
    wire.ask(REFUSED, [0])
    wire.afterwards(KEEP, [1])
    with pytest.raises(psycopg.errors.DivisionByZero):
        wire.commit()
    assert wire.execute("SELECT 1").fetchall() == [(1,)]
    assert others() == []


def test_what_comes_after_the_commit_is_no_part_of_it(wire, others):
    for n in (1, 2):
        wire.begin(STEP)
        wire.ask(KEEP, [n])
        wire.afterwards(REFUSED, [0])
        wire.commit()
    assert others() == [1, 2]


def test_what_comes_after_a_commit_comes_once(wire, others):
    wire.begin(STEP)
    wire.afterwards(b"INSERT INTO kept SELECT count(*) FROM kept", [])
    wire.commit()
    wire.begin(STEP)
    wire.commit()
    wire.flush()
    assert others() == [0]


def test_what_comes_after_a_commit_comes_also_when_nothing_waits_for_it_any_more(wire, others):
    wire.begin(STEP)
    wire.ask(KEEP, [1])
    wire.afterwards(KEEP, [2])
    assert wire.ask(KEPT, [0]).fetchall() == [(1,)]
    wire.commit()
    wire.flush()
    assert others() == [1, 2]


def test_what_was_to_come_after_a_commit_that_did_not_happen_is_dropped(wire, others):
    wire.begin(STEP)
    wire.afterwards(KEEP, [1])
    wire.rollback()
    wire.begin(STEP)
    wire.ask(KEEP, [2])
    wire.commit()
    assert others() == [2]


def test_a_look_writes_nothing(wire, others):
    wire.begin(LOOK)
    wire.ask(KEEP, [1])
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        wire.commit()
    assert others() == []


def test_a_long_import_waits_in_portions(wire, others):
    wire.begin(STEP)
    with round_trips(wire) as counted:
        for n in range(2 * MOST):
            wire.ask(KEEP, [n])
    assert counted.n == 2
    wire.commit()
    assert others() == list(range(2 * MOST))


def test_a_statement_is_prepared_once(wire):
    for n in range(3):
        wire.begin(STEP)
        wire.ask(KEEP, [n])
        wire.commit() if n != 1 else wire.rollback()
    prepared = {text for text, in wire.execute("SELECT statement FROM pg_prepared_statements")}
    assert (prepared, wire.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()) == (
        {KEEP.decode(), STEP.decode(), COMMIT.decode()}, (3,))


def test_a_connection_that_breaks_on_the_way_is_closed_and_nothing_is_kept(wire, others, postgres_url):
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute("SELECT pg_terminate_backend(%s)", [wire.pgconn.backend_pid])
    wire.begin(STEP)
    wire.ask(KEEP, [1])
    with pytest.raises(psycopg.OperationalError):
        wire.commit()
    assert wire.closed
    assert others() == []


def test_a_connection_whose_answer_nobody_waited_for_is_not_used_again(wire, others):
    def interrupted(_signal, _frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupted)
    wire.begin(STEP)
    wire.ask(KEEP, [1])
    slow = wire.ask(b"SELECT pg_sleep($1)", [30])
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with pytest.raises(KeyboardInterrupt):
            slow.fetchall()
    finally:
        signal.signal(signal.SIGALRM, before)
    assert wire.closed
    assert others() == []


VALUES = {
    "int": st.integers(-2**31, 2**31 - 1), "bigint": st.integers(-2**63, 2**63 - 1), "bool": st.booleans(),
    "text": st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    "bytea": st.binary(), "date": st.dates(date(1900, 1, 1)),
    "timestamptz": st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)),
    "float8": st.floats(allow_nan=False),
}


@given(st.data())
def test_every_value_comes_back_as_it_went(shared_wire, data):
    kind = data.draw(st.sampled_from(sorted(VALUES)))
    values = [data.draw(st.none() | VALUES[kind]) for _ in range(2)]
    text = f"SELECT $1::{kind}, $2::{kind}".encode()
    assert shared_wire.ask(text, values).fetchall() == [tuple(values)]


@pytest.fixture(scope="module")
def shared_wire(postgres_url):
    with Wire.connect(prepare_threshold=None, **connection_settings(postgres_url, 60.0)) as made:
        made.allow(600.0)
        made.autocommit = True
        yield made


def kept(db, hall_id, least):
    assert hall_id == "h1"
    return [n for n, in db.connection.driver_connection.ask(KEPT, [least]).fetchall()]


def twice(db, hall_id, least):
    """Asks what depends on an answer, and two things at once."""
    more = kept(db, hall_id, least)[-1]
    ask = Together(db, hall_id)
    both = ask(kept, more), ask(kept, more + 1)
    return [found() for found in both]


def refused(db, hall_id):
    return db.connection.driver_connection.ask(REFUSED, [0]).fetchall()


@pytest.fixture
def db(wire):
    """As much of SQLAlchemy's connection as reads look at."""
    for n in range(3):
        wire.ask(KEEP, [n])
    wire.commit()
    return SimpleNamespace(dialect=SimpleNamespace(name="postgresql"),
                           connection=SimpleNamespace(driver_connection=wire))


def test_reads_that_do_not_depend_on_each_other_are_one_round_trip(db, wire):
    with round_trips(wire) as counted:
        ask = Together(db, "h1")
        found = [ask(kept, least) for least in (2, 1, 0)]
        assert [one() for one in found] == [[2], [1, 2], [0, 1, 2]]
        assert found[0]() == [2]
    assert counted.n == 1


def test_as_many_round_trips_as_the_longest_chain_of_questions(db, wire):
    with round_trips(wire) as counted:
        ask = Together(db, "h1")
        last, chain, other = ask(kept, 2), ask(twice, 1), ask(twice, 0)
        assert (last(), chain(), other()) == ([2], [[2], []], [[2], []])
    assert counted.n == 2


def walked(db, hall_id, tree, ended):
    """Asks one thing, and then all that hangs on it together."""
    kept(db, hall_id, 0)
    ask = Together(db, hall_id)
    below = [ask(walked, part, ended) for part in tree]
    ended.append(tree)
    return 1 + sum(found() for found in below)


def size(tree):
    return 1 + sum(map(size, tree))


def depth(tree):
    return 1 + max(map(depth, tree), default=0)


def grown(chance, most):
    return [grown(chance, most - 1) for _ in range(chance.randrange(4))] if most else []


@pytest.mark.parametrize("seed", range(40))
def test_whatever_hangs_on_whatever_each_read_is_done_once_and_none_waits_for_those_beside_it(db, wire, seed):
    tree, ended = grown(Random(seed), 4), []
    with round_trips(wire) as counted:
        assert Together(db, "h1")(walked, tree, ended)() == size(tree) == len(ended)
    assert counted.n == depth(tree)


def test_a_question_from_outside_takes_the_begun_ones_along(db, wire):
    with round_trips(wire) as counted:
        begun = Together(db, "h1")(kept, 1)
        assert kept(db, "h1", 2) == [2]
        assert begun() == [1, 2]
    assert counted.n == 1


def test_a_read_that_fails_is_told_whoever_asks(db, wire):
    wire.begin(LOOK)
    ask = Together(db, "h1")
    found = ask(kept, 0)
    ask(refused)
    with pytest.raises(psycopg.errors.DivisionByZero):
        found()
    wire.rollback()
    assert Together(db, "h1")(kept, 2)() == [2]


@pytest.mark.parametrize(("kind", "values"), [
    (b"text", ["", "叫号", "'\\\"", "\U0001f600", "NULL", None]), (b"boolean", [True, False, None]),
    (b"bigint", [0, -(2**63), 2**63 - 1]), (b"double precision", [0.1, -1e-300, 1e300, math.inf]),
    (b"date", [date(1, 1, 1), date(2026, 2, 28), date(9999, 12, 31)]),
    (b"timestamptz", [datetime(2026, 11, 26, 9, 0, 0, 1, UTC), datetime(2026, 11, 26, 9, tzinfo=CHINA)]),
    (b"bytea", [b"", bytes(range(256))]), (b"jsonb", [Jsonb({"号": [1, None, "x"]})]),
])
def test_a_value_arrives_as_it_is(wire, kind, values):
    wire.begin(LOOK)
    for value in values:
        asked = wire.ask(b"SELECT $1::" + kind, [value])
        assert asked.fetchall() == [(getattr(value, "obj", value),)]
    wire.commit()


def test_a_text_that_no_server_takes_is_refused_and_not_cut_off(wire):
    wire.begin(LOOK)
    with pytest.raises(psycopg.DataError):
        wire.ask(b"SELECT $1::text", ["A0\x0012"])
    wire.rollback()


def test_a_look_waits_for_its_answers_only(wire, others):
    with round_trips(wire) as counted:
        wire.begin(LOOK)
        assert wire.ask(KEPT, [0]).fetchall() == []
        wire.commit()
    assert counted.n == 1
    wire.begin(STEP)
    wire.ask(KEEP, [1])
    wire.commit()
    assert others() == [1]


def test_a_look_ends_on_the_server_too_though_nobody_comes_after_it(wire, lock):
    wire.begin(LOOK)
    assert wire.ask(KEPT, [0]).fetchall() == []
    wire.commit()
    ended = "SELECT FROM pg_stat_activity WHERE pid = %s AND state = 'idle'"
    assert any(lock.execute(ended, [wire.pgconn.backend_pid]).fetchall() for _ in range(20_000))


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_a_look_sees_what_was_done_since_the_last(wire, postgres_url, end):
    with psycopg.connect(postgres_url, autocommit=True) as db:
        for n in (1, 2, 3):
            db.execute("INSERT INTO kept VALUES (%s)", [n])
            wire.begin(LOOK)
            assert len(wire.ask(KEPT, [0]).fetchall()) == n
            getattr(wire, end)()
    assert wire.execute("SELECT count(*) FROM kept").fetchall() == [(3,)]
