"""What the server's own catalogue says of the tables: nothing in them goes over halls, and rows are their hall's."""

import pytest
from sqlalchemy import text

from hallapp.store.db import reading
from hallapp.store.opening import open_postgres

NO_HALLS = {"alembic_version_pkc", "uq_station_role_role"}  # the version; and a role leads to its hall


@pytest.fixture
def asked(database):
    store = open_postgres(database, "h1")

    def ask(query):
        with reading(store) as db:
            return db.execute(text(query)).all()

    yield ask
    store.close()


def test_no_number_is_drawn_from_a_sequence_that_halls_share(asked):
    assert asked("SELECT relname FROM pg_class WHERE relkind = 'S'") == []
    assert asked("SELECT attrelid::regclass FROM pg_attribute WHERE attidentity <> ''") == []


def test_no_foreign_key_leads_from_hall_to_hall(asked):
    assert asked("SELECT conname FROM pg_constraint WHERE contype = 'f'") == []


def test_every_key_and_index_begins_with_the_hall(asked):
    found = asked("""
        SELECT one.relname, attname, indisprimary FROM pg_index
        JOIN pg_class AS one ON one.oid = indexrelid JOIN pg_namespace AS space ON space.oid = relnamespace
        JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0] WHERE nspname = 'public'""")
    assert len(found) > 80, "the partitions' are among them"
    assert {name for name, first, _ in found if first != "hall_id"} <= NO_HALLS
    keyed = asked("""
        SELECT relname FROM pg_class JOIN pg_namespace AS space ON space.oid = relnamespace WHERE nspname = 'public'
        AND relkind IN ('r', 'p')
        AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = pg_class.oid AND indisprimary)""")
    assert keyed == []


def test_every_table_shows_a_role_its_own_halls_rows_only(asked):
    open_to_all = asked("""
        SELECT relname FROM pg_class JOIN pg_namespace AS space ON space.oid = relnamespace WHERE nspname = 'public'
        AND relkind IN ('r', 'p') AND NOT relispartition AND relname NOT IN ('alembic_version', 'station_role')
        AND NOT (relrowsecurity
                 AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'own_hall'))
        """)
    assert open_to_all == []


def test_the_function_that_tells_the_hall_has_a_path_of_its_own(asked):
    [(definer, volatile, settings)] = asked(
        "SELECT prosecdef, provolatile, proconfig FROM pg_proc WHERE proname = 'own_hall'")
    assert (definer, volatile, settings) == (True, "s", ["search_path=pg_catalog, pg_temp"])
