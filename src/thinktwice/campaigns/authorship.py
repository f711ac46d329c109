"""Who wrote a release, and so may neither approve it nor let it begin or go on. Reads only.

Invariant: whoever saved any revision since a release of the campaign last began, and whoever submits, is an author; a
command line is no person.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from thinktwice.audit.ledger import Actor
from thinktwice.campaigns.lifecycle import UNDER_WAY
from thinktwice.campaigns.releasing import CampaignRelease, releases_of

WROTE: Final = """
SELECT author FROM campaign_draft WHERE campaign = ? AND revision > ? AND revision <= ? ORDER BY revision
"""
"""Who saved which revisions, in order."""


def authors_of(connection: sqlite3.Connection, campaign: str, revision: int, submitter: Actor) -> tuple[str, ...]:
    """Return who wrote any of what is submitted since a release of this campaign last began."""
    begun = [
        one.revision or 0
        for one in releases_of(connection, campaign)
        if one.state in UNDER_WAY and (one.revision or 0) < revision
    ]
    wrote = [str(row[0]) for row in connection.execute(WROTE, (campaign, max(begun, default=0), revision))]
    return tuple(dict.fromkeys([*wrote, submitter.id]))


def is_author(actor: Actor, release: CampaignRelease) -> bool:
    """Whether somebody wrote any of a release."""
    return actor.kind != "cli" and actor.id in release.authors
