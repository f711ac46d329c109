"""The pages about long work.

Invariant: a job that is cancelled here before its end has no effect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from thinktwice.errors import unpacked
from thinktwice.jobs.job import Job, State
from thinktwice.jobs.seam import Jobs
from thinktwice.measurement.copies import TASK as COPY
from thinktwice.watchlist.feed_job import TASK as FEED
from thinktwice.watchlist.import_job import TASK as WATCHLIST_IMPORT
from thinktwice.web.console.routes import Area
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _


@dataclass(frozen=True, slots=True)
class JobDesk:
    """The jobs of an installation; ``name_of`` returns whom an id belongs to, or None."""

    jobs: Jobs
    name_of: Callable[[str], str | None]


AREA: Final = Area(
    "thinktwice.web.console.jobs",
    needs=(JobDesk,),
    says={"job-cancelled": _("The job will end without effect, unless it had ended before.")},
)

SHOWN: Final = 100

TASK_NAMES: Final[Mapping[str, str]] = {
    WATCHLIST_IMPORT: _("Import of a list"),
    FEED: _("Run of a feed"),
    COPY: _("Copy of results"),
}
STATE_NAMES: Final[Mapping[State, str]] = {
    "queued": _("Waits"),
    "running": _("Runs"),
    "done": _("Done"),
    "failed": _("Failed"),
    "cancelled": _("Cancelled"),
}
FIGURE_NAMES: Final[Mapping[str, str]] = {
    "source": _("Source"),
    "format": _("Format"),
    "file": _("File"),
    "is_unchanged": _("The same file as before"),
    "entries": _("Entries"),
    "keys": _("Destinations in the file"),
    "added": _("New"),
    "refreshed": _("Changed"),
    "unchanged": _("As before"),
    "removed": _("Entries ended"),
    "literal": _("No address of a known network"),
    "fault_count": _("Faults"),
    "faults": _("What cannot be read"),
    "bytes": _("Bytes"),
}
"""What a job tells of itself, by the name it tells it under; what has none shows under that name."""


@AREA.page("GET", "/jobs", permission="read_jobs")
def jobs(visit: Visit) -> Response:
    """List long work, the newest first."""
    desk = visit.desk(JobDesk)
    found = desk.jobs.recent(limit=SHOWN)
    names = {seen: desk.name_of(seen) for seen in {job.actor.id for job in found}}
    return visit.show("jobs.html", title=_("Jobs"), jobs=found, names=names, tasks=TASK_NAMES, states=STATE_NAMES)


@AREA.page("GET", "/jobs/{job_id}", permission="read_jobs")
def job(visit: Visit) -> Response:
    """Show one job, its progress and how it ended."""
    desk = visit.desk(JobDesk)
    found = desk.jobs.job(visit.path("job_id"))
    figures, lists = _told(found)
    return visit.show(
        "job.html",
        title=_("Job"),
        job=found,
        name=desk.name_of(found.actor.id),
        task=TASK_NAMES.get(found.task, found.task),
        state=STATE_NAMES[found.state],
        is_rehearsal=bool(found.arguments.get("is_rehearsal")),
        figures=figures,
        lists=lists,
        labels=FIGURE_NAMES,
    )


@AREA.page("POST", "/jobs/{job_id}/cancel", permission="cancel_job")
def cancel(visit: Visit) -> Response:
    """Ask that a job ends without effect."""
    found = visit.desk(JobDesk).jobs.cancel(visit.actor, visit.path("job_id"))
    return visit.go(f"/jobs/{found.id}", said="job-cancelled")


def _told(found: Job) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Return what a job said of itself: single values, and lists of texts."""
    result = found.result or {}
    lists = {name: [unpacked(item) for item in value] for name, value in result.items() if isinstance(value, list)}
    return {name: value for name, value in result.items() if name not in lists}, lists
