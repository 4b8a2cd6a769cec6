"""The last event's hash in the hall's row; on PostgreSQL the event table in partitions by month."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

INDEXES = ("uq_event_request", "ix_event_day", "ix_event_window")


def upgrade() -> None:
    op.add_column("hall", sa.Column("head", sa.LargeBinary(32)))
    op.execute("UPDATE hall SET head = (SELECT last.hash FROM event AS last "
               "WHERE last.hall_id = hall.hall_id AND last.seq = hall.seq)")
    op.create_table(
        "archive",
        sa.Column("hall_id", sa.String(32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("hall_id", "month", name="pk_archive"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _rebuild("PARTITION BY RANGE (day)", "hall_id, seq, day", "hall_id, day, request")
    else:
        _request_index("hall_id, day, request")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _rebuild("", "hall_id, seq", "hall_id, request")
    else:
        _request_index("hall_id, request")
    op.drop_table("archive")
    op.drop_column("hall", "head")


def _request_index(columns: str) -> None:
    op.drop_index("uq_event_request", "event")
    op.create_index("uq_event_request", "event", columns.split(", "), unique=True,
                    sqlite_where=sa.text("request IS NOT NULL"))


def _rebuild(partitioned: str, key: str, request: str) -> None:
    """The event table with other keys, and all its rows in it."""
    op.execute("ALTER TABLE event RENAME TO event_before")
    op.execute("ALTER TABLE event_before RENAME CONSTRAINT pk_event TO pk_event_before")
    for index in INDEXES:
        op.execute(f"DROP INDEX {index}")
    op.execute(f"CREATE TABLE event (LIKE event_before) {partitioned}")
    op.execute(f"ALTER TABLE event ADD CONSTRAINT pk_event PRIMARY KEY ({key})")
    op.execute(f"CREATE UNIQUE INDEX uq_event_request ON event ({request}) WHERE request IS NOT NULL")
    op.execute("CREATE INDEX ix_event_day ON event (hall_id, day, seq)")
    op.execute('CREATE INDEX ix_event_window ON event (hall_id, "window", seq) WHERE "window" IS NOT NULL')
    if partitioned:
        op.execute("CREATE TABLE event_default PARTITION OF event DEFAULT")
        months = op.get_bind().execute(sa.text(
            "SELECT to_char(first, 'YYYY_MM'), first::date, (first + interval '1 month')::date "
            "FROM (SELECT DISTINCT date_trunc('month', day) AS first FROM event_before) AS found ORDER BY 2"))
        for name, first, after in months.all():
            op.execute(f"CREATE TABLE event_{name} PARTITION OF event FOR VALUES FROM ('{first}') TO ('{after}')")
    op.execute("INSERT INTO event SELECT * FROM event_before")
    op.execute("DROP TABLE event_before")
