"""The store in one SQLite file: a restart remembers every hold and delivers every event.

Invariants: every change is on disk before the call returns (``synchronous=FULL``); several processes of one machine
may share the file; it is readable by its owner alone, because events hold what a withdrawal holds.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final

from thinktwice_client.errors import StoreError
from thinktwice_client.forks import after_fork
from thinktwice_client.store import Queued

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS holds (
    destination TEXT NOT NULL, key TEXT NOT NULL, stamp INTEGER NOT NULL, is_held INTEGER NOT NULL,
    PRIMARY KEY (destination, key)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS holds_by_key ON holds (key) WHERE is_held;
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS aside (event_id TEXT PRIMARY KEY, body TEXT NOT NULL, reason TEXT NOT NULL);
"""
_NOTE_HOLD: Final = """
INSERT INTO holds VALUES (?, ?, ?, 1)
ON CONFLICT (destination, key) DO UPDATE SET stamp = excluded.stamp, is_held = 1 WHERE excluded.stamp >= holds.stamp
"""
_END_HOLD: Final = "UPDATE holds SET stamp = ?2, is_held = 0 WHERE destination = ?1 AND ?2 > stamp"


class FileStore:
    """A store in ``path``; ``patience`` is how long it waits for another process that writes, in seconds.

    Raises:
        StoreError: the file cannot be opened or is no store.
    """

    blocks: bool = True
    is_durable: bool = True

    def __init__(self, path: Path | str, *, patience: float = 0.05) -> None:
        self._path = Path(path)
        self._patience = patience
        self._lock = threading.Lock()
        self._open: tuple[int, sqlite3.Connection] | None = None
        after_fork(self, FileStore._after_fork)
        with self._connected() as connection:
            connection.executescript(_SCHEMA)

    def note_answer(self, keys: Sequence[str], stamp: int, *, is_held: bool) -> None:
        """Enter a hold, or end an older one; nothing is written where nothing is known and nothing is held."""
        if is_held:
            with self._writing() as connection:
                connection.executemany(_NOTE_HOLD, [(keys[0], key, stamp) for key in keys])
        elif self._knows(keys[0]):
            with self._writing() as connection:
                connection.execute(_END_HOLD, (keys[0], stamp))

    def is_held(self, keys: Collection[str]) -> bool:
        """Tell whether one of the keys is held."""
        with self._connected() as connection:
            return any(
                connection.execute("SELECT 1 FROM holds WHERE key = ? AND is_held", (key,)).fetchone() for key in keys
            )

    def put(self, events: Sequence[Queued]) -> None:
        """Queue events once."""
        with self._writing() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO events (event_id, body) VALUES (?, ?)",
                [(event.event_id, event.body) for event in events],
            )

    def has_event(self, event_id: str) -> bool:
        """Tell whether an event waits."""
        with self._connected() as connection:
            return connection.execute("SELECT 1 FROM events WHERE event_id = ?", (event_id,)).fetchone() is not None

    def waiting(self, limit: int, *, offset: int = 0) -> list[Queued]:
        """Return the oldest events that wait."""
        with self._connected() as connection:
            rows = connection.execute(
                "SELECT event_id, body FROM events ORDER BY number LIMIT ? OFFSET ?", (limit, offset)
            ).fetchall()
        return [Queued(*row) for row in rows]

    def settle(self, event_ids: Collection[str]) -> None:
        """Take delivered events out of the queue."""
        with self._writing() as connection:
            connection.executemany("DELETE FROM events WHERE event_id = ?", [(event_id,) for event_id in event_ids])

    def set_aside(self, event_id: str, reason: str) -> None:
        """Keep a refused event apart, in the table ``aside``."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO aside SELECT event_id, body, ? FROM events WHERE event_id = ?",
                (reason, event_id),
            )
            connection.execute("DELETE FROM events WHERE event_id = ?", (event_id,))

    def count(self) -> int:
        """Return how many events wait."""
        with self._connected() as connection:
            return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])

    def close(self) -> None:
        """Close the file; a later call opens it again."""
        with self._lock:
            if self._open is not None and self._open[0] == os.getpid():
                self._open[1].close()
            self._open = None

    def _knows(self, destination: str) -> bool:
        with self._connected() as connection:
            found = connection.execute("SELECT 1 FROM holds WHERE destination = ?", (destination,)).fetchone()
        return found is not None

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._lock:
                yield self._connection()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"the store {self._path.name} cannot be used: {type(error).__name__}") from None

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _connection(self) -> sqlite3.Connection:
        """Return the connection of this process: SQLite's do not survive a fork."""
        if self._open is not None and self._open[0] == os.getpid():
            return self._open[1]
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
