"""A whole analysis over a history whose truth is known: figures equal plain Python; a failed check blocks them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from tests.support.campaign_world import PLAN, CampaignWorld
from tests.support.outcomes_by_hand import Row, history_of, outcomes_by_hand, tables_of
from thinktwice.errors import InputError
from thinktwice.measurement.analysis.campaign import SECONDARY, analyse
from thinktwice.measurement.analysis.comparing import compare
from thinktwice.measurement.analysis.plan import exact_shares, rules_of
from thinktwice.measurement.analysis.records import CampaignAnalysis, Comparison
from thinktwice.measurement.analysis.study import Study
from thinktwice.measurement.estimators.answers import CannotTell, Estimate
from thinktwice.measurement.estimators.split import SplitCheck

WORLD = CampaignWorld(stops=(0.05, 0.5), reports_in_alert=0.3, displaces=0.2)
SCALES = ("difference", "lift", "fixed_difference", "fixed_lift")


def analysed(world: CampaignWorld, **more: Any) -> CampaignAnalysis:
    with history_of(more.pop("tables", None) or world.tables()) as history:
        return analyse(history, more.pop("declared", world.declared()), more.pop("until", world.until), **more)


@cache
def whole() -> CampaignAnalysis:
    return analysed(WORLD)


@cache
def by_hand(world: CampaignWorld = WORLD) -> list[Row]:
    """Find every row in plain Python, customer by customer."""
    with history_of(world.tables()) as history:
        tables = tables_of(history)
    whose = {row["withdrawal_id"]: row["customer_ref"] for row in tables["decisions"]}
    mine: dict[str, dict[str, list[Row]]] = {ref: {name: [] for name in tables} for ref in whose.values()}
    for name, rows in tables.items():
        for row in rows:
            mine[whose[row["withdrawal_id"]]][name].append(row)
    return [row for own in mine.values() for row in outcomes_by_hand(own, rules_of(PLAN, "USD"), world.until)]


def comparisons(found: CampaignAnalysis) -> list[Comparison]:
    guarded = [one.comparison for one in found.guardrails if one.comparison is not None]
    return [found.headline, *found.arms, *found.secondary, found.loss.share, found.loss.amount, *guarded]


def test_the_headline_counts_what_plain_python_counts() -> None:
    """Customers and customers not sent, by arm and together, are those found by loops over raw rows."""
    rows = by_hand()
    held = [row for row in rows if row["arm"] == "holdout"]
    shown = [row for row in rows if row["arm"] != "holdout"]
    headline = whole().headline
    assert (headline.control.n, headline.control.total) == (len(held), sum(row["not_sent"] for row in held))
    assert (headline.treatment.n, headline.treatment.total) == (len(shown), sum(row["not_sent"] for row in shown))
    for one in whole().arms:
        mine = [row for row in rows if row["arm"] == one.arm]
        assert (one.treatment.n, one.treatment.total) == (len(mine), sum(row["not_sent"] for row in mine))


@pytest.mark.parametrize("measure", ["reduced", "redirected", "displaced", "not_sent_late", "is_loss"])
def test_secondary_measures_count_what_plain_python_counts(measure: str) -> None:
    """Each yes-or-no measure beside the headline, arm by arm, equals the one found by loops over raw rows."""
    found = whole().comparison(measure)
    shown = [row for row in by_hand() if row["arm"] != "holdout"]
    held = [row for row in by_hand() if row["arm"] == "holdout"]
    assert found.treatment.total == sum(row[measure] for row in shown)
    assert found.control.total == sum(row[measure] for row in held)


def test_loss_is_the_sum_of_independently_labelled_amounts_cut_at_the_limit() -> None:
    """Total and square of the amounts are exact; the protected amount is the reduction times the treated customers."""
    world = replace(WORLD, customers=5000, holdout=Decimal("0.4"))
    found = analysed(world).loss
    rows = by_hand(world)
    shown = [min(row["loss"], PLAN.winsorised_at) for row in rows if row["arm"] != "holdout"]
    held = [min(row["loss"], PLAN.winsorised_at) for row in rows if row["arm"] == "holdout"]
    assert found.amount.treatment.total == sum(shown)
    assert found.amount.control.total == sum(held)
    assert isinstance(found.amount.difference, Estimate)
    assert isinstance(found.protected, Estimate)
    reduction = float(sum(held) / len(held) - sum(shown) / len(shown)) * len(shown)
    assert found.protected.value == pytest.approx(reduction)
    assert found.protected.low == pytest.approx(-found.amount.difference.high * len(shown))
    assert isinstance(found.adjusted, Estimate)


def test_reports_made_through_the_alert_stand_apart() -> None:
    """They are told by source, are no part of any comparison, and the verdict says that they count for nothing."""
    found = whole()
    alert = [one for one in found.reports if one.kind == "alert"]
    assert alert
    assert all(one.arm != "holdout" for one in alert)
    assert "alert_reports_apart" in {said.code for said in found.verdict.reasons}
    assert not {"loss_by_alert", "reviewed", "seen", "reconsidered"} & {one.measure for one in comparisons(found)}


def test_what_describes_the_treated_is_never_compared() -> None:
    """Asking for a lift of reviewed is an error of the caller, not a figure."""
    declared = WORLD.declared()
    rules = rules_of(PLAN, "USD")
    study = Study(declared=declared, arms=tuple(declared.shares), plan=PLAN, rules=rules, numbers=lambda _, __: ())
    for measure in ("reviewed", "reconsidered", "seen", "exposed", "reviewed_or_reconsidered"):
        with pytest.raises(ValueError, match="describes the treated"):
            compare(study, measure)


def _blocked(found: CampaignAnalysis, code: str) -> None:
    for one in comparisons(found):
        for scale in SCALES:
            answer = getattr(one, scale)
            assert isinstance(answer, CannotTell), (one.measure, scale)
            assert answer.code == code
    assert found.verdict.standing == "cannot_tell"
    assert "because" in found.verdict.headline.text
    assert found.verdict.would_change


def test_a_split_that_does_not_fit_blocks_every_comparison() -> None:
    """Customers that fell into the arms otherwise than declared make every comparison, lift and guardrail a refusal."""
    found = analysed(replace(WORLD, customers=3000, taken={"holdout": 0.36, "a": 0.32, "b": 0.32}))
    assert isinstance(found.split, SplitCheck)
    assert found.split.is_mismatch
    _blocked(found, "sample_ratio_mismatch")
    assert {one.result.standing for one in found.guardrails} <= {"open", "holds"}
    assert found.headline.control.n > 0  # levels stay visible, only comparisons are refused


def test_an_arm_that_nobody_declared_blocks_every_comparison() -> None:
    """Customers in an arm without a share mean that the release is not the one that assigned them."""
    found = analysed(WORLD, declared=replace(WORLD.declared(), shares=exact_shares(Decimal("0.3"), {"a": 1})))
    _blocked(found, "not_declared")
    assert "b" in {one.arm for one in found.population.arms}


def test_without_declared_shares_nothing_is_compared() -> None:
    """A campaign whose release is gone cannot be analysed, and the analysis says so."""
    _blocked(analysed(WORLD, declared=replace(WORLD.declared(), shares={})), "not_declared")


def test_without_a_holdout_nothing_is_compared() -> None:
    """A release without a holdout has nobody to compare with."""
    world = replace(WORLD, holdout=Decimal(0))
    _blocked(analysed(world), "no_control")


def test_before_the_first_trigger_there_is_a_reason() -> None:
    """An experiment without customers says "not yet" everywhere, and fails nowhere."""
    found = analysed(WORLD, tables={"decisions": [], "events": [], "alert_events": []})
    _blocked(found, "not_yet")
    assert found.population.customers == 0
    assert found.pilot.share is None


def test_before_the_first_window_closes_there_is_a_reason() -> None:
    """Customers are assigned, none has entered: the population is told, and nothing is compared."""
    found = analysed(WORLD, until=WORLD.until - timedelta(days=WORLD.days + 61 - 5))
    assert found.population.customers > 0
    assert found.population.entered == 0
    assert isinstance(found.headline.difference, CannotTell)
    assert found.headline.difference.code == "not_yet"


def test_mixed_currencies_block_amounts_and_nothing_else() -> None:
    """One customer in another currency blocks sums of money; who sent and who did not is still compared."""
    tables = WORLD.tables()
    next(row for row in tables["decisions"] if row["is_trigger"])["fiat_currency"] = "EUR"
    found = analysed(WORLD, tables=tables)
    for one in (found.loss.amount, found.comparison("completed")):
        assert isinstance(one.difference, CannotTell)
        assert one.difference.code == "mixed_currencies"
    assert isinstance(found.loss.adjusted, CannotTell)
    assert isinstance(found.headline.difference, Estimate)
    assert found.comparison("displaced").treatment.left_out + found.comparison("displaced").control.left_out == 1


def test_a_changed_journal_blocks_everything() -> None:
    """Recorded times that go back are nothing that an operator's report can do; no figure stands on such a journal."""
    tables = WORLD.tables()
    tables["decisions"][50]["recorded_at"] += timedelta(days=20)
    _blocked(analysed(WORLD, tables=tables), "history_changed")


