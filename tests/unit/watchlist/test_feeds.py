"""Feeds run by themselves, take a file whole or not at all, and tell when they fail."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.keys import TESTS
from thinktwice.audit.ledger import Act, Actor, Ledger
from thinktwice.bootstrap.working import tasks_of
from thinktwice.errors import InputError, NotFoundError, StateError, UnavailableError
from thinktwice.jobs.job import Job
from thinktwice.jobs.runner import JobRunner
from thinktwice.jobs.store import SqliteJobs
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.watchlist import feed_job, importing
from thinktwice.watchlist.feeding import Feeds
from thinktwice.watchlist.feeds import mark_of, newest_file, read_feeds
from thinktwice.watchlist.sources import sources

EVM = [f"0x{number:040x}" for number in range(1, 20)]
FEEDS = '[[feed]]\nid = "police"\nsource = "Police"\npath = "in/*.csv"\nkind = "scam"\n'


class Site:
    """An installation with one feed, a clock of its own, and a folder into which lists fall."""

    def __init__(self, path: Path) -> None:
        migrate(path)
        (path / "in").mkdir()
        (path / "feeds.toml").write_text(FEEDS)
        self.path, self.folder = path, DataFolder(path)
        self.ledger = Ledger(self.folder.control)
        self.tasks = tasks_of(self.folder, self.ledger, path / "feeds.toml")
        self.jobs = SqliteJobs(self.ledger, self.tasks)
        self.now = datetime.now(UTC)
        self.feeds = Feeds(path / "feeds.toml", self.ledger, self.jobs, lambda: self.now)
        self.looked: dict[str, int] = {}
        self.dropped = 0

    def drop(self, name: str, addresses: list[str]) -> Path:
        """Leave a list in the folder, written a while ago and later than any other."""
        file = self.path / "in" / name
        file.write_text("address\n" + "\n".join(addresses) + "\n")
        self.dropped += 1
        written = time.time() - 1_000 + self.dropped
        os.utime(file, (written, written))
        return file

    def turn(self) -> list[Job]:
        """Look at the feeds as the schedule does, an hour later, and do what is due."""
        self.now += timedelta(hours=1)
        asked = self.feeds.ask_due(self.looked)
        return [self.done(job) for job in asked]

    def done(self, job: Job) -> Job:
        while JobRunner(self.jobs, self.tasks, first_wait=timedelta(0)).work_once():
            pass
        return self.jobs.job(job.id)

    def held(self) -> int:
        with self.ledger.reading() as connection:
            return sum(one.held for one in sources(connection))

    def acts(self) -> list[tuple[str, str]]:
        with self.ledger.reading() as connection:
            return connection.execute("SELECT act, actor_id FROM audit_entry ORDER BY seq").fetchall()

    def close(self) -> None:
        self.jobs.close()
        self.ledger.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with closing(Site(tmp_path)) as site:
        yield site


def test_a_new_file_is_taken_by_itself_and_once(site: Site) -> None:
    """The schedule takes a file in its own name, leaves an unchanged one alone, and takes the next one."""
    site.drop("a.csv", EVM[:4])
    (job,) = site.turn()
    assert (job.state, job.error, job.actor.id) == ("done", None, "feeds")
    assert site.held() == 4
    assert site.acts() == [("feed.run", "feeds"), ("watchlist.import", "feeds")]
    assert site.turn() == []
    site.drop("b.csv", EVM[:6])
    assert [job.state for job in site.turn()] == ["done"]
    assert site.held() == 6


def test_a_failing_feed_keeps_what_it_had_and_tells(site: Site) -> None:
    """A file that cannot be used changes nothing; it is tried once, then again only after a day, and is told."""
    site.drop("a.csv", EVM[:4])
    site.turn()
    site.drop("a.csv", ["x" * 600])
    (job,) = site.turn()
    assert job.state == "failed"
    assert site.held() == 4
    (problem,) = site.feeds.problems()
    assert problem.field == "police"
    assert "a.csv" in problem.message
    assert str(site.path) not in problem.message
    assert site.turn() == []
    site.now += timedelta(days=1)
    assert len(site.turn()) == 1


def test_a_list_that_lost_most_of_itself_waits_for_a_person(site: Site) -> None:
    """A file cut off on its way ends nothing by itself; somebody may take it all the same."""
    site.drop("a.csv", EVM[:10])
    site.turn()
    site.drop("a.csv", EVM[:4])
    (job,) = site.turn()
    assert job.state == "failed"
    assert "6 of 10" in str(job.error)
    assert site.held() == 10
    assert site.done(site.feeds.run(TESTS, "police", is_rehearsal=True)).state == "done"
    assert site.held() == 10
    assert site.done(site.feeds.run(TESTS, "police", is_forced=True)).state == "done"
    assert site.held() == 4
    assert site.feeds.problems() == ()


def test_a_file_that_changes_while_it_is_read_is_not_taken(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read is not what lies there: nothing is kept of it."""
    file = site.drop("a.csv", EVM[:4])
    read = importing.import_file

    def written_meanwhile(*arguments: object, **named: object) -> object:
        file.write_text("address\n" + EVM[7] + "\n")
        return read(*arguments, **named)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(feed_job, "import_file", written_meanwhile)
    (job,) = site.turn()
    assert (job.state, site.held()) == ("failed", 0)


