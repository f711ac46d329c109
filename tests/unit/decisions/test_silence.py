"""What may keep a campaign silent (cap, budget, global holdout, blast radius), and whom nothing silences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from tests.support.world import START, policy
from thinktwice.decisions.decide import Verdict, decide
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.decisions.silence import silence_of
from thinktwice.records.campaign import BlastRadius, CampaignPolicy, FrequencyCap
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.records.decision import Circumstances, PastTrigger
from thinktwice.records.signal import SignalValue

IN_ARM_A = 1_500
HK = replace(
    policy("hk"),
    expected_daily_triggers=24,
    blast_radius=BlastRadius(3, 60, "inform"),
    frequency_cap=FrequencyCap(1, 7),
)
PAUSING = replace(HK, blast_radius=BlastRadius(3, 60, "proceed"))
YESTERDAY = START - timedelta(days=1)
ELSEWHERE = PastTrigger(HK.experiment, YESTERDAY, False)
SAME = PastTrigger(HK.experiment, YESTERDAY, True)
OTHERS = PastTrigger("another-experiment", YESTERDAY, False)
BUDGET = FrequencyCap(2, 7)
SPENT: Mapping[str, Any] = {"triggers": (ELSEWHERE, OTHERS, OTHERS), "limited": ("hk",), "is_global_holdout": True}


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
    one: CampaignPolicy = HK,
    bucket: int = IN_ARM_A,
    budget: FrequencyCap | None = BUDGET,
    **circumstances: Any,
) -> Verdict:
    return decide(
        signals(**facts),
        Circumstances(decided_at=START, **circumstances),
        LiveCampaigns((one,), CATALOGUE),
        lambda _: bucket,
        alert_budget=budget,
    )


@pytest.mark.parametrize("one", [HK, PAUSING])
@pytest.mark.parametrize(
    ("who", "facts", "more"),
    [
        ("listed", {"watchlist_disposition": "warn", "watchlist_kinds": ("scam",)}, ()),
        ("lookalike", {"is_lookalike": True}, ()),
        ("repeat", {}, (SAME,)),
        ("prior reporter", {"has_prior_scam_report": True}, ()),
    ],
)
def test_known_bad_repeats_and_prior_reporters_are_warned_whatever_is_spent_tripped_or_held_out(
    who: str, facts: Mapping[str, SignalValue], more: tuple[PastTrigger, ...], one: CampaignPolicy
) -> None:
    """The cap is spent, the budget too, the limiter tripped, and the customer sits in the global holdout: warned."""
    circumstances = {**SPENT, "triggers": (*SPENT["triggers"], *more)}
    found = verdict(facts, one, **circumstances)
    assert (found.action, found.rung) == ("alert", "confirm"), who
    assert verdict({}, one, **SPENT).action == "proceed"


@pytest.mark.parametrize("rung", ["ask", "hold", "refer"])
def test_the_rungs_from_ask_up_are_outside_everything(rung: Any) -> None:
    """Rule 6: a limiter does not lower them either."""
    assert verdict({}, replace(HK, intervention=rung), **SPENT).rung == rung


@pytest.mark.parametrize(
    ("circumstances", "reason", "is_trigger"),
    [
        ({"triggers": (ELSEWHERE,)}, "capped", False),
        ({"triggers": (OTHERS, OTHERS)}, "budget", False),
        ({"triggers": (OTHERS,), "is_global_holdout": True}, "global_holdout", True),
        ({"is_global_holdout": True, "limited": ("hk",)}, "global_holdout", True),
    ],
)
def test_each_silence_says_its_reason(circumstances: Mapping[str, Any], reason: str, is_trigger: bool) -> None:
    """A cap and a budget count nothing; a holdout counts a trigger, so that caps run alike in every arm."""
    found = verdict({}, **circumstances)
    assert (found.action, found.reasons[-1], found.is_trigger, found.arm) == ("proceed", reason, is_trigger, None)


def test_without_a_budget_other_campaigns_do_not_count() -> None:
    """The budget is the installation's choice."""
    assert verdict({}, budget=None, triggers=(OTHERS,) * 9).action == "alert"


def test_a_limited_campaign_drops_to_its_rung_or_pauses_and_keeps_its_arm() -> None:
    """Softened for everybody alike: the arm and the trigger are recorded, the holdout stays the holdout."""
    softened = verdict({}, limited=("hk",))
    assert (softened.action, softened.rung, softened.is_trigger) == ("alert", "inform", True)
    assert (softened.arm, softened.reasons) == (verdict({}).arm, ("campaign:hk", "limited"))
    paused = verdict({}, PAUSING, limited=("hk",))
    assert (paused.action, paused.arm, paused.is_trigger) == ("proceed", softened.arm, True)
    assert verdict({}, limited=("hk",), bucket=5).arm == "holdout"
    assert verdict({}, limited=("other",)).rung == "confirm"


def test_a_limited_campaign_still_gives_its_notice_without_a_screen() -> None:
    """A notice interrupts nobody, so there is nothing to soften; a pause pauses it too."""
    notice = replace(HK, no_screen="notice")
    assert verdict({"channel": "api"}, notice, limited=("hk",)).is_notice
    assert not verdict(
        {"channel": "api"}, replace(notice, blast_radius=PAUSING.blast_radius), limited=("hk",)
    ).is_notice


def test_arms_may_differ_in_their_rung() -> None:
    """One arm is asked to confirm, the other only informed; known-bad gets the campaign's own rung in either."""
    trying = replace(HK, holdout=Decimal(0), arm_rungs={"b": "inform"})
    found = {verdict({}, trying, bucket=bucket).arm: verdict({}, trying, bucket=bucket).rung for bucket in range(50)}
    assert found == {"a": "confirm", "b": "inform"}
    bad = {"watchlist_disposition": "warn"}
    assert {verdict(bad, trying, bucket=bucket).rung for bucket in range(50)} == {"confirm"}
    limited = {verdict({}, trying, bucket=bucket, limited=("hk",)).rung for bucket in range(50)}
    assert limited == {"inform"}


@pytest.mark.parametrize(("days_ago", "is_repeat"), [(7, False), (6.999, True)])
def test_a_repeat_is_one_for_seven_days(days_ago: float, is_repeat: bool) -> None:
    """After that the cap and the holdout count again, as they do at another destination."""
    past = PastTrigger(HK.experiment, START - timedelta(days=days_ago), True)
    found = silence_of(HK, Circumstances(decided_at=START, triggers=(past,), is_global_holdout=True), None)
    assert found == (None if is_repeat else "global_holdout")


def test_a_cap_looks_back_so_many_days_and_no_further() -> None:
    """A trigger exactly seven days ago is forgotten; a microsecond later it is not."""
    for ago, found in ((timedelta(days=7), None), (timedelta(days=7) - timedelta(microseconds=1), "capped")):
        past = PastTrigger(HK.experiment, START - ago, False)
        assert silence_of(HK, Circumstances(decided_at=START, triggers=(past,)), None) == found
