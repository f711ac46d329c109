"""The campaigns as a running process has them: one reference, swapped whole, kept fresh by one thread.

Invariants: what is asked never waits; what any process commits to ``control.db``, or changes in the folders, is in
force here within a second, without a restart; a version is archived before it can decide anything; when something
cannot be read, what was in force stays so and ``trouble`` says why, but a change of the file of partners counts in any
case; limits that trip here are written down where staff
lift them, from this thread and never from the one that decides.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

import structlog

from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.campaign_source import CampaignSource
from thinktwice.bootstrap.choices import Campaigns
from thinktwice.campaigns.archive import VersionArchive
from thinktwice.campaigns.library import Library
from thinktwice.campaigns.limiting import StandingLimit, trip
from thinktwice.campaigns.pack import Pack
from thinktwice.decisions.limiter import Limited, Limiter
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.errors import NotFoundError, ThinkTwiceError
from thinktwice.records.campaign import CampaignPolicy
from thinktwice.records.installation import Installation
from thinktwice.settings import Settings
from thinktwice.storage.migrate import migrate
from thinktwice.storage.sqlite import connect

POLL_SECONDS: Final = 0.1
"""A tenth of the second within which a stop must be effective everywhere; one look costs some 20 microseconds."""

FOLDER_EVERY: Final = 8
"""The folders are looked at every so many polls; a file is changed by hand, not in one click."""

_REMEMBERED: Final = 256
"""Versions that were in force in this process, whose words a batch under way may still ask for."""


def campaigns_in_force(
    settings: Settings, installation: Installation, now: Callable[[], datetime] | None = None
) -> CampaignsInForce:
    """Read folders and database, which is brought up to date first; whoever serves them calls ``start``.

    Raises:
        InputError: with every fault of the folders.
        UnavailableError: the database cannot be used.
    """
    migrate(settings.data)
    source = CampaignSource(settings, installation, now)
    return CampaignsInForce(source.load(), source)


class CampaignsInForce:
    """What ``Campaigns`` answers, of the campaigns in force at the moment of asking; ``start`` begins to follow."""

    def __init__(
        self, campaigns: Campaigns, source: CampaignSource | None = None, *, poll_seconds: float = POLL_SECONDS
    ) -> None:
        """Begin with these campaigns; without a source they never change."""
        self._campaigns = campaigns
        self._source = source
        self._poll_seconds = poll_seconds
        self._past: OrderedDict[tuple[str, str], Pack] = OrderedDict()
        self._stopped = threading.Event()
        self._turn = threading.Lock()
        self._thread: threading.Thread | None = None
        self._follower: _Follower | None = None
        self.limiter = Limiter()
        self.trouble = self._troubles()
        self._remember(campaigns)

    @property
    def library(self) -> Library:
        """The packs in force."""
        return self._campaigns.library

    @property
    def fallback(self) -> Library:
        """The shipped packs, which lend words to known-bad."""
        return self._campaigns.fallback

    @property
    def live(self) -> LiveCampaigns:
        """What the decision asks; keep it for a whole batch."""
        return self._campaigns.live

    @property
    def source(self) -> CampaignSource | None:
        """Where they come from, when they can change."""
        return self._source

    def pack(self, id: str, version: str) -> Pack:  # noqa: A002 - the word of the contract
        """Return the pack of exactly this version, also of one that was in force in this process before.

        Raises:
            NotFoundError: no pack had these words here.
        """
        try:
            return self._campaigns.pack(id, version)
        except NotFoundError:
            past = self._past.get((id, version))
            if past is None:
                raise
            return past

    def choose_locale(self, requested: str | None, policy: CampaignPolicy | None) -> str:
        """Return the one of a campaign's languages, or of the shared words', that suits the requested one best."""
        return self._campaigns.choose_locale(requested, policy, self.pack)

    def follow(self, control: Path, archive: VersionArchive, ledger: Ledger) -> Self:
        """Say what is followed; ``start`` begins."""
        if self._source is not None:
            self._follower = _Follower(control, archive, ledger, self._source)
            self.limiter.follow(self._source.limits)
        return self

    def refresh(self) -> bool:
        """Take in what changed since the last time; return whether anything did. For the thread, and for tests.

        Raises:
            ThinkTwiceError: something cannot be read.
            sqlite3.Error: the database cannot be read.
        """
        with self._turn:
            if self._follower is None or self._source is None:
                return False
            self._source.pinned.look()  # before all that can fail: a badge taken back must not wait for a full disk
            self._follower.write_down(self.limiter)
            campaigns = self._follower.changed()
            if campaigns is None:
                return False
            self._remember(campaigns)
            self._campaigns = campaigns
            self.limiter.follow(self._source.limits)
            self.trouble = self._troubles()
            return True

    def look(self) -> None:
        """Take in what changed, and tell what cannot be read; what was in force stays so then."""
        log = structlog.get_logger()
        try:
            if self.refresh():
                names = {policy.id: policy.version[:12] for policy in self.live.policies}
                tell = log.warning if self.trouble else log.info
                tell("campaigns changed", campaigns=names, trouble=self.trouble)
        except (ThinkTwiceError, OSError, sqlite3.Error) as error:
            trouble = self._troubles(f"{type(error).__name__}: {error}"[:500])
            if trouble != self.trouble:
                # The words of the error are enough: a traceback would repeat them for every poll that fails.
                log.warning("campaigns cannot be read; what was in force stays so", trouble=trouble)
            self.trouble = trouble
            with self._turn:
                if self._follower is not None:
                    self._follower.disconnect()

    def start(self) -> Self:
        """Follow changes on a thread of our own until ``close``."""
        if self._follower is not None:
            self._thread = threading.Thread(target=self._poll, name="campaigns", daemon=True)
            self._thread.start()
        return self

    def close(self) -> None:
        """Stop following; the last campaigns stay in force."""
        self._stopped.set()
        if self._thread:
            self._thread.join()
        with self._turn:
            if self._follower is not None:
                self._follower.disconnect()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _poll(self) -> None:
        while not self._stopped.wait(self._poll_seconds):
            self.look()

    def _troubles(self, *now: str) -> str | None:
        """Return what is wrong: what happened now, the file of partners, releases that are not in force."""
        if self._source is None:
            return None
        pinned = self._source.pinned.trouble
        return "; ".join((*now, *((pinned,) if pinned else ()), *self._source.troubles)) or None

    def _remember(self, campaigns: Campaigns) -> None:
        for library in (campaigns.library, campaigns.fallback):
            for name, pack in library.packs.items():
                self._past[name, library.versions[name]] = pack
                self._past.move_to_end((name, library.versions[name]))
        while len(self._past) > _REMEMBERED:
            self._past.popitem(last=False)


class _Follower:
    """Sees that something changed, cheaply, and loads it."""

    def __init__(self, control: Path, archive: VersionArchive, ledger: Ledger, source: CampaignSource) -> None:
        self._control = control
        self._archive = archive
        self._ledger = ledger
        self._source = source
        self._connection: sqlite3.Connection | None = None
        self._commits: int | None = None
        self._ticks = 0
        self._database: object = None
        self._waiting: object = ()
        self._folders: object = None

    def changed(self) -> Campaigns | None:
        """Return what is in force now if it is not what was loaded last, archived."""
        connection = self._connection = self._connection or connect(self._control, read_only=True)
        commits = connection.execute("PRAGMA data_version").fetchone()[0]
        looks_at_folders = self._ticks % FOLDER_EVERY == 0
        self._ticks += 1
        database, folders = self._database, self._folders
        if commits != self._commits or database is None:
            database = self._source.database(connection)
            waiting = self._source.waiting(connection)
            if waiting != self._waiting:
                self._source.warm()
                self._waiting = waiting
        if looks_at_folders or folders is None:
            folders = self._source.folders()
        self._commits = commits
        if (database, folders) == (self._database, self._folders):
            return None
        # Kept first: a folder that cannot be read is not read again and again, but once it has changed again.
        self._folders = folders
        campaigns = self._source.load()
        self._archive.keep((campaigns.library, campaigns.fallback), datetime.now(UTC))
        self._database = database
        return campaigns

    def write_down(self, limiter: Limiter) -> None:
        """Enter the limits that tripped, where staff see and lift them."""
        waiting = list(limiter.take_untold())
        try:
            while waiting:
                trip(self._ledger, _standing(waiting[0]))
                waiting.pop(0)
        finally:
            limiter.put_back(waiting)

    def disconnect(self) -> None:
        """Give up the connection; the next look opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _standing(limit: Limited) -> StandingLimit:
    return StandingLimit(
        campaign=limit.campaign,
        release_hash=limit.release,
        tripped_at=limit.at,
        triggers=limit.triggers,
        allowed=limit.allowed,
        within_minutes=limit.within_minutes,
        drops_to=limit.drops_to,
    )
