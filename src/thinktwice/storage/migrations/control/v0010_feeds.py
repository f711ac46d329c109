"""Feeds: which are paused, and which file each took last, so that an unchanged one is left alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "control_0010"
down_revision = "control_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of feeds."""
    op.create_table(
        "feed",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("paused_at", sa.Text()),
        sa.Column("taken_at", sa.Text()),
        sa.Column("taken_sha256", sa.Text()),
        sqlite_strict=True,
    )
