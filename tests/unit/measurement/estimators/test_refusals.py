"""An analysis that cannot be made says why, and is never an effect of zero."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thinktwice.measurement.estimators.answers import Answer, CannotTell, Estimate
from thinktwice.measurement.estimators.arms import (
    ArmMean,
    adjust_means,
    adjust_ratios,
    mean_of_proportion,
    mean_of_ratio,
    mean_of_sample,
)
from thinktwice.measurement.estimators.asymptotic import amount_sequence, mean_sequence
from thinktwice.measurement.estimators.betting import Design, difference_sequence, lift_sequence
from thinktwice.measurement.estimators.fixed import proportion_difference, proportion_lift, welch
from thinktwice.measurement.estimators.sufficient import Moments, Proportion, Sample, Winsorised

EVEN = Design(0.5)
ONE = Moments(1, (1.0, 1.0), ((1.0, 1.0), (1.0, 1.0)))
EMPTY_DENOMINATOR = Moments(5, (1.0, 0.0), ((1.0, 0.0), (0.0, 0.0)))
WIDE = Moments(2, (1.0, 0.0, 1.0, 0.0), ((1.0, 0, 0, 0), (0, 0, 0, 0), (0, 0, 1.0, 0), (0, 0, 0, 0)))
SAME = ArmMean.plain(100, 3.0, 0.0)
NEAR_ZERO = ArmMean.plain(100, 0.01, 1.0)
FAR = ArmMean.plain(100, 5.0, 1.0)
LARGE = Sample(5000, 100_000.0, 5_000_000.0)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (mean_of_proportion(Proportion(1, 0)), "too_few"),
        (mean_of_sample(Sample(1, 2.0, 4.0)), "too_few"),
        (mean_of_ratio(ONE), "too_few"),
        (mean_of_ratio(EMPTY_DENOMINATOR), "no_baseline"),
        (adjust_means(ONE, ONE), "too_few"),
        (adjust_ratios(WIDE, WIDE), "no_baseline"),
        (welch(SAME, SAME), "no_variation"),
        (welch(NEAR_ZERO, FAR, scale="lift"), "no_baseline"),
        (proportion_difference(Proportion(0, 0), Proportion(10, 1)), "too_few"),
        (proportion_lift(Proportion(0, 0), Proportion(10, 1)), "too_few"),
        (proportion_lift(Proportion(10, 0), Proportion(10, 1)), "no_baseline"),
        (proportion_lift(Proportion(10, 10), Proportion(10, 10)), "no_variation"),
        (difference_sequence(Proportion(0, 0), Proportion(10, 1), EVEN), "too_few"),
        (difference_sequence(Proportion(1, 0), Proportion(400, 200), EVEN), "sample_ratio_mismatch"),
        (lift_sequence(Proportion(10, 0), Proportion(10, 1), EVEN), "no_baseline"),
        (mean_sequence(FAR, FAR, tuned_to=1000), "burn_in"),
        (amount_sequence(Winsorised(100.0, LARGE), Winsorised(99.0, LARGE), tuned_to=1000), "different_limits"),
    ],
)
def test_each_refusal_carries_its_code_and_a_sentence(answer: Answer | ArmMean, code: str) -> None:
    """What cannot be told is a value with a reason that a person can read."""
    assert isinstance(answer, CannotTell)
    assert answer.code == code
    assert len(str(answer).split()) >= 6


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1])
def test_an_impossible_error_probability_is_refused(alpha: float) -> None:
    """No method takes an alpha outside (0, 1)."""
    with pytest.raises(ValueError, match="alpha"):
        welch(FAR, FAR, alpha=alpha)


def test_two_shares_of_nothing_are_an_estimate_with_a_wide_interval() -> None:
    """Nobody in either arm is a real observation: difference 0, an interval that says how little is known, p 1."""
    answer = proportion_difference(Proportion(40, 0), Proportion(40, 0))
    assert isinstance(answer, Estimate)
    assert (answer.value, answer.p_value) == (0, 1)
    assert answer.low < -0.05
    assert answer.high > 0.05


COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@settings(deadline=None, max_examples=30)
@given(COUNTS, COUNTS, st.sampled_from([0.01, 0.05, 0.2]))
def test_the_betting_interval_is_ordered_bounded_and_agrees_with_its_p_value(
    control: tuple[int, int], treatment: tuple[int, int], alpha: float
) -> None:
    """For any counts it lies in [-1, 1], p is at most alpha when it excludes 0, and swapping arms mirrors it."""
    arms = Proportion(*control), Proportion(*treatment)
    answer = difference_sequence(*arms, EVEN, alpha=alpha)
    mirrored = difference_sequence(arms[1], arms[0], EVEN, alpha=alpha)
    if isinstance(answer, CannotTell):
        assert answer.code == "sample_ratio_mismatch"
        assert max(control[0], treatment[0]) > 1.2 * min(control[0], treatment[0])
        return
    assert isinstance(mirrored, Estimate)
    assert -1 <= answer.low <= answer.value <= answer.high <= 1
    assert answer.excludes_zero == (answer.p_value <= alpha)
    assert answer.is_anytime
    assert mirrored.low == pytest.approx(-answer.high, abs=1e-9)
    assert mirrored.high == pytest.approx(-answer.low, abs=1e-9)


@settings(deadline=None, max_examples=30)
@given(COUNTS, COUNTS)
def test_the_lift_interval_contains_what_was_seen(control: tuple[int, int], treatment: tuple[int, int]) -> None:
    """With a split as declared the observed lift lies inside, and p fits the interval."""
    n = max(control[0], treatment[0])
    arms = Proportion(n, control[1]), Proportion(n, treatment[1])
    answer = lift_sequence(*arms, EVEN)
    if isinstance(answer, Estimate):
        assert answer.low <= answer.value <= answer.high
        assert answer.excludes_zero == (answer.p_value <= 0.05)
        assert math.isfinite(answer.high)


def test_a_tuned_sequence_is_narrower_where_it_was_tuned_and_valid_elsewhere() -> None:
    """Declaring baseline and size costs nothing but helps: within 1.7 times a fixed interval at the planned size."""
    control, treatment = Proportion(10_000, 1500), Proportion(10_000, 1500)
    tuned = difference_sequence(control, treatment, Design(0.5, 0.15, 20_000))
    plain = difference_sequence(control, treatment, EVEN)
    fixed = proportion_difference(control, treatment)
    assert isinstance(tuned, Estimate)
    assert isinstance(plain, Estimate)
    assert isinstance(fixed, Estimate)
    widths = [answer.high - answer.low for answer in (fixed, tuned, plain)]
    assert widths[0] < widths[1] < widths[2]
    assert widths[1] < 1.7 * widths[0]


@pytest.mark.parametrize(
    "make", [lambda: Design(0.0), lambda: Design(0.5, 1.0), lambda: Design(0.5, 0.5, 0)], ids=["share", "rate", "size"]
)
def test_an_impossible_design_is_refused(make: object) -> None:
    """Shares and baselines lie inside (0, 1), sizes start at one."""
    assert callable(make)
    with pytest.raises(ValueError, match=r"."):
        make()
