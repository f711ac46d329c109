"""Reading a SQLite journal beside its writer.

Invariants: connections are read-only; none is shared between two reads at the same time; no read stays open while its
caller works, because an open read keeps the log from being emptied.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from thinktwice.errors import UnavailableError
from thinktwice.journal import sql
from thinktwice.journal.seam import RecordKind, StoredRecord
from thinktwice.journal.times import from_microseconds
from thinktwice.storage.migrate import JOURNAL_HEAD, require_version
from thinktwice.storage.sqlite import connect

PAGE = 1_000
"""Records fetched at a time."""

_BEYOND = 2**63 - 1
"""A place after every record."""

_MICROSECOND = timedelta(microseconds=1)


class SqliteJournalReader:
    """The reading side of a SQLite journal, for any number of threads."""

    def __init__(self, path: Path) -> None:
        """Open a migrated journal.

        Raises:
            NotFoundError: there is no such file.
            UnavailableError: it cannot be opened or is not migrated.
        """
        self._path = path
        self._idle: deque[sqlite3.Connection] = deque()
        self._closed = threading.Event()
        with self._connection() as connection:
            require_version(connection, path, JOURNAL_HEAD)

    def decision(self, decision_id: str) -> bytes | None:
        """See ``JournalReader.decision``."""
        return self._body(sql.DECISION_BY_ID, decision_id)

    def decision_by_alert(self, alert_id: str) -> bytes | None:
        """See ``JournalReader.decision_by_alert``."""
        return self._body(sql.DECISION_BY_ALERT, alert_id)

    def decision_by_key(self, withdrawal_id: str, attempt: int) -> bytes | None:
        """See ``JournalReader.decision_by_key``."""
        return self._body(sql.DECISION_BY_KEY, withdrawal_id, attempt)

    def records(
        self, *, kinds: Collection[RecordKind], limit: int | None = None, after_seq: int = 0
    ) -> Iterator[StoredRecord]:
        """See ``JournalReader.records``; a long iteration sees what is recorded while it runs."""
        statement = sql.RECORDS_AFTER.format(keys=", ".join("?" * len(kinds)))
        left = limit
        while left is None or left > 0:
            page = PAGE if left is None else min(PAGE, left)
            rows = self._rows(statement, after_seq, *kinds, page)
            yield from map(_stored, rows)
            if len(rows) < page:
                return
            after_seq = rows[-1][0]
            left = None if left is None else left - len(rows)

    def newest_decisions(self, campaigns: Collection[str], within: timedelta) -> Iterator[bytes]:
        """See ``JournalReader.newest_decisions``; reads no page that is not asked for."""
        statement = sql.BEFORE.format(keys=", ".join("?" * len(campaigns)))
        before, oldest = _BEYOND, None
        while rows := self._rows(statement, *campaigns, before, PAGE):
            oldest = rows[0][1] - within // _MICROSECOND if oldest is None else oldest
            for _seq, recorded_at, body in rows:
                if recorded_at <= oldest:
                    return
                if body is not None:
                    yield body
            before = rows[-1][0]

    def alert_events(self, alert_id: str) -> list[StoredRecord]:
        """See ``JournalReader.alert_events``."""
        return [_stored(row) for row in self._rows(sql.ALERT_EVENT_RECORDS, alert_id)]

    def customer_state(self, ref: str) -> bytes | None:
        """See ``JournalReader.customer_state``."""
        rows = self._rows(sql.CUSTOMER_STATES.format(keys="?"), ref)
        return rows[0][1] if rows else None

    def count(self, kind: RecordKind) -> int:
        """See ``JournalReader.count``."""
        return int(self._rows(sql.COUNT, kind)[0][0])

    def close(self) -> None:
        """Close all connections; a second call does nothing."""
        self._closed.set()
        while self._idle:
            self._idle.pop().close()

    def _body(self, statement: str, *parameters: object) -> bytes | None:
        """Return the single value of the single row that a unique key finds."""
        rows = self._rows(statement, *parameters)
        return rows[0][0] if rows else None

    def _rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Run one read to its end."""
        with self._connection() as connection:
            return connection.execute(statement, parameters).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Lend an idle connection or a new one."""
        if self._closed.is_set():
            raise UnavailableError("the journal reader is closed")
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = connect(self._path, read_only=True)
        try:
            yield connection
        except sqlite3.OperationalError as error:
            raise UnavailableError(f"the journal cannot be read: {error}") from error
        finally:
            if self._closed.is_set():
                connection.close()
            else:
                self._idle.append(connection)


def _stored(row: tuple[Any, ...]) -> StoredRecord:
    """Build a record from ``seq`` and ``sql.COLUMNS``."""
    seq, *values = row
    columns = dict(zip(sql.COLUMNS, values, strict=True))
    columns["recorded_at"] = from_microseconds(columns["recorded_at"])
    columns["is_test"] = bool(columns["is_test"])
    return StoredRecord(seq=seq, **columns)
