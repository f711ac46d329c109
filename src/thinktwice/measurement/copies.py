"""Copies of results that take long to make: asked for, made by a job, taken away by who asked.

Invariants: a copy is for the person who asked for it and for nobody else; that it was asked for, and each time that it
was taken away, stands in the audit chain; a copy whose making was cancelled is not there.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

import msgspec

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.errors import NotFoundError
from thinktwice.jobs.files import FinishedFiles
from thinktwice.jobs.job import Job
from thinktwice.jobs.seam import JobContext, Jobs, Task

TASK: Final = "results.copy"
_RECENT: Final = 500


class Write(Protocol):
    """Writes one edition in one format."""

    def __call__(
        self,
        campaign: str,
        edition: str,
        format: str,  # noqa: A002 - the word of the command
        *,
        locale: str,
        until: datetime,
        progress: Progress | None = None,
    ) -> bytes:
        """Return the file.

        Raises:
            InputError: an unfinished experiment, or no seal key for a card.
            NotFoundError: no such campaign.
            UnavailableError: the journal cannot be read, or a PDF cannot be laid out.
        """
        ...


class Progress(Protocol):
    """Told how far the work is; may raise to stop it."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Hear it."""


class CopyAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which copy is wanted: of which campaign, in what edition, format and language, counted up to when."""

    campaign: str
    edition: str
    format: str
    locale: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy and the job that makes it; ``is_ready`` as long as it can be taken away."""

    asked: CopyAsked
    job: Job
    is_ready: bool


def copy_task(write: Write, files: FinishedFiles) -> Task:
    """Return the task that makes copies."""

    def run(context: JobContext) -> Mapping[str, Any]:
        asked = _asked(context.job)
        content = write(
            asked.campaign,
            asked.edition,
            asked.format,
            locale=asked.locale,
            until=asked.until,
            progress=context.progress,
        )
        context.progress(2, 2)
        files.keep(context.job.id, content)
        return {"bytes": len(content)}

    return run


@dataclass(frozen=True, slots=True)
class Copies:
    """Asks for copies and gives them away."""

    ledger: Ledger
    jobs: Jobs
    files: FinishedFiles

    def ask(self, actor: Actor, asked: CopyAsked) -> Job:
        """Ask for a copy."""
        with self.ledger.act(actor, "results.ask", "campaign", asked.campaign) as act:
            act.note(edition=asked.edition, format=asked.format)
            return self.jobs.enqueue(act, actor, TASK, msgspec.to_builtins(asked), uuid.uuid4().hex)

    def of(self, actor: Actor, campaign: str) -> list[Copy]:
        """Return what somebody asked for of a campaign and can still have, or is still waiting for; newest first."""
        found = [self._copy(job) for job in self.jobs.recent(limit=_RECENT, task=TASK) if job.actor == actor]
        return [one for one in found if one.asked.campaign == campaign and (one.is_ready or not one.job.is_over)]

    def one(self, actor: Actor, job_id: str) -> Copy:
        """Return one copy.

        Raises:
            NotFoundError: there is none, or somebody else asked for it.
        """
        job = self.jobs.job(job_id)
        if job.task != TASK or job.actor != actor:
            raise NotFoundError("there is no such copy")
        return self._copy(job)

    def cancel(self, actor: Actor, job_id: str) -> None:
        """End the making of a copy.

        Raises:
            NotFoundError: there is none, or somebody else asked for it.
        """
        self.jobs.cancel(actor, self.one(actor, job_id).job.id)

    def take(self, actor: Actor, job_id: str) -> tuple[CopyAsked, bytes]:
        """Return a copy that is made, and put down that it was taken away.

        Raises:
            NotFoundError: it is not made, its time is over, or somebody else asked for it.
        """
        copy = self.one(actor, job_id)
        if copy.job.state != "done":
            raise NotFoundError("this copy is not made yet")
        content = self.files.read(job_id)
        with self.ledger.act(actor, "results.export", "campaign", copy.asked.campaign) as act:
            act.note(edition=copy.asked.edition, format=copy.asked.format)
        return copy.asked, content

    def _copy(self, job: Job) -> Copy:
        return Copy(_asked(job), job, job.state == "done" and self.files.has(job.id))


def _asked(job: Job) -> CopyAsked:
    return msgspec.convert(dict(job.arguments), CopyAsked)
