"""The outbox, and acts of staff that count once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "journal_0002"
down_revision = "journal_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the outbox table, and make the ids of resolutions unique."""
    op.create_table(
        "outbox",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sqlite_strict=True,
    )
    op.create_index("outbox_by_id", "outbox", ["message_id"], unique=True)
    op.create_index("outbox_by_due", "outbox", ["due_at"])
    op.create_index(
        "resolution_by_id", "record", ["record_id"], unique=True, sqlite_where=sa.text("kind = 'resolution'")
    )
