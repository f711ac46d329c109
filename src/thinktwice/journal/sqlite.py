"""The journal in one SQLite file: the writer and its batches.

Invariants: see ``journal.seam``. The process that holds the lock file is the only writer, therefore ``seq`` has no gaps
and the newest ``recorded_at`` may be remembered in memory. Every commit is one fdatasync of the write-ahead log.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from thinktwice.errors import ConflictError, Phrase, UnavailableError
from thinktwice.journal import sql
from thinktwice.journal.checkpoint import EVERY_SECONDS, Checkpointer
from thinktwice.journal.chunks import read_in_chunks
from thinktwice.journal.lock import WriterLock
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.journal.seam import NewRecord
from thinktwice.journal.times import from_microseconds, to_microseconds
from thinktwice.outbox import store as outbox
from thinktwice.outbox.message import OutboxMessage
from thinktwice.storage.migrate import JOURNAL_HEAD, require_version
from thinktwice.storage.sqlite import connect

__all__ = ["SqliteBatch", "SqliteJournal", "SqliteJournalReader"]

CACHE_KIB = 64 * 1024
"""Pages of states and indexes that the writer keeps; with SQLite's own 2 MB it keeps reading them again."""

WAKE_CHECKPOINT_AT_BYTES = 1024 * 1024
"""Bodies and states written since the last time; keeps the log short under load, and each copying too."""


class SqliteJournal:
    """The one writer of a journal; used by one thread at a time, whichever it is."""

    def __init__(self, path: Path, *, checkpoint_every_seconds: float = EVERY_SECONDS) -> None:
        """Open a migrated journal for writing.

        Raises:
            UnavailableError: another process writes it (the message names its id), or it is not migrated.
        """
        self._lock = WriterLock(path.with_suffix(".lock"))
        self._turn = threading.Lock()
        self._unchecked = 0
        try:
            self._connection = connect(path)
            try:
                require_version(self._connection, path, JOURNAL_HEAD)
                self._connection.execute("PRAGMA wal_autocheckpoint = 0")
                self._connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
                row = self._connection.execute(sql.LAST_RECORDED_AT).fetchone()
                self._last: int | None = None if row is None else row[0]
                self._checkpointer = Checkpointer(path, every_seconds=checkpoint_every_seconds)
            except BaseException:
                self._connection.close()
                raise
        except sqlite3.DatabaseError as error:
            self._lock.release()
            raise UnavailableError(f"cannot use {path}: {error}") from error
        except BaseException:
            self._lock.release()
            raise
        self._is_closed = False

    @contextmanager
    def batch(self) -> Iterator[SqliteBatch]:
        """Open one transaction; see ``Journal.batch``."""
        with self._turn:
            if self._is_closed:
                raise UnavailableError("the journal is closed")
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                batch = SqliteBatch(self._connection, self._last)
                yield batch
                batch.end()
                self._connection.execute("COMMIT")
            except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
                raise
            except sqlite3.DatabaseError as error:
                raise UnavailableError(f"the journal cannot be written: {error}") from error
            finally:
                self._roll_back()
            self._last = batch.last
            self._note_written(batch.written)

    def close(self) -> None:
        """Empty the log, close the file and let another process write; a second call does nothing."""
        with self._turn:
            if self._is_closed:
                return
            self._is_closed = True
            self._checkpointer.stop()
            self._connection.close()
            self._lock.release()

    def _roll_back(self) -> None:
        """Undo whatever was not committed; SQLite itself has done so after some errors.

        Should even that fail, the next batch is refused when it begins, and tries again.
        """
        if self._connection.in_transaction:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")

    def _note_written(self, size: int) -> None:
        """Wake the checkpointer when much was written, and do the little that it leaves to the writer."""
        self._checkpointer.finish(self._connection)
        self._unchecked += size
        if self._unchecked >= WAKE_CHECKPOINT_AT_BYTES:
            self._unchecked = 0
            self._checkpointer.wake()


