"""The Hong Kong pilot on a real installation: a served process, a desk beside it, and passkeys of both sides."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from tests.support.campaign_desk import HK, POLICE, changed, folder_files
from tests.support.control import APPROVER, AUTHOR, OFFICER
from tests.support.passkeys import Passkey
from tests.support.serving import Installation, install
from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.bootstrap.campaigning import campaign_desk
from thinktwice.bootstrap.choices import installation_of
from thinktwice.campaigns.desk import CampaignDesk
from thinktwice.campaigns.partners import OPERATOR
from thinktwice.campaigns.releasing import CampaignRelease
from thinktwice.settings import load_settings
from thinktwice.storage.layout import DataFolder

BADGE = "Written together with Hong Kong Police Force"


@dataclass
class Pilot:
    """One installation with its desk; ``partners`` is the folder that pins the keys."""

    installation: Installation
    partners: Path
    ledger: Ledger
    desk: CampaignDesk
    approver: Passkey
    officer: Passkey

    def approve(self, release: CampaignRelease, side: str, actor: Actor, key: Passkey) -> CampaignRelease:
        asked = self.desk.challenge(actor, release.id, side, own_keys=(key.pinned,))
        return self.desk.approve(actor, asked.statement.nonce, key.sign(asked.challenge), own_keys=(key.pinned,))

    def approved(self, files: dict[str, str] | None = None) -> CampaignRelease:
        """Draft, submit and approve by both sides."""
        newest = self.desk.drafts.revisions(HK)
        draft = self.desk.save_draft(AUTHOR, HK, files or pilot_files(), based_on=len(newest))
        release = self.desk.submit(AUTHOR, HK, draft.revision)
        self.approve(release, OPERATOR, APPROVER, self.approver)
        return self.approve(release, POLICE, OFFICER, self.officer)


def pilot_files(least: int = 200) -> dict[str, str]:
    """The pack of the pilot, begun already, without a holdout, from this amount on."""
    files = changed(folder_files(HK), "campaign.yaml", "fiat_amount >= 200", f"fiat_amount >= {least}")
    lines = []
    for line in files["release.yaml"].splitlines():
        name = line.partition(":")[0]
        lines.append({"starts_at": "starts_at: 2026-01-01T00:00:00+08:00", "holdout": "holdout: 0"}.get(name, line))
    return {**files, "release.yaml": "\n".join(line for line in lines if not line.startswith("ends_at:")) + "\n"}


@contextmanager
def open_pilot(folder: Path, environment: Callable[[str, str], None]) -> Iterator[Pilot]:
    """Install, with an empty folder of campaigns, so that nothing is live but what is released; set its environment."""
    made = install(folder)
    approver, officer = Passkey("approver"), Passkey("officer")
    partners, campaigns = folder / "partners", folder / "campaigns"
    partners.mkdir()
    campaigns.mkdir()
    (partners / "partners.yaml").write_text(
        f"partners:\n  - id: {POLICE}\n    name: Hong Kong Police Force\n    names: {{zh-Hant: 香港警務處}}\n"
        f"    keys:\n      - {officer.as_yaml()}\noperator:\n  keys:\n    - {approver.as_yaml()}\n",
        "utf-8",
    )
    environment("THINKTWICE_PARTNERS_DIR", str(partners))
    environment("THINKTWICE_CAMPAIGNS_DIR", str(campaigns))
    settings = load_settings(data=made.data, partners_dir=partners, campaigns_dir=campaigns)
    ledger = Ledger(DataFolder(made.data).control)
    try:
        desk = campaign_desk(settings, installation_of(settings), ledger)
        yield Pilot(made, partners, ledger, desk, approver, officer)
    finally:
        ledger.close()


def decide(
    url: str, headers: dict[str, str], *, customer: str | None = None, amount: str = "1200.00"
) -> dict[str, Any]:
    """Decide one withdrawal of a new customer in Hong Kong to a new destination."""
    name = uuid.uuid4().hex
    body = {
        "withdrawal_id": f"w-{name}",
        "initiated_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "customer": {"id": customer or f"c-{name}", "jurisdiction": "HK", "locale": "en"},
        "asset": "USDT",
        "network": "ethereum",
        "amount": amount,
        "fiat_amount": amount,
        "fiat_currency": "USD",
        "destination": {"address": "0x" + name + "00000000"},
    }
    answer = httpx.post(f"{url}/v1/decisions", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def seconds_until(is_so: Callable[[], bool], *, patience: float = 20.0) -> float:
    """Return how long it took until something was so."""
    begun = time.monotonic()
    while not is_so():
        assert time.monotonic() - begun < patience, "it never was so"
        time.sleep(0.02)
    return time.monotonic() - begun
