"""The pages of campaigns over a fresh database, with the shipped packs as the folder; people on paper."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.campaign_desk import folder_files
from tests.support.console import NOW, Console, open_console
from tests.support.packs import TODAY, shipped_registry
from tests.support.passkeys import Passkey
from thinktwice.audit.ledger import Actor
from thinktwice.bootstrap.previewing import Previews
from thinktwice.campaigns.approval import Assertion
from thinktwice.campaigns.comments import Comments
from thinktwice.campaigns.desk import CampaignDesk
from thinktwice.campaigns.library import shipped_packs
from thinktwice.campaigns.merging import Files
from thinktwice.campaigns.partners import to_base64url
from thinktwice.campaigns.reading import Surroundings
from thinktwice.campaigns.releasing import CampaignRelease
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.measurement.analysis.records import Verdict
from thinktwice.people.sealing import Sealing
from thinktwice.people.service import People
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.web.console.campaigns.desk import CampaignRoom
from thinktwice.web.console.campaigns.pages import AREA
from thinktwice.web.console.results.standings import Standings

PACK = "new-destination"
ANN = Actor("staff", "acc_ann")


def _no_verdict(campaign: str) -> Verdict:
    raise LookupError(campaign)


@dataclass(frozen=True)
class CampaignConsole:
    """The console with one area, and what lies behind it."""

    console: Console
    room: CampaignRoom

    def save(self, secret: str, files: Files, *, based_on: int, campaign: str = PACK) -> httpx.Response:
        """Save texts as the editor's form does, by their places."""
        fields = {"based_on": str(based_on)}
        for place, (path, text) in enumerate(files.items()):
            fields |= {f"path-{place}": path, f"text-{place}": text}
        return self.console.post(f"/campaigns/{campaign}/draft", fields, secret)

    def begin(self, secret: str, campaign: str = PACK) -> httpx.Response:
        """Begin a draft from the shipped pack."""
        return self.console.post("/campaigns/new", {"id": campaign, "from": f"folder/{PACK}"}, secret)

    def revisions(self, campaign: str = PACK) -> int:
        """Return how many revisions there are."""
        return len(self.room.desk.drafts.revisions(campaign))


def open_campaigns(data: Path, *, people: object = None) -> CampaignConsole:
    """Open it; ``console.ledger`` has to be closed. Approving needs ``people`` with passkeys."""
    around = Surroundings(catalogue=CATALOGUE, contacts=shipped_registry(), today=TODAY)
    desks: dict[type, object] = {People: people or object(), CampaignRoom: object(), Comments: object()}
    console = open_console(data, [AREA], desks=desks)
    desks[CampaignRoom] = room = CampaignRoom(
        desk=CampaignDesk(console.ledger, lambda: around, folder_files, clock=lambda: NOW),
        ledger=console.ledger,
        around=lambda: around,
        folder=shipped_packs(),
        shipped=shipped_packs(),
        preview=Previews("Harbour Exchange", lambda: around.contacts, lambda: NOW),
        name_of=lambda account: f"<b>{account}</b>",
        standings=Standings(_no_verdict, lambda: NOW),
    )
    desks[Comments] = Comments(console.ledger, Sealing(TEST_KEYRING.masters))
    return CampaignConsole(console, room)


def submitted(world: CampaignConsole) -> CampaignRelease:
    """A release of the shipped pack that Ann wrote."""
    desk = world.room.desk
    draft = desk.save_draft(ANN, PACK, folder_files(PACK), based_on=world.revisions())
    return desk.submit(ANN, PACK, draft.revision)


def approved(world: CampaignConsole) -> CampaignRelease:
    """The same, approved for the operator by Bea's passkey."""
    release, bea, key = submitted(world), Actor("staff", "acc_bea"), Passkey("bea")
    asked = world.room.desk.challenge(bea, release.id, own_keys=(key.pinned,))
    return world.room.desk.approve(bea, asked.statement.nonce, key.sign(asked.challenge), own_keys=(key.pinned,))


def as_sent(signed: Assertion) -> dict[str, object]:
    """What a browser sends of a passkey's answer."""
    return {
        "rawId": to_base64url(signed.credential_id),
        "response": {
            "authenticatorData": to_base64url(signed.authenticator_data),
            "clientDataJSON": to_base64url(signed.client_data_json),
            "signature": to_base64url(signed.signature),
        },
    }
