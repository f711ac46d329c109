"""The one clock of the deciding process."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the server's time, aware, in UTC."""
    return datetime.now(UTC)
