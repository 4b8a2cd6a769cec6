"""What each kind of station may do on a server, and that everything else is refused: tried, one by one."""

from datetime import date

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import ActiveSqlTransaction, InsufficientPrivilege
from sqlalchemy import text
from sqlalchemy.dialects.postgresql.psycopg import dialect

from hallapp.domain.errors import BadInput, StoreForbidden
from hallapp.domain.events import Kind
from hallapp.domain.rules import HallInfo, Rules
from hallapp.domain.upkeep import HallClosed, HallUnknown
from hallapp.services import kiosk
from hallapp.services.hall import Hall
from hallapp.store import halls, tables
from hallapp.store.db import reading
from hallapp.store.opening import open_postgres
from hallapp.store.rights import RoleKind
from tests.conftest import copied_database
from tests.roles import served, two_halls  # noqa: F401
from tests.services.conftest import KIOSK

DESK, KIOSKS, COUNTY = RoleKind.DESK, RoleKind.KIOSK, RoleKind.COUNTY
TABLES = {name: [column.name for column in table.c] for name, table in tables.metadata.tables.items()}
OTHERS = {"alembic_version": ["version_num"], "station_role": ["hall_id", "role", "kind"],
          "event_default": TABLES["event"]}
ANY = {"VARCHAR": "1", "BIGINT": 1, "INTEGER": 1, "DATE": date(2026, 11, 23), "TEXT": "1", "BOOLEAN": True,
       "TIMESTAMP WITH TIME ZONE": "2026-11-23T01:00:00Z", "JSON": "[]", "BYTEA": b"1", "DOUBLE PRECISION": 1.0}

# S select, I insert, U update of every column, D delete; columns: update of these only
MAY = {
    DESK: {
        "alembic_version": "S", "hall": "S seq head", "event": "SI", "ticket": "SIU", "print_job": "SIU",
        "staff": "SIU", "rating": "SIU", "appointment": "SIU", "call": "SIUD", "visit": "SIUD",
        "item": "SIUD", "interval": "SIUD", "session": "SIUD", "notice": "SI", "archive": "S", "credential": "SID",
    },
    KIOSKS: {
        "alembic_version": "S", "hall": "S seq head", "event": "SI", "ticket": "SI",
        "print_job": "SI state problem changed_at", "call": "S", "visit": "S", "session": "S", "notice": "S",
        "staff": "S", "appointment": "S state ticket_id",
    },
    COUNTY: {"alembic_version": "S", **{name: "S" for name in TABLES if name != "credential"}},
}


def values(name, **given):
    """Any values for a row of the table."""
    return {column.name: ANY[column.type.compile(dialect()).split("(")[0]]
            for column in tables.metadata.tables[name].c} | given


def add(db, name, **given):
    row = values(name, **given)
    db.execute(sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(map(sql.Literal, row.values()))))


@pytest.fixture(scope="module")
def filled(postgres_url, made_database):
    """Two halls with a row in every table; whoever uses it takes back what it does."""
    with copied_database(postgres_url) as url, two_halls(url) as made:
        fill(made)
        yield made


def fill(two):
    with psycopg.connect(two.url, autocommit=True) as db:
        for hall in (two.ours, two.theirs):
            db.execute("UPDATE hall SET seq = 1 WHERE hall_id = %s", [hall])
            for name in TABLES:
                if name != "hall":
                    add(db, name, hall_id=hall)


@pytest.fixture(params=[DESK, KIOSKS, COUNTY])
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def tried(filled):
    """``tried(kind, statement)``: the rows it touched, undone again; ``None``: refused for want of rights."""
    lines = {kind: psycopg.connect(filled.address(kind)) for kind in RoleKind}

    def attempt(kind, statement):
        db = lines[kind]
        try:
            if statement.endswith("TO STDOUT"):
                with db.cursor() as cursor, cursor.copy(statement) as copy:
                    return len(list(copy))
            return db.execute(statement).rowcount
        except InsufficientPrivilege:
            return None
        except ActiveSqlTransaction:
            with psycopg.connect(filled.address(kind), autocommit=True) as alone, pytest.raises(InsufficientPrivilege):
                alone.execute(statement)
        finally:
            db.rollback()

    yield attempt
    for line in lines.values():
        line.close()


