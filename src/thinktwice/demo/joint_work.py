"""A joint campaign that waits for the invented agency: the shipped pack of Hong Kong, submitted in that agency's name.

Invariants: no real authority's name stands on it; the release goes through the same desk as any, so that its author
cannot approve it; the one pinned passkey is thrown away, so that nothing a visitor does can put a badge on an alert.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import encode_cbor

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.bootstrap.campaigning import campaign_desk
from thinktwice.bootstrap.choices import installation_of
from thinktwice.bootstrap.demo_officers import AGENCY
from thinktwice.bootstrap.origin import origin_of
from thinktwice.bootstrap.portal_desks import now_utc
from thinktwice.campaigns.comments import Comments
from thinktwice.campaigns.content import read_folder
from thinktwice.campaigns.library import shipped_packs
from thinktwice.campaigns.merging import Files
from thinktwice.campaigns.partners import PinnedKey
from thinktwice.cases.agencies import Agencies
from thinktwice.keyring.keys import Keyring
from thinktwice.people.accounts import AccountStore
from thinktwice.people.sealing import Sealing
from thinktwice.settings import Settings
from thinktwice.storage.layout import DataFolder

MODEL: Final = "hk-joint-anti-scam"
CAMPAIGN: Final = "demo-joint-alert"
PARTNER: Final = "demo-police"
SAID: Final = "Invented: this is what your colleague proposed on the phone. Please read it as a customer would."
_CHANGED: Final = {
    "id": f"id: {CAMPAIGN}",
    "title": "title: Joint alert with an invented agency (a demonstration)",
    "partners": f"partners: [{PARTNER}]",
    "experiment": f"experiment: {CAMPAIGN}",
}


def no_partners(folder: Path) -> Path:
    """Make the folder that will name the agency, once it has an id."""
    folder.mkdir()
    (folder / "partners.yaml").write_text("partners: []\n", "utf-8")
    return folder


def make_joint_campaign(settings: Settings, keyring: Keyring) -> None:
    """Name the agency as a partner and submit a campaign; console and portal have made their people before.

    Raises:
        LookupError: the settings name no folder of partners, or nobody has made the agency or the author.
    """
    if settings.partners_dir is None:
        raise LookupError("the demonstration has no folder of partners")
    sealing = Sealing(keyring.masters)
    with closing(Ledger(DataFolder(settings.data).control, now_utc)) as ledger:
        agency = next((one.id for one in Agencies(ledger, sealing, now_utc).all() if one.name == AGENCY), None)
        account = AccountStore(ledger, sealing, now_utc).by_email("console", "author@demo.invalid")
        if agency is None or account is None:
            raise LookupError("the demonstration lacks its agency or its author")
        key = _lost_key(settings).as_entry().replace("\n", "\n      ")
        named = f"partners:\n  - id: {PARTNER}\n    name: {AGENCY}\n    agency: {agency}\n    keys:\n      {key}\n"
        (settings.partners_dir / "partners.yaml").write_text(named, "utf-8")
        author = Actor("staff", account.id)
        desk = campaign_desk(settings, installation_of(settings), ledger, now_utc)
        draft = desk.save_draft(author, CAMPAIGN, _pack(), based_on=0)
        release = desk.submit(author, CAMPAIGN, draft.revision)
        Comments(ledger, sealing).write(author, CAMPAIGN, SAID, partner=PARTNER, version=release.version)


def _pack() -> Files:
    """Return the shipped pack under another name, with the invented agency as its partner."""
    files = read_folder(shipped_packs() / MODEL)
    return files | {path: "\n".join(_lines(files[path])) + "\n" for path in ("campaign.yaml", "release.yaml")}


def _lines(text: str) -> Iterator[str]:
    return (_CHANGED.get(line.partition(":")[0], line) for line in text.splitlines())


def _lost_key(settings: Settings) -> PinnedKey:
    """Return the public half of a passkey that nobody has: without any pinned key nothing could be submitted."""
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    # COSE (RFC 9053, section 7.1): an elliptic curve key for ES256 on P-256.
    key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
    return PinnedKey(
        credential_id=secrets.token_bytes(32),
        public_key=encode_cbor(key),
        rp_id=settings.portal_url.host or "localhost",
        origins=(origin_of(settings.portal_url, "portal_url"),),
    )
