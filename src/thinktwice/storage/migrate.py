"""Brings both databases of a data folder to the shape this version of ThinkTwice needs.

Invariants: a database is upgraded in one transaction, wholly or not at all; two processes never upgrade at the same
time; a database written by a newer ThinkTwice is left alone and refused; when nothing is to be done, Alembic is not
imported.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from thinktwice.errors import UnavailableError
from thinktwice.storage.layout import DataFolder, sync_folder
from thinktwice.storage.sqlite import connect

MIGRATIONS = Path(__file__).parent / "migrations"
JOURNAL_HEAD = "journal_0002"
CONTROL_HEAD = "control_0011"

SELECT_VERSION = "SELECT version_num FROM alembic_version"
"""Which migration was the last; Alembic keeps it."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """What happened to one database: its version before (None: it was new or empty) and now."""

    name: str
    before: str | None
    now: str

    @property
    def is_changed(self) -> bool:
        """Whether anything was done."""
        return self.before != self.now


def migrate(data_dir: Path) -> tuple[Migrated, Migrated]:
    """Create or upgrade ``journal.db`` and ``control.db``, data in place; quick when both are current.

    Raises:
        UnavailableError: a database cannot be opened, is busy, is damaged, or was written by a newer ThinkTwice.
    """
    folder = DataFolder(data_dir)
    try:
        folder.create()
        with _only_one(folder.migration_lock):
            done = (
                _bring_to(folder.journal, "journal", JOURNAL_HEAD),
                _bring_to(folder.control, "control", CONTROL_HEAD),
            )
        if any(one.is_changed for one in done):
            sync_folder(folder.path)
    except OSError as error:
        raise UnavailableError(f"cannot use the data folder {data_dir}: {error}") from error
    return done


def migrate_control(data_dir: Path) -> Migrated:
    """Create or upgrade ``control.db`` alone, for a process that may not touch the journal.

    Raises:
        UnavailableError: as ``migrate``.
    """
    folder = DataFolder(data_dir)
    try:
        folder.create()
        with _only_one(folder.migration_lock):
            done = _bring_to(folder.control, "control", CONTROL_HEAD)
        if done.is_changed:
            sync_folder(folder.path)
    except OSError as error:
        raise UnavailableError(f"cannot use the data folder {data_dir}: {error}") from error
    return done


def current(data_dir: Path) -> bool:
    """Whether both databases exist in the shape that this version needs; changes nothing."""
    folder = DataFolder(data_dir)
    return (_version_at(folder.journal), _version_at(folder.control)) == (JOURNAL_HEAD, CONTROL_HEAD)


def require_version(connection: sqlite3.Connection, path: Path, head: str) -> None:
    """Refuse to work on a database of another shape.

    Raises:
        UnavailableError: the database is older or newer than this version of ThinkTwice, or empty.
    """
    version = read_version(connection)
    if version != head:
        raise UnavailableError(f"{path} is at version {version}, needed is {head}; run `thinktwice migrate`")


def read_version(connection: sqlite3.Connection) -> str | None:
    """Return the last migration applied, or None for an empty database."""
    try:
        row = connection.execute(SELECT_VERSION).fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return None
        raise
    return str(row[0]) if row else None


def _version_at(path: Path) -> str | None:
    """Return the version of a database that may not exist."""
    if not path.exists():
        return None
    with contextlib.closing(connect(path, read_only=True)) as connection:
        return read_version(connection)


def _bring_to(path: Path, name: str, head: str) -> Migrated:
    """Upgrade one database unless it is current."""
    with contextlib.closing(connect(path)) as connection:
        try:
            before = read_version(connection)
            if before != head:
                _upgrade(connection, path, before, MIGRATIONS / name)
            return Migrated(name, before, head)
        except sqlite3.Error as error:
            raise UnavailableError(f"cannot migrate {path}: {error}") from error


def _upgrade(connection: sqlite3.Connection, path: Path, before: str | None, versions: Path) -> None:
    """Run the outstanding migrations of one version tree in one transaction."""
    from thinktwice.storage.upgrade import upgrade, versions_of

    if before is not None and before not in versions_of(versions):
        raise UnavailableError(f"{path} was written by a newer ThinkTwice (version {before}); upgrade ThinkTwice")
    upgrade(connection, versions)


@contextlib.contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    """Wait until no other process migrates the same folder."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
