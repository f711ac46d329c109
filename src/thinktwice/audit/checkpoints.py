"""Making checkpoints: only of a chain that follows what was signed before.

Invariants: before anything is signed, every entry since the last checkpoint is checked, and so is that it follows the
entry signed then; a chain that was written anew is never signed again under the same name. A checkpoint is durable
before any witness gets it, and is given to a witness until that one has it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from thinktwice.audit import statements as sql
from thinktwice.audit.checkpoint import Checkpoint, Statement, hash_of_statement, read_line, sign, write_line
from thinktwice.audit.entry import hash_of
from thinktwice.audit.ledger import as_text
from thinktwice.audit.lines import entry_of, line_of
from thinktwice.audit.reading import beginning_of
from thinktwice.errors import InputError, NotFoundError, Phrase, StateError, UnavailableError, words_of
from thinktwice.keyring.keys import Key
from thinktwice.storage.layout import sync_folder
from thinktwice.storage.sqlite import connect

FIRST_WAIT: Final = timedelta(seconds=10)
LONGEST_WAIT: Final = timedelta(hours=1)


class Witness(Protocol):
    """Where a checkpoint goes: somewhere the service cannot rewrite."""

    def tell(self, number: int, line: bytes) -> str | None:
        """Hand over one checkpoint; returns None when it is kept there, else why not, in words for a log."""


class FileWitness:
    """A file that is only ever appended to; put it where only the system may do more than append."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def tell(self, number: int, line: bytes) -> str | None:
        """Append one line and wait until it is on the disk."""
        del number
        is_new = not self._path.exists()
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                if _is_torn(descriptor):
                    line = b"\n" + line
                if os.write(descriptor, line) != len(line):
                    return "could not be written whole"
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if is_new:
                sync_folder(self._path.absolute().parent)
        except OSError as error:
            return f"could not be written ({error.strerror})"
        return None


def _is_torn(descriptor: int) -> bool:
    """Tell whether the file ends within a line: the machine stopped while it was written."""
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"


class Checkpoints:
    """The checkpoints of one migrated ``control.db``; safe from several threads and processes."""

    def __init__(self, control: Path, key: Key, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._connection = connect(control)
        self._key = key
        self._clock = clock
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()

    def make(self, *, not_within: timedelta = timedelta(0)) -> Checkpoint | None:
        """Sign how the chain stands now; None when there is nothing new, or the last is younger than ``not_within``.

        Raises:
            StateError: the chain does not follow what was signed before; nothing was signed.
            UnavailableError: the database is busy or cannot be written.
        """
        with self._transaction() as connection:
            now = self._clock().astimezone(UTC)
            row = connection.execute(sql.LAST_CHECKPOINT).fetchone()
            last = read_line(row[0]).statement if row else None
            if row and now - datetime.fromisoformat(row[1]) < not_within:
                return None
            statement = _statement(connection, last, as_text(now))
            if statement is None:
                return None
            checkpoint = sign(statement, self._key)
            line, at = write_line(checkpoint).decode(), as_text(now)
            connection.execute(sql.INSERT_CHECKPOINT, (statement.number, statement.entries, line, at, at))
            return checkpoint

    def tell(self, *, file: Witness | None = None, webhook: Witness | None = None) -> list[str]:
        """Give the witnesses what they have not got and is due; returns what went wrong, in words for a log."""
        now = as_text(self._clock())
        with self._using() as connection:
            waiting = connection.execute(sql.UNWITNESSED, (now, file is not None, webhook is not None)).fetchall()
        faults = []
        for number, document, filed_at, sent_at, attempts in waiting:
            failed = False
            for witness, had, done in ((file, filed_at, sql.FILED), (webhook, sent_at, sql.SENT)):
                if witness is None or had is not None:
                    continue
                fault = witness.tell(number, document.encode())
                if fault is None:
                    self._run(done, as_text(self._clock()), number)
                else:
                    failed = True
                    faults.append(f"checkpoint {number} {fault}")
            if failed:
                wait = min(FIRST_WAIT * (1 << min(attempts, 12)), LONGEST_WAIT)
                self._run(sql.POSTPONE, as_text(self._clock() + wait), number)
        return faults

    def _run(self, statement: str, *values: object) -> None:
        with self._using() as connection:
            connection.execute(statement, values)

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise UnavailableError(f"the checkpoints cannot be written right now: {error}") from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._using() as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    with contextlib.suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")


def _statement(connection: sqlite3.Connection, last: Statement | None, at: str) -> Statement | None:
    """Return what is to be signed now; None when there is nothing new.

    Raises:
        StateError: the chain does not follow what was signed before.
    """
    try:
        beginning = beginning_of(connection)
    except NotFoundError:
        if last is not None:
            raise _broken(Phrase("it is empty")) from None
        return None
    if last is not None and (last.chain, last.begun_at) != (beginning.chain, beginning.begun_at):
        raise _broken(Phrase("it is called %(now)s now, and was %(before)s", now=beginning.chain, before=last.chain))
    seq, head = (last.entries, last.head) if last else (0, hash_of(beginning))
    if last is not None:
        row = connection.execute(sql.ENTRY, (seq,)).fetchone()
        if row is None or row[-1] != head:
            raise _broken(
                Phrase("entry %(seq)s is missing", seq=seq)
                if row is None
                else Phrase("entry %(seq)s is another one", seq=seq)
            )
    newest, head = _follow(connection, seq, head)
    if newest == seq:
        return None
    return Statement(
        chain=beginning.chain,
        begun_at=beginning.begun_at,
        number=last.number + 1 if last else 1,
        entries=newest,
        head=head,
        at=at,
        previous=hash_of_statement(last) if last else None,
    )


def _broken(why: str) -> StateError:
    return StateError(
        Phrase("the audit chain does not follow the last checkpoint: %(why)s; run `thinktwice audit verify`", why=why)
    )


def _follow(connection: sqlite3.Connection, seq: int, head: str) -> tuple[int, str]:
    """Check every entry after ``seq`` against the one before; returns the newest and its hash."""
    for row in connection.execute(sql.ENTRIES_AFTER, (seq,)):
        try:
            line = line_of(row)
        except InputError as error:
            raise _broken(words_of(error)) from None
        if line.seq != seq + 1 or line.previous != head or hash_of(entry_of(line)) != line.hash:
            raise _broken(Phrase("entry %(seq)s is not as it was written", seq=line.seq))
        seq, head = line.seq, line.hash
    return seq, head
