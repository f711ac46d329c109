"""What a list of campaigns shows: draft, releases with their steps and approvals, limits. Reads only.

Invariant: one moment: everything of one overview is read in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from thinktwice.audit.ledger import Ledger
from thinktwice.campaigns.drafts import DRAFTED, LATEST
from thinktwice.campaigns.limiting import StandingLimit, standing_limits
from thinktwice.campaigns.publishing import Meant, meant, sides_of, standing_sides
from thinktwice.campaigns.reading import Surroundings
from thinktwice.campaigns.releasing import (
    RELEASED,
    CampaignRelease,
    ReleaseStep,
    find_release,
    releases_of,
    steps_of,
)
from thinktwice.campaigns.signing import Approval, approvals_of
from thinktwice.errors import Fault, InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRow:
    """One campaign: its newest draft revision, its releases (newest first), and the limit that stands."""

    campaign: str
    draft: int | None
    releases: tuple[CampaignRelease, ...]
    limit: StandingLimit | None

    def as_json(self) -> dict[str, Any]:
        """Return it for a list."""
        return {
            "campaign": self.campaign,
            "draft": self.draft,
            "is_limited": self.limit is not None,
            "releases": [
                {
                    "id": one.id,
                    "state": one.state,
                    "version": one.version,
                    "release": one.release_hash,
                    "submitted_at": one.submitted_at.isoformat(),
                }
                for one in self.releases
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseView:
    """One release as a page shows it.

    ``sides`` says for everyone who has to approve: None where the approval stands, else why not. ``now`` is what the
    files mean today, None with ``faults`` where they cannot be read any more.
    """

    release: CampaignRelease
    steps: tuple[ReleaseStep, ...]
    approvals: tuple[Approval, ...]
    sides: dict[str, str | None]
    now: Meant | None
    faults: tuple[Fault, ...] = ()

    @property
    def is_as_approved(self) -> bool:
        """Whether what the files mean today, with today's contacts and marks, is still the version approved."""
        return self.now is not None and self.now.version == self.release.version


def overview(ledger: Ledger) -> tuple[CampaignRow, ...]:
    """Return every campaign that has a draft or a release, by name."""
    with ledger.reading() as connection:
        names = {str(row[0]) for sql in (DRAFTED, RELEASED) for row in connection.execute(sql)}
        limits = {limit.campaign: limit for limit in standing_limits(connection)}
        rows = []
        for name in sorted(names):
            newest = connection.execute(LATEST, (name,)).fetchone()
            rows.append(
                CampaignRow(
                    campaign=name,
                    draft=newest[1] if newest else None,
                    releases=releases_of(connection, name),
                    limit=limits.get(name),
                )
            )
    return tuple(rows)


def release_view(ledger: Ledger, release_id: int, around: Surroundings) -> ReleaseView:
    """Return one release with everything about it.

    Raises:
        NotFoundError: there is none of this number.
    """
    with ledger.reading() as connection:
        release = find_release(connection, release_id)
        steps = steps_of(connection, release_id)
        given = approvals_of(connection, version=release.version)
        approvals = tuple(one for one in given if one.is_about(release))
        standing = standing_sides(connection, release, around)
    try:
        now = meant(release.campaign, release.files, around)
    except InputError as error:
        return ReleaseView(
            release=release, steps=steps, approvals=approvals, sides=standing, now=None, faults=error.faults
        )
    sides = {side: standing.get(side, "not given yet") for side in sides_of(now.pack.partners)}
    return ReleaseView(release=release, steps=steps, approvals=approvals, sides=sides, now=now)