def test_each_table_takes_each_statement_from_those_only_who_need_it(tried, kind):
    def may(statement):
        return tried(kind, f"EXPLAIN {statement}") is not None  # which asks for the rights and does nothing

    for name, columns in (TABLES | OTHERS).items():
        letters, _, some = MAY[kind].get(name, "").partition(" ")
        assert may(f"DELETE FROM {name}") == ("D" in letters), name
        for column in columns:
            case = (name, column)
            assert may(f'SELECT "{column}" FROM {name}') == ("S" in letters), case
            assert (tried(kind, f'COPY {name} ("{column}") TO STDOUT') is not None) == ("S" in letters), case
            assert may(f'INSERT INTO {name} ("{column}") VALUES (NULL)') == ("I" in letters), case
            assert may(f'UPDATE {name} SET "{column}" = NULL') == ("U" in letters or column in some.split()), case


CHANGES = [
    "TRUNCATE {0}", "DROP TABLE {0}", "ALTER TABLE {0} ADD COLUMN more int",
    "ALTER TABLE {0} DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE {0} OWNER TO CURRENT_USER", "CREATE INDEX ON {0} (hall_id)", "CREATE POLICY more ON {0} USING (true)",
    "ALTER POLICY own_hall ON {0} USING (true)", "DROP POLICY own_hall ON {0}", "ALTER TABLE {0} DISABLE TRIGGER ALL",
    "CREATE RULE more AS ON INSERT TO {0} DO INSTEAD NOTHING", "COMMENT ON TABLE {0} IS 'ours'",
    "CREATE TRIGGER more BEFORE INSERT ON {0} FOR EACH ROW EXECUTE FUNCTION guard_hall()",
    "ALTER TABLE event DETACH PARTITION event_default", "CREATE TABLE more PARTITION OF event DEFAULT",
]


def test_no_station_changes_a_table(tried, kind):
    done = [one.format(name) for one in CHANGES for name in TABLES if tried(kind, one.format(name)) is not None]
    assert done == []


ELSE = [
    "CREATE TABLE more (x int)", "CREATE TEMPORARY TABLE more (x int)", "CREATE SCHEMA more",
    "CREATE VIEW v AS SELECT 1",
    "CREATE SEQUENCE more", "CREATE DATABASE more", "CREATE ROLE more", "CREATE FOREIGN DATA WRAPPER f",
    "CREATE TYPE t AS ()",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION own_hall() CASCADE",
    "CREATE OR REPLACE FUNCTION own_hall() RETURNS varchar LANGUAGE sql AS 'SELECT ''x''::varchar'",
    "CREATE PUBLICATION more FOR ALL TABLES",
    "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION guard_hall()",
    "ALTER ROLE CURRENT_USER SUPERUSER", "ALTER ROLE CURRENT_USER BYPASSRLS", "ALTER ROLE CURRENT_USER CREATEROLE",
    "SET ROLE hall", "SET SESSION AUTHORIZATION hall", "GRANT hall TO CURRENT_USER",
    "GRANT pg_read_all_data TO CURRENT_USER",
    "ALTER SYSTEM SET fsync = off", "ALTER DATABASE postgres SET row_security = off", "SET log_statement = 'none'",
    "SET session_replication_role = replica", "SELECT pg_reload_conf()", "SELECT pg_read_file('PG_VERSION')",
    "SELECT pg_read_binary_file('PG_VERSION')", "SELECT pg_ls_dir('.')", "SELECT pg_stat_file('PG_VERSION')",
    "SELECT lo_import('/etc/hostname')", "SELECT lo_create(0)", "SELECT lo_creat(-1)", "SELECT lo_from_bytea(0, 'x')",
    "COPY hall TO '/tmp/hall.txt'", "COPY hall TO PROGRAM 'cat'", "COPY hall FROM PROGRAM 'true'",
    "COPY hall FROM '/etc/hostname'", "SELECT * FROM pg_authid", "SELECT * FROM pg_user_mapping", "CHECKPOINT",
    "SELECT pg_switch_wal()", "SELECT pg_create_physical_replication_slot('s')", "SELECT * FROM pg_hba_file_rules",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'hall' AND pid <> pg_backend_pid()",
    "SELECT pg_promote()", "SELECT pg_export_snapshot(), pg_logical_emit_message(true, 'a', 'b'), pg_read_file('x')",
    "LOCK TABLE hall IN ACCESS EXCLUSIVE MODE", "LOCK TABLE event IN ACCESS EXCLUSIVE MODE",
    "DO 'BEGIN DROP TABLE hall; END'",
]


def test_no_station_does_anything_else_to_the_server(tried, kind):
    assert [one for one in ELSE if tried(kind, one) is not None] == []


@pytest.mark.parametrize(("one", "another"), [(DESK, KIOSKS), (KIOSKS, DESK), (DESK, COUNTY), (KIOSKS, COUNTY),
                                              (COUNTY, DESK), (COUNTY, KIOSKS)])
