"""A step stays done though its wake-up did not get out: the connection may break right after the commit."""

from dataclasses import replace
from uuid import uuid4

from sqlalchemy import text

from hallapp.domain.events import By, Kind
from hallapp.services.hall import step
from hallapp.store import log
from hallapp.store.db import reading
from hallapp.store.opening import open_postgres


def test_a_wake_up_over_a_broken_connection_is_given_up_and_the_next_step_works(postgres_url, hall):
    store = open_postgres(postgres_url, uuid4().hex)
    with store.engine.connect() as broken:
        pid = broken.execute(text("SELECT pg_backend_pid()")).scalar_one()
        broken.commit()
        with store.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        store.kind.committed(broken, store.hall_id)
        assert broken.invalidated
    at_server = replace(hall, store=store)
    with step(at_server) as doing:
        doing.record(Kind.PAUSED, By("window-1"), [])
    with reading(store) as db:
        assert log.last_seq(db, store.hall_id) == 1
    store.close()
