"""The language that a person chose, kept with the account and not with one browser."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "control_0011"
down_revision = "control_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody has chosen yet."""
    op.add_column("account", sa.Column("language", sa.Text()))
