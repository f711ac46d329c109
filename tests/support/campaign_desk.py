"""A campaign desk over a fresh database, with a partner whose officer and an approver hold passkeys."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.support.control import APPROVER, AUTHOR, NOON, OFFICER, fresh_ledger
from tests.support.packs import TODAY, shipped_registry
from tests.support.passkeys import Passkey
from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.campaigns.content import read_folder
from thinktwice.campaigns.desk import CampaignDesk
from thinktwice.campaigns.library import shipped_packs
from thinktwice.campaigns.merging import Files
from thinktwice.campaigns.partners import OPERATOR, Partner, Partners
from thinktwice.campaigns.reading import Surroundings
from thinktwice.campaigns.releasing import CampaignRelease
from thinktwice.contacts.registry import Contacts
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.settings import Settings, load_settings
from thinktwice.storage.layout import DataFolder

HK = "hk-joint-anti-scam"
POLICE = "hk-police-cstcb"


@dataclass
class DeskWorld:
    """One installation: change ``contacts``, ``partners``, ``today`` or ``now`` and the desk sees it at once."""

    folder: Path
    contacts: Contacts = field(default_factory=shipped_registry)
    today: date = TODAY
    now: datetime = NOON
    approver_key: Passkey = field(default_factory=lambda: Passkey("approver"))
    officer_key: Passkey = field(default_factory=lambda: Passkey("officer"))
    partners: Partners = field(init=False)
    ledger: Ledger = field(init=False)
    desk: CampaignDesk = field(init=False)

    def __post_init__(self) -> None:
        police = Partner(id=POLICE, name="Hong Kong Police Force", keys=(self.officer_key.pinned,))
        self.partners = Partners({POLICE: police}, (self.approver_key.pinned,))
        self.ledger = fresh_ledger(self.folder, lambda: self.now)
        self.desk = CampaignDesk(self.ledger, self.around, folder_files, clock=lambda: self.now)

    @property
    def control(self) -> Path:
        return DataFolder(self.folder).control

    def around(self) -> Surroundings:
        return Surroundings(catalogue=CATALOGUE, contacts=self.contacts, today=self.today, partners=self.partners)

    def change_partner(self, **changes: object) -> None:
        """Give the police another name, logo, keys or withdrawn versions."""
        police = replace(self.partners.by_id[POLICE], **changes)  # type: ignore[arg-type]  # (the test names fields)
        self.partners = Partners({POLICE: police}, self.partners.operator)

    def submitted(self, files: Files | None = None, author: Actor = AUTHOR) -> CampaignRelease:
        """Draft and submit the Hong Kong pack, or other files of it."""
        newest = self.desk.drafts.revisions(HK)
        draft = self.desk.save_draft(author, HK, files or folder_files(HK), based_on=len(newest))
        return self.desk.submit(author, HK, draft.revision)

    def approve(self, release: CampaignRelease, side: str, actor: Actor, key: Passkey) -> CampaignRelease:
        """One side approves."""
        asked = self.desk.challenge(actor, release.id, side, own_keys=(key.pinned,))
        return self.desk.approve(actor, asked.statement.nonce, key.sign(asked.challenge), own_keys=(key.pinned,))

    def approved(self, files: Files | None = None) -> CampaignRelease:
        """Submitted, and approved by both sides."""
        release = self.submitted(files)
        self.approve(release, OPERATOR, APPROVER, self.approver_key)
        return self.approve(release, POLICE, OFFICER, self.officer_key)

    def live(self, files: Files | None = None) -> CampaignRelease:
        """Approved and live."""
        return self.desk.go_live(APPROVER, self.approved(files).id)

    def write_partners(self, folder: Path) -> Path:
        """Write the file of partners with the keys of both sides, and return its folder."""
        folder.mkdir()
        (folder / "partners.yaml").write_text(
            f"partners:\n  - id: {POLICE}\n    name: Hong Kong Police Force\n    keys:\n"
            f"      - {self.officer_key.as_yaml()}\noperator:\n  keys:\n    - {self.approver_key.as_yaml()}\n",
            "utf-8",
        )
        return folder

    def settings(self, folder: Path) -> Settings:
        """Return settings with copies of the shipped packs and the file of partners, made in a folder."""
        campaigns = Path(shutil.copytree(shipped_packs(), folder / "campaigns"))
        partners = self.write_partners(folder / "partners")
        return load_settings(data=self.folder, campaigns_dir=campaigns, partners_dir=partners)

    def later(self, **delta: float) -> None:
        """Let time pass."""
        self.now += timedelta(**delta)


def folder_files(campaign: str) -> dict[str, str]:
    """Return the files of a shipped pack."""
    return read_folder(shipped_packs() / campaign)


def changed(files: Mapping[str, str], path: str, old: str, new: str) -> dict[str, str]:
    """Return the files with the only occurrence of ``old`` in one of them replaced."""
    assert files[path].count(old) == 1, f"{old!r} stands {files[path].count(old)} times in {path}"
    return {**files, path: files[path].replace(old, new)}
