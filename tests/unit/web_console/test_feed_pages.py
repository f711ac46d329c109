"""The page of feeds: how each stands, in the reader's language, and what may be done with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.console import Console, open_console
from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.working import tasks_of
from thinktwice.jobs.runner import JobRunner
from thinktwice.jobs.store import SqliteJobs
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.people.sealing import Sealing
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.watchlist.disputes import Disputes
from thinktwice.watchlist.feeding import Feeds
from thinktwice.web.console.jobs.pages import AREA as JOBS
from thinktwice.web.console.jobs.pages import JobDesk
from thinktwice.web.console.watchlist.desk import WatchlistDesk
from thinktwice.web.console.watchlist.pages import AREA as WATCHLIST

CHINESE = {"accept-language": "zh-HK"}


class Site:
    """A console with one feed whose file is there."""

    def __init__(self, path: Path) -> None:
        (path / "feeds.toml").write_text(
            '[[feed]]\nid = "police"\nsource = "Police"\npath = "list.csv"\nkind = "scam"\n'
        )
        self.list = path / "list.csv"
        self.write("address\n")
        migrate(path / "data")
        folder = DataFolder(path / "data")
        self.ledger = Ledger(folder.control)
        self.tasks = tasks_of(folder, self.ledger, path / "feeds.toml")
        self.jobs = SqliteJobs(self.ledger, self.tasks)
        feeds = Feeds(path / "feeds.toml", self.ledger, self.jobs)
        disputes = Disputes(self.ledger, Sealing(TEST_KEYRING.masters))
        desks: dict[type, object] = {
            WatchlistDesk: WatchlistDesk(folder, self.ledger, self.jobs, disputes, str, feeds),
            JobDesk: JobDesk(self.jobs, str),
        }
        self.console: Console = open_console(folder.path, [WATCHLIST, JOBS], desks=desks)

    def write(self, text: str) -> None:
        """Leave a list, written a minute ago."""
        self.list.write_text(text)
        os.utime(self.list, (1_700_000_000, 1_700_000_000))

    def work(self) -> None:
        """Do what was asked for."""
        while JobRunner(self.jobs, self.tasks, first_wait=timedelta(0)).work_once():
            pass

    def close(self) -> None:
        self.jobs.close()
        self.console.ledger.close()
        self.ledger.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with closing(Site(tmp_path)) as site:
        yield site


def test_a_run_is_asked_for_and_its_fault_said_in_chinese(site: Site) -> None:
    """An analyst runs a feed; what was wrong with its file stands on the feed and on the job, in their language."""
    analyst = site.console.sign_in("analyst")
    sent = site.console.post("/watchlist/feeds/police/run", {"how": "run"}, analyst)
    assert sent.status_code == 303
    job = sent.headers["location"].partition("?")[0]
    site.work()
    for path in ("/watchlist/feeds", job):
        shown = site.console.get(path, analyst, headers=CHINESE)
        assert "沒有可用的項目；沒有匯入任何資料" in shown.text, shown.text
        assert "holds no entry" not in shown.text
    assert "holds no entry that can be used" in site.console.get(job, analyst).text


def test_a_feed_is_rehearsed_paused_and_resumed(site: Site) -> None:
    """A rehearsal changes nothing; pausing shows; whoever may not run feeds sees them without any button."""
    analyst = site.console.sign_in("analyst")
    site.write("address\n0x52908400098527886e0f7030069857d2e4169ee7\n")
    site.console.post("/watchlist/feeds/police/run", {"how": "rehearse"}, analyst)
    site.work()
    assert "none yet" in site.console.get("/watchlist/feeds", analyst).text
    assert site.console.post("/watchlist/feeds/police/pause", {}, analyst).status_code == 303
    assert "Resume" in site.console.get("/watchlist/feeds", analyst).text
    assert site.console.post("/watchlist/feeds/police/pause", {}, analyst).status_code == 409
    compliance = site.console.sign_in("compliance")
    seen = site.console.get("/watchlist/feeds", compliance).text
    assert "police" in seen
    assert "Run now" not in seen
    assert site.console.post("/watchlist/feeds/police/resume", {}, compliance).status_code == 403
