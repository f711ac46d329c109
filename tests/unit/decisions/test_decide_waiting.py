"""What waits, for whom, until when, and what may take its place: the finer rules of deciding as named cases."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from tests.support.world import HOLD, LOOKALIKE, NEW_DESTINATION, SHIPPED, START, policy
from tests.unit.decisions.test_decide import HELD_OUT, IN_ARM_A, WARN, signals, verdict
from thinktwice.decisions.decide import decide
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.records.decision import Circumstances, StandingHold
from thinktwice.records.vocabulary import HoldReason, Rung

TAKEOVER = policy("takeover", intervention="refer", is_unauthorised=True)
OURS: HoldReason = "customer_protection"
THIEF: HoldReason = "account_security"


def standing(rung: Rung, reason: HoldReason) -> StandingHold:
    until = START + timedelta(hours=3) if rung == "hold" else None
    return StandingHold(rung=rung, until=until, reason_class=reason, appeal="in_app")


@pytest.mark.parametrize(
    ("asking", "reason", "hours", "appeal"),
    [
        (policy(intervention="hold"), OURS, HOLD.hours, "in_app"),
        (policy(intervention="refer"), OURS, None, "in_app"),
        (TAKEOVER, THIEF, None, "in_app"),
        (policy("quick", intervention="hold", is_unauthorised=True), THIEF, HOLD.hours, "in_app"),
        (policy(intervention="refer", hold=None), OURS, None, None),
    ],
)
def test_a_hold_says_its_reason_class_its_end_and_its_appeal(
    asking: Any, reason: HoldReason, hours: int | None, appeal: str | None
) -> None:
    """Only a hold ends by itself; a thief is suspected only where the campaign says that somebody else may act."""
    found = verdict({}, (asking,)).hold
    assert found is not None
    assert (found.reason_class, found.appeal) == (reason, appeal)
    assert found.until == (None if hours is None else START + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("stands", "asks", "wins"),
    [
        (standing("refer", OURS), TAKEOVER, "new"),
        (standing("refer", THIEF), TAKEOVER, "old"),
        (standing("refer", THIEF), policy(intervention="refer"), "old"),
        (standing("hold", OURS), policy("quick", intervention="hold", is_unauthorised=True), "new"),
        (standing("hold", THIEF), policy(intervention="hold"), "old"),
        (standing("hold", THIEF), policy(intervention="refer"), "new"),
        (standing("refer", OURS), policy("quick", intervention="hold", is_unauthorised=True), "old"),
    ],
)
def test_a_standing_hold_is_replaced_by_the_stronger_or_once_a_thief_is_suspected(
    stands: StandingHold, asks: Any, wins: str
) -> None:
    """Of the same rung, only the suspicion of a thief is news."""
    found = verdict({}, (asks,), hold=stands)
    assert ("standing_hold" in found.reasons) == (wins == "old")
    assert found.is_trigger == (wins == "new")
    alone = verdict({}, (asks,)).hold
    assert found.hold
    assert alone
    assert found.hold.reason_class == (stands.reason_class if wins == "old" else alone.reason_class)


def test_under_a_standing_hold_nothing_else_is_shown_or_counted() -> None:
    """A notice, an arm and a trigger all give way to the hold."""
    facts = {"channel": "api", "jurisdiction": "JP"}
    assert verdict(facts).is_notice
    found = verdict(facts, hold=standing("hold", OURS))
    assert (found.action, found.is_notice, found.arm, found.is_trigger) == ("hold", False, None, False)


@pytest.mark.parametrize(
    ("rung", "served", "released", "expected"),
    [
        ("hold", True, False, "confirm"),
        ("hold", False, True, "hold"),
        ("refer", True, False, "refer"),
        ("refer", False, True, "confirm"),
        ("ask", True, True, "ask"),
    ],
)
def test_serving_a_hold_and_being_released_are_two_things(
    rung: Rung, served: bool, released: bool, expected: Rung
) -> None:
    """Waiting ends a hold, two people end a referral, and neither ends the other."""
    found = verdict({}, (policy(intervention=rung),), IN_ARM_A, is_hold_served=served, is_refer_released=released)
    assert found.rung == expected


def test_talk_of_a_scam_releases_no_suspicion_of_a_thief() -> None:
    """A referral is done with when two people ended one about the same: account and customer are two matters."""
    ours, thief = policy(intervention="refer"), policy("thief", intervention="refer", is_unauthorised=True)
    assert verdict({}, (thief,), is_refer_released=True).rung == "refer"
    assert verdict({}, (thief,), IN_ARM_A, is_security_released=True).rung == "confirm"
    assert verdict({}, (ours,), is_security_released=True).rung == "refer"


def test_what_nothing_may_silence_goes_before_what_a_cap_or_a_holdout_may() -> None:
    """In every arm alike, whatever the priorities say; among equals priority decides."""
    loud = policy("loud", intervention="confirm", priority=900, frequency_cap=None)
    thief = policy("thief", intervention="refer", is_unauthorised=True, priority=100)
    asks = policy("asks", intervention="ask", priority=200)
    for customer in (IN_ARM_A, HELD_OUT):
        found = verdict({}, (loud, thief, asks), customer)
        assert (found.rung, found.overshadowed) == ("ask", ("loud", "thief"))
        assert verdict({}, (loud, thief), customer).rung == "refer"
        assert verdict({}, (loud,), customer).rung == ("confirm" if customer == IN_ARM_A else None)


def test_who_reported_a_scam_before_is_warned_outside_the_experiment() -> None:
    """It counts as a trigger, says why, has no arm, and without a screen is a notice."""
    found = verdict({"has_prior_scam_report": True})
    assert found.reasons == ("campaign:hk-joint-anti-scam", "outside_holdout")
    assert (found.is_trigger, found.arm, found.is_known_bad, found.is_notice) == (True, None, False, False)
    assert verdict({"has_prior_scam_report": True, "channel": "api", "jurisdiction": "JP"}).is_notice


def test_known_bad_takes_the_rung_of_its_own_words() -> None:
    """The look-alike pack asks; another campaign that asks more speaks itself, and it is known-bad all the same."""
    asking = replace(LOOKALIKE, intervention="ask")
    found = verdict({"is_lookalike": True}, (asking, NEW_DESTINATION))
    assert (found.policy and found.policy.id, found.rung) == ("lookalike", "ask")
    other = verdict({"is_lookalike": True}, (policy(intervention="ask"), NEW_DESTINATION, LOOKALIKE))
    assert (other.policy and other.policy.id, other.rung, other.is_known_bad) == ("hk-joint-anti-scam", "ask", True)
    assert other.reasons == ("known_bad:lookalike", "campaign:hk-joint-anti-scam")
    weaker = verdict({"is_lookalike": True}, (policy(intervention="inform"), NEW_DESTINATION, LOOKALIKE))
    assert (weaker.policy and weaker.policy.id, weaker.rung) == ("lookalike", "confirm")


@pytest.mark.parametrize(
    ("policies", "action"),
    [
        ((policy(no_screen="notice"),), "hold"),
        ((policy(no_screen="notice", hold=None),), "refer"),
        ((policy(no_screen="refer"),), "refer"),
        ((), "refer"),
    ],
)
def test_known_bad_without_a_screen_never_passes_with_a_notice(policies: tuple[Any, ...], action: str) -> None:
    """Held where the pack has a rule for it, else a person looks."""
    found = verdict({**WARN, "channel": "api"}, policies)
    assert (found.action, found.is_known_bad, found.is_notice) == (action, True, False)


def test_what_a_destination_called_for_changes_nothing_that_is_as_strong() -> None:
    """The arm stays, no reason is added; below it the reason says what was open."""
    as_strong = verdict({}, bucket=IN_ARM_A, least_rung="confirm")
    assert (as_strong.arm, as_strong.reasons) == ("a", ("campaign:hk-joint-anti-scam",))
    small = {"fiat_amount": Decimal(1)}
    assert verdict(small, least_rung="confirm").reasons == ("open_alert",)
    assert verdict(small, least_rung="confirm", is_hold_served=True).reasons == ("after_hold",)
    api = verdict({**small, "channel": "api"}, least_rung="hold", is_hold_served=True)
    assert (api.action, api.is_notice) == ("proceed", True)


def test_without_any_words_the_least_rung_stands_on_its_own() -> None:
    """An installation without campaigns: no arm, no notice, and the confirmation is still asked for."""
    nobody = LiveCampaigns((), CATALOGUE)
    circumstances = Circumstances(decided_at=START, least_rung="confirm")
    found = decide(signals(), circumstances, nobody, lambda _: 0)
    assert (found.action, found.rung, found.display_arm, found.bucket) == ("alert", "confirm", None, None)
    assert not decide(signals(channel="api"), circumstances, nobody, lambda _: 0).is_notice


def test_an_arm_may_have_a_rung_of_its_own_on_a_screen() -> None:
    """Arm a asks; without a screen both arms are the same notice."""
    arms = policy(arm_rungs={"a": "ask"}, holdout=Decimal(0), no_screen="notice")
    rungs = {found.arm: found.rung for found in (verdict({}, (arms,), bucket) for bucket in range(0, 10_000, 500))}
    assert rungs == {"a": "ask", "b": "confirm"}
    assert verdict({"channel": "api"}, (arms,), IN_ARM_A).rung is None


def test_where_nothing_speaks_a_withdrawal_proceeds_without_a_word() -> None:
    """No reason, no policy, no trigger."""
    found = verdict({"is_established_destination": True}, SHIPPED)
    assert (found.action, found.reasons, found.policy, found.is_trigger) == ("proceed", (), None, False)
    assert (found.is_known_bad, found.is_notice, found.hold) == (False, False, None)
