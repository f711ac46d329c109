"""The portal with one agency that is a partner of the Hong Kong pilot, and the operator's side of its campaigns.

Keys are pinned as an operator does: the officer's own passkey, as the portal shows it, is written into the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tests.support.campaign_desk import HK, POLICE
from tests.support.control import AUTHOR
from tests.support.people import Member
from tests.support.pilot import pilot_files
from tests.support.portal import Bureau, OfficersBrowser
from thinktwice.campaigns.desk import CampaignDesk
from thinktwice.campaigns.partners import PinnedKey
from thinktwice.campaigns.releasing import CampaignRelease
from thinktwice.cases.joint import JointCampaigns


@dataclass(frozen=True)
class JointBureau:
    """Two agencies; the first is the Hong Kong partner."""

    bureau: Bureau
    agency: str
    officer: Member
    colleague: Member
    administrator: Member
    stranger: Member
    partners: Path

    @property
    def joint(self) -> JointCampaigns:
        return cast("JointCampaigns", self.bureau.desks[JointCampaigns])

    @property
    def desk(self) -> CampaignDesk:
        return self.joint.desk

    def submitted(self, least: int = 200, *, blank_lines: int = 0) -> CampaignRelease:
        """Draft and submit the pilot, reaching withdrawals from this amount on; blank lines change nothing it means."""
        newest, files = self.desk.drafts.revisions(HK), pilot_files(least)
        files = {name: text + "\n" * blank_lines * (name == "campaign.yaml") for name, text in files.items()}
        draft = self.desk.save_draft(AUTHOR, HK, files, based_on=len(newest))
        return self.desk.submit(AUTHOR, HK, draft.revision)

    def pin(self, *members: Member, name: str = "Hong Kong Police Force") -> None:
        """Write the partner's file with the passkeys of these officers."""
        entries = "".join(
            "      " + key.as_entry().replace("\n", "\n      ") + "\n" for one in members for key in self.keys(one)
        )
        keys = f"    keys:\n{entries}" if entries else ""
        (self.partners / "partners.yaml").write_text(
            f"partners:\n  - id: {POLICE}\n    name: {name}\n    agency: {self.agency}\n{keys}", "utf-8"
        )

    def keys(self, member: Member) -> tuple[PinnedKey, ...]:
        """Return an officer's registered passkeys."""
        portal = self.bureau.world.portal
        return tuple(
            PinnedKey(
                credential_id=key.credential_id,
                public_key=key.cose_key,
                rp_id=portal.party.id,
                origins=portal.party.origins,
            )
            for key in portal.factors.of(member.account_id).passkeys
        )

    def path(self, release: CampaignRelease) -> str:
        """Where officers look at a release's version."""
        return f"/campaigns/{release.campaign}/versions/{release.version}"

    def approve(self, browser: OfficersBrowser, member: Member, release: CampaignRelease) -> int:
        """Approve on the page, with the member's own passkey; returns the status."""
        path = self.path(release)
        browser.get(path)
        browser.send(f"{path}/challenge")
        assert member.device is not None
        nonce = browser.page.text.partition('name="nonce" value="')[2].partition('"')[0]
        answer = member.device.get(browser.options)
        return browser.send(f"{path}/approval", {"answer": answer, "nonce": nonce}).status_code

    def entries(self) -> list[tuple[str, str]]:
        """Every act on campaigns and how it ended."""
        with self.joint.ledger.reading() as connection:
            return connection.execute(
                "SELECT act, outcome FROM audit_entry WHERE object_kind = 'campaign' ORDER BY seq"
            ).fetchall()


@contextmanager
def open_joint_bureau(folder: Path) -> Iterator[JointBureau]:
    """Open it over a fresh ``control.db``, with an empty folder of campaigns."""
    partners, campaigns = folder / "partners", folder / "campaigns"
    partners.mkdir()
    campaigns.mkdir()
    (partners / "partners.yaml").write_text("partners: []\n", "utf-8")
    bureau = Bureau(folder, settings={"partners_dir": partners, "campaigns_dir": campaigns})
    agency, other = bureau.agency("Hong Kong Police"), bureau.agency("Other Police")
    made = JointBureau(
        bureau,
        agency,
        officer=bureau.officer(agency),
        colleague=bureau.officer(agency),
        administrator=bureau.officer(agency, "agency_administrator"),
        stranger=bureau.officer(other, "officer", "agency_administrator"),
        partners=partners,
    )
    made.pin(made.officer)
    try:
        yield made
    finally:
        bureau.close()
