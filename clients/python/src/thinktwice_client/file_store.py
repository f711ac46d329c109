"""The store in one SQLite file: a restart remembers every hold and delivers every event.

Invariants: every change is on disk before the call returns (``synchronous=FULL``); several processes of one machine
may share the file; it is readable by its owner alone, because events hold what a withdrawal holds.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from thinktwice_client.errors import StoreError
from thinktwice_client.forks import after_fork
from thinktwice_client.sqlite_seat import Seat
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


@dataclass(slots=True)
class _Put:
    """Events that one thread wants queued, and what became of them."""

    events: Sequence[Queued]
    is_done: bool = False
    error: StoreError | None = None


class FileStore:
    """A store in ``path``; ``patience`` is how long it waits for another process that writes, in seconds.

    Raises:
        StoreError: the file cannot be opened or is no store.
    """

    blocks: bool = True
    is_durable: bool = True

    def __init__(self, path: Path | str, *, patience: float = 0.5) -> None:
        self._reading = Seat(Path(path), patience)
        self._writing = Seat(Path(path), patience)
        self._gate = threading.Lock()
        self._putting = threading.Lock()
        self._puts: list[_Put] = []
        after_fork(self, FileStore._after_fork)
        with self._writing.taken() as connection:
            connection.executescript(_SCHEMA)

    def note_answer(self, keys: Sequence[str], stamp: int, *, is_held: bool) -> None:
        """Enter a hold, or end an older one; nothing is written where nothing is known and nothing is held."""
        if is_held:
            with self._writing.writing() as connection:
                connection.executemany(_NOTE_HOLD, [(keys[0], key, stamp) for key in keys])
        elif self._knows(keys[0]):
            with self._writing.writing() as connection:
                connection.execute(_END_HOLD, (keys[0], stamp))

    def is_held(self, keys: Collection[str]) -> bool:
        """Tell whether one of the keys is held."""
        with self._reading.taken() as connection:
            return any(
                connection.execute("SELECT 1 FROM holds WHERE key = ? AND is_held", (key,)).fetchone() for key in keys
            )

    def put(self, events: Sequence[Queued]) -> None:
        """Queue events once.

        Threads that put at the same moment share one commit: an outage meets many withdrawals at once, and each
        write to a disk takes milliseconds.
        """
        mine = _Put(events)
        with self._gate:
            self._puts.append(mine)
        with self._putting:
            if not mine.is_done:
                with self._gate:
                    together, self._puts = self._puts, []
                self._put_all(together)
        if mine.error is not None:
            raise mine.error

    def has_event(self, event_id: str) -> bool:
        """Tell whether an event waits."""
        with self._reading.taken() as connection:
            return connection.execute("SELECT 1 FROM events WHERE event_id = ?", (event_id,)).fetchone() is not None

    def waiting(self, limit: int, *, offset: int = 0) -> list[Queued]:
        """Return the oldest events that wait."""
        with self._reading.taken() as connection:
            rows = connection.execute(
                "SELECT event_id, body FROM events ORDER BY number LIMIT ? OFFSET ?", (limit, offset)
            ).fetchall()
        return [Queued(*row) for row in rows]

    def settle(self, event_ids: Collection[str]) -> None:
        """Take delivered events out of the queue."""
        with self._writing.writing() as connection:
            connection.executemany("DELETE FROM events WHERE event_id = ?", [(event_id,) for event_id in event_ids])

    def set_aside(self, event_id: str, reason: str) -> None:
        """Keep a refused event apart, in the table ``aside``."""
        with self._writing.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO aside SELECT event_id, body, ? FROM events WHERE event_id = ?",
                (reason, event_id),
            )
            connection.execute("DELETE FROM events WHERE event_id = ?", (event_id,))

    def count(self) -> int:
        """Return how many events wait."""
        with self._reading.taken() as connection:
            return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])

    def close(self) -> None:
        """Close the file; a later call opens it again."""
        self._reading.close()
        self._writing.close()

    def _put_all(self, together: Sequence[_Put]) -> None:
        error: StoreError | None = None
        try:
            with self._writing.writing() as connection:
                connection.executemany(
                    "INSERT OR IGNORE INTO events (event_id, body) VALUES (?, ?)",
                    [(event.event_id, event.body) for put in together for event in put.events],
                )
        except StoreError as failure:
            error = failure
        for put in together:
            put.error, put.is_done = error, True

    def _knows(self, destination: str) -> bool:
        with self._reading.taken() as connection:
            found = connection.execute("SELECT 1 FROM holds WHERE destination = ?", (destination,)).fetchone()
        return found is not None

    def _after_fork(self) -> None:
        """Begin anew in a child; what other threads of the parent were putting is theirs."""
        self._gate, self._putting, self._puts = threading.Lock(), threading.Lock(), []
