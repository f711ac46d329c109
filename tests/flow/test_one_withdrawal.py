"""One withdrawal, from the request to the clearance."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.world import SHIPPED, START, World, policy
from thinktwice.decisions.replay import replay
from thinktwice.errors import ConflictError

GENUINE = "0x25f5e86ef1ee3ff2a4d5c4b37b2fcd1cb3deb02c"
IMITATION = "0x25f56616a9c1d2e3f40516273849a5b6e26db02c"
OTHER = "0x1111111111111111111111111111111111111111"


def test_a_large_first_payment_in_hong_kong_is_questioned(world: World) -> None:
    """A new destination above the threshold gives a full-screen alert of the joint campaign, or the holdout."""
    decision = world.decide()
    assert decision.explanation.campaign == "hk-joint-anti-scam"
    assert (decision.action, decision.explanation.arm) in {("alert", "a"), ("alert", "b"), ("proceed", "holdout")}


def test_the_same_body_gives_the_same_decision_and_another_one_conflicts(world: World) -> None:
    """12.0 and 12.00 are one withdrawal; 13 under the same key is refused."""
    first = world.decide(withdrawal_id="w-x", amount="12.0", initiated_at=START.isoformat())
    assert world.decide(withdrawal_id="w-x", amount="12.00", initiated_at=START.isoformat()) == first
    with pytest.raises(ConflictError):
        world.decide(withdrawal_id="w-x", amount="13", initiated_at=START.isoformat())


def test_clearance_is_open_until_the_customer_goes_on_and_lapses_after_a_day(tmp_path: Path) -> None:
    """Alert: open; continued: cleared; 24 hours later: expired; after completion: never again."""
    world = World(tmp_path, (policy(holdout=Decimal(0)),))
    decision = world.decide()
    assert decision.action == "alert"
    assert world.clear(decision).status == "open"
    world.claim(decision, "continued")
    assert world.clear(decision).is_cleared
    world.complete(decision)
    assert world.clear(decision).status == "expired"
    second = world.decide(customer__id="c-2", destination__address=OTHER)
    world.claim(second, "continued")
    world.pass_time(hours=24)
    assert world.clear(second).status == "expired"
    world.close()


def test_a_choice_to_stop_stands(tmp_path: Path) -> None:
    """After cancelling, going on is refused and clearance says cancelled."""
    world = World(tmp_path, (policy(holdout=Decimal(0)),))
    decision = world.decide()
    world.claim(decision, "cancelled")
    with pytest.raises(ConflictError):
        world.claim(decision, "continued")
    assert world.clear(decision).status == "cancelled"
    world.close()


def test_a_hold_is_inherited_by_every_new_attempt_amount_and_session(world: World) -> None:
    """An API withdrawal is held; another attempt, amount, channel or device to the same destination stays held."""
    first = world.decide(channel="api", withdrawal_id="w-h")
    assert first.action == "hold"
    assert first.hold is not None
    assert world.clear(first).status == "held"
    for changes in (
        {"withdrawal_id": "w-h", "attempt": 2},
        {"channel": "app", "amount": "1", "fiat_amount": "1"},
        {"channel": "web", "session__is_new_device": True},
    ):
        again = world.decide(**changes)
        assert again.action == "hold"
        assert again.hold is not None
        assert again.hold.until == first.hold.until
        assert not world.clear(again).is_cleared
    assert world.clear(first).status == "cancelled"  # superseded by its second attempt
    assert world.decide(destination__address=OTHER, fiat_amount="1", amount="1").action == "proceed"


def test_at_the_end_of_a_hold_nothing_executes_and_the_customer_is_screened_again(world: World) -> None:
    """When the hold has run out its decision is expired; a fresh withdrawal is asked again, on a screen."""
    first = world.decide(channel="api")
    assert first.hold is not None
    world.pass_time(hours=24)
    assert world.clear(first).status == "expired"
    again = world.decide(channel="app")
    assert again.action == "alert" or again.explanation.arm == "holdout"


def test_a_lookalike_is_named_warned_and_stays_one_after_a_test_payment(world: World) -> None:
    """The imitated address is named, every time; the genuine address is never called a lookalike."""
    genuine = world.decide(destination__address=GENUINE)
    world.complete(genuine)
    world.pass_time(days=1)
    small = world.decide(destination__address=IMITATION, amount="1", fiat_amount="1")
    assert small.action == "alert"
    assert small.explanation.campaign == "lookalike"
    assert small.explanation.is_known_bad
    assert small.facts.lookalike is not None
    assert small.facts.lookalike.imitated_address == GENUINE
    world.complete(small)
    world.pass_time(minutes=30)
    large = world.decide(destination__address=IMITATION)
    assert (large.action, large.explanation.signals["is_lookalike"]) == ("alert", True)
    back = world.decide(destination__address=GENUINE)
    assert back.explanation.signals["is_lookalike"] is False


def test_a_destination_is_established_after_thirty_days(world: World) -> None:
    """A small test payment must not switch protection off: first-time is a fact, not trust."""
    first = world.decide(destination__address=OTHER, amount="1", fiat_amount="1")
    world.complete(first)
    world.pass_time(days=29, hours=23)
    assert world.decide(destination__address=OTHER).explanation.signals["is_established_destination"] is False
    world.pass_time(hours=1)
    assert world.decide(destination__address=OTHER).explanation.signals["is_established_destination"] is True


def test_a_report_ends_the_withdrawal_and_follows_the_customer(tmp_path: Path) -> None:
    """Reported on the page: clearance says cancelled, and the customer is outside every holdout from then on."""
    world = World(tmp_path, (policy(holdout=Decimal("0.5")),))
    decision = next(
        found for number in range(50) if (found := world.decide(customer__id=f"c-{number}")).action == "alert"
    )
    world.claim(decision, "reported")
    assert world.clear(decision).status == "cancelled"
    other = world.decide(customer__id="c-another", destination__address=decision.facts.address)
    assert other.explanation.signals["destination_reports_30d"] == 1
    world.close()


def test_across_customers_counts_others_once(world: World) -> None:
    """Three customers pay one new address; the fourth sees three, a second payment of one of them adds nothing."""
    for number in (1, 2, 3, 3):
        world.decide(customer__id=f"c-{number}")
        world.pass_time(minutes=1)
    assert world.decide(customer__id="c-4").explanation.signals["destination_customers_24h"] == 3
    world.pass_time(days=2)
    signals = world.decide(customer__id="c-4").explanation.signals
    assert (signals["destination_customers_24h"], signals["destination_customers_7d"]) == (0, 3)


def test_test_traffic_never_meets_live_traffic(world: World) -> None:
    """The same ids in test mode make another decision and leave no trace in live history."""
    live = world.decide(withdrawal_id="w-same", channel="api")
    test = world.decide(withdrawal_id="w-same", channel="api", amount="5", is_test=True)
    assert live.decision_id != test.decision_id
    assert live.customer_ref != test.customer_ref
    world.decide(customer__id="c-2", is_test=True)
    assert world.decide(customer__id="c-3").explanation.signals["destination_customers_24h"] == 1


def test_the_cap_silences_new_destinations_but_not_a_repeat(tmp_path: Path) -> None:
    """One trigger in seven days; a second new destination is capped, the same destination is warned again."""
    world = World(tmp_path, (policy(holdout=Decimal(0)),))
    assert world.decide().action == "alert"
    world.pass_time(days=1)
    capped = world.decide(destination__address=OTHER)
    assert (capped.action, capped.explanation.reasons) == ("proceed", ("campaign:hk-joint-anti-scam", "capped"))
    assert world.decide().action == "alert"
    world.pass_time(days=7)
    assert world.decide(destination__address=GENUINE).action == "alert"
    world.close()


def test_every_decision_is_derived_again_byte_for_byte(world: World) -> None:
    """Stored explanation and campaigns give the same canonical bytes."""
    decisions = [
        world.decide(customer__id=f"c-{number % 7}", channel=channel, fiat_amount=str(50 * number))
        for number in range(40)
        for channel in ("app", "api")
    ]
    for decision in decisions:
        assert replay(decision, world.campaigns, world.installation).is_same
    changed = World(world.folder / "other", (policy(audience="fiat_amount >= 900000"), *SHIPPED[1:]))
    derived = replay(decisions[-1], changed.campaigns, changed.installation)
    assert not derived.is_same
    assert derived.differences
    changed.close()


def test_whoever_waits_on_a_screen_is_told_so(tmp_path: Path) -> None:
    """A hold, a referral and their inheritance have a page; without a screen there is none."""
    world = World(tmp_path, (policy(intervention="hold", holdout=Decimal(0)),))
    held = world.decide(withdrawal_id="w-h")
    again = world.decide(withdrawal_id="w-h", attempt=2, amount="1", fiat_amount="1")
    api = world.decide(customer__id="c-2", channel="api")
    assert held.alert is not None
    assert (held.action, held.alert.campaign) == ("hold", "hk-joint-anti-scam")
    assert again.alert is not None
    assert (again.action, again.hold) == ("hold", held.hold)
    assert (api.action, api.alert) == ("hold", None)
    with pytest.raises(ConflictError):
        world.claim(held, "continued")
    assert not world.clear(again).is_cleared
    world.close()
