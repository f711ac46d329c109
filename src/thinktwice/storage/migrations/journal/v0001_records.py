"""The journal's first shape: records, and the states of customers and destinations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "journal_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the record table with its indexes and both state tables."""
    op.create_table(
        "record",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Integer(), nullable=False),
        sa.Column("withdrawal_id", sa.Text()),
        sa.Column("attempt", sa.Integer()),
        sa.Column("customer_ref", sa.Text()),
        sa.Column("destination_key", sa.Text()),
        sa.Column("alert_id", sa.Text()),
        sa.Column("event_type", sa.Text()),
        sa.Column("digest", sa.LargeBinary()),
        sa.Column("action", sa.Text()),
        sa.Column("campaign", sa.Text()),
        sa.Column("arm", sa.Text()),
        sa.Column("is_test", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sqlite_strict=True,
    )
    op.create_index("alert_event_by_alert", "record", ["alert_id"], sqlite_where=sa.text("kind = 'alert_event'"))
    op.create_index(
        "decision_by_alert",
        "record",
        ["alert_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'decision' AND alert_id IS NOT NULL"),
    )
    op.create_index("decision_by_id", "record", ["record_id"], unique=True, sqlite_where=sa.text("kind = 'decision'"))
    op.create_index(
        "decision_by_key",
        "record",
        ["withdrawal_id", "attempt"],
        unique=True,
        sqlite_where=sa.text("kind = 'decision'"),
    )
    op.create_index(
        "event_by_id", "record", ["record_id"], unique=True, sqlite_where=sa.text("kind IN ('event', 'alert_event')")
    )
    op.create_table(
        "customer_state",
        sa.Column("ref", sa.Text(), primary_key=True, nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "destination_state",
        sa.Column("match_key", sa.Text(), primary_key=True, nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sqlite_strict=True,
    )
