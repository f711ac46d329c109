"""Joint campaigns for the portal: what its officers reach of them, put together from settings.

Invariants: reads the files of packs, contacts and partners, and ``control.db``; the journal is never opened, and no
result can be computed here; one source of campaigns is read by one thread at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.campaign_source import CampaignSource
from thinktwice.bootstrap.campaigning import campaign_desk
from thinktwice.bootstrap.choices import installation_of
from thinktwice.bootstrap.previewing import Previews
from thinktwice.campaigns.comments import Comments
from thinktwice.campaigns.partners import Partner
from thinktwice.campaigns.reading import Surroundings
from thinktwice.cases.joint import JointCampaigns, JointVersion
from thinktwice.errors import InputError, NotFoundError, UnavailableError
from thinktwice.people.sealing import Sealing
from thinktwice.settings import Settings
from thinktwice.web.portal.campaigns.area import Previewing


@dataclass(frozen=True, slots=True)
class _InTurn:
    """One source of campaigns for pages in many threads, who look one after the other."""

    source: CampaignSource
    lock: threading.Lock = field(default_factory=threading.Lock)

    def around(self) -> Surroundings:
        """Return what packs are checked against now.

        Raises:
            UnavailableError: a file of the operator has a fault; officers are not told which.
        """
        try:
            with self.lock:
                return self.source.around()
        except InputError as error:
            raise UnavailableError("campaigns cannot be read right now") from error


@dataclass(frozen=True, slots=True)
class JointPreviews:
    """Previews with the badge as it would stand there."""

    previews: Previews
    around: Callable[[], Surroundings]

    def __call__(self, version: JointVersion, *, locale: str, rung: str, screen: str, arm: str) -> str:
        """Return one screen of a version.

        Raises:
            NotFoundError: customers would see another version, or this rung has no such screen.
        """
        if version.pack is None:
            raise NotFoundError("there is nothing here")
        known = self.around().partners.by_id
        named: tuple[Partner, ...] = tuple(known[name] for name in version.pack.partners if name in known)
        return self.previews(version.pack, locale=locale, rung=rung, screen=screen, arm=arm, badge=named)


def joint_desks(
    settings: Settings, ledger: Ledger, sealing: Sealing, clock: Callable[[], datetime]
) -> dict[type, object]:
    """Return the desk of joint campaigns and its previews."""
    installation = installation_of(settings)
    turns = _InTurn(CampaignSource(settings, installation, clock))
    previews = Previews(settings.operator_name, lambda: turns.around().contacts, clock)
    return {
        JointCampaigns: JointCampaigns(
            ledger=ledger,
            desk=campaign_desk(settings, installation, ledger, clock, around=turns.around),
            comments=Comments(ledger, sealing),
            around=turns.around,
            clock=clock,
        ),
        Previewing: Previewing(JointPreviews(previews, turns.around)),
    }
