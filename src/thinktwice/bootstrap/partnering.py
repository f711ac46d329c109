"""Who the partners of a campaign are and whether they approved it, for those who read its results.

Invariant: a partner counts as approving only where a badge could rest on it: a standing approval of the newest
release.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from thinktwice.campaigns.publishing import standing_sides
from thinktwice.campaigns.reading import Surroundings
from thinktwice.campaigns.releasing import releases_of
from thinktwice.errors import UnavailableError
from thinktwice.measurement.report.document import ShownPartner
from thinktwice.storage.sqlite import connect

ShownPartners = Callable[[str, str], dict[str, ShownPartner]]
"""Returns the partners by id, given a campaign and a language."""


def shown_partners(control: Path, around: Callable[[], Surroundings]) -> ShownPartners:
    """Return what names the partners of a campaign.

    What it returns raises ``UnavailableError`` where the database cannot be read.
    """

    def shown(campaign: str, locale: str) -> dict[str, ShownPartner]:
        here = around()
        approved = _approved(control, campaign, here) if control.exists() and here.partners.by_id else frozenset()
        known = here.partners.by_id.items()
        return {name: ShownPartner(partner.name_in(locale), name in approved) for name, partner in known}

    return shown


def _approved(control: Path, campaign: str, around: Surroundings) -> frozenset[str]:
    try:
        with closing(connect(control, read_only=True)) as connection:
            for release in releases_of(connection, campaign)[:1]:
                sides = standing_sides(connection, release, around)
                return frozenset(side for side, why in sides.items() if why is None)
    except sqlite3.Error as error:
        raise UnavailableError(f"releases cannot be read: {error}") from error
    return frozenset()
