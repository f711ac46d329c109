"""Only one process writes a journal.

Invariant: the lock belongs to the open file, not to its existence, so that it ends with the process however that dies.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from thinktwice.errors import UnavailableError


class WriterLock:
    """An exclusive lock on a file that holds the writer's process id."""

    def __init__(self, path: Path) -> None:
        """Take the lock.

        Raises:
            UnavailableError: another process (or another journal in this one) holds it; the message names the holder.
        """
        try:
            self._file: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise UnavailableError(f"cannot open {path}: {error}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._file, 20, 0).decode("ascii", "replace").strip() or "unknown"
            self.release()
            raise UnavailableError(
                f"{path.with_suffix('.db')} is being written by process {holder}; only one process may decide"
            ) from error
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let another process write; a second call does nothing."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
