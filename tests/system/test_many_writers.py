"""Four programs on one file issue and call at the same time: nothing lost, doubled or out of order."""

from sqlalchemy import select

from hallapp.store import tables
from hallapp.store.db import reading
from tests.services.replay import check_store
from tests.system.conftest import begin

SERIALS = select(tables.ticket.c.serial).order_by(tables.ticket.c.id)
CALLED = select(tables.call.c.ticket_id)
ROUNDS, WINDOWS = 15, (1, 2, 3, 4)


def test_four_programs_at_once_never_share_a_number_or_a_visitor(busy_hall, start_worker, tmp_path):
    workers = [start_worker(window, ROUNDS) for window in WINDOWS]
    for process in workers:
        begin(process)
    said = []
    for process in workers:
        out, complaint = process.communicate(timeout=60)
        assert process.returncode == 0, complaint
        said += out.splitlines()
    issued = [line for line in said if line.startswith("issued")]
    called = [line for line in said if line.startswith("called")]
    assert sorted(issued) == [f"issued A{serial:03d}" for serial in range(1, ROUNDS * len(WINDOWS) + 1)]
    assert len(set(called)) == len(called) >= ROUNDS
    with reading(busy_hall.store) as db:
        serials = db.execute(SERIALS.where(tables.ticket.c.hall_id == busy_hall.id)).scalars().all()
        calls = db.execute(CALLED.where(tables.call.c.hall_id == busy_hall.id)).scalars().all()
    assert serials == sorted(serials)
    assert len(set(calls)) == len(calls) == len(called)
    check_store(busy_hall.store, tmp_path / "again.db")
