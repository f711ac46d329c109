"""What jobs made to be taken away, kept for a short while.

Invariants: a file lies under the id of its job, readable by this installation only, and is there whole or not at all;
an hour after it was made it is gone, and until then only its job tells who may have it.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from thinktwice.errors import NotFoundError, UnavailableError

KEPT: Final = timedelta(hours=1)
_ID: Final = re.compile(r"job_[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class FinishedFiles:
    """The folder of finished files."""

    folder: Path

    def keep(self, job_id: str, content: bytes) -> None:
        """Keep what a job made; a job that is done again replaces it.

        Raises:
            UnavailableError: it cannot be written.
        """
        place = self._place(job_id)
        part = place.with_suffix(".part")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
                stream.write(content)
            part.replace(place)
        except OSError as error:
            raise UnavailableError(f"the file cannot be kept right now: {error}") from error

    def has(self, job_id: str) -> bool:
        """Whether the file of a job is still here."""
        self.sweep()
        return self._place(job_id).is_file()

    def read(self, job_id: str) -> bytes:
        """Return what a job made.

        Raises:
            NotFoundError: it made nothing, or its time is over.
        """
        self.sweep()
        try:
            return self._place(job_id).read_bytes()
        except FileNotFoundError:
            raise NotFoundError("this file is no longer here") from None

    def sweep(self) -> None:
        """Remove what is older than its time."""
        oldest = time.time() - KEPT.total_seconds()
        for file in self.folder.glob("job_*"):
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < oldest:
                    file.unlink()

    def _place(self, job_id: str) -> Path:
        if not _ID.fullmatch(job_id):
            raise NotFoundError("there is no such job")
        return self.folder / job_id
