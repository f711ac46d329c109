"""The feeds of an installation: how each stands, running one, pausing it, and which are due.

Invariants: what is paused is not run until somebody resumes it; of one file, one run is asked for by itself, and again
only after a day if it failed; every run, pause and resumption is somebody's act, a due one the system's.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from thinktwice.audit.ledger import Actor, Ledger, as_text
from thinktwice.errors import Fault, InputError, NotFoundError, Phrase, StateError, ThinkTwiceError
from thinktwice.jobs.job import Job
from thinktwice.jobs.seam import Jobs
from thinktwice.watchlist.feed_job import TASK, FeedAsked
from thinktwice.watchlist.feeds import Feed, mark_of, newest_file, read_feeds

SCHEDULE: Final = Actor("system", "feeds")
AGAIN: Final = timedelta(days=1)
"""After how long a file that could not be taken is tried again by itself."""
_RECENT: Final = 1_000

KNOWN: Final = "SELECT id, paused_at, taken_at, taken_sha256 FROM feed"
"""What every feed remembers."""
PAUSE: Final = """
INSERT INTO feed (id, paused_at) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET paused_at = excluded.paused_at"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a feed stands: its newest run, and the newest file it took. ``is_late``: nothing new for too long."""

    feed: Feed
    paused_at: datetime | None
    taken_at: datetime | None
    mark: str | None
    last: Job | None
    is_late: bool

    @property
    def is_failing(self) -> bool:
        """Whether the newest run took no effect."""
        return self.last is not None and self.last.state == "failed"


