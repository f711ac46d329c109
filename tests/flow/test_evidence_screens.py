"""Evidence shows the screen that stood when an alert was met, which is not always the one that was made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.flow.test_evidence import KEYRING, page_words, parts_of, service_of, staff_facts
from tests.support.http import ask
from tests.support.world import request
from thinktwice.bootstrap.choices import installation_of, load_campaigns
from thinktwice.bootstrap.core import Core, open_core
from thinktwice.bootstrap.surfaces import open_surfaces
from thinktwice.decisions.asks import Decide
from thinktwice.decisions.clock import utc_now
from thinktwice.keyring.tokens import sign_token
from thinktwice.records.decision import Decision
from thinktwice.settings import load_settings


class Visit:
    """An installation and its pages."""

    def __init__(self, core: Core, app: Any) -> None:
        self.core, self.app = core, app
        self.customer = "c-0"

    @property
    def now(self) -> datetime:
        return utc_now()

    def decide(self, number: int, **changes: Any) -> Decision:
        facts = {
            "withdrawal_id": f"{self.customer}-w-{number}",
            "customer__id": self.customer,
            "initiated_at": self.now.isoformat(),
            **changes,
        }
        withdrawal = self.core.intake.withdrawal(json.dumps(request(**facts)).encode(), now=self.now)
        (decision,) = self.core.service.handle([Decide(withdrawal)])
        assert isinstance(decision, Decision), decision
        return decision

    def steal(self, number: int) -> Decision:
        """A person has to speak with the customer first: the screen may be the thief's."""
        facts = {
            "account": {
                "fiat_balance": "12003.10",
                "credentials_changed_at": (self.now - timedelta(hours=2)).isoformat(),
            },
            "session": {"is_new_device": True},
        }
        return self.decide(number, **facts)

    def token(self, decision: Decision) -> str:
        assert decision.alert is not None
        return sign_token(KEYRING.token[0], decision.alert.alert_id, self.now + timedelta(hours=1))

    def page(self, decision: Decision, rest: str = "") -> str:
        response = ask(self.app, "GET", f"/alerts/{self.token(decision)}{rest}")
        assert response.status_code == 200, response.text
        return response.text

    def report(self, decision: Decision, kind: str, **detail: str) -> None:
        """What the browser's script says."""
        assert decision.alert is not None
        event = {"event_id": f"event-{kind}-1", "type": kind, "occurred_at": self.now.isoformat(), "detail": detail}
        headers = {"Authorization": f"Bearer {self.token(decision)}", "Content-Type": "application/json"}
        path = f"/v1/alerts/{decision.alert.alert_id}/events"
        assert ask(self.app, "POST", path, body=json.dumps({"events": [event]}).encode(), headers=headers).is_success

    def evidence(self, decision: Decision, edition: str = "customer") -> dict[str, Any]:
        return service_of(self.core)._parts(decision, is_restricted=edition == "restricted")


@contextmanager
def visiting(folder: Path) -> Iterator[Visit]:
    settings = load_settings(data=folder / "data", allowed_hosts=("localhost",))
    installation = installation_of(settings)
    campaigns = load_campaigns(settings, installation, utc_now)
    opening = open_core(folder / "data", installation=installation, keyring=KEYRING, campaigns=campaigns)
    with opening as core, open_surfaces(core, settings) as app:
        yield Visit(core, app)


def warned(visit: Visit) -> Decision:
    """Return the alert of the first customer who is not held out: keys, and so the holdout, are others each time."""
    for number in range(100):
        visit.customer = f"c-{number}"
        decision = visit.decide(1, customer__locale="en")
        if decision.alert is not None:
            assert decision.action == "alert"
            return decision
    raise AssertionError("everybody is held out")


def headlines(parts: dict[str, Any]) -> list[tuple[str, str]]:
    return [(screen["alert"]["action"], screen["alert"]["headline"]) for screen in parts["shown"]["screens"]]


def test_a_hold_that_came_before_the_first_look_is_what_is_proved(tmp_path: Path) -> None:
    """The alert was made, then an account matter held the destination; nobody ever saw the alert's own words."""
    with visiting(tmp_path) as visit:
        decision = warned(visit)
        prepared = visit.evidence(decision)
        assert visit.steal(2).action == "refer"
        page = visit.page(decision)
        visit.report(decision, "seen", locale="en", screen="alert", screen_rung="confirm", screen_extra="x")
        parts = visit.evidence(decision)
        ((action, headline),) = headlines(parts)
        assert action == "refer"
        assert headline in page
        assert [headline] != [one["alert"]["headline"] for one in prepared["shown"]["screens"]]
        assert parts["shown"]["screens"][0]["met_by"] == "delivered"
        assert parts["shown"]["screens"][0]["met_at"] == parts["acts"][0]["recorded_at"]
        assert [act["detail"]["screen"] for act in parts["acts"]] == ["refer", "refer"]
        sealed = service_of(visit.core).make(decision.decision_id, "customer")
        assert "UTC, when it was delivered</h3>" in page_words(sealed, "customer")
        assert parts_of(sealed)["shown"] == parts["shown"] == visit.evidence(decision)["shown"]
        held = json.dumps({name: part for name, part in parts_of(sealed).items() if name != "document"})
        assert [fact for fact in staff_facts(decision) if fact in held] == []
        assert "account_security" not in held


def test_what_was_met_before_and_after_a_hold_is_both_proved(tmp_path: Path) -> None:
    """Delivered as an alert, seen again later behind a hold; a third language is proved as the screen it showed."""
    with visiting(tmp_path) as visit:
        decision = warned(visit)
        shown = visit.page(decision)
        visit.steal(2)
        visit.report(decision, "seen", locale="zh-Hant")
        parts = visit.evidence(decision)
        found = [(one["locale"], one["alert"]["action"], one["met_by"]) for one in parts["shown"]["screens"]]
        assert found == [("en", "alert", "delivered"), ("zh-Hant", "refer", "seen")]
        assert parts["shown"]["screens"][0]["alert"]["headline"] in shown


def test_a_withdrawal_asked_for_again_is_proved_as_lapsed(tmp_path: Path) -> None:
    """The page only says that the request no longer counts; the proof says the same."""
    with visiting(tmp_path) as visit:
        decision = warned(visit)
        visit.decide(1, customer__locale="en", attempt=2)
        page = visit.page(decision)
        ((_, headline),) = headlines(visit.evidence(decision))
        assert headline in page
        assert visit.evidence(decision)["acts"][0]["detail"]["screen_standing"] == "lapsed"


def test_signs_opened_first_are_a_meeting_too(tmp_path: Path) -> None:
    """No other page was opened: the one that was tells which screen stood."""
    with visiting(tmp_path) as visit:
        decision = warned(visit)
        visit.page(decision, "/signs")
        (screen,) = visit.evidence(decision)["shown"]["screens"]
        assert (screen["alert"]["action"], screen["met_by"]) == ("alert", "reviewed")


def test_events_of_an_earlier_release_are_shown_as_made(tmp_path: Path) -> None:
    """They name no screen; and what nobody opened is the alert as it was prepared."""
    with visiting(tmp_path) as visit:
        decision = warned(visit)
        (screen,) = visit.evidence(decision)["shown"]["screens"]
        assert (screen["alert"]["action"], screen["met_at"], screen["met_by"]) == ("alert", None, None)
