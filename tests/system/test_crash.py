"""A station killed in the middle of its work, fifty times: no number is lost, doubled or used again."""

import random
from threading import Timer

from sqlalchemy import select

from hallapp.domain.events import Clerk
from hallapp.services.desk import desk
from hallapp.store import tables
from hallapp.store.db import reading
from tests.services.replay import check_store
from tests.system import worker
from tests.system.conftest import begin

KILLS = {"sqlite": 50, "postgresql": 15}
NUMBERS = select(tables.ticket.c.number).order_by(tables.ticket.c.id)
LONGEST_LIFE = 0.4  # seconds of work before the kill


def test_many_kills_lose_no_number_and_no_visit(busy_hall, start_worker, tmp_path):
    chance, kills = random.Random(312), KILLS[busy_hall.store.engine.dialect.name]
    promised, next_one = [], start_worker(1, 0)
    for _ in range(kills):
        process, next_one = next_one, start_worker(1, 0)  # the next one starts up meanwhile
        begin(process)
        assert process.stdout.readline() == "signed in\n", process.stderr.read()
        killer = Timer(chance.uniform(0, LONGEST_LIFE), process.kill)
        killer.start()
        said, _ = process.communicate()
        killer.join()
        assert process.returncode == -9
        # the last line may be cut short by the kill
        promised += [line.split()[1] for line in said[: said.rfind("\n") + 1].splitlines() if "issued" in line]
    assert len(promised) > kills // 2
    with reading(busy_hall.store) as db:
        stored = db.execute(NUMBERS.where(tables.ticket.c.hall_id == busy_hall.id)).scalars().all()
    assert stored == [f"A{serial:03d}" for serial in range(1, len(stored) + 1)]
    assert len(set(promised)) == len(promised)
    assert set(promised) <= set(stored)
    worker.resume(busy_hall, Clerk("window-1", "0301", 1))
    found = desk(busy_hall, 1)
    assert (found.visit, found.call, found.forgotten) == (None, None, ())
    check_store(busy_hall.store, tmp_path / "again.db")
