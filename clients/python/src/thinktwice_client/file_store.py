"""The store in one SQLite file: a restart remembers holds and alerts, and delivers every event.

Invariants: every change is on disk before the call returns (``synchronous=FULL``); several processes of one machine
may share the file; it is readable by its owner alone, because events hold what a withdrawal holds.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from thinktwice_client.errors import StoreError
from thinktwice_client.forks import after_fork
from thinktwice_client.sqlite_seat import Seat
from thinktwice_client.store import ALERT_LIFE, MOST_ALERTS, Queued, Word
from thinktwice_client.tiers import Answer, strongest

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS holds (
    destination TEXT NOT NULL, key TEXT NOT NULL, stamp INTEGER NOT NULL, is_held INTEGER NOT NULL,
    PRIMARY KEY (destination, key)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS holds_by_key ON holds (key) WHERE is_held;
CREATE TABLE IF NOT EXISTS alerts (
    owner TEXT NOT NULL, key TEXT NOT NULL, stamp INTEGER NOT NULL, is_standing INTEGER NOT NULL,
    PRIMARY KEY (owner, key)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS alerts_by_key ON alerts (key) WHERE is_standing;
CREATE INDEX IF NOT EXISTS alerts_by_stamp ON alerts (stamp);
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS aside (event_id TEXT PRIMARY KEY, body TEXT NOT NULL, reason TEXT NOT NULL);
"""
_NOTE_HOLD: Final = """
INSERT INTO holds VALUES (?, ?, ?, 1)
ON CONFLICT (destination, key) DO UPDATE SET stamp = excluded.stamp, is_held = 1 WHERE excluded.stamp >= holds.stamp
"""
_END_HOLD: Final = "UPDATE holds SET stamp = ?2, is_held = 0 WHERE destination = ?1 AND ?2 > stamp"
_NOTE_ALERT: Final = """
INSERT INTO alerts VALUES (?, ?, ?, 1)
ON CONFLICT (owner, key) DO UPDATE SET stamp = excluded.stamp, is_standing = 1 WHERE excluded.stamp >= alerts.stamp
"""
_END_ALERT: Final = "UPDATE alerts SET stamp = ?2, is_standing = 0 WHERE owner = ?1 AND ?2 > stamp"
_STANDING: Final = """
SELECT 'hold' FROM holds WHERE key = ?1 AND is_held UNION ALL SELECT 'alert' FROM alerts WHERE key = ?1 AND is_standing
"""
_TRIM: Final = """
DELETE FROM alerts WHERE stamp < max(?1, coalesce((SELECT stamp FROM alerts ORDER BY stamp DESC LIMIT 1 OFFSET ?2), 0))
"""
_KNOWN: Final = "SELECT 1 FROM holds WHERE destination = ?1 UNION ALL SELECT 1 FROM alerts WHERE owner = ?1"
_TRIM_EVERY: Final = 100


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
        self._until_trim = 0
        after_fork(self, FileStore._after_fork)
        with self._writing.taken() as connection:
            connection.executescript(_SCHEMA)

    def note_answers(self, words: Sequence[Word]) -> None:
        """Enter what stands, and end what is older; nothing is written where nothing is known and all is well."""
        news = [word for word in words if word.told in ("alert", "hold") or self._knows(word.keys[0])]
        if news:
            with self._writing.writing() as connection:
                for word in news:
                    _note(connection, word)
                self._trim(connection, max(word.stamp for word in news))

    def floor_of(self, keys: Collection[str]) -> Answer:
        """Return the strongest that stands under one of the keys."""
        with self._reading.taken() as connection:
            found = {row[0] for key in keys for row in connection.execute(_STANDING, (key,))}
        return strongest("proceed", *found)

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

    def _knows(self, key: str) -> bool:
        with self._reading.taken() as connection:
            return connection.execute(_KNOWN, (key,)).fetchone() is not None

    def _trim(self, connection: sqlite3.Connection, now: int) -> None:
        """Forget alerts that are too old or too many; now and then, because it counts them."""
        self._until_trim -= 1
        if self._until_trim < 0:
            connection.execute(_TRIM, (now - ALERT_LIFE, MOST_ALERTS))
            self._until_trim = _TRIM_EVERY

    def _after_fork(self) -> None:
        """Begin anew in a child; what other threads of the parent were putting is theirs."""
        self._gate, self._putting, self._puts = threading.Lock(), threading.Lock(), []


def _note(connection: sqlite3.Connection, word: Word) -> None:
    rows = [(word.keys[0], key, word.stamp) for key in word.keys]
    if word.told == "hold":
        connection.executemany(_NOTE_HOLD, rows)
    elif word.told != "cleared":
        connection.execute(_END_HOLD, (word.keys[0], word.stamp))
    if word.told == "alert":
        connection.executemany(_NOTE_ALERT, rows)
    elif word.told != "hold":
        connection.execute(_END_ALERT, (word.keys[0], word.stamp))
