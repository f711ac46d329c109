"""What the watchlist pages work with: provenance, the store, disputes, uploads.

Invariants: every write is somebody's act on the ledger; an uploaded list is only kept and asked for here, a job imports
it; what strangers wrote in lists is made harmless before a page gets it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.errors import InputError, NotFoundError
from thinktwice.jobs.job import Job
from thinktwice.jobs.seam import Jobs
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.sqlite import connect
from thinktwice.watchlist.disputes import Disputes
from thinktwice.watchlist.feeding import Feeds
from thinktwice.watchlist.import_job import TASK, ImportAsked, ask_import, keep_upload
from thinktwice.watchlist.lookup import Finding, harmless, keys_of, look_up
from thinktwice.watchlist.sources import Source, sources
from thinktwice.watchlist.store import WatchlistStore

_CHUNK: Final = 1 << 20
_RECENT: Final = 200


@dataclass(frozen=True, slots=True)
class WatchlistDesk:
    """Everything about listed addresses; ``name_of`` returns whom an id belongs to, or None."""

    folder: DataFolder
    ledger: Ledger
    jobs: Jobs
    disputes: Disputes
    name_of: Callable[[str], str | None]
    feeds: Feeds

    def look_up(self, address: str, network: str | None, memo: str | None, now: datetime) -> Finding:
        """Return what is known about an address; every text of a stranger made harmless.

        Raises:
            InputError: no address, or a network that there is not.
        """
        with self.ledger.reading() as connection:
            finding = look_up(connection, address, network=network, memo=memo, now=now)
        return Finding(
            address=harmless(finding.address),
            match_keys=finding.match_keys,
            listing=finding.listing,
            consequence=finding.consequence,
            entries=tuple(map(_harmless, finding.entries)),
            former=tuple(map(_harmless, finding.former)),
            allowances=tuple(map(_harmless, finding.allowances)),
        )

    def allow(self, actor: Actor, address: str, network: str | None, memo: str | None, reason: str) -> None:
        """Vouch for a destination, whatever lists say.

        Raises:
            InputError: no address or no reason.
        """
        if len(reason) < 3:
            raise InputError.of("say why this destination is safe; it is kept with the allowance", field="reason")
        keys = keys_of(address, network)
        with closing(connect(self.folder.control)) as connection:
            WatchlistStore(connection, self.ledger).allow(keys, memo, address, reason, actor.id, by=actor)

    def disallow(self, actor: Actor, address: str, network: str | None, memo: str | None) -> None:
        """End an allowance.

        Raises:
            NotFoundError: nobody allows it.
        """
        with closing(connect(self.folder.control)) as connection:
            if not WatchlistStore(connection, self.ledger).disallow(keys_of(address, network), memo, by=actor):
                raise NotFoundError("nothing allows this destination any more")

    def delist(self, actor: Actor, address: str, network: str | None, source: str) -> None:
        """End what a source says about an address.

        Raises:
            NotFoundError: it says nothing.
        """
        with closing(connect(self.folder.control)) as connection:
            if not WatchlistStore(connection, self.ledger).delist(keys_of(address, network), source, by=actor):
                raise NotFoundError("this source says nothing about this address any more")

    def sources(self) -> tuple[Source, ...]:
        """Return every list."""
        with self.ledger.reading() as connection:
            return sources(connection)

    def last_jobs(self) -> dict[str, Job]:
        """Return the newest import or rehearsal of each source among the newest jobs."""
        found: dict[str, Job] = {}
        for job in self.jobs.recent(limit=_RECENT):
            if job.task == TASK:
                found.setdefault(str(job.arguments.get("source", "")), job)
        return found

    def keep(self, name: str, content: BinaryIO) -> str:
        """Store an uploaded list and return the name to ask for its import with.

        Raises:
            InputError: it is too large.
        """
        return keep_upload(self.folder, name, iter(lambda: content.read(_CHUNK), b""))

    def ask(self, actor: Actor, asked: ImportAsked) -> Job:
        """Ask for an import or its rehearsal.

        Raises:
            ConflictError: the same upload was to be imported otherwise.
        """
        with self.ledger.act(actor, "watchlist.ask", "upload", asked.upload.partition("/")[0]) as act:
            act.note(source=asked.source, is_rehearsal=asked.is_rehearsal, is_replacing=asked.is_replacing)
            return ask_import(self.jobs, act, actor, asked)

    def rehearsal(self, job_id: str) -> Job:
        """Return the rehearsal of an import.

        Raises:
            NotFoundError: there is no such rehearsal.
        """
        job = self.jobs.job(job_id)
        if job.task != TASK or not job.arguments.get("is_rehearsal"):
            raise NotFoundError("there is no such rehearsal")
        return job


def _harmless(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row for a page; ``source_as_listed`` is the one text left as it was, to name the source by."""
    return dict(_texts(row))


def _texts(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if "source" in row:
        yield "source_as_listed", row["source"]
    for name, value in row.items():
        is_time = name in {"known_from", "known_until", "expires_at"} and value
        plain = harmless(value) if isinstance(value, str) else value
        yield name, datetime.fromisoformat(value) if is_time else plain