def test_what_was_never_reported_is_not_zero() -> None:
    """Without any label from a declared source loss cannot be told, and guardrails without reports stay open."""
    tables = WORLD.tables()
    tables["events"] = [row for row in tables["events"] if row["type"] != "outcome.labelled"]
    found = analysed(WORLD, tables=tables)
    assert isinstance(found.loss.share.difference, CannotTell)
    assert found.loss.share.difference.code == "not_reported"
    standing = {one.name: one.result.standing for one in found.guardrails}
    assert standing["complained"] == standing["contacted"] == standing["genuine_not_sent"] == "open"
    assert isinstance(found.headline.difference, Estimate)


def test_the_population_adds_up() -> None:
    """Assigned customers are those entered and those waiting; later windows hold fewer, never more."""
    found = analysed(WORLD, until=WORLD.until - timedelta(days=61)).population
    for one in found.arms:
        assert one.customers == one.entered + one.waiting
        assert one.customers >= one.entered >= one.late >= one.labelled
    assert found.entered < found.customers == WORLD.customers


def test_the_same_history_gives_the_same_analysis() -> None:
    """Every figure and sentence of a second run is equal."""
    assert analysed(WORLD) == whole()


def test_without_a_plan_the_defaults_are_named_so() -> None:
    """The analysis runs, says "not preregistered", and gives the reason beside the verdict."""
    found = analysed(WORLD, declared=WORLD.declared(None))
    assert found.plan.standing == "none"
    assert "not_preregistered" in {said.code for said in found.plan.deviations}
    assert "not_preregistered" in {said.code for said in found.verdict.reasons}
    assert not any(one.is_declared for one in found.guardrails if one.name != "is_loss")


def test_secondary_measures_are_those_of_the_design() -> None:
    """30 days, kept, reduced, redirected and displaced stand beside the headline."""
    assert tuple(one.measure for one in whole().secondary) == SECONDARY


def test_an_unknown_group_is_refused() -> None:
    """Only declared dimensions may break a figure down."""
    with pytest.raises(InputError):
        analysed(WORLD, dimensions=("customer_ref",))
