"""Disputes about listings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "control_0007"
down_revision = "control_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of disputes."""
    op.create_table(
        "listing_dispute",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("match_keys", sa.Text(), nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("raised_by", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("decided_at", sa.Text()),
        sa.Column("decided_by", sa.Text()),
        sa.Column("outcome", sa.Text()),
        sa.Column("reason_sealed", sa.LargeBinary()),
        sqlite_strict=True,
    )
    op.create_index("listing_dispute_open", "listing_dispute", ["decided_at", "raised_at"])
