"""What every campaign that is or was live says of its experiment: for reports, cards and plans.

Invariants: reads only; a campaign in force is declared as it is in force (folders and releases together); one that has
ended is declared by the release that ran last, under the terms it ran with.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from thinktwice.bootstrap.campaign_source import CampaignSource
from thinktwice.campaigns.content import read_files
from thinktwice.campaigns.library import library_of
from thinktwice.campaigns.pack import Pack
from thinktwice.campaigns.releasing import CampaignRelease, governed, releases_of
from thinktwice.errors import InputError, UnavailableError
from thinktwice.measurement.analysis.records import Declared
from thinktwice.measurement.results import all_declared
from thinktwice.storage.sqlite import connect

_RAN: Final = frozenset({"live", "paused", "ended"})


@dataclass(frozen=True, slots=True)
class Declaring:
    """Reads it anew each time, because releases change; ``control`` is the database of releases."""

    source: CampaignSource
    control: Path

    def __call__(self) -> Mapping[str, Declared]:
        """Return every campaign by id; those in shadow show nothing and compare nothing.

        Raises:
            InputError: a folder of campaigns cannot be used.
            UnavailableError: the database cannot be read.
        """
        library = self.source.load().library
        around = self.source.around()
        past: dict[str, Pack] = {}
        for release in self._ended(library.packs):
            try:
                pack = read_files(release.campaign, release.files, around).pack
            except InputError:
                continue
            if pack is not None:
                past[release.campaign] = pack
        return {**all_declared(library_of(past, around), self.control), **all_declared(library, self.control)}

    def _ended(self, in_force: Mapping[str, Pack]) -> list[CampaignRelease]:
        """Return the last release that ran of each campaign that is not in force any more."""
        if not self.control.exists():
            return []
        try:
            with closing(connect(self.control, read_only=True)) as connection:
                names = sorted(governed(connection) - set(in_force))
                ran = [[one for one in releases_of(connection, name) if one.state in _RAN] for name in names]
        except sqlite3.Error as error:
            raise UnavailableError(f"releases cannot be read: {error}") from error
        return [releases[0] for releases in ran if releases]
