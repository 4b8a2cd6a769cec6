"""What a hall restored from a backup goes on with: the day, and the serial that every lane's numbers come after."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("hall", sa.Column("restored_on", sa.Date()))
    op.add_column("hall", sa.Column("serials_after", sa.Integer()))


def downgrade() -> None:
    op.drop_column("hall", "serials_after")
    op.drop_column("hall", "restored_on")
