"""The seam behind which long work lies: SQLite here, Procrastinate over PostgreSQL later.

Invariant: a task knows only its context, and whoever asks knows only ``Jobs``; neither knows where jobs are kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from thinktwice.audit.ledger import Act, Actor
from thinktwice.errors import InputError, Phrase
from thinktwice.jobs.job import Job, State

ATTEMPTS: Final = 3

Result = Mapping[str, Any]


class JobContext(Protocol):
    """What a task has to do with."""

    @property
    def job(self) -> Job:
        """The job as it was when this attempt began."""

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how far the work is; call it often, it is cheap.

        Raises:
            JobStopped: the job was cancelled, or this process is to end; let it through.
        """

    def finish(self, connection: sqlite3.Connection, result: Result) -> None:
        """End the job inside the transaction that is open on this connection, which holds its effect.

        Take it from an act: ``with ledger.act(context.job.actor, …) as act: …; context.finish(act.connection, {…})``.
        The effect and the end of the job commit together, so it is never done twice.

        Raises:
            JobStopped: the job was cancelled or went on elsewhere; the transaction must not commit.
        """


Task = Callable[[JobContext], Result | None]
"""Does a job. One that has an effect calls ``finish``; one that only finds something out returns it."""


class Jobs(Protocol):
    """Asks for long work and looks at it."""

    def enqueue(self, act: Act, actor: Actor, task: str, arguments: Mapping[str, Any], idempotency_key: str) -> Job:
        """Ask for a job in the transaction of an act; the same key gives the same job.

        Raises:
            InputError: no such task.
            ConflictError: the key came before with other arguments.
        """

    def job(self, job_id: str) -> Job:
        """Return one job.

        Raises:
            NotFoundError: there is none.
        """

    def recent(self, *, limit: int = 50, task: str | None = None, states: Collection[State] = ()) -> list[Job]:
        """Return jobs, the newest asked for first."""

    def cancel(self, actor: Actor, job_id: str) -> Job:
        """Ask that a job ends without effect; one that is over stays as it is.

        Raises:
            NotFoundError: there is none.
        """


@dataclass(frozen=True, slots=True)
class Known:
    """A task and how often it is tried."""

    run: Task
    attempts: int


class Tasks:
    """The tasks of one installation, by name; filled by ``bootstrap`` before anything runs."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}

    def add(self, name: str, run: Task, *, attempts: int = ATTEMPTS) -> None:
        """Make a task known under a name that is kept for good: jobs of older versions carry it."""
        if name in self._known:
            raise ValueError(f"two tasks are called {name}")
        self._known[name] = Known(run, attempts)

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def named(self, name: str) -> Known:
        """Return a task.

        Raises:
            InputError: there is none of this name.
        """
        try:
            return self._known[name]
        except KeyError:
            raise InputError.of(Phrase("there is no task %(name)s", name=repr(name)), field="task") from None
