"""Ratings: one row a visit that was asked."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "rating",
        sa.Column("hall_id", sa.String(32), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("staff", sa.String(32), nullable=False),
        sa.Column("level", sa.Integer()),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hall_id", "visit_id", name="pk_rating"),
    )
    op.create_index("ix_rating_day", "rating", ["hall_id", "day", "visit_id"])


def downgrade() -> None:
    op.drop_table("rating")
