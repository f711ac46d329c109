"""Drafts, releases and approvals of campaigns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "control_0004"
down_revision = "control_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_draft()
    _create_release()
    _create_step()
    _create_challenge()
    _create_approval()
    _create_limit()


def _create_draft() -> None:
    op.create_table(
        "campaign_draft",
        sa.Column("campaign", sa.Text(), primary_key=True, nullable=False),
        sa.Column("revision", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("author_kind", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.Text(), nullable=False),
        sqlite_strict=True,
    )


def _create_release() -> None:
    op.create_table(
        "campaign_release",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer()),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("release_hash", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.Text(), nullable=False),
        sqlite_strict=True,
    )
    op.create_index("campaign_release_by_campaign", "campaign_release", ["campaign"])
    op.create_index(
        "campaign_release_in_force", "campaign_release", ["state"], sqlite_where=sa.text("state IN ('live', 'shadow')")
    )


def _create_step() -> None:
    op.create_table(
        "campaign_step",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("release_id", sa.Integer(), sa.ForeignKey("campaign_release.id"), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("campaign_step_by_release", "campaign_step", ["release_id"])


def _create_challenge() -> None:
    op.create_table(
        "campaign_challenge",
        sa.Column("nonce", sa.Text(), primary_key=True, nullable=False),
        sa.Column("release_id", sa.Integer(), sa.ForeignKey("campaign_release.id"), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text()),
        sqlite_strict=True,
    )


def _create_approval() -> None:
    op.create_table(
        "campaign_approval",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("release_hash", sa.Text()),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("authenticator_data", sa.LargeBinary(), nullable=False),
        sa.Column("client_data_json", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("approved_at", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Text()),
        sa.Column("withdrawn_by", sa.Text()),
        sa.Column("withdrawn_because", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("campaign_approval_by_version", "campaign_approval", ["version"])


def _create_limit() -> None:
    op.create_table(
        "campaign_limit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("release_hash", sa.Text(), nullable=False),
        sa.Column("tripped_at", sa.Text(), nullable=False),
        sa.Column("triggers", sa.Integer(), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.Column("within_minutes", sa.Integer(), nullable=False),
        sa.Column("drops_to", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.Text()),
        sa.Column("lifted_by", sa.Text()),
        sa.Column("lifted_because", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index(
        "campaign_limit_standing", "campaign_limit", ["campaign"], sqlite_where=sa.text("lifted_at IS NULL")
    )
