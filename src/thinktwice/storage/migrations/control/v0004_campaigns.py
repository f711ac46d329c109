"""Drafts, releases and approvals of campaigns."""

from __future__ import annotations

revision = "control_0004"
down_revision = "control_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
