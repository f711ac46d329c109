"""Small writes that are nobody's act: counters of wrong guesses, and when a session was last seen.

Invariant: nothing that a person decides is written here; acts go through the audit ledger.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from thinktwice.errors import UnavailableError
from thinktwice.storage.sqlite import connect


class Counters:
    """A writing connection to ``control.db`` beside the ledger's; safe to use from several threads."""

    def __init__(self, control: Path) -> None:
        self._connection = connect(control)
        self._lock = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside one transaction, which commits on a clean exit.

        Raises:
            UnavailableError: The database is busy or cannot be written; nothing happened.
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise UnavailableError(f"cannot be noted right now: {error}") from error
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()
