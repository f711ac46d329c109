"""What the operator's own systems prepared for a request: the seam, nobody behind it, and a folder behind it.

Invariants: file-based, one folder a request with one CSV file a category; nothing here reads a file, so that nothing is
believed before it was checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from thinktwice.cases.request import CaseRequest


class CustomerRecords(Protocol):
    """Where the operator's own systems leave customer data for a request: the adapter seam."""

    def found(self, request: CaseRequest, category: str) -> Path | None:
        """Return the CSV file prepared for a category of a request, None while there is none."""
        ...


class NoRecords:
    """No system prepares anything; staff upload every portion."""

    def found(self, request: CaseRequest, category: str) -> Path | None:
        """Return that nothing is there."""
        del request, category
        return None


@dataclass(frozen=True, slots=True)
class FolderRecords:
    """A folder a request, named by its id, with one ``<category>.csv`` for each category."""

    folder: Path

    def found(self, request: CaseRequest, category: str) -> Path | None:
        """Return the file of a category, when it is a plain file."""
        path = self.folder / request.id / f"{category}.csv"
        return path if path.is_file() and not path.is_symlink() else None
