"""Times as the journal keeps them: whole microseconds since 1970, UTC.

Invariant: exact in both directions, unlike ``timestamp()``, which goes through a float.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_microseconds(time: datetime) -> int:
    """Return whole microseconds since 1970; the time must be aware."""
    return (time - _EPOCH) // _MICROSECOND


def from_microseconds(value: int) -> datetime:
    """Return the time in UTC."""
    return _EPOCH + timedelta(microseconds=value)
