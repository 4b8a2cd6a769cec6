"""The halls of a store: their names and ends; on PostgreSQL each role sees its hall's rows only."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = ("hall", "event", "archive", "ticket", "call", "visit", "item", "interval", "notice", "rating", "print_job",
          "staff", "session", "credential")

# Which hall a role works for. It is read by role and not by hall, as the one table here; on an engine that shards it
# is a small table on every node.
_ROLES = """
CREATE TABLE station_role (
    hall_id varchar(32) NOT NULL, role name NOT NULL, kind varchar(8) NOT NULL, PRIMARY KEY (hall_id, role))
"""
_BY_ROLE = "CREATE UNIQUE INDEX uq_station_role_role ON station_role (role)"
# definer's rights: a station may not look into the table itself. The path is fixed: nobody can put another table
# before this one.
_OWN_HALL = """
CREATE FUNCTION own_hall() RETURNS varchar LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'SELECT hall_id FROM {schema}.station_role WHERE role = session_user'
"""
# A closed hall works no more; only its owner's move may set a seq that is not the next.
_GUARD = """
CREATE FUNCTION guard_hall() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.closed_on IS NOT NULL THEN
        RAISE EXCEPTION 'hall % is closed', OLD.hall_id USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RAISE EXCEPTION 'a seq is the one before plus one' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$
"""
_GUARDED = """
CREATE TRIGGER guard_hall BEFORE UPDATE OF seq, head ON hall FOR EACH ROW
WHEN (OLD.closed_on IS NOT NULL OR NEW.seq NOT IN (OLD.seq, OLD.seq + 1)) EXECUTE FUNCTION guard_hall()
"""


def upgrade() -> None:
    op.add_column("hall", sa.Column("name", sa.String(64), nullable=False, server_default=""))
    op.add_column("hall", sa.Column("closed_on", sa.Date()))
    if op.get_bind().dialect.name != "postgresql":
        return
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    for statement in (_ROLES, _BY_ROLE, _OWN_HALL.format(schema=schema), _GUARD, _GUARDED):
        op.execute(statement)
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        # in a subquery: asked once a statement and not once a row
        op.execute(f"CREATE POLICY own_hall ON {table} USING (hall_id = (SELECT own_hall()))")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            for policy in ("own_hall", "every_hall", "station"):
                op.execute(f"DROP POLICY IF EXISTS {policy} ON {table}")
            op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        op.execute("DROP TRIGGER guard_hall ON hall")
        op.execute("DROP FUNCTION guard_hall()")
        op.execute("DROP FUNCTION own_hall()")
        op.execute("DROP TABLE station_role")
    op.drop_column("hall", "closed_on")
    op.drop_column("hall", "name")
