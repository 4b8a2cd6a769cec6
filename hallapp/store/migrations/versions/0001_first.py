"""The first schema."""

from alembic import op

from hallapp.store.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    # while this is the only revision it follows the tables; the second one freezes it
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    metadata.drop_all(op.get_bind())
