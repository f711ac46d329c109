"""Which releases hold the same plan: releases differ for many reasons, and only another plan is another experiment.

Invariants: a hash is named only when it can be made again from a release whose plan, experiment, holdout and weights
are those asked for, so nobody can add one by writing into the database; reads only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from thinktwice.campaigns.pack import Pack, Release
from thinktwice.campaigns.release import read_release
from thinktwice.campaigns.releasing import CampaignRelease, releases_of
from thinktwice.campaigns.version import release_hash
from thinktwice.contacts.document import parse_document
from thinktwice.errors import Fault, UnavailableError
from thinktwice.storage.sqlite import connect

VERSIONS: Final = "SELECT version FROM campaign_version WHERE campaign = ? ORDER BY version"
"""Every version of a campaign that was ever in force here."""


def same_plan(control: Path, pack: Pack, version: str) -> frozenset[str]:
    """Return the hashes of every release known here that holds the plan and the split of a pack.

    A release gets another hash with each version (a changed word, a contact that expired) and with each changed rule
    (an end, a cap). ``version`` is that of the pack; a missing database knows of no other.

    Raises:
        UnavailableError: the database cannot be read.
    """
    if not control.exists():
        return frozenset({release_hash(pack.release, version)})
    try:
        with closing(connect(control, read_only=True)) as connection:
            versions = {version, *(str(row[0]) for row in connection.execute(VERSIONS, (pack.id,)))}
            stored = releases_of(connection, pack.id)
    except sqlite3.Error as error:
        raise UnavailableError(f"releases cannot be read: {error}") from error
    found = [pack.release, *_alike(stored, pack)]
    versions |= {one.version for one in stored}
    return frozenset(release_hash(release, one) for release in found for one in versions)


def _alike(stored: tuple[CampaignRelease, ...], pack: Pack) -> Iterator[Release]:
    for one in stored:
        release = _read(one, pack)
        if release is not None and _terms(release) == _terms(pack.release):
            yield release


def _terms(release: Release) -> tuple[object, ...]:
    """Return what has to be alike: what is asked, of whom, and how customers are divided."""
    return release.experiment, release.plan, release.holdout, tuple(release.weights.items())


def _read(stored: CampaignRelease, pack: Pack) -> Release | None:
    """Read the release of stored files for the arms of a pack; None when it was for others, or cannot be read."""
    faults: list[Fault] = []
    document = parse_document(stored.files.get("release.yaml", ""), "release.yaml", faults)
    if document is None:
        return None
    release = read_release(
        document, arms=tuple(pack.arms), intervention=pack.intervention, no_screen=pack.no_screen, faults=faults
    )
    return None if faults else release
