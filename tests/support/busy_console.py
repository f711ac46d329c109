"""An exchange at work: every surface and the console over one data folder, with customers, holds, lists and acts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.support.api_server import ApiServer, serve_everything
from tests.support.console_server import ConsoleServer, serve_console
from tests.support.keys import store_key
from tests.support.watchlists import Lists
from tests.support.world import request
from thinktwice.campaigns.library import shipped_packs
from thinktwice.people.keys import SCOPES, create_key

ELDERS = "hk-large-first-payments"
AUDIENCE = "NOT is_established_destination AND fiat_amount >= 10000 AND age_band = '70+'"
HOSPITAL = "0x25f5aa11bb22cc33dd44ee55ff6600778899b02c"
LISTED = "0x9a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
HOSTILE = "<script>alert(1)</script>"


@dataclass(frozen=True)
class BusyConsole:
    """Where everything is; ``held`` is the answer about the customer of 74."""

    api: ApiServer
    console: ConsoleServer
    client: httpx.Client
    held: dict[str, Any]

    @property
    def url(self) -> str:
        """Where the console is."""
        return self.console.url

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.console.data

    def decide(self, withdrawal_id: str, **changes: Any) -> dict[str, Any]:
        """Ask for a decision as the exchange's server does."""
        return decide(self.client, withdrawal_id, **changes)


def decide(client: httpx.Client, withdrawal_id: str, **changes: Any) -> dict[str, Any]:
    body = request(withdrawal_id, initiated_at=datetime.now(UTC).isoformat(), **({"customer__locale": "en"} | changes))
    answer: dict[str, Any] = client.post("/v1/decisions", json=body).raise_for_status().json()
    return answer


def write_packs(folder: Path) -> Path:
    """Write the campaigns of this exchange: the shipped ones, and one that holds."""
    packs = folder / "campaigns"
    shutil.copytree(shipped_packs(), packs)
    own = packs / ELDERS
    shutil.copytree(packs / "hk-joint-anti-scam", own)
    text = (own / "campaign.yaml").read_text("utf-8")
    for old, new in (
        ("id: hk-joint-anti-scam", f"id: {ELDERS}"),
        ("priority: 50", "priority: 70"),
        ("partners: [hk-police-cstcb]", "partners: []"),
        ("audience: NOT is_established_destination AND fiat_amount >= 200", f"audience: {AUDIENCE}"),
        ("intervention: confirm", "intervention: hold"),
        ("title: Joint anti-scam campaign, Hong Kong (not approved by any authority)", "title: Large first payments"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    (own / "campaign.yaml").write_text(text, "utf-8")
    release = (own / "release.yaml").read_text("utf-8")
    release = release.replace("hk-pilot-2026", "hk-large-2026").replace("holdout: 0.10", "holdout: 0")
    (own / "release.yaml").write_text(release, "utf-8")
    return packs


def live_key(data: Path) -> str:
    """Make a live key with every scope; what it asks for is no test."""
    key, secret = create_key(name="server", mode="live", scopes=SCOPES, actor="tests", now=datetime.now(UTC))
    store_key(data, key)
    return secret


def fill(client: httpx.Client) -> dict[str, Any]:
    """Let customers withdraw: established, new, held, blocked; returns what the customer of 74 got."""
    held = decide(
        client,
        "w-hospital-bill",
        customer__id="c-74",
        customer__age_band="70+",
        customer__account_opened_at="2021-03-01T00:00:00Z",
        destination__address=HOSPITAL,
    )
    decide(client, "w-small", customer__id="c-75", customer__age_band="70+", amount="150", fiat_amount="150.00")
    decide(client, "w-by-api", customer__id="c-api", channel="api", fiat_amount="30000.00")
    decide(client, "w-listed", customer__id="c-listed", destination__address=LISTED)
    for number in range(6):
        decide(client, f"w-{number}", customer__id=f"c-{number}", customer__age_band="30-39", fiat_amount="900.00")
    return held


def take_lists(folder: Path, data: Path) -> None:
    """Import a list whose words are hostile, as lists of strangers can be."""
    path = folder / "exchange-reports.csv"
    row = f"{LISTED},scam,90,{HOSTILE} paid twice,https://example.org/case/7"
    path.write_text(f"address,kind,confidence,label,reference\n{row}\nnot an address \x7f,scam,90,,\n", "utf-8")
    now = datetime.now(UTC) - timedelta(hours=2)
    Lists(data).take(path, source="exchange-reports", now=now)


@contextmanager
def serve_busy(folder: Path, *, is_demo: bool = True) -> Iterator[BusyConsole]:
    """Serve it all for as long as the block lasts."""
    data, packs = folder / "data", write_packs(folder)
    data.mkdir()
    take_lists(folder, data)
    with (
        serve_everything(data, campaigns_dir=packs) as api,
        serve_console(data, is_demo=is_demo, campaigns_dir=packs) as console,
        httpx.Client(base_url=api.url, headers={"Authorization": f"Bearer {live_key(data)}"}) as client,
    ):
        yield BusyConsole(api, console, client, fill(client))
