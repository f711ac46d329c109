"""The embedded runner: one thread that does jobs one after the other, and one that keeps its lease.

Invariants: a task that raises took no effect, because its effect commits with its end; what may succeed later is tried
again, later each time, as often as the task allows; the words kept of an unexpected error hold nothing but its type.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, Self

from thinktwice.errors import Phrase, ThinkTwiceError, UnavailableError, words_of
from thinktwice.jobs.job import Job, JobStopped, StopReason
from thinktwice.jobs.seam import Known, Tasks
from thinktwice.jobs.store import LEASE, Held, SqliteJobs

POLL_SECONDS: Final = 0.5
FIRST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(minutes=10)
_MOST_WORDS: Final = 2000

_log: Final = logging.getLogger(__name__)


class _Context:
    """What one attempt of one job has to do with; see ``JobContext``."""

    def __init__(self, store: SqliteJobs, held: Held) -> None:
        self._store = store
        self._held = held
        self.stop: StopReason | None = None
        self.is_finished = False
        self.shown: tuple[int, int | None] = (0, None)

    @property
    def job(self) -> Job:
        return self._held.job

    def progress(self, done: int, total: int | None = None) -> None:
        self.shown = (done, total)
        if self.stop is not None:
            raise JobStopped(self.stop)

    def finish(self, connection: sqlite3.Connection, result: Mapping[str, Any]) -> None:
        self._store.finish(self._held, connection, result)
        self.is_finished = True


class JobRunner:
    """Does what is asked for until it is closed."""

    def __init__(
        self,
        store: SqliteJobs,
        tasks: Tasks,
        *,
        lease: timedelta = LEASE,
        poll_seconds: float = POLL_SECONDS,
        first_wait: timedelta = FIRST_WAIT,
    ) -> None:
        """Prepare it; ``lease`` as the store's."""
        self._store = store
        self._tasks = tasks
        self._beat_seconds = min(lease.total_seconds() / 4, 1.0)
        self._poll_seconds = poll_seconds
        self._first_wait = first_wait
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._current: _Context | None = None

    def start(self) -> Self:
        """Begin to work on a thread of our own."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop: the job under way is put back where it next tells its progress, and will go on after the next start."""
        self._closed.set()
        if self._current is not None and self._current.stop is None:
            self._current.stop = "closing"
        self._thread.join()

    def work_once(self) -> bool:
        """Do one job that is due; returns whether there was one."""
        held = self._store.claim()
        if held is None:
            return False
        self._do(held)
        return True

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                did = self.work_once()
            except Exception:  # noqa: BLE001 - the jobs are still there; giving up would leave them undone in silence
                _log.exception("jobs cannot be done right now; they are tried again")
                did = False
            if not did:
                self._closed.wait(self._poll_seconds)

    def _do(self, held: Held) -> None:
        context = self._current = _Context(self._store, held)
        if self._closed.is_set():
            context.stop = "closing"
        ended = threading.Event()
        heart = threading.Thread(target=self._beat, args=(context, held, ended), name="job-lease", daemon=True)
        heart.start()
        known = self._tasks.named(held.job.task)
        try:
            result = known.run(context)
            if not context.is_finished:
                self._store.finish_alone(held, result or {})
        except JobStopped as stopped:
            self._stopped(held, stopped.reason)
        except Exception as error:  # noqa: BLE001 - whatever a task raises ends this attempt, not the runner
            self._failed(held, known, error)
        finally:
            ended.set()
            heart.join()
            self._current = None

    def _beat(self, context: _Context, held: Held, ended: threading.Event) -> None:
        """Keep the lease; hear whether to stop."""
        while not ended.wait(self._beat_seconds):
            try:
                if self._store.heartbeat(held, *context.shown):
                    context.stop = "cancelled"
            except JobStopped as stopped:
                context.stop = context.stop or stopped.reason
                return
            except UnavailableError:
                # Somebody writes for long, perhaps this very job: then nobody else can take it either.
                _log.warning("the lease of job %s could not be kept just now", held.job.id)

    def _stopped(self, held: Held, reason: StopReason) -> None:
        if reason == "cancelled":
            self._store.end(held, "cancelled", None)
        elif reason == "closing":
            self._store.put_back(held, wait=timedelta(0), error=None, counts=False)

    def _failed(self, held: Held, known: Known, error: Exception) -> None:
        """Try again what may succeed later; end the rest, in words."""
        is_final = isinstance(error, ThinkTwiceError) and not isinstance(error, UnavailableError)
        words = _bounded(words_of(error)) if isinstance(error, ThinkTwiceError) else _unexpected(error)
        if not isinstance(error, ThinkTwiceError):
            _log.error("job %s of task %s failed", held.job.id, held.job.task, exc_info=error)
        if is_final or held.job.attempts >= known.attempts:
            self._store.end(held, "failed", words)
            return
        wait = min(self._first_wait * (1 << min(held.job.attempts - 1, 20)), LONGEST_WAIT)
        self._store.put_back(held, wait=wait, error=words, counts=True)


def _bounded(words: Phrase) -> str:
    return words if len(words) <= _MOST_WORDS else words[:_MOST_WORDS]


def _unexpected(error: Exception) -> Phrase:
    """Say that something went wrong which no task foresaw; what it was stands in the log."""
    return Phrase("unexpected %(kind)s", kind=type(error).__name__)
