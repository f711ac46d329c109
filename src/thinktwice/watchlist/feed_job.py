"""Running a feed as a job: a file nobody took yet becomes the word of its source, whole or not at all.

Invariants: the import, its entry in the audit chain, what the feed remembers and the end of the job are one
transaction; whatever goes wrong leaves the last good list counting; a file that changed while it was read is not taken.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from thinktwice.audit.ledger import Actor, Ledger, as_text
from thinktwice.errors import InputError, NotFoundError, Phrase, StateError, UnavailableError
from thinktwice.jobs.seam import JobContext, Task
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.sqlite import connect
from thinktwice.watchlist.build import build_when_due
from thinktwice.watchlist.feeds import Feed, mark_of, newest_file
from thinktwice.watchlist.import_job import FAULTS_SHOWN, result_of, without_folder
from thinktwice.watchlist.importing import Imported, ImportOptions, import_file
from thinktwice.watchlist.store import WatchlistStore

TASK: Final = "watchlist.feed"

TAKEN: Final = "SELECT taken_sha256 FROM feed WHERE id = ?"
TAKE: Final = """
INSERT INTO feed (id, taken_at, taken_sha256) VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET taken_at = excluded.taken_at, taken_sha256 = excluded.taken_sha256"""
"""Remember which file was taken, and when."""


class FeedAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which feed is to be run; ``seen`` is the mark of the file that was there when it was asked for, None for none.

    One that is forced takes the file however many entries it ends.
    """

    feed: str
    actor: str
    seen: str | None = None
    is_rehearsal: bool = False
    is_forced: bool = False


def feed_task(folder: DataFolder, ledger: Ledger, feeds: Callable[[], Mapping[str, Feed]]) -> Task:
    """Return the task that runs feeds; ``feeds`` reads them anew each time."""

    def run(context: JobContext) -> Mapping[str, Any] | None:
        asked = msgspec.convert(dict(context.job.arguments), FeedAsked)
        feed = feeds().get(asked.feed)
        if feed is None:
            raise NotFoundError(Phrase("there is no feed %(id)s", id=asked.feed))
        path = newest_file(feed, datetime.now(UTC))
        mark = mark_of(feed, path)
        with closing(connect(folder.control)) as connection:
            if not asked.is_rehearsal and connection.execute(TAKEN, (feed.id,)).fetchone() == (mark,):
                return {"source": feed.source, "file": path.name, "is_unchanged": True}

            def finish(connection: sqlite3.Connection, imported: Imported) -> None:
                if asked.is_rehearsal:
                    return
                _require_unchanged(feed, path, mark)
                if not asked.is_forced:
                    _require_enough(feed, imported)
                connection.execute(TAKE, (feed.id, as_text(datetime.now(UTC)), mark))
                context.finish(connection, _result(imported, path))

            store = WatchlistStore(connection, ledger)
            options = options_of(feed, asked, context.job.actor)
            try:
                imported = import_file(store, path, options, datetime.now(UTC), progress=context.progress, also=finish)
            except InputError as error:
                raise InputError(*(without_folder(fault, path) for fault in error.faults[:FAULTS_SHOWN])) from error
        if asked.is_rehearsal:
            return _result(imported, path)
        build_when_due(folder)
        return None

    return run


def options_of(feed: Feed, asked: FeedAsked, by: Actor) -> ImportOptions:
    """Return how the file of a feed is imported."""
    return ImportOptions(
        actor=asked.actor,
        by=by,
        source=feed.source,
        format=feed.format,
        kind=feed.kind,
        family=feed.family,
        confidence=feed.confidence,
        columns=feed.columns,
        is_replacing=feed.is_replacing,
        is_rehearsal=asked.is_rehearsal,
    )


def _require_unchanged(feed: Feed, path: Path, mark: str) -> None:
    """Refuse a file that was written to while it was read.

    Raises:
        UnavailableError: it is another one now; it is read again later.
    """
    if not path.is_file() or mark_of(feed, path) != mark:
        raise UnavailableError(Phrase("%(file)s was written to while it was read", file=path.name))


def _require_enough(feed: Feed, imported: Imported) -> None:
    """Refuse a list that lost most of its entries at once: it was probably cut off on its way.

    Raises:
        StateError: more entries would end than the feed allows without a person.
    """
    counts = imported.counts
    before = counts.unchanged + counts.refreshed + counts.removed
    if counts.removed * 100 > before * feed.most_ended_percent:
        raise StateError(
            Phrase(
                "this file would end %(ended)s of %(before)s entries, more than %(most)s%% of them; look at it, then "
                "take it by hand",
                ended=f"{counts.removed:,}",
                before=f"{before:,}",
                most=feed.most_ended_percent,
            )
        )


def _result(imported: Imported, path: Path) -> dict[str, Any]:
    return {**result_of(imported, path), "file": path.name}
