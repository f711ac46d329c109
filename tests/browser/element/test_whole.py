"""One story through the whole service: decision, alert on the operator's page, choice, clearance."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.element.conftest import Opening, told
from tests.support.operator_site import OperatorSite
from tests.support.serving import Serving, install
from thinktwice.alerts.words import WORDS


class Operator:
    """The operator's server: asks for decisions and clearances."""

    def __init__(self, url: str, session: httpx.Client) -> None:
        self.url = url
        self._session = session

    def alert(self) -> dict[str, Any]:
        """Return the first decision that shows an alert; some customers are in the holdout."""
        for number in range(20):
            body = {
                "withdrawal_id": f"w-{uuid.uuid4()}",
                "initiated_at": datetime.now(UTC).isoformat(),
                "customer": {"id": f"c-{number}", "jurisdiction": "HK", "locale": "en"},
                "asset": "USDT",
                "network": "tron",
                "amount": "12000.00",
                "fiat_amount": "12003.10",
                "fiat_currency": "USD",
                "destination": {"address": "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE"},
            }
            decision: dict[str, Any] = self._session.post("/v1/decisions", json=body).raise_for_status().json()
            if decision["alert"] and decision["intervention"] == "confirm":
                return decision
        raise AssertionError("nobody was shown an alert")

    def clearance(self, decision: dict[str, Any]) -> str:
        """Return where a withdrawal stands."""
        path = f"/v1/decisions/{decision['decision_id']}/clearance"
        return str(self._session.post(path).raise_for_status().json()["status"])


@pytest.fixture(scope="module")
def operator(site: OperatorSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """A real process with a real journal; the operator's page is named in its settings."""
    installation = install(tmp_path_factory.mktemp("whole"))
    (installation.data / "thinktwice.toml").write_text(f'embedding_origins = ["{site.url}"]\n')
    serving = Serving(installation)
    with httpx.Client(base_url=serving.url, headers=installation.headers) as session:
        yield Operator(serving.url, session)
    serving.kill()


@pytest.mark.parametrize(("is_going_on", "status"), [(True, "cleared"), (False, "cancelled")])
def test_only_the_recorded_choice_clears(
    opened: Opening,
    site: OperatorSite,
    operator: Operator,
    monkeypatch: pytest.MonkeyPatch,
    is_going_on: bool,
    status: str,
) -> None:
    """Open until the customer chooses on the operator's page; then what they chose."""
    decision = operator.alert()
    monkeypatch.setattr(site, "alerts", operator.url)
    page = opened(site.page((decision["alert"]["id"], f"/{decision['alert']['token']}")))
    buttons = page.locator("think-twice .actions button")
    expect(buttons).to_have_count(3)
    assert operator.clearance(decision) == "open"
    if is_going_on:
        buttons.nth(2).click()
        page.locator("think-twice .step > button").click()
    else:
        buttons.first.click()
    words = WORDS["en"]
    expect(page.get_by_role("heading", level=2)).to_have_text(words.continued if is_going_on else words.cancelled)
    assert told(page) == ["shown", "continued" if is_going_on else "cancelled"]
    page.wait_for_timeout(300)
    assert operator.clearance(decision) == status
