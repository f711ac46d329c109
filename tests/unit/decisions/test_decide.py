"""The order and the exceptions of deciding, as a table of named cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.support.world import HOLD, LOOKALIKE, NEW_DESTINATION, SHIPPED, START, policy
from thinktwice.decisions.decide import Verdict, decide
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.records.decision import Circumstances, PastTrigger, StandingHold
from thinktwice.records.signal import SignalValue

HELD_OUT, IN_ARM_A = 5, 1_500
WARN: Mapping[str, SignalValue] = {"watchlist_disposition": "warn", "watchlist_kinds": ("scam",)}


def signals(**changes: SignalValue) -> dict[str, SignalValue]:
    plain: dict[str, SignalValue] = dict.fromkeys(CATALOGUE)
    plain.update(
        jurisdiction="HK",
        channel="app",
        fiat_amount=Decimal(1000),
        is_established_destination=False,
        is_lookalike=False,
        has_prior_scam_report=False,
        watchlist_kinds=(),
        watchlist_sources=(),
        risk_flags=(),
    )
    return {**plain, **changes}


def verdict(
    facts: Mapping[str, SignalValue],
    policies: tuple[Any, ...] = SHIPPED,
    bucket: int = HELD_OUT,
    **circumstances: Any,
) -> Verdict:
    campaigns = LiveCampaigns(policies, CATALOGUE)
    return decide(signals(**facts), Circumstances(decided_at=START, **circumstances), campaigns, lambda _: bucket)


def test_block_comes_before_everything() -> None:
    """A sanctioned destination is blocked although it is a lookalike under a standing hold."""
    hold = StandingHold(rung="refer", until=None, reason_class="customer_protection")
    found = verdict({"watchlist_disposition": "block", "is_lookalike": True}, hold=hold)
    assert (found.action, found.policy) == ("block", None)


@pytest.mark.parametrize(
    ("name", "facts", "words"),
    [
        ("listed in Hong Kong", WARN, "hk-joint-anti-scam"),
        ("listed elsewhere", {**WARN, "jurisdiction": "FR"}, "new-destination"),
        ("listed, small", {**WARN, "fiat_amount": Decimal(1)}, "hk-joint-anti-scam"),
        ("lookalike", {"is_lookalike": True}, "lookalike"),
        ("lookalike and listed", {**WARN, "is_lookalike": True}, "lookalike"),
    ],
)
def test_known_bad_is_always_warned_in_the_right_words(name: str, facts: Mapping[str, SignalValue], words: str) -> None:
    """Outside holdout and cap, with the words of DESIGN rule 7."""
    full = tuple(PastTrigger(f"{one}-pilot", START - timedelta(days=1), False) for one in ("hk-joint-anti-scam", words))
    found = verdict(facts, triggers=full)
    assert (found.action, found.rung, found.policy and found.policy.id) == ("alert", "confirm", words), name
    assert found.is_known_bad
    assert found.arm is None


def test_known_bad_finds_words_without_any_live_campaign() -> None:
    """Shipped words serve a folder of campaigns that has none."""
    campaigns = LiveCampaigns((), CATALOGUE, words=SHIPPED)
    found = decide(signals(**WARN), Circumstances(decided_at=START), campaigns, lambda _: 0)
    assert found.policy is not None
    assert found.policy.id == "hk-joint-anti-scam"


@pytest.mark.parametrize("facts", [WARN, {"is_lookalike": True}])
def test_known_bad_without_a_screen_waits(facts: Mapping[str, SignalValue]) -> None:
    """A notice in a file warns nobody: held where a rule exists, otherwise referred."""
    assert verdict({**facts, "channel": "api"}).action == "hold"
    no_rule = (policy("new-destination", jurisdictions=("*",), no_screen="notice", hold=None, partners=()),)
    assert verdict({**WARN, "channel": "api"}, no_rule).action == "refer"


def test_silent_looks_like_unlisted_to_every_audience() -> None:
    """An audience over watchlist signals does not fire on a silent listing."""
    curious = policy("curious", audience="list_contains(watchlist_kinds, 'mixer') OR watchlist_confidence >= 0")
    listed: dict[str, SignalValue] = {
        "watchlist_disposition": "silent",
        "watchlist_kinds": ("mixer",),
        "watchlist_confidence": 90,
    }
    assert verdict(listed, (curious,)) == verdict({}, (curious,))
    assert verdict({**listed, "watchlist_disposition": "warn"}, (curious,)).action == "alert"


def test_the_holdout_is_shown_nothing_and_counts_as_a_trigger() -> None:
    """Arms never diverge through caps: a holdout trigger counts like any other."""
    found = verdict({})
    assert (found.action, found.arm, found.is_trigger) == ("proceed", "holdout", True)
    assert verdict({}, bucket=IN_ARM_A).action == "alert"


def test_a_capped_customer_proceeds_but_a_repeat_does_not() -> None:
    """Cap 1 per 7 days; a repeat to the same destination within 7 days is warned and keeps its arm."""
    other = PastTrigger("hk-joint-anti-scam-pilot", START - timedelta(days=1), False)
    assert verdict({}, bucket=IN_ARM_A, triggers=(other,)).reasons[-1] == "capped"
    same = PastTrigger("hk-joint-anti-scam-pilot", START - timedelta(days=6, hours=23), True)
    assert verdict({}, bucket=IN_ARM_A, triggers=(same, other)).arm in ("a", "b")
    assert verdict({}, bucket=HELD_OUT, triggers=(same, other)).arm == "holdout"


def test_a_prior_reporter_and_strong_rungs_are_outside_holdout_and_cap() -> None:
    """Rule 6."""
    spent = (PastTrigger("hk-joint-anti-scam-pilot", START - timedelta(days=1), False),)
    assert verdict({"has_prior_scam_report": True}, triggers=spent).action == "alert"
    for rung, action in (("ask", "alert"), ("hold", "hold"), ("refer", "refer")):
        assert verdict({}, (policy(intervention=rung),), triggers=spent).action == action


def test_the_first_by_priority_decides_even_when_it_holds_out() -> None:
    """A lower campaign never fills in for a holdout; it is recorded as overshadowed."""
    found = verdict({})
    assert found.overshadowed == ("new-destination",)


def test_a_shadow_campaign_records_and_stands_in_nobodys_way() -> None:
    """Shadow answers nothing; the next campaign decides."""
    shadow = policy("trial", priority=90, is_shadow=True, intervention="refer")
    found = verdict({}, (*SHIPPED, shadow), bucket=IN_ARM_A)
    assert (found.policy and found.policy.id, found.reasons[-1]) == ("hk-joint-anti-scam", "shadow:trial")
    alone = verdict({}, (shadow,))
    assert (alone.action, alone.is_trigger) == ("proceed", False)


def test_a_campaign_outside_its_schedule_is_silent() -> None:
    """From its start, up to but not including its end."""
    for start, end, action in ((0, 1, "alert"), (1, 2, "proceed"), (-1, 0, "proceed")):
        timed = policy(holdout=Decimal(0), starts_at=START + timedelta(days=start), ends_at=START + timedelta(days=end))
        assert verdict({}, (timed,)).action == action


def test_a_standing_hold_gives_way_only_to_something_stronger() -> None:
    """Every new attempt inherits the hold; a refer replaces it."""
    hold = StandingHold(rung="hold", until=START + timedelta(hours=3), reason_class="customer_protection")
    for facts in ({}, {"is_established_destination": True}, {"fiat_amount": Decimal(1)}, WARN):
        found = verdict(facts, hold=hold)
        assert (found.action, found.rung, found.hold and found.hold.until) == ("hold", "hold", hold.until)
        assert not found.is_trigger
    assert verdict({}, (policy(intervention="refer"),), hold=hold).action == "refer"


def test_a_served_hold_leads_to_a_fresh_confirmation_not_to_another_hold() -> None:
    """On a screen: confirm; without one: a notice, and for known-bad a person."""
    holding = (policy(intervention="hold"), NEW_DESTINATION, LOOKALIKE)
    assert verdict({}, holding).action == "hold"
    served = verdict({}, holding, bucket=IN_ARM_A, is_hold_served=True)
    assert (served.action, served.rung) == ("alert", "confirm")
    assert verdict({"channel": "api"}, bucket=IN_ARM_A, is_hold_served=True).is_notice
    assert verdict({**WARN, "channel": "api"}, is_hold_served=True).action == "refer"


def test_what_a_destination_called_for_is_the_least() -> None:
    """Neither a small amount nor holdout nor cap goes below it; a stronger rung stays; no holdout arm is counted."""
    small = {"fiat_amount": Decimal(1)}
    for facts in (small, {}):
        found = verdict(facts, least_rung="confirm")
        assert (found.action, found.rung, found.arm) == ("alert", "confirm", None)
        assert found.display_arm in ("a", "b")
    assert verdict({}, (policy(intervention="refer"),), least_rung="confirm").action == "refer"
    assert verdict({**small, "channel": "api"}, least_rung="confirm").action == "hold"
    assert verdict({**small, "channel": "api", "jurisdiction": "JP"}, least_rung="confirm").is_notice


def test_unknown_is_not_true_and_is_counted() -> None:
    """A missing signal fires nothing; the campaign is named as unknown."""
    found = verdict({}, (policy(audience="balance_ratio >= 0.8"),))
    assert (found.action, found.unknown) == ("proceed", ("hk-joint-anti-scam",))


def test_a_hold_ends_after_the_hours_of_its_rule() -> None:
    """24 hours from the decision."""
    found = verdict({"channel": "batch"})
    assert found.hold is not None
    assert found.hold.until == START + timedelta(hours=HOLD.hours)
