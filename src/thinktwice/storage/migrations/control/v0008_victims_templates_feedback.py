"""Words for victims, templates of requests, weekly counts about reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "control_0008"
down_revision = "control_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "case_wording",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("case_id", sa.Text(), sa.ForeignKey("case_request.id"), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text()),
        sa.Column("approved_at", sa.Text()),
        sa.Column("withdrawn_at", sa.Text()),
        sa.Column("told_at", sa.Text()),
        sa.Column("told_about", sa.Integer()),
        sqlite_strict=True,
    )
    op.create_index("case_wording_by_case", "case_wording", ["case_id", "at"])
    op.create_table(
        "case_template",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("agency_id", sa.Text(), sa.ForeignKey("agency.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("form_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ended_at", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("case_template_by_agency", "case_template", ["agency_id", "at"])
    op.create_table(
        "report_feedback",
        sa.Column("agency_id", sa.Text(), sa.ForeignKey("agency.id"), primary_key=True, nullable=False),
        sa.Column("week", sa.Text(), primary_key=True, nullable=False),
        sa.Column("warned", sa.Integer()),
        sa.Column("at", sa.Text(), nullable=False),
        sqlite_strict=True,
    )