def test_no_station_becomes_another_kind(tried, filled, one, another):
    for role in (another.group, filled.role(another), filled.role(another, filled.theirs)):
        assert tried(one, f'SET ROLE "{role}"') is None
        assert tried(one, f'GRANT "{role}" TO CURRENT_USER') is None


def test_a_hall_sees_its_own_rows_and_the_county_all(filled, kind):
    expected = {filled.ours, filled.theirs} if kind is COUNTY else {filled.ours}
    with psycopg.connect(filled.address(kind)) as db:
        for name in MAY[kind]:
            if name in TABLES:
                assert {row[0] for row in db.execute(f"SELECT hall_id FROM {name}")} == expected, name
        # its rights do not go with a name it takes on
        db.execute("SET search_path = pg_temp, public")
        assert {row[0] for row in db.execute("SELECT hall_id FROM hall")} == expected
    with psycopg.connect(filled.address(kind)) as db:
        db.execute("SET row_security = off")
        with pytest.raises(InsufficientPrivilege):
            db.execute("SELECT hall_id FROM hall")


def test_a_hall_changes_no_other_halls_rows(filled, tried):
    for name, letters in MAY[DESK].items():
        if name not in TABLES:
            continue
        mine = f"hall_id = '{filled.ours}'"
        others = f"hall_id = '{filled.theirs}'"
        if "D" in letters:
            assert tried(DESK, f"DELETE FROM {name} WHERE {others}") == 0
            assert tried(DESK, f"DELETE FROM {name} WHERE {mine}") == 1
        if "U" in letters:
            assert tried(DESK, f"UPDATE {name} SET hall_id = hall_id WHERE {others}") == 0
            assert tried(DESK, f"UPDATE {name} SET hall_id = '{filled.theirs}'") is None, "a row is not given away"
    assert tried(DESK, f"UPDATE hall SET seq = seq + 1 WHERE {others}") == 0
    for name, letters in MAY[DESK].items():
        if "I" in letters:
            with psycopg.connect(filled.address(DESK)) as db, pytest.raises(InsufficientPrivilege, match="row-level"):
                add(db, name, hall_id=filled.theirs)


def inserted(filled, role, name, **given):
    """Whether the server lets it in."""
    with psycopg.connect(filled.address(role)) as db:
        try:
            db.execute("UPDATE hall SET seq = seq + 1")
            add(db, name, hall_id=filled.ours, **given)
        except InsufficientPrivilege:
            return False
        finally:
            db.rollback()
        return True


def test_a_kiosk_writes_the_events_of_a_kiosk_only(filled):
    nobody = {"seq": 2, "staff": None, "window": None, "request": None}
    written = {event for event in Kind if inserted(filled, KIOSKS, "event", kind=event.value, **nobody)}
    assert written == {Kind.ISSUED, Kind.PRINT_STARTED, Kind.PRINTED, Kind.PRINT_FAILED, Kind.DEVICE_CHANGED}
    for change in ({"staff": "0312"}, {"window": 1}, {"seq": 3}, {"seq": 1}):
        assert not inserted(filled, KIOSKS, "event", kind="issued", **(nobody | change))
    assert inserted(filled, DESK, "event", kind="called", seq=2, request=None)


def test_a_kiosks_ticket_waits_and_bears_its_events_id(filled):
    good = {"id": 2, "state": "waiting", "window": None, "number": "A9", "serial": 9}
    assert inserted(filled, KIOSKS, "ticket", **good)
    for change in ({"state": "done"}, {"window": 1}, {"id": 7}):
        assert not inserted(filled, KIOSKS, "ticket", **(good | change))


def test_a_kiosk_checks_an_appointment_in_for_the_ticket_of_this_moment_and_does_nothing_else_to_it(filled, tried):
    came = "UPDATE hall SET seq = seq + 1; UPDATE appointment SET state = '{}', ticket_id = {}"
    assert tried(KIOSKS, came.format("came", 2)) == 1
    for state, ticket in (("withdrawn", 2), ("booked", 2), ("came", 7), ("came", "NULL")):
        assert tried(KIOSKS, came.format(state, ticket)) is None


def test_a_kiosk_gives_up_no_slip(filled, tried):
    assert tried(KIOSKS, "UPDATE print_job SET state = 'printed'") == 1
    assert tried(KIOSKS, "UPDATE print_job SET state = 'cancelled'") is None


