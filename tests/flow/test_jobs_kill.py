"""A job that is killed half-way resumes or reports, and never takes effect twice: real processes, ``SIGKILL``."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from multiprocessing.context import ForkProcess
from pathlib import Path

import pytest

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.audit.reading import beginning_of, read_entries
from thinktwice.audit.verification import verify
from thinktwice.bootstrap.working import tasks_of
from thinktwice.jobs.job import Job
from thinktwice.jobs.runner import JobRunner
from thinktwice.jobs.seam import JobContext
from thinktwice.jobs.store import SqliteJobs
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.storage.sqlite import connect
from thinktwice.watchlist import import_job, statements
from thinktwice.watchlist.import_job import ImportAsked, ask_import, keep_upload

_forking = multiprocessing.get_context("fork")

ANA = Actor("staff", "acc_ana")
LEASE = timedelta(seconds=0.2)
ENTRIES = 300
READ = "COMMIT"
"""The first commit is that of what was read into a temporary table; only the second is that of the import."""

PLACES = {
    "reading": (statements.STAGE.strip()[:20], 1),
    "having read": (READ, 1),
    "noting the import": (statements.NOTE_IMPORT.strip()[:28], 1),
    "importing": (statements.INSERT_STAGED.strip()[:22], 1),
    "ending the job": ("UPDATE job SET state = 'done'", 1),
    "writing the entry": ("INSERT INTO audit_entry", 1),
    "committing": ("COMMIT", 2),
}
"""Statements at which the runner is killed, and at which of their kind."""


class Site:
    """One installation with an upload that is to be imported."""

    def __init__(self, path: Path) -> None:
        migrate(path)
        self.folder = DataFolder(path)
        self.ledger = Ledger(self.folder.control)
        self.jobs = SqliteJobs(self.ledger, tasks_of(self.folder, self.ledger))

    def ask(self, *, is_rehearsal: bool = False) -> Job:
        lines = [f"0x{number:040x},scam\n".encode() for number in range(1, ENTRIES + 1)]
        upload = keep_upload(self.folder, "list.csv", [b"address,kind\n", *lines])
        asked = ImportAsked(upload=upload, actor="Ana", source="police", is_rehearsal=is_rehearsal)
        with self.ledger.act(ANA, "watchlist.import.ask", "upload", "list") as act:
            return ask_import(self.jobs, act, ANA, asked)

    def counts(self) -> tuple[int, int, int, int]:
        """Imports, current indicators, changes and entries that say imported."""
        with self.ledger.reading() as connection:
            return tuple(
                connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0]
                for what in (
                    "indicator_import",
                    "indicator WHERE known_until IS NULL",
                    "watchlist_change",
                    "audit_entry WHERE act = 'watchlist.import'",
                )
            )

    def close(self) -> None:
        self.jobs.close()
        self.ledger.close()


def run_jobs(path: Path, kill_at: tuple[str, int] | None) -> None:
    """Do jobs until there are none, and die by our own hand at a statement."""
    folder = DataFolder(path)
    ledger = Ledger(folder.control)
    tasks = tasks_of(folder, ledger)
    if kill_at is not None:
        _watch(*kill_at)
    jobs = SqliteJobs(ledger, tasks, lease=LEASE)
    JobRunner(jobs, tasks, lease=LEASE).work_once()


def _watch(statement: str, times: int) -> None:
    """Let the connection of the import kill this process when a statement begins for the so manieth time."""
    seen = 0

    def look(text: str) -> None:
        nonlocal seen
        seen += text.strip().startswith(statement)
        if seen == times:
            os.kill(os.getpid(), signal.SIGKILL)

    def connect_watched(path: Path) -> sqlite3.Connection:
        connection = connect(path)
        connection.set_trace_callback(look)
        return connection

    setattr(import_job, "connect", connect_watched)  # noqa: B010 - this process lives for one job


def live(path: Path, kill_at: tuple[str, int] | None = None) -> ForkProcess:
    process = _forking.Process(target=run_jobs, args=(path, kill_at))
    process.start()
    return process


@pytest.mark.parametrize("place", PLACES)
def test_an_import_killed_at_any_step_takes_effect_once(tmp_path: Path, place: str) -> None:
    """Killed before its transaction ends it has done nothing; the next runner resumes it and does it once."""
    with closing(Site(tmp_path)) as site:
        job = site.ask()
        process = live(tmp_path, PLACES[place])
        process.join(30)
        assert process.exitcode == -signal.SIGKILL, f"nobody is {place}"
        assert site.jobs.job(job.id).state == "running"
        assert site.counts() == (0, 0, 0, 0)
        time.sleep(LEASE.total_seconds() + 0.1)
        for _ in range(2):
            again = live(tmp_path)
            again.join(30)
            assert again.exitcode == 0
        job = site.jobs.job(job.id)
        assert (job.state, job.attempts) == ("done", 2)
        assert job.result is not None
        assert job.result["added"] == ENTRIES
        assert site.counts() == (1, ENTRIES, ENTRIES, 1)


def test_an_import_that_kills_every_runner_is_reported(tmp_path: Path) -> None:
    """After three attempts it failed, says so in words, and took no effect."""
    with closing(Site(tmp_path)) as site:
        job = site.ask()
        for _ in range(3):
            live(tmp_path, PLACES["committing"]).join(30)
            time.sleep(LEASE.total_seconds() + 0.1)
        live(tmp_path).join(30)
        job = site.jobs.job(job.id)
        assert job.state == "failed"
        assert "interrupted 3 times" in str(job.error)
        assert site.counts() == (0, 0, 0, 0)


def kill_rounds(path: Path, jobs: int) -> None:
    """Two runners at once, killed at random, until every job is over: each took effect once or failed without."""
    rng = random.Random(jobs)
    with closing(Site(path)) as site:
        asked = [site.ask() for _ in range(jobs)]
        while any(not site.jobs.job(job.id).is_over for job in asked):
            runners = [live(path), live(path)]
            if rng.random() < 0.5:
                time.sleep(rng.uniform(0.0, 0.15))
                for process in runners:
                    process.kill()
            for process in runners:
                process.join(30)
            time.sleep(LEASE.total_seconds() / 4)
        ended = [site.jobs.job(job.id) for job in asked]
        done = [job for job in ended if job.state == "done"]
        assert all("interrupted" in str(job.error) for job in ended if job.state == "failed")
        imports, current, _, entries = site.counts()
        assert imports == entries == len(done)
        assert current == (ENTRIES if done else 0)
        with site.ledger.reading() as connection:
            assert verify(beginning_of(connection), read_entries(connection)).is_whole


def test_runners_killed_at_random_do_each_job_once(tmp_path: Path) -> None:
    """Four imports of the same list: as many imports and entries as jobs that say they are done."""
    kill_rounds(tmp_path, 4)


@pytest.mark.prove
def test_many_runners_killed_at_random(tmp_path: Path) -> None:
    """The same with a hundred imports."""
    kill_rounds(tmp_path, 100)


def test_a_rehearsal_changes_nothing(tmp_path: Path) -> None:
    """It says what an import would do, and the import of the same upload can follow; then the file is gone."""
    with closing(Site(tmp_path)) as site:
        job = site.ask(is_rehearsal=True)
        live(tmp_path).join(30)
        job = site.jobs.job(job.id)
        assert job.result is not None
        assert (job.state, job.result["added"], site.counts()) == ("done", ENTRIES, (0, 0, 0, 0))
        asked = ImportAsked(upload=job.arguments["upload"], actor="Ana", source="police", is_rehearsal=False)
        for _ in range(2):
            with site.ledger.act(ANA, "watchlist.import.ask", "upload", "list") as act:
                following = ask_import(site.jobs, act, ANA, asked)
            live(tmp_path).join(30)
        assert site.jobs.job(following.id).state == "done"
        assert site.counts() == (1, ENTRIES, ENTRIES, 1)
        assert not list(site.folder.uploads.iterdir())


def test_a_context_is_what_the_seam_says() -> None:
    """The runner's context has everything that a task may use."""
    from thinktwice.jobs.runner import _Context

    assert {"job", "progress", "finish"} <= set(dir(_Context)) & set(dir(JobContext))
