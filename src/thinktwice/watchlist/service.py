"""The watchlist as a running process has it: one reference to a snapshot, kept fresh by one thread.

Invariants: ``snapshot()`` never waits; a change committed to ``control.db`` by any process is in the snapshot within a
second; opening a new base happens on the polling thread, never on a serving one; when the database cannot be read, the
last snapshot stays in force and ``trouble`` says so: an unreachable list must not switch protection off.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from typing import Final, Self

from thinktwice.errors import NotFoundError, ThinkTwiceError
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.sqlite import connect
from thinktwice.watchlist.claims import read_keys
from thinktwice.watchlist.mapped_base import Base, Found, Manifest, open_base, read_manifest
from thinktwice.watchlist.snapshot import EMPTY, Snapshot

POLL_SECONDS: Final = 0.25
"""A quarter of the second within which a delisting must be effective."""

Overlay = dict[str, Found | None]


class Watchlist:
    """Reads the watchlist of a data folder and keeps up with its changes."""

    def __init__(self, folder: DataFolder, *, poll_seconds: float = POLL_SECONDS) -> None:
        """Load what is there now; ``start`` begins to follow changes.

        Raises:
            UnavailableError: there is a watchlist and it cannot be read. A process must not begin to serve without
                the list it was given.
        """
        self._folder = folder
        self._poll_seconds = poll_seconds
        self._connection: sqlite3.Connection | None = None
        self._base: Base | None = None
        self._overlay: Overlay = {}
        self._seq = 0
        self._snapshot = EMPTY
        self._stopped = threading.Event()
        self._turn = threading.Lock()
        self._thread: threading.Thread | None = None
        self.trouble: str | None = None
        self.refresh()

    def snapshot(self) -> Snapshot:
        """Return the snapshot in force; keep it for a whole batch."""
        return self._snapshot

    def refresh(self) -> None:
        """Take in what changed since the last time; called by the polling thread, and by tests.

        Raises:
            UnavailableError: a file cannot be read.
            sqlite3.Error: the database cannot be read.
        """
        with self._turn:
            manifest = read_manifest(self._folder.watchlist)
            if manifest != (self._base.manifest if self._base else None):
                self._change_base(manifest)
            self._follow()

    def start(self) -> Self:
        """Follow changes on a thread of our own until ``close``."""
        self._thread = threading.Thread(target=self._poll, name="watchlist", daemon=True)
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop following; the last snapshot stays usable."""
        self._stopped.set()
        if self._thread:
            self._thread.join()
        with self._turn:
            self._disconnect()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _poll(self) -> None:
        while not self._stopped.wait(self._poll_seconds):
            try:
                self.refresh()
                self.trouble = None
            except (ThinkTwiceError, OSError, sqlite3.Error) as error:
                self.trouble = f"{type(error).__name__}: {error}"
                with self._turn:
                    self._disconnect()

    def _change_base(self, manifest: Manifest | None) -> None:
        """Open another base; its overlay is read anew from the change after which it was built."""
        if manifest is None:
            self._base = None
        elif self._base and (self._base.manifest.hash, self._base.manifest.engine) == (manifest.hash, manifest.engine):
            self._base = self._base.renewed(manifest)
        else:
            self._base = open_base(self._folder.watchlist, manifest)
        self._overlay = {}
        self._seq = -1

    def _follow(self) -> None:
        """Read the keys changed after what is known, and put a new snapshot in force if there are any."""
        after = self._seq if self._seq >= 0 else self._base_seq
        connection = self._connect()
        if connection is None:
            self._seq = after
            self._snapshot = Snapshot(self._base, {}, after)
            return
        # One read transaction: keys and claims belong to the same moment.
        connection.execute("BEGIN")
        try:
            newest = max(after, connection.execute("SELECT coalesce(max(seq), 0) FROM watchlist_change").fetchone()[0])
            if newest == self._seq:
                return
            rows = connection.execute("SELECT DISTINCT match_key FROM watchlist_change WHERE seq > ?", (after,))
            changed = read_keys(connection, [key for (key,) in rows])
        finally:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        self._overlay = {
            **self._overlay,
            **{key: Found.of(claims) if claims else None for key, claims in changed.items()},
        }
        self._seq = newest
        self._snapshot = Snapshot(self._base, self._overlay, newest)

    @property
    def _base_seq(self) -> int:
        return self._base.manifest.seq if self._base else 0

    def _connect(self) -> sqlite3.Connection | None:
        """Return the connection; None as long as the folder has no database, which is an empty watchlist."""
        if self._connection is None:
            try:
                connection = connect(self._folder.control, read_only=True)
            except NotFoundError:
                return None
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'watchlist_change'").fetchone():
                connection.close()
                return None
            self._connection = connection
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
