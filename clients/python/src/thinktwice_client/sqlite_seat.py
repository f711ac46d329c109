"""One connection to a SQLite file, used by one thread at a time.

Invariants: what is committed is on disk (``synchronous=FULL``); a forked child has a connection of its own, because
SQLite's do not survive a fork; every failure is a ``StoreError`` that names the file and nothing of its contents.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from thinktwice_client.errors import StoreError
from thinktwice_client.forks import after_fork


class Seat:
    """A connection to ``path`` that waits ``patience`` seconds for another process that writes."""

    def __init__(self, path: Path, patience: float) -> None:
        self._path = path
        self._patience = patience
        self._lock = threading.Lock()
        self._open: tuple[int, sqlite3.Connection] | None = None
        after_fork(self, Seat._after_fork)

    @contextlib.contextmanager
    def taken(self) -> Iterator[sqlite3.Connection]:
        """Give the connection to this thread.

        Raises:
            StoreError: the file cannot be used.
        """
        try:
            with self._lock:
                yield self._connection()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"the store {self._path.name} cannot be used: {type(error).__name__}") from None

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection in one transaction, which is on disk at the end.

        Raises:
            StoreError: nothing of it was written.
        """
        with self.taken() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the connection; a later use opens it again."""
        with self._lock:
            if self._open is not None and self._open[0] == os.getpid():
                self._open[1].close()
            self._open = None

    def _connection(self) -> sqlite3.Connection:
        if self._open is not None and self._open[0] == os.getpid():
            return self._open[1]
        # Made by hand, so that it is never readable by others, not even for a moment.
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(self._path, timeout=self._patience, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error:
            connection.close()
            raise
        self._open = (os.getpid(), connection)
        return connection

    def _after_fork(self) -> None:
        """Begin anew in a child: another thread of the parent may have held the lock."""
        self._lock = threading.Lock()
