"""A takeover: new device, password changed two hours ago, the whole balance. The screen may be the thief's."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.packs import TODAY
from tests.support.world import World
from thinktwice.campaigns.library import load_library, shipped_packs
from thinktwice.contacts.loading import shipped_contacts
from thinktwice.errors import ThinkTwiceError
from thinktwice.outbox.store import OutboxStore
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.records.decision import Decision
from thinktwice.signals.state import micros

LIBRARY = load_library(shipped_packs(), shipped_contacts(), TODAY, CATALOGUE, currency="USD")
SECRETS = ("takeover", "typolog", "unauthor", "device", "credential", "password", "campaign", "signal", "reason")


@pytest.fixture
def world(tmp_path: Path) -> Any:
    world = World(tmp_path, LIBRARY.policies, is_telling=True)
    yield world
    world.close()


def steal(world: World, **changes: Any) -> Decision:
    """Withdraw the whole balance from a new device two hours after the password changed."""
    facts: dict[str, Any] = {
        "account__fiat_balance": "12003.10",
        "account__credentials_changed_at": (world.now - timedelta(hours=2)).isoformat(),
        "session__is_new_device": True,
    }
    return world.decide(**{**facts, **changes})


def told(world: World, topic: str) -> list[dict[str, Any]]:
    """Return the webhooks of one kind that wait in the outbox."""
    store = OutboxStore(world.folder / "journal.db")
    waiting = [one.message for one in store.due(micros(world.now + timedelta(days=365)), 1000)]
    store.close()
    return [json.loads(one.body) for one in waiting if one.topic == topic]


@pytest.mark.parametrize("channel", ["app", "web", "api", "batch"])
def test_a_person_is_called_in_and_the_session_learns_nothing(world: World, channel: str) -> None:
    """Refer, until staff resolve it, in neutral words; what reaches the session names no cause."""
    decision = steal(world, channel=channel)
    assert (decision.action, decision.intervention) == ("refer", "refer")
    assert decision.hold is not None
    assert (decision.hold.until, decision.hold.reason_class) == (None, "account_security")
    assert decision.alert is None or decision.alert.campaign is None
    answer = json.loads(world.answering.encoded(decision))
    assert answer["hold"] == {"until": None, "reason_class": "account_security", "appeal_url": None}
    shown = json.dumps({key: value for key, value in answer.items() if key != "hold"}).lower()
    assert not [word for word in SECRETS if word in shown]
    assert world.clear(decision).status == "referred"


def test_old_contacts_are_to_be_told_once_and_not_why(world: World) -> None:
    """One notice names the withdrawal and how old a contact has to be; further attempts add none."""
    decision = steal(world)
    steal(world, amount="1", fiat_amount="12003.10", channel="web")
    (notice,) = told(world, "customer.notice")
    assert notice["data"] == {
        "decision_id": decision.decision_id,
        "withdrawal_id": decision.withdrawal_id,
        "attempt": 1,
        "contacts_unchanged_since": (world.now - timedelta(days=30)).isoformat().replace("+00:00", "Z"),
        "is_test": False,
    }
    assert not [word for word in SECRETS if word in json.dumps(notice).lower()]


@pytest.mark.parametrize(
    "facts",
    [
        {"session__is_new_device": False},
        {"account__fiat_balance": "50000"},
        {"account__credentials_changed_at": "2026-11-10T00:00:00Z"},
    ],
)
def test_two_of_the_three_facts_are_no_takeover(world: World, facts: dict[str, Any]) -> None:
    """The ordinary campaigns decide, and nobody's old contacts are alarmed."""
    decision = steal(world, **facts)
    assert decision.action != "refer"
    assert told(world, "customer.notice") == []


def test_a_thief_does_not_get_past_by_trying_otherwise(world: World) -> None:
    """Another amount, device, channel, attempt, a week's wait: it stays with a person."""
    first = steal(world, withdrawal_id="w-t")
    for changes in (
        {"withdrawal_id": "w-t", "attempt": 2},
        {"amount": "1", "fiat_amount": "1"},
        {"channel": "api", "fiat_amount": "5"},
        {"session__is_new_device": False, "account__credentials_changed_at": None},
    ):
        again = steal(world, **changes)
        assert (again.action, again.hold and again.hold.reason_class) == ("refer", "account_security")
    world.pass_time(days=7)
    assert world.decide(fiat_amount="1").action == "refer"
    assert not world.clear(first).is_cleared


def test_a_cooling_off_for_a_scam_becomes_a_matter_of_the_account(world: World) -> None:
    """A hold that stands is no shelter: the stronger rung replaces it, and old contacts are told."""
    held = world.decide(channel="api", customer__jurisdiction="HK")
    assert held.action == "hold"
    assert told(world, "customer.notice") == []
    assert steal(world).action == "refer"
    assert world.clear(held).status == "referred"
    assert len(told(world, "customer.notice")) == 1


def test_nobody_goes_on_from_a_screen_that_may_be_the_thiefs(world: World) -> None:
    """Should a browser claim that it continued, nothing is cleared."""
    decision = steal(world)
    if decision.alert is not None:
        with pytest.raises(ThinkTwiceError):
            world.claim(decision, "continued")
    assert world.clear(decision).status == "referred"
