"""Bundles of halls in closed networks: the keys that a county trusts, and what it has taken in."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("hall", sa.Column("bundle_key", sa.LargeBinary(32)))
    op.create_table(
        "bundle",
        sa.Column("hall_id", sa.String(32), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hall_id", "last_day", name="pk_bundle"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE bundle ENABLE ROW LEVEL SECURITY")
        op.execute("CREATE POLICY own_hall ON bundle USING (hall_id = (SELECT own_hall()))")


def downgrade() -> None:
    op.drop_table("bundle")
    op.drop_column("hall", "bundle_key")
