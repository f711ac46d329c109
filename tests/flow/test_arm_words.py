"""One story: two arms of one campaign say it otherwise, in every channel, and long after it is proved which words were
shown, from hash, locale and arm alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.http import ask
from tests.support.packs import copy_pack, replace_in, word_arm
from tests.support.watchlists import Lists
from tests.support.world import request
from thinktwice.bootstrap.choices import installation_of, load_campaigns
from thinktwice.bootstrap.core import Core, open_core
from thinktwice.bootstrap.proving import evidence_service
from thinktwice.bootstrap.surfaces import open_surfaces
from thinktwice.decisions.asks import Decide
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.keyring.tokens import sign_token
from thinktwice.records.decision import Decision
from thinktwice.settings import Settings, load_settings
from thinktwice.web.edge.asgi import App

NOW = datetime(2026, 12, 5, 10, tzinfo=UTC)
LISTED = "0x00000000219ab540356cbb839cbe05303d7705fb"
SAID = {
    "en": {"a": "Check before you send", "b": "Stop for one minute"},
    "zh-Hant": {"a": "轉出前，先核實", "b": "先停一分鐘"},
    "ar": {"a": "تحقّق قبل أن ترسل", "b": "تحقّق قبل أن ترسل"},
}
"""What each arm's headline is; nobody wrote the arm's words in Arabic, so both say the campaign's."""


class Pilot:
    """A service whose pack words arm b otherwise in two of its three languages, and one customer of each arm."""

    def __init__(self, folder: Path) -> None:
        pack = copy_pack(folder / "packs")
        replace_in(pack / "release.yaml", "holdout: 0.10", "holdout: 0")
        replace_in(pack / "campaign.yaml", "no_screen: hold ", "no_screen: notice ")
        for locale in ("en", "zh-Hant"):
            notice = {"en": "One minute, please.", "zh-Hant": "請等一分鐘。"}[locale]
            word_arm(pack, f"{locale}.b", f"## headline\n\n{SAID[locale]['b']}\n\n## notice\n\n{notice}\n")
        settings = load_settings(data=folder / "data", campaigns_dir=folder / "packs", allowed_hosts=("localhost",))
        self.settings: Settings = settings
        self.pack = pack
        listed = folder / "list.csv"
        listed.write_text(f"address\n{LISTED}\n")
        Lists(settings.data).take(listed, kind="scam", source="list", confidence=90, now=NOW)
        installation = installation_of(settings)
        campaigns = load_campaigns(settings, installation, lambda: NOW)
        self.opening = open_core(
            settings.data, installation=installation, keyring=TEST_KEYRING, campaigns=campaigns, clock=lambda: NOW
        )

    def decide(self, core: Core, customer: str, **changes: Any) -> Decision:
        """Decide one withdrawal of this customer."""
        name = f"{customer}-{'-'.join(changes) or 'new'}"
        body = request(**{"withdrawal_id": name, "initiated_at": NOW.isoformat(), "customer__id": customer, **changes})
        (decision,) = core.service.handle([Decide(core.intake.withdrawal(json.dumps(body).encode(), now=NOW))])
        assert isinstance(decision, Decision), decision
        return decision

    def by_arm(self, core: Core, **changes: Any) -> dict[str, Decision]:
        """One decision of each arm."""
        found: dict[str, Decision] = {}
        for number in range(64):
            decision = self.decide(core, f"c-{number}", **changes)
            found.setdefault(decision.explanation.arm or "", decision)
            if {"a", "b"} <= set(found):
                return found
        raise AssertionError("64 customers are in one arm")


@pytest.fixture(scope="module")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Pilot:
    return Pilot(tmp_path_factory.mktemp("arm-words"))


@pytest.fixture(scope="module")
def core(pilot: Pilot) -> Iterator[Core]:
    with pilot.opening as core:
        yield core


@pytest.fixture(scope="module")
def shown(pilot: Pilot, core: Core) -> dict[str, Decision]:
    return pilot.by_arm(core)


@pytest.fixture(scope="module")
def app(pilot: Pilot, core: Core) -> Iterator[App]:
    with open_surfaces(core, pilot.settings) as app:
        yield app


def token_of(decision: Decision) -> str:
    assert decision.alert is not None
    return sign_token(TEST_KEYRING.token[0], decision.alert.alert_id, decision.alert.expires_at)


@pytest.mark.parametrize("locale", SAID)
@pytest.mark.parametrize("arm", ["a", "b"])
def test_page_element_and_text_say_the_arms_words(app: App, shown: dict[str, Decision], locale: str, arm: str) -> None:
    """The hosted page, the blocks that the element draws, and every text channel, each in the words of the arm."""
    decision, expected = shown[arm], SAID[locale][arm]
    assert decision.alert is not None
    other = next(said for name, said in SAID[locale].items() if name != arm)
    token = token_of(decision)
    page = ask(app, "GET", f"/alerts/{token}?locale={locale}")
    assert f"<h1>{expected}</h1>" in page.text
    assert other == expected or other not in page.text
    path = f"/v1/alerts/{decision.alert.alert_id}?locale={locale}"
    answer = ask(app, "GET", path, headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["alert"]["headline"] == expected
    texts = ask(app, "GET", path.replace("?", "/texts?"), headers={"Authorization": f"Bearer {token}"}).json()
    assert texts["push_title"] == expected
    assert texts["chat"].startswith(expected)
    # Which arm a customer is in tells them nothing and would tell a coach much.
    assert '"arm"' not in answer.text


def test_the_words_come_back_from_hash_locale_and_arm(pilot: Pilot, core: Core, shown: dict[str, Decision]) -> None:
    """Long after the arm's files are gone, evidence shows what each arm said in each language that was opened."""
    for path in (pilot.pack / "messages").glob("*.b.md"):
        path.unlink()
    service = evidence_service(
        core.folder,
        core.reader,
        keyring=TEST_KEYRING,
        installation=core.installation,
        campaigns=load_campaigns(pilot.settings, core.installation, lambda: NOW),
        operator="Harbour Exchange",
    )
    for arm, decision in shown.items():
        screens = json.loads(service.make(decision.decision_id, "customer"))["parts"]["shown"]["screens"]
        assert {screen["locale"] for screen in screens} >= {"zh-Hant"}
        for screen in screens:
            assert screen["alert"]["headline"] == SAID[screen["locale"]][arm]
            assert screen["text"].startswith(SAID[screen["locale"]][arm])


def test_a_notice_says_the_arms_words(pilot: Pilot, core: Core, app: App) -> None:
    """Where no screen is looked at the arm's notice goes out."""
    for arm, decision in pilot.by_arm(core, channel="api").items():
        page = ask(app, "GET", f"/alerts/{token_of(decision)}?locale=en").text
        assert ("One minute, please." in page) == (arm == "b")


def test_a_listed_address_is_told_in_the_customers_own_arm(
    pilot: Pilot, core: Core, app: App, shown: dict[str, Decision]
) -> None:
    """Known-bad is outside every experiment and says what this customer is told of any new address (rule 7)."""
    core.watchlist.refresh()
    for arm, decision in shown.items():
        customer = decision.withdrawal_id.rpartition("-")[0]
        listed = pilot.decide(core, customer, destination__address=LISTED)
        assert listed.explanation.is_known_bad
        assert listed.explanation.arm is None
        page = ask(app, "GET", f"/alerts/{token_of(listed)}?locale=en").text
        assert f"<h1>{SAID['en'][arm]}</h1>" in page
