"""The verdict in worlds whose truth is planted: helps, harms, no evidence, and never by what the alert itself makes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

import msgspec

from tests.support.campaign_world import PLAN, CampaignWorld
from tests.support.outcomes_by_hand import history_of
from thinktwice.measurement.analysis.campaign import analyse
from thinktwice.measurement.analysis.records import CampaignAnalysis
from thinktwice.measurement.estimators.answers import Estimate
from thinktwice.records.preregistration import Preregistration

NOTHING = CampaignWorld(customers=2500, seed=3)
HONEST_ZERO = replace(NOTHING, reports_in_alert=0.8)


def analysed_by(plan: Preregistration, world: CampaignWorld) -> CampaignAnalysis:
    with history_of(world.tables()) as history:
        return analyse(history, world.declared(plan), world.until)


@cache
def analysed(world: CampaignWorld) -> CampaignAnalysis:
    return analysed_by(PLAN, world)


def codes(found: CampaignAnalysis) -> set[str]:
    return {said.code for said in (*found.verdict.reasons, *found.verdict.would_change)}


def test_honest_zero() -> None:
    """No effect on loss while the alert multiplies reports: no evidence; no lift of reviewed anywhere."""
    found = analysed(HONEST_ZERO)
    quiet = analysed(NOTHING)
    through_alert = [one for one in found.reports if one.kind == "alert"]
    assert sum(one.customers for one in through_alert) > 200
    assert found.verdict.standing == quiet.verdict.standing == "no_evidence"
    assert "No evidence yet" in found.verdict.headline.text
    assert {"alert_reports_apart", "loss_open", "more_customers"} <= codes(found)
    assert (found.headline.difference, found.loss.share.difference) == (
        quiet.headline.difference, quiet.loss.share.difference,
    )  # fmt: skip
    said = " ".join(map(str, (found.verdict.headline, *found.verdict.reasons, *found.verdict.would_change)))
    assert "review" not in said.lower()


def test_an_alert_that_stops_scams_helps() -> None:
    """More is not sent, it stays, scam loss falls: helps, with what would unsettle it."""
    found = analysed(replace(NOTHING, stops=(0.05, 0.6)))
    assert found.verdict.standing == "helps"
    assert not found.verdict.must_stop
    assert {"loss_less", "would_unsettle"} <= codes(found)


def test_an_alert_that_only_moves_payments_does_not_help() -> None:
    """What is not sent there leaves to another new destination at once: no evidence, and displacement is why."""
    found = analysed(replace(NOTHING, stops=(0.05, 0.6), genuine_stops=(0.06, 0.06), displaces=1.0))
    assert found.verdict.standing == "no_evidence"
    assert {"displaced", "not_kept"} <= codes(found)


def test_stopping_genuine_customers_is_harm_and_stops_the_experiment() -> None:
    """Many genuine withdrawals not sent break the declared margin: harms, must stop, and the rule is named."""
    found = analysed(replace(NOTHING, genuine_stops=(0.03, 0.3), stops=(0.05, 0.6)))
    assert found.verdict.standing == "harms"
    assert found.verdict.must_stop
    assert {said.facts["guardrail"] for said in found.verdict.stop_reasons} == {"genuine_not_sent"}
    assert "new_experiment" in codes(found)


def test_complaints_stop_the_experiment_only_where_the_plan_says_so() -> None:
    """The same broken guardrail is harm either way; whether it stops was declared."""
    world = replace(NOTHING, complains=(0.0, 0.12))
    assert analysed(world).verdict.must_stop
    tolerant = msgspec.structs.replace(PLAN, stop_for_harm=("is_loss",))
    found = analysed_by(tolerant, world)
    assert (found.verdict.standing, found.verdict.must_stop) == ("harms", False)


def test_more_sent_after_a_warning_is_harm() -> None:
    """An alert after which fewer people stop than without it does not help because of its sign."""
    found = analysed(replace(NOTHING, stops=(0.4, 0.02), genuine_stops=(0.2, 0.05)))
    assert found.verdict.standing == "harms"


def test_a_label_that_depends_on_the_alert_shows_its_bias_and_the_right_one_does_not() -> None:
    """Without an effect, reports through the alert look like a difference; the independent label shows none."""
    world = replace(NOTHING, customers=4000, reports_in_alert=0.8)
    found = analysed(world)
    right = found.loss.share.difference
    assert isinstance(right, Estimate)
    assert not right.excludes_zero
    biased = replace(world, calls_the_sources=(1.0, 0.5))  # warned victims no longer tell the declared source
    wrong = analysed(biased).loss.share.difference
    assert isinstance(wrong, Estimate)
    assert wrong.high < 0  # "less loss", and nothing was saved: why a label that the alert changes is never declared


def test_the_verdict_follows_the_outcome_that_was_declared() -> None:
    """With loss as the declared primary outcome the verdict speaks of loss, and less of it is better."""
    plan = msgspec.structs.replace(PLAN, primary="is_loss", baseline=Decimal("0.25"))
    found = analysed_by(plan, replace(NOTHING, stops=(0.05, 0.6)))
    assert found.verdict.standing == "helps"
    assert found.verdict.headline.facts["measure"] == "is_loss"
