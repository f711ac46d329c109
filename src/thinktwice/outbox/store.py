"""The outbox table: written by the journal's batches, emptied by the deliverer.

Invariants: ``insert`` runs in the caller's transaction and commits nothing; the deliverer has a connection of its own,
whose every act is durable when it returns.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from thinktwice.errors import UnavailableError
from thinktwice.outbox import statements
from thinktwice.outbox.message import Backlog, OutboxMessage, Waiting
from thinktwice.storage.sqlite import connect


def insert(connection: sqlite3.Connection, messages: Sequence[OutboxMessage]) -> None:
    """Put messages in, as part of the transaction that is open on this connection."""
    connection.executemany(
        statements.INSERT,
        [(one.message_id, one.topic, one.body, one.created_at, one.due_at) for one in messages],
    )


class OutboxStore:
    """The deliverer's side of one migrated ``journal.db``; safe from several threads."""

    def __init__(self, journal: Path) -> None:
        """Open it.

        Raises:
            UnavailableError: the database cannot be opened.
        """
        self._connection = connect(journal)
        self._connection.execute("PRAGMA wal_autocheckpoint = 0")  # the journal has a checkpointer
        self._lock = threading.Lock()

    def due(self, now: int, limit: int) -> list[Waiting]:
        """Return what is due at ``now`` (microseconds), what waits longest first."""
        return [
            Waiting(
                seq=seq,
                message=OutboxMessage(
                    message_id=message_id, topic=topic, body=body, created_at=created_at, due_at=due_at
                ),
                attempts=attempts,
            )
            for seq, message_id, topic, body, created_at, due_at, attempts in self._run(statements.DUE, now, limit)
        ]

    def done(self, seq: int) -> None:
        """Take a message out for good."""
        self._run(statements.DONE, seq)

    def postpone(self, seq: int, due_at: int) -> None:
        """Count one failed attempt and wait until ``due_at``."""
        self._run(statements.POSTPONE, due_at, seq)

    def count(self) -> int:
        """Return how many webhooks have not been acknowledged yet."""
        return int(self._run(statements.COUNT)[0][0])

    def backlog(self, now: int) -> Backlog:
        """Return what has not been acknowledged at ``now`` (microseconds)."""
        waiting, failed, oldest = self._run(statements.BACKLOG)[0]
        age = max(0, now - oldest) // 1_000_000 if waiting else 0
        return Backlog(waiting=waiting, failed=failed, oldest_seconds=age)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    def _run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._connection.execute(statement, values).fetchall()
            except sqlite3.Error as error:
                raise UnavailableError(f"the outbox cannot be used: {error}") from error