def test_a_halls_seq_goes_up_one_by_one(tried):
    for kind in (DESK, KIOSKS):
        assert tried(kind, "UPDATE hall SET seq = seq + 1") == 1
        for change in ("seq + 2", "seq - 1", "0"):
            assert tried(kind, f"UPDATE hall SET seq = {change}") is None


def test_which_hall_a_role_belongs_to_is_asked_once_a_statement(filled):
    with psycopg.connect(filled.address(DESK)) as db:
        for number in range(2, 60):
            add(db, "visit", hall_id=filled.ours, id=number, ticket_id=number, staff=str(number))
        plan = [row[0] for row in db.execute(
            "EXPLAIN (ANALYZE, VERBOSE, TIMING OFF) SELECT * FROM visit WHERE hall_id = %s", [filled.ours])]
        db.rollback()
    asked = [line for line in plan if "own_hall()" in line]
    assert len(asked) == 1, "\n".join(plan)
    assert "InitPlan" in plan[plan.index(asked[0]) - 2] or "InitPlan" in plan[plan.index(asked[0]) - 1]
    assert "loops=1" in plan[plan.index(asked[0]) - 1]


def hall_at(address, hall_id, catalogue, windows, clock):
    store = open_postgres(address, hall_id)
    return Hall(store, HallInfo(hall_id, "大厅"), Rules(), windows, catalogue, clock)


@pytest.mark.parametrize("kind", [DESK, KIOSKS])
def test_a_station_opens_its_hall_and_no_other(served, kind, catalogue, windows, clock):  # noqa: F811
    hall = hall_at(served.address(kind), served.ours, catalogue, windows, clock)
    assert kiosk.issue(hall, KIOSK, kiosk.Wish("enrol", request="1"), "kiosk").ticket.number == "A001"
    hall.store.close()
    for other in (served.theirs, "nowhere"):
        with pytest.raises(HallUnknown) as unknown:
            open_postgres(served.address(kind), other)
        assert unknown.value.why == other


def test_opening_only_looks(served):  # noqa: F811
    store = open_postgres(served.address(KIOSKS), served.ours)
    with reading(store) as db:
        assert db.execute(text("SELECT pg_current_xact_id_if_assigned()")).scalar() is None
    store.close()


@pytest.mark.parametrize("kind", [DESK, KIOSKS])
def test_a_closed_hall_works_no_more_until_it_is_added_again(served, kind, catalogue, windows, clock):  # noqa: F811
    running = hall_at(served.address(kind), served.ours, catalogue, windows, clock)
    halls.close_hall(served.url, served.ours, date(2026, 11, 23))
    with pytest.raises(StoreForbidden):
        kiosk.issue(running, KIOSK, kiosk.Wish("enrol"))
    running.store.close()
    with pytest.raises(HallClosed) as closed:
        open_postgres(served.address(kind), served.ours)
    assert closed.value.why == "2026-11-23"
    open_postgres(served.address(kind, served.theirs), served.theirs).close()
    new = {one.role: one.password for one in halls.add_hall(served.url, served.ours, "")}
    with pytest.raises(Exception, match="password"):
        open_postgres(served.address(kind), served.ours)
    served.passwords |= new
    again = hall_at(served.address(kind), served.ours, catalogue, windows, clock)
    assert kiosk.issue(again, KIOSK, kiosk.Wish("enrol")).ticket.number == "A001"
    again.store.close()


def test_the_owner_lists_halls_and_nobody_else_keeps_them(served):  # noqa: F811
    listed = {one.hall_id: one for one in halls.halls(served.url)}
    assert listed[served.ours].name == f"{served.ours}大厅"
    assert listed[served.ours].roles == (f"{served.ours}_desk", f"{served.ours}_kiosk")
    for kind in RoleKind:
        address = served.address(kind)
        for keep in (halls.halls, halls.add_county, lambda url: halls.add_hall(url, "more", "")):
            with pytest.raises(StoreForbidden):
                keep(address)
    with pytest.raises(HallUnknown):
        halls.close_hall(served.url, "nowhere", date(2026, 11, 23))


@pytest.mark.parametrize("hall_id", ["", "A", "a b", "a\"b", "a;b", "x" * 33, "-a", "厅"])
def test_an_id_that_cannot_be_a_roles_name_is_refused(served, hall_id):  # noqa: F811
    with pytest.raises(BadInput):
        halls.add_hall(served.url, hall_id, "")


def test_a_password_is_nowhere_in_the_server_but_as_a_verifier(served):  # noqa: F811
    with psycopg.connect(served.url) as db:
        for role, password in served.passwords.items():
            kept = db.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [role]).fetchone()[0]
            assert kept.startswith("SCRAM-SHA-256$")
            assert password not in kept
