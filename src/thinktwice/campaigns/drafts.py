"""Drafts: a pack while it is written, each saving a revision of its own.

Invariants: a revision is never changed or deleted; whoever saves says which revision they started from, and when
another was saved meanwhile nothing is written: they are told who did, with all three texts and both changes put
together, so that nothing either wrote is lost. A draft may be full of faults; only submitting it asks for none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.campaigns.content import check_files, check_id, dump_files, load_files
from thinktwice.campaigns.merging import Files, Merged, diff_files, merge_files
from thinktwice.errors import ConflictError, NotFoundError, Phrase, UnavailableError

_COLUMNS: Final = "campaign, revision, based_on, files, author_kind, author, saved_at"

LATEST: Final = f"SELECT {_COLUMNS} FROM campaign_draft WHERE campaign = ? ORDER BY revision DESC LIMIT 1"  # noqa: S608  (names of columns only)
"""The newest revision of one draft."""

REVISION: Final = f"SELECT {_COLUMNS} FROM campaign_draft WHERE campaign = ? AND revision = ?"  # noqa: S608  (names of columns only)
"""One revision."""

REVISIONS: Final = f"SELECT {_COLUMNS} FROM campaign_draft WHERE campaign = ? ORDER BY revision"  # noqa: S608  (names of columns only)
"""All revisions of one draft, oldest first."""

DRAFTED: Final = "SELECT DISTINCT campaign FROM campaign_draft ORDER BY campaign"
"""Which campaigns have a draft."""

SAVE: Final = (
    "INSERT INTO campaign_draft (campaign, revision, based_on, files, author_kind, author, saved_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
"""Add a revision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One revision; ``based_on`` is the one that its author started from, 0 for none."""

    campaign: str
    revision: int
    based_on: int
    files: Files
    author: Actor
    saved_at: datetime


class DraftConflictError(ConflictError):
    """Somebody else saved since; ``theirs`` is the newest revision, ``merged`` both changes put together."""

    def __init__(self, base: Files, yours: Files, theirs: Draft) -> None:
        super().__init__(
            Phrase(
                "revision %(revision)s was saved by %(author)s meanwhile; nothing of yours was written, and nothing is "
                "lost: read both changes and save again",
                revision=theirs.revision,
                author=theirs.author.id,
            )
        )
        self.base = base
        self.yours = yours
        self.theirs = theirs

    @property
    def merged(self) -> Merged:
        """Both changes in one, with markers where they touch the same lines."""
        return merge_files(self.base, self.yours, self.theirs.files)

    @property
    def their_changes(self) -> str:
        """What the others changed, as a unified diff."""
        return diff_files(self.base, self.theirs.files, names=("base", "theirs"))

    @property
    def your_changes(self) -> str:
        """What you changed, as a unified diff."""
        return diff_files(self.base, self.yours, names=("base", "yours"))


class DraftStore:
    """The drafts of one installation."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def campaigns(self) -> tuple[str, ...]:
        """Return the campaigns that have a draft."""
        with self._reading() as connection:
            return tuple(str(row[0]) for row in connection.execute(DRAFTED))

    def latest(self, campaign: str) -> Draft:
        """Return the newest revision.

        Raises:
            NotFoundError: there is no draft of this campaign.
        """
        with self._reading() as connection:
            return _latest(connection, campaign)

    def revision(self, campaign: str, number: int) -> Draft:
        """Return one revision.

        Raises:
            NotFoundError: there is no such revision.
        """
        with self._reading() as connection:
            row = connection.execute(REVISION, (campaign, number)).fetchone()
        if row is None:
            raise NotFoundError(f"the draft of {campaign} has no revision {number}")
        return _draft(row)

    def revisions(self, campaign: str) -> tuple[Draft, ...]:
        """Return all revisions, oldest first."""
        with self._reading() as connection:
            return tuple(_draft(row) for row in connection.execute(REVISIONS, (campaign,)))

    def save(self, actor: Actor, campaign: str, files: Files, *, based_on: int) -> Draft:
        """Add a revision that was written starting from revision ``based_on`` (0: from nothing).

        The same texts as the newest revision make no new one.

        Raises:
            InputError: the id or a path is no part of a pack, or a text is too large.
            DraftConflictError: somebody else saved since; nothing was written.
            NotFoundError: ``based_on`` names no revision.
        """
        check_id(campaign)
        check_files(files)
        with self._reading() as connection:
            newest = _newest(connection, campaign)
        if newest is not None and newest.files == files:
            return newest
        with self._ledger.act(actor, "campaign.draft.save", "campaign", campaign) as act:
            newest = _newest(act.connection, campaign)
            number = newest.revision if newest else 0
            if based_on != number and newest is not None:
                base = _files_of(act.connection, campaign, based_on)
                raise DraftConflictError(base, files, newest)
            if based_on != number:
                raise NotFoundError(f"the draft of {campaign} has no revision {based_on}")
            saved_at = act.at.isoformat()
            row = (campaign, number + 1, based_on, dump_files(files), actor.kind, actor.id, saved_at)
            act.connection.execute(SAVE, row)
            act.before(newest.files if newest else None)
            act.after(dict(files))
            act.note(revision=number + 1)
        return _draft(row)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._ledger.reading() as connection:
                yield connection
        except sqlite3.Error as error:
            raise UnavailableError(f"drafts cannot be read: {error}") from error


def _newest(connection: sqlite3.Connection, campaign: str) -> Draft | None:
    row = connection.execute(LATEST, (campaign,)).fetchone()
    return None if row is None else _draft(row)


def _latest(connection: sqlite3.Connection, campaign: str) -> Draft:
    found = _newest(connection, campaign)
    if found is None:
        raise NotFoundError(f"there is no draft of {campaign}")
    return found


def _files_of(connection: sqlite3.Connection, campaign: str, revision: int) -> Files:
    if revision == 0:
        return {}
    row = connection.execute(REVISION, (campaign, revision)).fetchone()
    if row is None:
        raise NotFoundError(f"the draft of {campaign} has no revision {revision}")
    return _draft(row).files


def _draft(row: tuple[Any, ...]) -> Draft:
    campaign, revision, based_on, files, kind, author, saved_at = row
    return Draft(
        campaign=campaign,
        revision=revision,
        based_on=based_on,
        files=load_files(files),
        author=Actor(kind, author),
        saved_at=datetime.fromisoformat(saved_at),
    )
