"""The control database's first shape: watchlist provenance, campaign versions, API keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "control_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the watchlist, campaign and key tables."""
    _create_indicator_import()
    _create_indicator()
    _create_allowed_destination()
    _create_watchlist_change()
    _create_campaign_version()
    _create_api_key()


def _create_indicator_import() -> None:
    op.create_table(
        "indicator_import",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text()),
        sa.Column("file_sha256", sa.Text()),
        sa.Column("kind", sa.Text()),
        sa.Column("imported_at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sqlite_strict=True,
    )


def _create_indicator() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("match_key", sa.Text(), nullable=False),
        sa.Column("memo", sa.Text()),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("disposition", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Integer()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("label", sa.Text()),
        sa.Column("reference", sa.Text()),
        sa.Column("place", sa.Text()),
        sa.Column("listed_at", sa.Text()),
        sa.Column("expires_at", sa.Text()),
        sa.Column("known_from", sa.Text(), nullable=False),
        sa.Column("known_until", sa.Text()),
        sa.Column("is_agency_reported", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("import_id", sa.Integer(), sa.ForeignKey("indicator_import.id")),
        sqlite_strict=True,
    )
    op.create_index("indicator_by_match_key", "indicator", ["match_key"])
    op.create_index("indicator_by_source", "indicator", ["source"])


def _create_allowed_destination() -> None:
    op.create_table(
        "allowed_destination",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("match_key", sa.Text(), nullable=False),
        sa.Column("memo", sa.Text()),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("known_from", sa.Text(), nullable=False),
        sa.Column("known_until", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("allowed_destination_by_match_key", "allowed_destination", ["match_key"])


def _create_watchlist_change() -> None:
    op.create_table(
        "watchlist_change",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("match_key", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )


def _create_campaign_version() -> None:
    op.create_table(
        "campaign_version",
        sa.Column("version", sa.Text(), primary_key=True, nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.Text(), nullable=False),
        sqlite_strict=True,
    )


def _create_api_key() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.Text()),
        sa.Column("actor", sa.Text(), nullable=False),
        sqlite_strict=True,
    )
