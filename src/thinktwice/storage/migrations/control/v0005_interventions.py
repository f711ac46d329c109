"""What staff note and decide about withdrawals that wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "control_0005"
down_revision = "control_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of interventions."""
    op.create_table(
        "intervention_note",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("told_at", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("intervention_note_by_decision", "intervention_note", ["decision_id", "at"])
    op.create_index("intervention_note_by_kind", "intervention_note", ["kind", "at"])
    op.create_table(
        "resolution_asked",
        sa.Column("act_id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.Text(), nullable=False),
        sa.Column("request_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.Text()),
        sa.Column("status", sa.Text()),
        sa.Column("problem", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("resolution_asked_by_decision", "resolution_asked", ["decision_id", "asked_at"])
    op.create_index("resolution_asked_open", "resolution_asked", ["answered_at", "asked_at"])
