"""Moves the write-ahead log into the database file beside the writer, so that requests hardly wait for it.

Invariants: what is copied was durable before; a checkpoint that fails is tried again and harms nothing, because the log
keeps everything until then; the writer copies no more than the last pages of a long log, between two batches, because
the log begins anew only where nothing is left to copy. (SQLite's own way, ``RESTART``, keeps a writer out that polls
meanwhile: 35 to 57 ms every second under load, measured.)
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from pathlib import Path

from thinktwice.storage.sqlite import connect

EVERY_SECONDS = 1.0
"""How long the log may wait when little is written."""

RESTART_AT_PAGES = 16_384
"""64 MB: of a log that writers keep from being emptied the writer copies the rest, which is little by then."""

PATIENCE_MS = 100
"""How long emptying may wait for a slow reader at the end."""

_log = logging.getLogger(__name__)


class Checkpointer:
    """A thread with a connection of its own."""

    def __init__(self, path: Path, *, every_seconds: float = EVERY_SECONDS) -> None:
        self._connection = connect(path)
        self._connection.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        self._every = every_seconds
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._is_nearly_empty = False
        self._thread = threading.Thread(target=self._run, name="journal-checkpoint", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Checkpoint now, because much was written; returns at once."""
        self._wake.set()

    def finish(self, writer: sqlite3.Connection) -> None:
        """Copy the last pages of a long log, so that the writer's next batch begins it anew.

        The writer calls this between batches; where nothing was asked for it costs nothing. A reader may keep the log
        from beginning anew; then it is asked for again.
        """
        if self._is_nearly_empty:
            self._is_nearly_empty = False
            _checkpoint(writer, "PASSIVE")

    def stop(self) -> None:
        """Empty the log as far as readers allow, and end the thread; a second call does nothing."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self._wake.set()
        self._thread.join()
        _checkpoint(self._connection, "TRUNCATE")
        self._connection.close()

    def _run(self) -> None:
        """Checkpoint at intervals, and earlier when woken."""
        while not self._stopping.is_set():
            self._wake.wait(self._every)
            self._wake.clear()
            if not self._stopping.is_set() and _checkpoint(self._connection, "PASSIVE") >= RESTART_AT_PAGES:
                _checkpoint(self._connection, "PASSIVE")  # what was written meanwhile; the writer is left with little
                self._is_nearly_empty = True


def _checkpoint(connection: sqlite3.Connection, mode: str) -> int:
    """Return how many pages the log held."""
    try:
        _, pages, _ = connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
    except sqlite3.Error as error:
        _log.warning("journal checkpoint failed and will be tried again: %s", error)
        return 0
    return int(pages)
