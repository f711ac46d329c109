"""Doing long work while the service runs: which tasks there are, and the runner.

Invariant: every process that runs jobs of an installation knows the same tasks, so it does not matter which takes one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from thinktwice.audit.ledger import Ledger
from thinktwice.jobs.files import FinishedFiles
from thinktwice.jobs.runner import JobRunner
from thinktwice.jobs.seam import Tasks
from thinktwice.jobs.store import SqliteJobs
from thinktwice.measurement.copies import TASK as COPY
from thinktwice.measurement.copies import Write, copy_task
from thinktwice.storage.layout import DataFolder
from thinktwice.watchlist.feed_job import TASK as FEED
from thinktwice.watchlist.feed_job import feed_task
from thinktwice.watchlist.feeds import read_feeds
from thinktwice.watchlist.import_job import TASK, import_task, sweep_uploads


def tasks_of(
    folder: DataFolder, ledger: Ledger, feeds_file: Path | None = None, *, write: Write | None = None
) -> Tasks:
    """Return the tasks of an installation; ``write`` makes copies of results, where this process can."""
    tasks = Tasks()
    tasks.add(TASK, import_task(folder, ledger))
    tasks.add(FEED, feed_task(folder, ledger, lambda: read_feeds(feeds_file) if feeds_file else {}))
    if write is not None:
        tasks.add(COPY, copy_task(write, FinishedFiles(folder.finished)))
    return tasks


@contextmanager
def working(
    folder: DataFolder, ledger: Ledger, feeds_file: Path | None = None, *, write: Write | None = None
) -> Iterator[SqliteJobs]:
    """Do jobs for as long as the block lasts; gives what asks for them and lists them.

    Raises:
        UnavailableError: the database cannot be opened.
    """
    tasks = tasks_of(folder, ledger, feeds_file, write=write)
    sweep_uploads(folder)
    FinishedFiles(folder.finished).sweep()
    with closing(SqliteJobs(ledger, tasks)) as jobs, closing(JobRunner(jobs, tasks).start()):
        yield jobs
