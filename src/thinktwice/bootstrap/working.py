"""Doing long work while the service runs: which tasks there are, and the runner.

Invariants: every process that runs jobs of an installation knows the same tasks, so it does not matter which takes one;
what a job made to be taken away is gone after its time, whether anybody looks or not.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import structlog

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

SWEEP_SECONDS: Final = 60.0

_log: Final = structlog.get_logger(__name__)


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
    with (
        sweeping(FinishedFiles(folder.finished)),
        closing(SqliteJobs(ledger, tasks)) as jobs,
        closing(JobRunner(jobs, tasks).start()),
    ):
        yield jobs


@contextmanager
def sweeping(files: FinishedFiles, *, every_seconds: float = SWEEP_SECONDS) -> Iterator[None]:
    """Remove what is older than its time, now and for as long as the block lasts."""
    stopped = threading.Event()

    def sweep() -> None:
        while not stopped.is_set():
            try:
                files.sweep()
            except OSError as error:
                _log.warning("finished files cannot be removed right now", error=str(error))
            stopped.wait(every_seconds)

    thread = threading.Thread(target=sweep, name="finished-files", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
