"""Every statement sent to ``journal.db``, by name.

Invariants: values are always parameters; the conditions on ``kind`` are spelled exactly as in the partial indexes, or
SQLite would not use them; ``{keys}`` stands for as many placeholders as there are keys in one chunk.
"""

from __future__ import annotations

from typing import Final

COLUMNS: Final = (
    "kind",
    "record_id",
    "recorded_at",
    "withdrawal_id",
    "attempt",
    "customer_ref",
    "destination_key",
    "alert_id",
    "event_type",
    "digest",
    "action",
    "campaign",
    "arm",
    "is_test",
    "body",
)
"""The columns of a record without ``seq``, in the order in which rows are written and read."""

_COLUMNS: Final = ", ".join(COLUMNS)

INSERT_RECORD: Final = f"INSERT INTO record ({_COLUMNS}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - constants only
"""Append one record; SQLite gives it the next ``seq``."""

PUT_CUSTOMER_STATE: Final = """
INSERT INTO customer_state (ref, state) VALUES (?, ?) ON CONFLICT (ref) DO UPDATE SET state = excluded.state"""
"""Insert or replace the packed state of one customer."""

PUT_DESTINATION_STATE: Final = """
INSERT INTO destination_state (match_key, state) VALUES (?, ?)
ON CONFLICT (match_key) DO UPDATE SET state = excluded.state"""
"""Insert or replace the packed state of one destination."""

DECISIONS_BY_KEY: Final = """
WITH asked (withdrawal_id, attempt) AS (VALUES {keys})
SELECT record.withdrawal_id, record.attempt, body FROM asked CROSS JOIN record
ON record.kind = 'decision' AND record.withdrawal_id = asked.withdrawal_id AND record.attempt = asked.attempt"""
"""Has this attempt been decided, and how? A join, because SQLite scans for a pair that is IN a list of pairs."""

LATEST_ATTEMPTS: Final = """
SELECT withdrawal_id, max(attempt) FROM record
WHERE kind = 'decision' AND withdrawal_id IN ({keys}) GROUP BY withdrawal_id"""
"""Which attempt of each withdrawal came last?"""

DECISIONS_BY_ID: Final = "SELECT record_id, body FROM record WHERE kind = 'decision' AND record_id IN ({keys})"
"""Find the decisions that events, clearances and staff refer to."""

EVENT_DIGESTS: Final = """
SELECT record_id, digest FROM record WHERE kind IN ('event', 'alert_event') AND record_id IN ({keys})"""
"""Has this event been counted, and was it the same?"""

RESOLUTIONS: Final = """
SELECT record_id, digest, body FROM record WHERE kind = 'resolution' AND record_id IN ({keys})"""
"""Was this act of staff recorded, and what came of it?"""

ALERT_EVENTS: Final = """
SELECT alert_id, body FROM record WHERE kind = 'alert_event' AND alert_id IN ({keys}) ORDER BY seq"""
"""What did browsers claim about these alerts?"""

CUSTOMER_STATES: Final = "SELECT ref, state FROM customer_state WHERE ref IN ({keys})"
"""Everything remembered about the customers of one batch."""

DESTINATION_STATES: Final = "SELECT match_key, state FROM destination_state WHERE match_key IN ({keys})"
"""Everything remembered about the destinations of one batch."""

LAST_RECORDED_AT: Final = "SELECT recorded_at FROM record ORDER BY seq DESC LIMIT 1"
"""When was the newest record made? Read once, when the writer starts."""

DECISION_BY_ID: Final = "SELECT body FROM record WHERE kind = 'decision' AND record_id = ?"
"""One decision, for staff."""

DECISION_BY_ALERT: Final = "SELECT body FROM record WHERE kind = 'decision' AND alert_id = ?"
"""The decision behind an alert that a customer opens."""

DECISION_BY_KEY: Final = "SELECT body FROM record WHERE kind = 'decision' AND withdrawal_id = ? AND attempt = ?"
"""One decision, by the operator's own key."""

ALERT_EVENT_RECORDS: Final = (
    f"SELECT seq, {_COLUMNS} FROM record WHERE kind = 'alert_event' AND alert_id = ? ORDER BY seq"  # noqa: S608 - constants only
)
"""What browsers claimed about one alert, with all columns."""

RECORDS_AFTER: Final = (
    f"SELECT seq, {_COLUMNS} FROM record "  # noqa: S608 - constants only
    "WHERE seq > ? AND +kind IN ({keys}) ORDER BY seq LIMIT ?"
)
"""One page of the journal; the unary plus keeps SQLite on the primary key."""

BEFORE: Final = """
SELECT seq, recorded_at, CASE WHEN kind = 'decision' AND NOT is_test AND campaign IN ({keys}) THEN body END
FROM record WHERE seq < ? ORDER BY seq DESC LIMIT ?"""
"""What was decided last about these campaigns? Backwards from a place, because only the newest are wanted."""

COUNT: Final = "SELECT count(*) FROM record WHERE kind = ?"
"""How many records of one kind are there?"""
