"""The thread that runs feeds goes on, whatever it meets."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.feeding import feeding
from thinktwice.bootstrap.working import tasks_of
from thinktwice.jobs.job import Job
from thinktwice.jobs.store import SqliteJobs
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.watchlist.feeding import Feeds


def test_a_defect_does_not_end_the_schedule(tmp_path: Path) -> None:
    """After an error that nobody foresaw it looks again, instead of importing nothing any more in silence."""
    migrate(tmp_path)
    folder, again = DataFolder(tmp_path), threading.Event()
    looks = []

    class Failing(Feeds):
        def ask_due(self, looked: dict[str, int]) -> list[Job]:
            looks.append(looked)
            if len(looks) == 1:
                raise ValueError("nobody foresaw this")
            again.set()
            return []

    (tmp_path / "feeds.toml").write_text("")
    with closing(Ledger(folder.control)) as ledger, closing(SqliteJobs(ledger, tasks_of(folder, ledger))) as jobs:
        feeds = Failing(tmp_path / "feeds.toml", ledger, jobs)
        with feeding(feeds, poll_seconds=0.01):
            assert again.wait(20), "it never looked again"