class SqliteBatch:
    """One transaction of ``SqliteJournal``."""

    def __init__(self, connection: sqlite3.Connection, last: int | None) -> None:
        self._connection = connection
        self._broken: ConflictError | None = None
        self.last = last
        self.written = 0

    def decisions(self, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], bytes]:
        """See ``Batch.decisions``."""
        flat = read_in_chunks(self._connection, sql.DECISIONS_BY_KEY, keys, width=2)
        return {(withdrawal_id, attempt): body for withdrawal_id, attempt, body in flat}

    def latest_attempts(self, withdrawal_ids: Collection[str]) -> dict[str, int]:
        """See ``Batch.latest_attempts``."""
        return dict(read_in_chunks(self._connection, sql.LATEST_ATTEMPTS, withdrawal_ids))

    def decisions_by_id(self, ids: Collection[str]) -> dict[str, bytes]:
        """See ``Batch.decisions_by_id``."""
        return dict(read_in_chunks(self._connection, sql.DECISIONS_BY_ID, ids))

    def event_digests(self, event_ids: Collection[str]) -> dict[str, bytes]:
        """See ``Batch.event_digests``."""
        return dict(read_in_chunks(self._connection, sql.EVENT_DIGESTS, event_ids))

    def alert_events(self, alert_ids: Collection[str]) -> dict[str, list[bytes]]:
        """See ``Batch.alert_events``."""
        found: dict[str, list[bytes]] = {}
        for alert_id, body in read_in_chunks(self._connection, sql.ALERT_EVENTS, alert_ids):
            found.setdefault(alert_id, []).append(body)
        return found

    def resolutions(self, act_ids: Collection[str]) -> dict[str, tuple[bytes, bytes]]:
        """See ``Batch.resolutions``."""
        found = read_in_chunks(self._connection, sql.RESOLUTIONS, act_ids)
        return {act_id: (digest or b"", body) for act_id, digest, body in found}

    def customer_states(self, refs: Collection[str]) -> dict[str, bytes]:
        """See ``Batch.customer_states``."""
        return dict(read_in_chunks(self._connection, sql.CUSTOMER_STATES, refs))

    def destination_states(self, match_keys: Collection[str]) -> dict[str, bytes]:
        """See ``Batch.destination_states``."""
        return dict(read_in_chunks(self._connection, sql.DESTINATION_STATES, match_keys))

    def append(self, records: Sequence[NewRecord]) -> None:
        """See ``Batch.append``."""
        rows = [self._row(record) for record in records]
        with self._unique():
            self._connection.executemany(sql.INSERT_RECORD, rows)

    def enqueue(self, messages: Sequence[OutboxMessage]) -> None:
        """See ``Batch.enqueue``."""
        with self._unique():
            outbox.insert(self._connection, messages)

    def put_customer_states(self, states: Mapping[str, bytes]) -> None:
        """See ``Batch.put_customer_states``."""
        self._put(sql.PUT_CUSTOMER_STATE, states)

    def put_destination_states(self, states: Mapping[str, bytes]) -> None:
        """See ``Batch.put_destination_states``."""
        self._put(sql.PUT_DESTINATION_STATE, states)

    def last_recorded_at(self) -> datetime | None:
        """See ``Batch.last_recorded_at``."""
        return None if self.last is None else from_microseconds(self.last)

    def end(self) -> None:
        """Refuse to commit what a conflict has made incomplete."""
        if self._broken is not None:
            raise self._broken

    @contextmanager
    def _unique(self) -> Iterator[None]:
        """Turn a unique key met twice into a conflict that no caller can commit around."""
        try:
            yield
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                raise
            self._broken = ConflictError(Phrase("recorded before: %(error)s", error=error))
            raise self._broken from error

    def _put(self, statement: str, states: Mapping[str, bytes]) -> None:
        """Write states in the order of their keys, so that neighbours share pages."""
        self._connection.executemany(statement, sorted(states.items()))
        self.written += sum(map(len, states.values()))

    def _row(self, record: NewRecord) -> tuple[object, ...]:
        """Return the values of ``sql.COLUMNS``."""
        at = to_microseconds(record.recorded_at)
        if self.last is not None and at < self.last:
            raise ValueError(f"recorded_at goes back from {self.last_recorded_at()} to {record.recorded_at}")
        self.last = at
        self.written += len(record.body)
        return (
            record.kind,
            record.record_id,
            at,
            record.withdrawal_id,
            record.attempt,
            record.customer_ref,
            record.destination_key,
            record.alert_id,
            record.event_type,
            record.digest,
            record.action,
            record.campaign,
            record.arm,
            1 if record.is_test else 0,  # the driver takes 3 µs to find out what a bool is
            record.body,
        )
