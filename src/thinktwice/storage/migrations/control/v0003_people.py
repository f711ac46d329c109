"""Accounts, credentials, sessions and invitations."""

from __future__ import annotations

revision = "control_0003"
down_revision = "control_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
