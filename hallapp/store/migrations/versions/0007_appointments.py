"""Appointments, and on a ticket what it was booked for."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("booked_for", sa.DateTime(timezone=True)))
    op.create_table(
        "appointment",
        sa.Column("hall_id", sa.String(32), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer()),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holds_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("group", sa.String(32), nullable=False),
        sa.Column("item_code", sa.String(32)),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("ticket_id", sa.BigInteger()),
        sa.PrimaryKeyConstraint("hall_id", "id", name="pk_appointment"),
        sa.UniqueConstraint("hall_id", "day", "serial", name="uq_appointment_serial"),
        sa.UniqueConstraint("hall_id", "starts_at", "place", name="uq_appointment_place"),
        sa.UniqueConstraint("hall_id", "ticket_id", name="uq_appointment_ticket"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE appointment ENABLE ROW LEVEL SECURITY")
        op.execute("CREATE POLICY own_hall ON appointment USING (hall_id = (SELECT own_hall()))")


def downgrade() -> None:
    op.drop_table("appointment")
    op.drop_column("ticket", "booked_for")
