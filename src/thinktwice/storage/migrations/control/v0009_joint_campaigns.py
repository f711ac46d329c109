"""What both sides of a joint campaign write to each other, and what a partner may read of its results."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "control_0009"
down_revision = "control_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of comments and of partners' editions."""
    op.create_table(
        "campaign_comment",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("partner", sa.Text()),
        sa.Column("version", sa.Text()),
        sa.Column("revision", sa.Integer()),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sqlite_strict=True,
    )
    op.create_index("campaign_comment_by_campaign", "campaign_comment", ["campaign", "at"])
    op.create_table(
        "partner_edition",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("partners", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("published_at", sa.Text(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sqlite_strict=True,
    )
    op.create_index("partner_edition_by_campaign", "partner_edition", ["campaign", "id"])
