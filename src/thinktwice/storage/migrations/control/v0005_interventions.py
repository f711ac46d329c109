"""What staff note and decide about withdrawals that wait."""

from __future__ import annotations

revision = "control_0005"
down_revision = "control_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
