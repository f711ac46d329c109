"""How every SQLite file is opened.

Invariants: WAL with ``synchronous=FULL``, so that a commit that returned survives the death of process and host;
transactions begin and end only where the caller says so (autocommit mode, no implicit BEGIN); files are readable by
their owner only.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from thinktwice.errors import NotFoundError, UnavailableError

BUSY_TIMEOUT_MS = 10_000
STATEMENTS_KEPT = 256


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a database file; a writable one is created when absent.

    The connection may be used from any thread, by one at a time.

    Raises:
        NotFoundError: ``read_only`` and no such file.
        UnavailableError: the file cannot be opened or is not a database.
    """
    if read_only and not path.exists():
        raise NotFoundError(f"no database at {path}; `thinktwice migrate` creates it")
    connection: sqlite3.Connection | None = None
    try:
        if not read_only:
            _create_private(path)
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=STATEMENTS_KEPT,
        )
        _configure(connection, read_only=read_only)
    except (sqlite3.Error, OSError) as error:
        if connection is not None:
            connection.close()
        raise UnavailableError(f"cannot open {path}: {error}") from error
    return connection


def _create_private(path: Path) -> None:
    """Create the file for its owner only, unless it exists.

    An existing file must not even be opened here: closing any descriptor of a file drops the locks that SQLite holds on
    it elsewhere in this process.
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _configure(connection: sqlite3.Connection, *, read_only: bool) -> None:
    """Set what SQLite does not remember in the file, and WAL, which it does."""
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
        connection.execute(
            "SELECT 1 FROM sqlite_master LIMIT 1"
        )  # reads the header: a foreign file fails here, not later
        return
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise sqlite3.OperationalError(f"write-ahead log not available (journal mode {mode})")
    connection.execute("PRAGMA synchronous = FULL")
