"""Every version that was ever in force, kept in ``control.db`` so that any past alert can be shown again.

Invariants: a version is stored before it can decide anything; what is stored under a version is the bytes that it is
the SHA-256 of, so nobody can change them unnoticed; a stored version is never changed or deleted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from thinktwice.campaigns.library import Library
from thinktwice.campaigns.stored import StoredVersion, read_stored
from thinktwice.errors import NotFoundError, UnavailableError
from thinktwice.storage.sqlite import connect

KEEP_VERSION: Final = """
INSERT INTO campaign_version (version, campaign, content, first_seen_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
"""Store a version unless it is there."""

VERSION: Final = "SELECT content FROM campaign_version WHERE version = ? AND campaign = ?"
"""Find the words of a past decision."""


class VersionArchive:
    """The stored versions of one installation; opens the database for each act, because acts are rare."""

    def __init__(self, control: Path) -> None:
        self._control = control

    def keep(self, libraries: Iterable[Library], now: datetime) -> None:
        """Store the versions of all packs of these libraries, durably; those already there stay as they are.

        Raises:
            UnavailableError: they cannot be stored.
        """
        seen_at = now.astimezone(UTC).isoformat()
        rows = [
            (library.versions[campaign], campaign, content.decode(), seen_at)
            for library in libraries
            for campaign, content in library.contents.items()
        ]
        try:
            with closing(connect(self._control)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(KEEP_VERSION, rows)
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise UnavailableError(f"campaign versions cannot be stored: {error}") from error

    def version(self, campaign: str, version: str) -> StoredVersion:
        """Return a version that was in force once.

        Raises:
            NotFoundError: it was never stored here.
            InputError: what is stored is no longer what was in force, or cannot be shown by this release.
            UnavailableError: the database cannot be read.
        """
        try:
            with closing(connect(self._control, read_only=True)) as connection:
                row = connection.execute(VERSION, (version, campaign)).fetchone()
        except sqlite3.Error as error:
            raise UnavailableError(f"campaign versions cannot be read: {error}") from error
        if row is None:
            raise NotFoundError(f"no campaign {campaign} in version {version[:12]}")
        return read_stored(row[0].encode(), version)
