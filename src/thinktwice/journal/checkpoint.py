"""Moves the write-ahead log into the database file beside the writer, so that no request waits for it.

Invariants: the writer never checkpoints; what is copied was durable before; a checkpoint that fails is tried again and
harms nothing, because the log keeps everything until then.
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
"""64 MB: a log that writers keep from being emptied is emptied while they wait for a moment."""

PATIENCE_MS = 100
"""How long emptying may keep the writer waiting for a slow reader."""

_log = logging.getLogger(__name__)


class Checkpointer:
    """A thread with a connection of its own."""

    def __init__(self, path: Path, *, every_seconds: float = EVERY_SECONDS) -> None:
        self._connection = connect(path)
        self._connection.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        self._every = every_seconds
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal-checkpoint", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Checkpoint now, because much was written; returns at once."""
        self._wake.set()

    def stop(self) -> None:
        """Empty the log as far as readers allow, and end the thread; a second call does nothing."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self._wake.set()
        self._thread.join()
        self._checkpoint("TRUNCATE")
        self._connection.close()

    def _run(self) -> None:
        """Checkpoint at intervals, and earlier when woken."""
        while not self._stopping.is_set():
            self._wake.wait(self._every)
            self._wake.clear()
            if not self._stopping.is_set() and self._checkpoint("PASSIVE") >= RESTART_AT_PAGES:
                self._checkpoint("RESTART")

    def _checkpoint(self, mode: str) -> int:
        """Return how many pages the log held."""
        try:
            _, pages, _ = self._connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        except sqlite3.Error as error:
            _log.warning("journal checkpoint failed and will be tried again: %s", error)
            return 0
        return int(pages)