@dataclass(frozen=True, slots=True)
class Feeds:
    """All feeds; ``path`` is their file, None where there are none."""

    path: Path | None
    ledger: Ledger
    jobs: Jobs
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def known(self) -> dict[str, Feed]:
        """Return the feeds of the file as it is now.

        Raises:
            InputError: the file cannot be used; then no feed runs.
        """
        return read_feeds(self.path) if self.path is not None else {}

    def standings(self) -> tuple[Standing, ...]:
        """Return how every feed stands, by id.

        Raises:
            InputError: the file of feeds cannot be used.
        """
        known = self.known()
        last = self._last_runs() if known else {}
        with self.ledger.reading() as connection:
            rows = {row[0]: row[1:] for row in connection.execute(KNOWN)}
        return tuple(
            self._standing(known[one], rows.get(one, (None, None, None)), last.get(one)) for one in sorted(known)
        )

    def problems(self) -> tuple[Fault, ...]:
        """Return what somebody has to look at: the file of feeds, feeds that fail, feeds that bring nothing new."""
        try:
            standings = self.standings()
        except InputError as error:
            return error.faults
        return tuple(_problem(one) for one in standings if one.paused_at is None and (one.is_failing or one.is_late))

    def run(self, actor: Actor, feed_id: str, *, is_rehearsal: bool = False, is_forced: bool = False) -> Job:
        """Run a feed now; a rehearsal changes nothing, a forced run takes the file however many entries it ends.

        Raises:
            NotFoundError: there is no such feed.
        """
        feed = self._named(feed_id)
        return self._ask(actor, feed, _seen(feed, self.clock()), uuid.uuid4().hex, is_rehearsal, is_forced)

    def pause(self, actor: Actor, feed_id: str) -> None:
        """Keep a feed from running by itself; what it brought goes on counting.

        Raises:
            NotFoundError: there is no such feed.
            StateError: it is paused.
        """
        self._set_paused(actor, feed_id, is_paused=True)

    def resume(self, actor: Actor, feed_id: str) -> None:
        """Let a feed run by itself again.

        Raises:
            NotFoundError: there is no such feed.
            StateError: it is not paused.
        """
        self._set_paused(actor, feed_id, is_paused=False)

    def ask_due(self, looked: dict[str, int]) -> list[Job]:
        """Ask for every feed with a file that was not taken yet; ``looked`` is when each was looked at, kept for us.

        Raises:
            ThinkTwiceError: the file of feeds cannot be used, or a feed cannot be asked for now; the others were.
        """
        now, asked, wrong = self.clock(), list[Job](), list[ThinkTwiceError]()
        for standing in self.standings():
            try:
                asked += self._due(standing, looked, now)
            except ThinkTwiceError as error:  # the other feeds do not wait for this one
                wrong.append(error)
        if wrong:
            raise wrong[0]
        return asked

    def _due(self, one: Standing, looked: dict[str, int], now: datetime) -> Iterator[Job]:
        slot = int(now.timestamp() // one.feed.every.total_seconds())
        if one.paused_at is not None or looked.get(one.feed.id) == slot:
            return
        if one.last is not None and not one.last.is_over:
            return
        seen = _seen(one.feed, now)
        is_same = one.last is not None and one.last.arguments.get("seen") == seen
        is_tried = one.last is not None and is_same and now - one.last.asked_at < AGAIN
        if not is_tried and (seen is None or seen != one.mark):
            yield self._ask(SCHEDULE, one.feed, seen, f"{one.feed.id}-{slot}-{seen or ''}"[:200], False, False)
        looked[one.feed.id] = slot  # only now: what could not be asked for is asked for at the next look

    def _ask(self, actor: Actor, feed: Feed, seen: str | None, key: str, is_rehearsal: bool, is_forced: bool) -> Job:
        asked = FeedAsked(feed=feed.id, actor=actor.id, seen=seen, is_rehearsal=is_rehearsal, is_forced=is_forced)
        with self.ledger.act(actor, "feed.run", "feed", feed.id) as act:
            act.note(is_rehearsal=is_rehearsal, is_forced=is_forced, source=feed.source)
            return self.jobs.enqueue(act, actor, TASK, msgspec.to_builtins(asked), key)

    def _set_paused(self, actor: Actor, feed_id: str, *, is_paused: bool) -> None:
        feed = self._named(feed_id)
        with self.ledger.act(actor, "feed.pause" if is_paused else "feed.resume", "feed", feed.id) as act:
            row = act.connection.execute("SELECT paused_at FROM feed WHERE id = ?", (feed.id,)).fetchone()
            if (row is not None and row[0] is not None) == is_paused:
                raise StateError("this feed is paused already" if is_paused else "this feed is not paused")
            act.connection.execute(PAUSE, (feed.id, as_text(act.at) if is_paused else None))

    def _named(self, feed_id: str) -> Feed:
        feed = self.known().get(feed_id)
        if feed is None:
            raise NotFoundError(Phrase("there is no feed %(id)s", id=feed_id[:64]))
        return feed

    def _last_runs(self) -> Mapping[str, Job]:
        found: dict[str, Job] = {}
        for job in self.jobs.recent(limit=_RECENT, task=TASK):
            if not job.arguments.get("is_rehearsal"):
                found.setdefault(str(job.arguments.get("feed")), job)
        return found

    def _standing(self, feed: Feed, row: tuple[str | None, str | None, str | None], last: Job | None) -> Standing:
        paused_at, taken_at, mark = row
        taken = datetime.fromisoformat(taken_at) if taken_at else None
        longest = feed.stale_after_hours
        # One that never brought anything has no run or a failed one, and that is told.
        is_late = longest is not None and taken is not None and self.clock() - taken > timedelta(hours=longest)
        return Standing(
            feed=feed,
            paused_at=datetime.fromisoformat(paused_at) if paused_at else None,
            taken_at=taken,
            mark=mark,
            last=last,
            is_late=is_late,
        )


def _seen(feed: Feed, now: datetime) -> str | None:
    """Return the mark of the file that a feed would read; None when there is none to read."""
    try:
        return mark_of(feed, newest_file(feed, now))
    except (InputError, OSError):
        return None


def _problem(one: Standing) -> Fault:
    if one.is_failing and one.last is not None and one.last.error:
        return Fault(one.last.error, one.feed.id)
    hours = one.feed.stale_after_hours
    return Fault(Phrase("has brought nothing new for more than %(hours)s hours", hours=hours), one.feed.id)