def test_a_feed_that_brings_nothing_new_is_told(site: Site) -> None:
    """Nobody notices a list that stopped coming, so the feed says so; one that never ran is not late yet."""
    (site.path / "feeds.toml").write_text(FEEDS + "stale_after_hours = 24\n")
    assert site.feeds.problems() == ()
    site.drop("a.csv", EVM[:4])
    site.turn()
    assert site.feeds.problems() == ()
    site.now += timedelta(hours=25)
    assert "nothing new for more than 24 hours" in str(site.feeds.problems()[0])


def test_a_paused_feed_runs_only_when_asked(site: Site) -> None:
    """Pausing and resuming are acts; what a paused feed brought goes on counting."""
    site.drop("a.csv", EVM[:4])
    site.feeds.pause(TESTS, "police")
    assert site.turn() == []
    with pytest.raises(StateError, match="paused already"):
        site.feeds.pause(TESTS, "police")
    assert site.done(site.feeds.run(TESTS, "police")).state == "done"
    site.feeds.resume(TESTS, "police")
    assert [act for act, _ in site.acts()] == ["feed.pause", "feed.run", "watchlist.import", "feed.resume"]
    with pytest.raises(NotFoundError):
        site.feeds.run(TESTS, "other")


def test_what_is_still_being_written_is_left(site: Site) -> None:
    """A file younger than a few seconds is not read; the newest of the others is."""
    feed = site.feeds.known()["police"]
    with pytest.raises(InputError, match="no file to read"):
        newest_file(feed, site.now)
    old = site.drop("old.csv", EVM[:1])
    fresh = site.drop("fresh.csv", EVM[:2])
    os.utime(fresh)
    assert newest_file(feed, datetime.now(UTC)) == old


def test_what_cannot_be_asked_for_is_asked_for_at_the_next_look(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy database costs a look and not a turn, which may be a week; the feeds after it do not wait."""
    (site.path / "feeds.toml").write_text(FEEDS + FEEDS.replace('"police"', '"zoo"').replace("in/", "other/"))
    site.drop("a.csv", EVM[:2])
    whole = site.jobs.enqueue

    def busy(act: Act, actor: Actor, task: str, arguments: Mapping[str, Any], key: str) -> Job:
        if arguments["feed"] == "police":
            raise UnavailableError("the database is busy")
        return whole(act, actor, task, arguments, key)

    monkeypatch.setattr(site.jobs, "enqueue", busy)
    with pytest.raises(UnavailableError):
        site.feeds.ask_due(site.looked)
    assert set(site.looked) == {"zoo"}
    monkeypatch.undo()
    (job,) = site.feeds.ask_due(site.looked)
    assert (job.arguments["feed"], site.done(job).state) == ("police", "done")
    assert site.feeds.ask_due(site.looked) == []


def test_a_pattern_that_matches_nothing_possible_is_told_like_no_file(site: Site) -> None:
    """It ends neither the schedule nor the page."""
    (site.path / "feeds.toml").write_text(FEEDS.replace("*.csv", "**sdn*"))
    with pytest.raises(InputError, match="no file to read"):
        newest_file(site.feeds.known()["police"], site.now)


def test_how_a_file_is_read_belongs_to_whether_it_is_new(site: Site) -> None:
    """Another kind for the same file is another import; another schedule is not."""
    file, feed = site.drop("a.csv", EVM[:1]), site.feeds.known()["police"]
    (site.path / "feeds.toml").write_text(FEEDS.replace("scam", "mixer"))
    assert mark_of(site.feeds.known()["police"], file) != mark_of(feed, file)
    (site.path / "feeds.toml").write_text(FEEDS + "every_minutes = 5\n")
    assert mark_of(site.feeds.known()["police"], file) == mark_of(feed, file)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[feed]\n", "is not TOML"),
        (FEEDS + "colour = 1\n", "colour"),
        (FEEDS + "every_minutes = 0\n", "every_minutes"),
        (FEEDS + 'family = "moon"\n', "is one of"),
        (FEEDS + FEEDS, "is given twice"),
        (FEEDS.replace('"police"', '"../x"'), "lower-case"),
    ],
)
def test_a_file_of_feeds_is_read_whole_or_not_at_all(site: Site, text: str, says: str) -> None:
    """A fault anywhere names itself, no feed runs, and everything else goes on."""
    (site.path / "feeds.toml").write_text(text)
    with pytest.raises(InputError, match=says):
        read_feeds(site.path / "feeds.toml")
    assert [says in str(one) for one in site.feeds.problems()] == [True]
