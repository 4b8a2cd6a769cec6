"""Two halls on a database of the test's own, with their stations' roles and the county's; PCs that are elsewhere."""

from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from hallapp.domain.presence import Sign, pc_of
from hallapp.store import halls
from hallapp.store.rights import RoleKind


class Served:
    """``url`` is the owner's; ``ours`` and ``theirs`` are the ids of the halls."""

    def __init__(self, url):
        self.url, mark = url, url[-6:]
        self.ours, self.theirs = f"ours-{mark}", f"theirs-{mark}"
        new = [one for hall in (self.ours, self.theirs) for one in halls.add_hall(url, hall, f"{hall}大厅")]
        new.append(halls.add_county(url))
        self.passwords = {one.role: one.password for one in new}
        self.county_role = new[-1].role

    def role(self, kind, hall=None):
        return self.county_role if kind is RoleKind.COUNTY else f"{hall or self.ours}_{kind}"

    def address(self, kind, hall=None):
        """How a station of that kind reaches the server."""
        role = self.role(kind, hall)
        url = make_url(self.url).set(username=role, password=self.passwords[role])
        return url.render_as_string(hide_password=False)


@contextmanager
def two_halls(database):
    made = Served(database)
    yield made
    roles = sql.SQL(", ").join(map(sql.Identifier, made.passwords))
    with psycopg.connect(database, autocommit=True) as db:
        db.execute(sql.SQL("DROP ROLE {}").format(roles))


@pytest.fixture
def served(database):
    with two_halls(database) as made:
        yield made


@contextmanager
def pc_at_work(url, hall_id, pc, ago=0):
    """The session of a PC elsewhere, which gave its last beat so many seconds ago."""
    sign = Sign(pc_of(hall_id, pc)).at("192.168.1.99").text()
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(f"SELECT set_config('application_name', 'hallapp {sign} ' || "
                   f"to_hex(extract(epoch FROM clock_timestamp())::bigint - {ago}), false)")
        yield db
