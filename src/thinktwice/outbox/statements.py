"""Every statement about the table ``outbox`` of ``journal.db``, by name."""

from __future__ import annotations

from typing import Final

INSERT: Final = "INSERT INTO outbox (message_id, topic, body, created_at, due_at, attempts) VALUES (?, ?, ?, ?, ?, 0)"
"""Put a message in; the journal's batch does so in its own transaction."""

DUE: Final = """
SELECT seq, message_id, topic, body, created_at, due_at, attempts FROM outbox
WHERE due_at <= ? ORDER BY due_at, seq LIMIT ?"""
"""What is to be told now, what waits longest first?"""

DONE: Final = "DELETE FROM outbox WHERE seq = ?"
"""Take out what was acknowledged."""

POSTPONE: Final = "UPDATE outbox SET attempts = attempts + 1, due_at = ? WHERE seq = ?"
"""Try again later."""

COUNT: Final = "SELECT count(*) FROM outbox WHERE topic <> 'recheck'"
"""How much is still to be told?"""

BACKLOG: Final = """
SELECT count(*), coalesce(sum(attempts > 0), 0), min(created_at) FROM outbox WHERE topic <> 'recheck'"""
"""How much is still to be told, how much of it failed before, and since when does the oldest wait?"""
