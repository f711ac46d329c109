"""The newest shape of ``journal.db``: append-only records, the packed states derived from them, and the outbox.

Invariants: ``seq`` is 1, 2, 3 … without gaps and ``recorded_at`` (microseconds since 1970, UTC) never decreases;
only erasure rewrites a record. Only look-ups made while deciding or by staff for one decision have an index; reports
read the lake. Migrations build this shape; a test holds both equal.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text, text

JOURNAL = MetaData()

RECORD = Table(
    "record",
    JOURNAL,
    Column("seq", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("recorded_at", Integer, nullable=False),
    Column("withdrawal_id", Text),
    Column("attempt", Integer),
    Column("customer_ref", Text),
    Column("destination_key", Text),
    Column("alert_id", Text),
    Column("event_type", Text),
    Column("digest", LargeBinary),
    Column("action", Text),
    Column("campaign", Text),
    Column("arm", Text),
    Column("is_test", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index(
        "decision_by_key",
        "withdrawal_id",
        "attempt",
        unique=True,
        sqlite_where=text("kind = 'decision'"),
    ),
    Index("decision_by_id", "record_id", unique=True, sqlite_where=text("kind = 'decision'")),
    Index(
        "decision_by_alert",
        "alert_id",
        unique=True,
        sqlite_where=text("kind = 'decision' AND alert_id IS NOT NULL"),
    ),
    Index("event_by_id", "record_id", unique=True, sqlite_where=text("kind IN ('event', 'alert_event')")),
    Index("resolution_by_id", "record_id", unique=True, sqlite_where=text("kind = 'resolution'")),
    Index("alert_event_by_alert", "alert_id", sqlite_where=text("kind = 'alert_event'")),
    sqlite_strict=True,
)
"""One decision, event, clearance or resolution, exactly as it was acknowledged (``body``)."""

CUSTOMER_STATE = Table(
    "customer_state",
    JOURNAL,
    Column("ref", Text, primary_key=True, nullable=False),
    Column("state", LargeBinary, nullable=False),
    sqlite_strict=True,
)
"""One packed row per customer: known destinations, windows, holds.

A rowid table, because states outgrow the quarter page up to which ``WITHOUT ROWID`` pays.
"""

DESTINATION_STATE = Table(
    "destination_state",
    JOURNAL,
    Column("match_key", Text, primary_key=True, nullable=False),
    Column("state", LargeBinary, nullable=False),
    sqlite_strict=True,
)
"""One packed row per destination: windows across customers."""

OUTBOX = Table(
    "outbox",
    JOURNAL,
    Column("seq", Integer, primary_key=True),
    Column("message_id", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("due_at", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("outbox_by_id", "message_id", unique=True),
    Index("outbox_by_due", "due_at"),
    sqlite_strict=True,
)
"""What the operator's server is still to be told; a row leaves when its receiver has acknowledged it."""
