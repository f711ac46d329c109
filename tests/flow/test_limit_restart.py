"""One story over real processes: a campaign's blast radius is counted on across kills, trips once, and stands."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.packs import copy_pack, replace_in
from tests.support.pilot import decide, seconds_until
from tests.support.serving import Installation, Serving, install
from tests.support.watchlists import Lists

HK = "hk-joint-anti-scam"
LISTED = "0x00000000219ab540356cbb839cbe05303d7705fb"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """Three an hour are allowed; one address is listed."""
    pack = copy_pack(tmp_path / "campaigns")
    replace_in(pack / "release.yaml", "holdout: 0.10", "holdout: 0")
    replace_in(pack / "release.yaml", "expected_daily_triggers: 400", "expected_daily_triggers: 24")
    monkeypatch.setenv("THINKTWICE_CAMPAIGNS_DIR", str(tmp_path / "campaigns"))
    made = install(tmp_path)
    listed = tmp_path / "list.csv"
    listed.write_text(f"address\n{LISTED}\n")
    Lists(made.data).take(listed, kind="scam", source="list", confidence=90)
    return made


def gauges(serving: Serving) -> tuple[int, int]:
    """Triggers within the window, and whether the campaign is limited, as an operator's monitoring reads them."""
    text = httpx.get(f"{serving.url}/metrics").raise_for_status().text
    found = {
        name: float(value)
        for name, value in re.findall(rf'^(thinktwice_campaign_\w+){{campaign="{HK}"}} (\S+)$', text, re.MULTILINE)
    }
    assert found["thinktwice_campaign_triggers_allowed"] == 3
    return int(found["thinktwice_campaign_triggers"]), int(found["thinktwice_campaign_limited"])


def entries(installed: Installation) -> int:
    with closing(sqlite3.connect(installed.data / "control.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM campaign_limit").fetchone()[0])


@pytest.mark.prove
def test_a_limit_is_counted_on_across_kills_and_stands(installed: Installation) -> None:
    """Two, a kill, two more: the fourth trips it; a kill at once, and the next process softens, with one entry for
    staff. Repeats of a call count once. A listed address is warned in full all the while.
    """
    headers = installed.headers
    serving = Serving(installed)
    try:
        first = [decide(serving.url, headers)["intervention"] for _ in range(2)]
        body = _body("again")
        for _ in range(3):
            _post(serving, headers, body)
        assert gauges(serving) == (3, 0)
        serving.kill()

        serving = Serving(installed)
        _post(serving, headers, body)
        assert gauges(serving) == (3, 0)
        first.append(decide(serving.url, headers)["intervention"])
        serving.kill()
        assert first == ["confirm"] * 3

        serving = Serving(installed)
        assert gauges(serving) == (4, 1)
        assert decide(serving.url, headers)["intervention"] == "inform"
        assert _post(serving, headers, _body("listed", LISTED))["intervention"] == "confirm"
        seconds_until(lambda: entries(installed) == 1)
        serving.kill()

        serving = Serving(installed)
        assert (gauges(serving)[1], decide(serving.url, headers)["intervention"]) == (1, "inform")
        assert entries(installed) == 1
    finally:
        serving.kill()


def _body(name: str, address: str = "0x25f5aa11bb22cc33dd44ee55ff6600778899b02c") -> dict[str, Any]:
    return {
        "withdrawal_id": f"w-{name}",
        "initiated_at": "2026-11-22T06:16:15Z",
        "customer": {"id": f"c-{name}", "jurisdiction": "HK", "locale": "en"},
        "asset": "USDT",
        "network": "ethereum",
        "amount": "1200.00",
        "fiat_amount": "1200.00",
        "fiat_currency": "USD",
        "destination": {"address": address},
    }


def _post(serving: Serving, headers: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    answer = httpx.post(f"{serving.url}/v1/decisions", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
