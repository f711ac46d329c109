"""The file of partners as it is now, read apart from everything else.

Invariant: whatever is wrong anywhere else, a key taken out of the file, or a version listed there as withdrawn, counts
at the next look; and while the file itself cannot be read nobody is a partner, because what it would say may be just
that. An alert without a badge is always true.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from thinktwice.campaigns.partners import FILE, NOBODY, Partners, load_partners
from thinktwice.errors import Fault, InputError, Phrase

Fingerprint = tuple[object, ...]


class PinnedPartners:
    """Who may be shown at all; ``look`` reads the file again when it changed. ``faults`` say why nobody is."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._seen: Fingerprint | None = None
        self.partners: Partners = NOBODY
        self.faults: tuple[Fault, ...] = ()
        self.look()

    @property
    def trouble(self) -> str | None:
        """What is wrong with the file, in words."""
        said = "; ".join(str(fault) for fault in self.faults)
        return f"no badge is shown, for the file of partners cannot be used: {said}"[:500] if said else None

    def look(self) -> None:
        """Take in what the file says now; never raises for what is in it."""
        if self._folder is None or (seen := tuple(entries_of(self._folder))) == self._seen:
            return
        try:
            self.partners, self.faults = load_partners(self._folder), ()
        except InputError as error:
            self.partners, self.faults = NOBODY, error.faults
        except OSError as error:
            why = Phrase("cannot be read: %(error)s", error=error)
            self.partners, self.faults = NOBODY, (Fault(why, where=str(self._folder / FILE)),)
        self._seen = seen


def entries_of(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Yield what changes whenever a file below a folder does; nothing where it cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            yield from entries_of(Path(entry.path))
            continue
        try:
            state = entry.stat(follow_symlinks=False)
        except OSError:
            continue
        yield entry.path, state.st_mtime_ns, state.st_size
