"""A small load with real processes on a real server."""

from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import func, select

from hallapp.__main__ import main
from hallapp.domain.errors import BadInput, ServerFailed
from hallapp.load.figures import percentiles
from hallapp.load.run import Load, _processes, put_on, remove_all
from hallapp.load.worker import Share
from hallapp.store import tables
from hallapp.store.db import reading
from hallapp.store.opening import beside, open_postgres, upgrade_postgres
from tests.services.replay import check_store

STEPS = 240


@pytest.fixture
def load(load_url):
    return Load(load_url, halls=4, stations=5, processes=2, connections=3, seconds=60, steps=STEPS)


@pytest.fixture
def real_hall(load_url):
    opened = open_postgres(load_url, "shanggang")
    yield opened
    opened.close()


def rows_of(store, hall_id):
    with reading(store) as db:
        return {table.name: db.execute(select(func.count()).select_from(table).where(table.c.hall_id == hall_id)
                                       ).scalar_one() for table in tables.metadata.sorted_tables}


def test_every_step_of_all_processes_is_in_the_log_once_and_in_order(load, tmp_path):
    found = put_on(load)
    assert found.faults == ()
    assert found.figures.steps >= STEPS
    assert {"issue", "printed", "call_next", "arrive", "start_item", "finish_item"} <= found.figures.seconds.keys()
    assert found.figures.looks == {"board", "desk", "group_waits", "open_jobs"}
    assert set(found.figures.errors) <= {"NothingWaiting"}
    assert {hall_id for hall_id, _ in found.figures.answered} == {f"load-000{n}" for n in range(1, 5)}
    store = open_postgres(load.url, "load-0003")
    check_store(store, tmp_path / "again.db")
    store.close()


def test_a_second_load_goes_on_where_the_first_stopped(load):
    small = replace(load, halls=1, steps=35)
    put_on(small)
    found = put_on(small)
    assert found.faults == ()
    assert found.figures.steps >= 35


def test_a_database_with_real_halls_is_left_alone_unless_told(load, real_hall):
    before = rows_of(real_hall, "load-0001")
    with pytest.raises(ServerFailed, match="shanggang"):
        put_on(load)
    assert rows_of(real_hall, "load-0001") == before
    assert put_on(replace(load, halls=1, steps=10, beside_real_halls=True)).faults == ()


def test_halls_of_a_load_are_taken_away_and_others_stay(load, real_hall):
    put_on(replace(load, halls=2, steps=20, beside_real_halls=True))
    before = rows_of(real_hall, "shanggang")
    assert before["hall"] == 1
    assert remove_all(load.url) == 2
    assert set(rows_of(real_hall, "load-0001").values()) == {0}
    assert rows_of(real_hall, "shanggang") == before


@pytest.mark.parametrize("wrong", [
    {"halls": 0}, {"halls": 10_000}, {"stations": 1}, {"processes": 0}, {"connections": 0}, {"seconds": 0},
    {"seconds": float("nan")},
    {"steps": 0}, {"rate": 0.0}, {"url": "sqlite:///hall.db"},
])
def test_a_load_that_cannot_be_is_refused(load, wrong):
    with pytest.raises(BadInput):
        put_on(replace(load, **wrong))


def test_the_command_prints_times_and_the_check_and_cleans_up(load_url, capfd):
    assert main(["load", "--url", load_url, "--halls", "2", "--processes", "1", "--steps", "40", "--remove"]) == 0
    said = capfd.readouterr().out
    assert "call_next" in said
    assert "序号连续" in said
    assert "压力测试的厅已删除：2 个" in said


def test_the_command_says_what_to_do_about_real_halls(load_url, real_hall, capfd):
    assert main(["load", "--url", load_url]) == 1
    assert "shanggang" in (said := capfd.readouterr().err)
    assert "--beside-real-halls" in said


def test_a_process_that_dies_is_told_of(load_url, capfd):
    with pytest.raises(ServerFailed, match="load"):
        list(_processes([Share(load_url.replace("hall:", "nobody:"), ("load-0001",), 4, 2, 60)]))
    assert "password authentication failed" in capfd.readouterr().err


def test_whoever_may_make_no_hall_is_told_in_one_sentence(load_url, capfd):
    upgrade_postgres(load_url)
    with psycopg.connect(load_url, autocommit=True) as db:
        db.execute("CREATE ROLE load_reader LOGIN PASSWORD 'reads' IN ROLE pg_read_all_data")
    try:
        reader = f"postgresql://load_reader:reads@{load_url.rpartition('@')[2]}"
        assert main(["load", "--url", reader, "--halls", "1", "--beside-real-halls"]) == 1
        said = capfd.readouterr().err
        assert "没有所有者的权限" in said
        assert "Traceback" not in said
    finally:
        with psycopg.connect(load_url, autocommit=True) as db:
            db.execute("DROP ROLE load_reader")


def test_halls_of_one_process_share_its_connections(load_url):
    first = open_postgres(load_url, "load-0001")
    assert beside(first, "load-0002").engine is first.engine
    first.close()


def test_percentiles_are_times_that_were_measured():
    assert percentiles([n / 1000 for n in range(100, 0, -1)]) == (0.05, 0.095, 0.099)
    assert percentiles([0.3]) == (0.3, 0.3, 0.3)
