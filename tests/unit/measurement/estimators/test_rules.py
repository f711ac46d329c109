"""Guardrails, several arms, and the checks of split and exposure read estimates by their declared rules."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from thinktwice.measurement.estimators.answers import Answer, CannotTell, Estimate
from thinktwice.measurement.estimators.betting import Design, difference_sequence
from thinktwice.measurement.estimators.fixed import proportion_difference
from thinktwice.measurement.estimators.guardrails import Guardrail, judge_guardrail
from thinktwice.measurement.estimators.multiplicity import adjust_p_values, compare_arms
from thinktwice.measurement.estimators.split import check_exposure, check_split, unless_mismatch
from thinktwice.measurement.estimators.sufficient import Proportion

COMPLAINTS = Guardrail("complaints", margin=0.01)
GENUINE = Guardrail("genuine withdrawals completed", margin=0.02, worse="lower")


def _answer(low: float, high: float) -> Estimate:
    return Estimate("difference", (low + high) / 2, low, high, 0.5, 0.95, "made up", is_anytime=True)


def _against(control: Proportion, arms: Mapping[str, Proportion]) -> dict[str, Callable[[float], Answer]]:
    def compare(treatment: Proportion) -> Callable[[float], Answer]:
        return lambda alpha: proportion_difference(control, treatment, alpha=alpha)

    return {arm: compare(treatment) for arm, treatment in arms.items()}


@pytest.mark.parametrize(
    ("guardrail", "low", "high", "standing"),
    [
        (COMPLAINTS, -0.004, 0.006, "holds"),
        (COMPLAINTS, 0.002, 0.008, "holds"),
        (COMPLAINTS, -0.02, 0.03, "open"),
        (COMPLAINTS, 0.011, 0.03, "broken"),
        (GENUINE, -0.01, 0.03, "holds"),
        (GENUINE, -0.03, 0.01, "open"),
        (GENUINE, -0.05, -0.021, "broken"),
    ],
)
def test_a_guardrail_is_read_off_the_whole_interval(
    guardrail: Guardrail, low: float, high: float, standing: str
) -> None:
    """It holds only when even the worst end is inside the margin; "not significant" alone leaves it open."""
    result = judge_guardrail(guardrail, _answer(low, high))
    assert result.standing == standing
    assert "95% confidence" in result.reason
    assert f"margin of {100 * guardrail.margin:g}%" in result.reason


def test_a_guardrail_that_cannot_be_told_stays_open_with_the_reason() -> None:
    """A refusal is not a pass."""
    refusal = CannotTell("burn_in", "too early")
    result = judge_guardrail(COMPLAINTS, refusal)
    assert (result.standing, result.reason) == ("open", "too early")


def test_a_guardrail_on_another_scale_or_without_margin_is_refused() -> None:
    """A margin in percentage points is not compared with a lift."""
    with pytest.raises(ValueError, match="scale"):
        judge_guardrail(dataclasses.replace(COMPLAINTS, scale="lift"), _answer(0.0, 0.1))
    with pytest.raises(ValueError, match="positive"):
        Guardrail("nothing", margin=0.0)


def test_several_arms_each_get_their_share_of_alpha() -> None:
    """With three arms each interval has 1 - alpha / 3, an arm that cannot tell still counts, p-values are Holm's."""
    control = Proportion(1000, 100)
    arms = {"a": Proportion(1000, 150), "b": Proportion(1000, 105), "c": Proportion(0, 0)}

    answers = {found.arm: found for found in compare_arms(_against(control, arms))}
    assert isinstance(answers["c"].answer, CannotTell)
    assert answers["c"].adjusted_p is None
    one = answers["a"].answer
    assert isinstance(one, Estimate)
    assert one.confidence == pytest.approx(1 - 0.05 / 3)
    assert answers["a"].adjusted_p == pytest.approx(3 * one.p_value)
    assert adjust_p_values({}) == {}


@pytest.mark.parametrize("runs", [300, pytest.param(3000, marks=pytest.mark.prove)])
def test_four_useless_arms_rarely_produce_a_winner(runs: int) -> None:
    """Without any effect, some arm of four is told apart from the control in at most 5 % of experiments."""
    random = np.random.default_rng(11)
    wrong = 0
    for _ in range(runs):
        control, *arms = (Proportion(800, int(wins)) for wins in random.binomial(800, 0.2, 5))
        told = compare_arms(_against(control, {str(place): arm for place, arm in enumerate(arms)}))
        wrong += any(isinstance(found.answer, Estimate) and found.answer.excludes_zero for found in told)
    print(f"some of four useless arms wins in {wrong / runs:.2%} of {runs} experiments")
    assert wrong / runs <= 0.05 + 3 * (0.05 * 0.95 / runs) ** 0.5


def test_a_mismatch_blocks_the_headline_and_says_so() -> None:
    """A wrong split replaces any answer by the reason with its numbers; a right one lets it through."""
    answer: Answer = _answer(0.0, 0.1)
    wrong = check_split({"holdout": 90_000, "a": 910_000}, {"holdout": 0.1, "a": 0.9})
    blocked = unless_mismatch(wrong, answer)
    assert isinstance(blocked, CannotTell)
    assert blocked.code == "sample_ratio_mismatch"
    assert "holdout 90,000 (declared 10.00%, found 9.00%)" in blocked.reason
    right = check_split({"holdout": 100_100, "a": 899_900}, {"holdout": 0.1, "a": 0.9})
    assert unless_mismatch(right, answer) is answer


def test_the_split_check_needs_weights_for_exactly_the_arms() -> None:
    """A customer in an arm that the release does not know is an error, not a rounding."""
    with pytest.raises(ValueError, match="do not fit"):
        check_split({"a": 5, "ghost": 1}, {"a": 1.0})
    assert check_split({"a": 0, "b": 0}, {"a": 1, "b": 1}).p_value == 1


def test_exposure_is_compared_between_showing_arms_and_watched_in_the_holdout() -> None:
    """An arm whose page fails for a tenth of its customers is found, and so is a holdout customer who saw an alert."""
    even = {"a": Proportion(20_000, 18_000), "b": Proportion(20_000, 17_950)}
    uneven = {"a": Proportion(20_000, 18_000), "b": Proportion(20_000, 16_200)}
    weights = {"a": 1.0, "b": 1.0}
    assert not check_exposure(even, weights).is_imbalanced
    found = check_exposure(uneven, weights, holdout=Proportion(4000, 3))
    assert found.is_imbalanced
    assert found.rates == {"a": 0.9, "b": 0.81}
    assert found.holdout_exposed == 3


def test_harm_is_found_while_it_is_watched_every_day() -> None:
    """A doubled complaint rate breaks its guardrail within the experiment, by the anytime interval."""
    design = Design(0.5, 0.02, 20_000)
    early = difference_sequence(Proportion(300, 6), Proportion(300, 14), design)
    late = difference_sequence(Proportion(20_000, 400), Proportion(20_000, 900), design)
    assert judge_guardrail(COMPLAINTS, early).standing == "open"
    assert judge_guardrail(COMPLAINTS, late).standing == "broken"
