"""The one way to write into ``control.db`` on somebody's behalf: an act and its entry, in one transaction.

Invariants: what the body of an act writes and its entry commit together or not at all; the body can neither end the
transaction nor write the chain's tables; entries are numbered 1, 2, 3 … without gaps whatever processes write at the
same time, and their times never go back.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
import threading
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from thinktwice.audit import statements as sql
from thinktwice.audit.commitments import SALT_BYTES, commit
from thinktwice.audit.entry import (
    Actor,
    Beginning,
    Detail,
    Entry,
    Noted,
    Outcome,
    Sealed,
    canonical,
    check_act,
    check_details,
    check_object_id,
    digest_of,
    hash_of,
)
from thinktwice.errors import InputError, UnavailableError
from thinktwice.storage.sqlite import connect

__all__ = ["Act", "Actor", "Ledger", "as_text"]

_WRITES: Final = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
_IDLE_READERS: Final = 4


class Act:
    """One act under way: write through ``connection``; say what changed with ``before``, ``after`` and ``note``."""

    def __init__(self, connection: sqlite3.Connection, at: datetime, object_id: str) -> None:
        self.connection = connection
        self.at = at
        self.object_id = object_id
        self._noted = Noted()
        self._personal: dict[str, str] = {}

    def about(self, object_id: str) -> None:
        """Say which object this is about when only the act itself finds out, such as the number of a new row.

        Raises:
            InputError: it is no id.
        """
        check_object_id(object_id)
        self.object_id = object_id

    def before(self, value: object) -> None:
        """Say what the object was; only the hash is kept. No personal data: a hash of a name can be guessed."""
        self._noted.before = digest_of(value)

    def after(self, value: object) -> None:
        """Say what the object is now; only the hash is kept. No personal data."""
        self._noted.after = digest_of(value)

    def note(self, **details: Detail) -> None:
        """Add details that everybody who may read the chain may know; no personal data.

        Raises:
            InputError: a value is neither text, a whole number, true, false nor nothing, or is too large.
        """
        check_details(details)
        self._noted.details.update(details)

    def commit_to(self, label: str, value: str) -> None:
        """Bind the entry to something personal without telling it; its salt is kept apart and can be erased.

        Raises:
            InputError: the same label twice, or no text of Unicode.
        """
        check_details({label: value})
        if label in self._personal:
            raise InputError.of("was committed to already", field=label)
        self._personal[label] = value


class Ledger:
    """The chain of one migrated ``control.db``; safe from several threads, and from several processes."""

    def __init__(self, control: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Open it.

        Raises:
            UnavailableError: the database cannot be opened.
        """
        self.control = control
        self._clock = clock
        self._connection = connect(control)
        self._lock = threading.Lock()
        self._holder: int | None = None
        self._idle: deque[sqlite3.Connection] = deque()

    @contextmanager
    def act(
        self,
        actor: Actor,
        act: str,
        object_kind: str,
        object_id: str,
        *,
        on: sqlite3.Connection | None = None,
    ) -> Iterator[Act]:
        """Do something as ``actor``: what the body writes and the entry commit together, or nothing does.

        Args:
            actor: Who acts.
            act: What is done, dotted: ``campaign.approve``.
            object_kind: The kind of thing it is done to.
            object_id: Which one.
            on: A connection of the caller to the same database that holds what the act needs, such as temporary
                tables; the caller uses it from this thread only. Default: the ledger's own.

        Raises:
            InputError: a name is not as it should be.
            UnavailableError: the database is busy or cannot be written; nothing happened.
        """
        check_act(act, object_kind, object_id)
        with self._writing(on) as connection:
            under_way = self._begin(connection, object_id)
            connection.set_authorizer(_only_the_acts_own)
            try:
                yield under_way
            finally:
                connection.set_authorizer(None)
            self._append(connection, under_way, actor, (act, object_kind), "done")

    def refused(self, actor: Actor, act: str, object_kind: str, object_id: str, reason: str) -> None:
        """Put down that somebody tried what they may not; durable when this returns.

        Raises:
            UnavailableError: the database is busy or cannot be written.
        """
        check_act(act, object_kind, object_id)
        with self._writing(None) as connection:
            attempt = self._begin(connection, object_id)
            attempt.note(reason=reason)
            self._append(connection, attempt, actor, (act, object_kind), "refused")

    def forget(self, actor: Actor, object_kind: str, object_id: str) -> int:
        """Erase what opens the commitments about one object; the chain stays whole. Durable when this returns.

        Returns how many commitments nobody can open any more. Copies of the database made earlier still hold the
        salts.

        Raises:
            UnavailableError: the database is busy or cannot be written.
        """
        check_act("audit.forget", object_kind, object_id)
        with self._writing(None) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            erased = connection.execute(sql.ERASE_SALTS, (object_kind, object_id)).rowcount
            act = self._begin(connection, object_id)
            act.note(erased=erased)
            self._append(connection, act, actor, ("audit.forget", object_kind), "done")
        return erased

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a read-only connection whose every answer belongs to the same moment.

        Raises:
            UnavailableError: the database cannot be read.
        """
        connection = self._reader()
        try:
            connection.execute("BEGIN")
            yield connection
        except sqlite3.Error as error:
            raise UnavailableError(f"{self.control.name} cannot be read right now: {error}") from error
        finally:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            if len(self._idle) < _IDLE_READERS:
                self._idle.append(connection)
            else:
                connection.close()

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            self._connection.close()
            while self._idle:
                self._idle.pop().close()

    @contextmanager
    def _writing(self, on: sqlite3.Connection | None) -> Iterator[sqlite3.Connection]:
        """Hold the write lock of the database for one transaction."""
        if on is None and self._holder == threading.get_ident():
            raise RuntimeError("an act inside an act: make them one, or write through the outer one's connection")
        if on is not None:
            with self._transaction(on):
                yield on
            return
        with self._lock:
            self._holder = threading.get_ident()
            try:
                with self._transaction(self._connection):
                    yield self._connection
            finally:
                self._holder = None

    @contextmanager
    def _transaction(self, connection: sqlite3.Connection) -> Iterator[None]:
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("COMMIT")
        except sqlite3.IntegrityError:
            raise  # the caller knows which of its rules that was
        except sqlite3.Error as error:
            raise UnavailableError(f"{self.control.name} cannot be written right now: {error}") from error
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _begin(self, connection: sqlite3.Connection, object_id: str) -> Act:
        last = connection.execute(sql.LAST).fetchone()
        at = self._clock().astimezone(UTC)
        return Act(connection, max(at, datetime.fromisoformat(last[1])) if last else at, object_id)

    def _append(
        self, connection: sqlite3.Connection, act: Act, actor: Actor, names: tuple[str, str], outcome: Outcome
    ) -> None:
        """Write the entry that belongs to what the open transaction did."""
        seq, previous = _next(connection, as_text(act.at))
        salts = {label: secrets.token_bytes(SALT_BYTES) for label in act._personal}  # noqa: SLF001 (same module)
        commitments: dict[str, Sealed] = {
            label: commit(salts[label], label, value)
            for label, value in act._personal.items()  # noqa: SLF001 (same module)
        }
        noted = act._noted  # noqa: SLF001 (same module)
        name, object_kind = names
        entry = Entry(
            seq=seq,
            at=as_text(act.at),
            actor_kind=actor.kind,
            actor_id=actor.id,
            act=name,
            object_kind=object_kind,
            object_id=act.object_id,
            outcome=outcome,
            before=noted.before,
            after=noted.after,
            details=noted.details,
            commitments=commitments,
            previous=previous,
        )
        connection.execute(sql.INSERT, _row_of(entry))
        connection.executemany(sql.INSERT_SALT, [(seq, label, salt) for label, salt in salts.items()])

    def _reader(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return connect(self.control, read_only=True)


def as_text(moment: datetime) -> str:
    """Return a time as the chain keeps it: ISO 8601 in UTC, microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _next(connection: sqlite3.Connection, at: str) -> tuple[int, str]:
    """Return the number of the next entry and the hash it follows; begins the chain when there is none."""
    last = connection.execute(sql.LAST).fetchone()
    if last is not None:
        return last[0] + 1, last[2]
    row = connection.execute(sql.BEGINNING).fetchone()
    if row is None:
        row = (f"chain_{uuid.uuid4().hex}", at)
        connection.execute(sql.BEGIN_CHAIN, row)
    return 1, hash_of(Beginning(chain=row[0], begun_at=row[1]))


def _row_of(entry: Entry) -> tuple[object, ...]:
    return (
        entry.seq, entry.at, entry.actor_kind, entry.actor_id, entry.act, entry.object_kind, entry.object_id,
        entry.outcome, entry.before, entry.after, canonical(entry.details).decode(),
        canonical(entry.commitments).decode(), entry.previous, hash_of(entry),
    )  # fmt: skip


def _only_the_acts_own(action: int, first: str | None, _second: str | None, _base: str | None, _by: str | None) -> int:
    """Refuse, while the body of an act runs, what would part it from its entry (SQLite's authorizer)."""
    if action == sqlite3.SQLITE_TRANSACTION or (action in _WRITES and (first or "").startswith("audit_")):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK
