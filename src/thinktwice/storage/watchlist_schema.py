"""What somebody says is wrong about a listing, and what was decided; how far each feed is.

Invariants: words of whoever complains, and the reasons of staff, are in envelopes under the ``master`` key; a dispute
is never changed after it was decided, and never deleted.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table, Text

from thinktwice.storage.control_metadata import CONTROL

LISTING_DISPUTE = Table(
    "listing_dispute",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("address", Text, nullable=False),
    Column("match_keys", Text, nullable=False),
    Column("source", Text),
    Column("raised_by", Text, nullable=False),
    Column("raised_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("words_sealed", LargeBinary, nullable=False),
    Column("decided_at", Text),
    Column("decided_by", Text),
    Column("outcome", Text),
    Column("reason_sealed", LargeBinary),
    Index("listing_dispute_open", "decided_at", "raised_at"),
    sqlite_strict=True,
)
"""``source`` None disputes every listing of the address; ``raised_by`` is the sort of person, never who."""

FEED = Table(
    "feed",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("paused_at", Text),
    Column("taken_at", Text),
    Column("taken_sha256", Text),
    sqlite_strict=True,
)
"""A list that is imported by itself; what it is stands in a file. ``taken_sha256`` is of the file it took last,
together with how it was read."""
