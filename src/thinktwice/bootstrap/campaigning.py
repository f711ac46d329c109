"""The campaign desk and the badges of one process, put together from settings.

Invariants: both see the folders and the partners' keys as they are now; a badge is asked for at each render, for the
contacts that the customer's jurisdiction has on its own day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from thinktwice.alerts.figures import zone_of
from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.campaign_source import CampaignSource
from thinktwice.campaigns.approval import load_verifier
from thinktwice.campaigns.badge import Badges, Showing
from thinktwice.campaigns.content import read_folder
from thinktwice.campaigns.desk import CampaignDesk
from thinktwice.campaigns.library import shipped_packs
from thinktwice.campaigns.merging import Files
from thinktwice.campaigns.partners import NOBODY, Partner, Partners
from thinktwice.campaigns.reading import Surroundings
from thinktwice.decisions.clock import utc_now
from thinktwice.errors import NotFoundError
from thinktwice.records.decision import Decision
from thinktwice.records.installation import Installation
from thinktwice.settings import Settings
from thinktwice.web.customer.desk import JointCampaign

if TYPE_CHECKING:  # the agencies' portal reads campaigns too, and loads nothing that opens a journal
    from thinktwice.bootstrap.core import Core

_WORDS_SHOWN: Final = frozenset({"alert", "proceed"})


def campaign_desk(
    settings: Settings,
    installation: Installation,
    ledger: Ledger,
    clock: Callable[[], datetime] = utc_now,
    *,
    around: Callable[[], Surroundings] | None = None,
) -> CampaignDesk:
    """Return the desk of a process that does not decide itself, such as the console or the command line.

    ``around`` gives what packs are checked against, where the process reads campaigns for other reasons too.
    """
    around = around or CampaignSource(settings, installation, clock).around
    folder = settings.campaigns_dir or shipped_packs()

    def folder_pack(campaign: str) -> Files:
        if not (folder / campaign).is_dir():
            raise NotFoundError(f"nothing of {campaign} is under way")
        return read_folder(folder / campaign)

    return CampaignDesk(ledger, around, folder_pack, clock=clock)


@dataclass(frozen=True, slots=True)
class CoreBadges:
    """Badges over what is in force in a deciding process."""

    core: Core
    clock: Callable[[], datetime] = utc_now
    badges: Badges = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "badges", Badges(self.core.folder.control, self.partners))
        if self.partners().by_id:
            load_verifier()  # now, and not while the first customer waits for a page

    def partners(self) -> Partners:
        """Return who may be shown at all."""
        source = self.core.campaigns.source
        return NOBODY if source is None else source.partners

    def shown(self, campaign: str, version: str, jurisdiction: str) -> tuple[Partner, ...]:
        """Return the partners whose badge may stand on a version, now, for a customer of a jurisdiction."""
        if not self.partners().by_id:
            return ()
        today = self.clock().astimezone(zone_of(jurisdiction)).date()
        contacts = self.core.campaigns.library.contacts
        return self.badges.shown(campaign, version, Showing(contacts=contacts, jurisdiction=jurisdiction, today=today))

    def recorded(self, decision: Decision) -> tuple[str, ...]:
        """Return the ids of the partners whose badge the alert of a decision carries now."""
        alert = decision.alert
        if alert is None or alert.campaign is None or alert.version is None or decision.action not in _WORDS_SHOWN:
            return ()
        return tuple(one.id for one in self.shown(alert.campaign, alert.version, decision.facts.jurisdiction))

    def joint(self) -> tuple[JointCampaign, ...]:
        """Return where campaigns are in force whose partners approved exactly what is shown there, for ``/verify``.

        A campaign's title is not among what partners sign, so it is not told: it could say anything in their name.
        """
        found: dict[tuple[str, ...], JointCampaign] = {}
        for policy in self.core.campaigns.live.policies:
            if policy.is_shadow or not policy.partners:
                continue
            for jurisdiction in policy.jurisdictions:
                partners = self.shown(policy.id, policy.version, jurisdiction)
                if partners:
                    told = (jurisdiction, *(partner.id for partner in partners))
                    found[told] = JointCampaign(jurisdiction, partners)
        return tuple(found.values())

    def logo(self, mark: str) -> bytes | None:
        """Return the picture of a known partner's mark."""
        return next((one.logo for one in self.partners().by_id.values() if one.mark == mark), None)
