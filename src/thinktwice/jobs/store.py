"""Jobs in ``control.db``.

Invariants: whoever holds the lease of a job is the only one who may end it; a job whose holder was not heard of for
the length of a lease may be taken by another; cancelling comes before the end or not at all.
"""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
import threading
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from thinktwice.audit.ledger import Act, Actor, Ledger, as_text
from thinktwice.errors import ConflictError, InputError, NotFoundError, Phrase, UnavailableError, packed, unpacked
from thinktwice.jobs import statements as sql
from thinktwice.jobs.job import Job, JobStopped, State
from thinktwice.jobs.seam import Tasks
from thinktwice.storage.sqlite import connect

LEASE: Final = timedelta(seconds=30)
_MOST_TEXT: Final = 200_000
_ID: Final = re.compile(r"job_[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Held:
    """A job that is ours for now."""

    job: Job
    lease: str


class SqliteJobs:
    """The jobs of one installation; safe from several threads, and from several processes."""

    def __init__(
        self,
        ledger: Ledger,
        tasks: Tasks,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        lease: timedelta = LEASE,
    ) -> None:
        """Open them.

        Raises:
            UnavailableError: the database cannot be opened.
        """
        self._ledger = ledger
        self._tasks = tasks
        self._clock = clock
        self._lease = lease
        self._connection = connect(ledger.control)
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the database; the ledger stays open."""
        with self._lock:
            self._connection.close()

    def enqueue(self, act: Act, actor: Actor, task: str, arguments: Mapping[str, Any], idempotency_key: str) -> Job:
        """Ask for a job in the transaction of an act; see ``Jobs``."""
        self._tasks.named(task)
        text = _as_json(arguments)
        if not 1 <= len(idempotency_key) <= 200:
            raise InputError.of("is 1 to 200 characters", field="idempotency_key")
        row = act.connection.execute(sql.BY_KEY, (task, idempotency_key)).fetchone()
        if row is not None:
            if row[2] != text:
                raise ConflictError("this was asked for before, with other arguments")
            return _job_of(row)
        job_id, now = f"job_{uuid.uuid4().hex}", as_text(act.at)
        values = (job_id, task, text, idempotency_key, now, actor.kind, actor.id, now)
        act.connection.execute(sql.INSERT, values)
        act.note(job=job_id)
        return _job_of(act.connection.execute(sql.BY_ID, (job_id,)).fetchone())

    def job(self, job_id: str) -> Job:
        """Return one job; see ``Jobs``."""
        with self._ledger.reading() as connection:
            return _found(connection, job_id)

    def recent(self, *, limit: int = 50, task: str | None = None, states: Collection[State] = ()) -> list[Job]:
        """Return jobs, the newest asked for first."""
        values = {"task": task, "states": " ".join(states) or None, "limit": limit}
        with self._ledger.reading() as connection:
            return [_job_of(row) for row in connection.execute(sql.RECENT, values)]

    def cancel(self, actor: Actor, job_id: str) -> Job:
        """Ask that a job ends without effect; see ``Jobs``."""
        if not _ID.fullmatch(job_id):
            raise NotFoundError("there is no such job")
        with self._ledger.act(actor, "job.cancel", "job", job_id) as act:
            job = _found(act.connection, job_id)
            act.note(task=job.task, was=job.state)
            now = as_text(act.at)
            if job.state == "queued":
                act.connection.execute(sql.END, ("cancelled", now, None, job_id, None))
            act.connection.execute(sql.ASK_TO_CANCEL, (now, job_id))
            return _found(act.connection, job_id)

    def claim(self) -> Held | None:
        """Take the next job that is due, or that somebody left; None when there is nothing to do."""
        with self._transaction() as connection:
            while row := connection.execute(sql.NEXT, {"now": as_text(self._clock())}).fetchone():
                job = _job_of(row)
                now = self._clock()
                if (why := self._why_not(job)) is not None:
                    state: State = "cancelled" if job.is_cancel_asked else "failed"
                    left = connection.execute("SELECT lease FROM job WHERE id = ?", (job.id,)).fetchone()[0]
                    connection.execute(sql.END, (state, as_text(now), _packed(why or None), job.id, left))
                    continue
                lease = secrets.token_hex(16)
                until = as_text(now + self._lease)
                connection.execute(sql.CLAIM, (lease, until, as_text(now), job.id))
                return Held(_found(connection, job.id), lease)
        return None

    def heartbeat(self, held: Held, done: int, total: int | None) -> bool:
        """Keep the lease and show the progress; returns whether somebody asked to cancel.

        Raises:
            JobStopped: the job is not ours any more.
        """
        until = as_text(self._clock() + self._lease)
        with self._transaction() as connection:
            rows = connection.execute(sql.HEARTBEAT, (until, done, total, held.job.id, held.lease)).fetchall()
        if not rows:
            raise JobStopped("lost")
        return rows[0][0] is not None

    def finish(self, held: Held, connection: sqlite3.Connection, result: Mapping[str, Any]) -> None:
        """End a job as done inside the transaction open on this connection.

        Raises:
            JobStopped: it was cancelled or is not ours any more; roll back.
        """
        values = (as_text(self._clock()), _as_json(result), held.job.id, held.lease)
        if connection.execute(sql.FINISH, values).rowcount != 1:
            asked = connection.execute(sql.BY_ID, (held.job.id,)).fetchone()
            raise JobStopped("cancelled" if asked is not None and _job_of(asked).is_cancel_asked else "lost")

    def finish_alone(self, held: Held, result: Mapping[str, Any]) -> None:
        """End a job as done that has no effect but its result."""
        with self._transaction() as connection:
            self.finish(held, connection, result)

    def end(self, held: Held, state: State, error: str | None) -> None:
        """End a job without effect; when it is not ours any more, nothing happens."""
        with self._transaction() as connection:
            connection.execute(sql.END, (state, as_text(self._clock()), _packed(error), held.job.id, held.lease))

    def put_back(self, held: Held, *, wait: timedelta, error: str | None, counts: bool) -> None:
        """Queue a job again; ``counts`` tells whether this attempt counts as one."""
        due_at = as_text(self._clock() + wait)
        with self._transaction() as connection:
            connection.execute(sql.PUT_BACK, (due_at, _packed(error), 0 if counts else 1, held.job.id, held.lease))

    def _why_not(self, job: Job) -> str | None:
        """Return why a job that is due is not to be begun, in words; empty when it was cancelled."""
        if job.is_cancel_asked:
            return ""
        if job.task not in self._tasks:
            return Phrase("this version of ThinkTwice has no task %(task)s", task=job.task)
        if job.attempts >= self._tasks.named(job.task).attempts:
            return Phrase(
                "was interrupted %(attempts)s times and is not tried again; it took no effect", attempts=job.attempts
            )
        return None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            connection = self._connection
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise UnavailableError(f"jobs cannot be written right now: {error}") from error
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")


def _found(connection: sqlite3.Connection, job_id: str) -> Job:
    row = connection.execute(sql.BY_ID, (job_id,)).fetchone()
    if row is None:
        raise NotFoundError("there is no such job")
    return _job_of(row)


def _as_json(value: Mapping[str, Any]) -> str:
    text = msgspec.json.encode(value, order="deterministic").decode()
    if len(text) > _MOST_TEXT:
        raise InputError.of(Phrase("is more than %(most)s characters as JSON", most=f"{_MOST_TEXT:,}"))
    return text


def _packed(error: str | None) -> str | None:
    """Return what ended an attempt as a database keeps it: as JSON, with what it was made of."""
    return None if error is None else json.dumps(packed(error), ensure_ascii=False)


def _unpacked(stored: str | None) -> str | None:
    """Return what ended an attempt; what an earlier version kept is a bare text."""
    if stored is None:
        return None
    try:
        return unpacked(json.loads(stored))
    except ValueError:
        return stored


def _job_of(row: tuple[Any, ...]) -> Job:
    (id_, task, arguments, state, asked_at, actor_kind, actor_id, attempts, started_at, ended_at, done, total,
     cancel_asked_at, result, error) = row  # fmt: skip
    return Job(
        id=id_,
        task=task,
        arguments=json.loads(arguments),
        state=state,
        asked_at=datetime.fromisoformat(asked_at),
        actor=Actor(actor_kind, actor_id),
        attempts=attempts,
        started_at=datetime.fromisoformat(started_at) if started_at else None,
        ended_at=datetime.fromisoformat(ended_at) if ended_at else None,
        done=done,
        total=total,
        is_cancel_asked=cancel_asked_at is not None,
        result=json.loads(result) if result else None,
        error=_unpacked(error),
    )
