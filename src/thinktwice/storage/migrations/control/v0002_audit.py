"""The chain of acts and the long work."""

from __future__ import annotations

revision = "control_0002"
down_revision = "control_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
