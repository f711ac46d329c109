"""Where each file of one installation lies.

Invariant: nothing outside this module puts a file name of the data folder together.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The folder that holds everything one installation knows (``--data``).

    Back it up with the ``.backup`` command or ``VACUUM INTO`` of SQLite while the service runs, or by copying the whole
    folder while it is stopped: a copy of a running ``journal.db`` without its ``-wal`` file misses the newest records.
    """

    path: Path

    @property
    def journal(self) -> Path:
        """The append-only journal and the states derived from it; written by one deciding process."""
        return self.path / "journal.db"

    @property
    def journal_lock(self) -> Path:
        """Locked as long as a process writes the journal; holds that process's id."""
        return self.journal.with_suffix(".lock")

    @property
    def control(self) -> Path:
        """Watchlist provenance, campaign versions and keys; written by staff tools and services."""
        return self.path / "control.db"

    @property
    def checkpoints(self) -> Path:
        """Checkpoints of the audit chain, unless settings name a place that the service cannot rewrite."""
        return self.path / "audit-checkpoints.jsonl"

    @property
    def watchlist(self) -> Path:
        """The folder of built watchlist bases."""
        return self.path / "watchlist"

    @property
    def uploads(self) -> Path:
        """Files that staff uploaded, until the job that needs them is over."""
        return self.path / "uploads"

    @property
    def finished(self) -> Path:
        """Files that jobs made for somebody to take away, for an hour."""
        return self.path / "finished"

    @property
    def lake(self) -> Path:
        """Closed days of the journal as Parquet, one folder a day."""
        return self.path / "lake"

    @property
    def finder(self) -> Path:
        """What staff look for in the journal; derived, written by the console, may be deleted."""
        return self.path / "finder.db"

    @property
    def cases(self) -> Path:
        """The encrypted files of agencies' requests, one folder a case."""
        return self.path / "cases"

    @property
    def migration_lock(self) -> Path:
        """Locked while the databases change shape."""
        return self.path / "migration.lock"

    def create(self) -> None:
        """Make the folder, readable by its owner only, and make its directory entry durable."""
        if self.path.is_dir():
            return
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(self.path.absolute().parent)


def sync_folder(path: Path) -> None:
    """Make the entries of a folder durable; a new file may vanish with the host otherwise."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
