"""Sufficient statistics add like the rows they stand for, and refuse what no rows could give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thinktwice.measurement.estimators.answers import Estimate
from thinktwice.measurement.estimators.sufficient import Moments, Proportion, Sample, Winsorised

AMOUNTS = st.lists(st.integers(0, 10_000), min_size=2, max_size=30)


def _sample(numbers: list[int]) -> Sample:
    return Sample(len(numbers), float(sum(numbers)), float(sum(number**2 for number in numbers)))


def _moments(pairs: list[tuple[int, int]]) -> Moments:
    sums = tuple(float(sum(pair[i] for pair in pairs)) for i in (0, 1))
    products = tuple(tuple(float(sum(pair[i] * pair[j] for pair in pairs)) for j in (0, 1)) for i in (0, 1))
    return Moments(len(pairs), sums, products)


@settings(deadline=None)
@given(AMOUNTS, AMOUNTS)
def test_adding_two_samples_gives_the_sample_of_all_rows(some: list[int], others: list[int]) -> None:
    """Days and shards add in any order, exactly."""
    assert _sample(some) + _sample(others) == _sample(others) + _sample(some) == _sample(some + others)


@settings(deadline=None)
@given(AMOUNTS)
def test_mean_and_variance_are_those_of_the_rows(numbers: list[int]) -> None:
    """Nothing is lost by keeping only sums."""
    sample = _sample(numbers)
    assert sample.mean == pytest.approx(float(np.mean(numbers)))
    assert sample.variance == pytest.approx(float(np.var(numbers, ddof=1)), rel=1e-6, abs=1e-4)
    assert Sample.from_summary(sample.n, sample.mean, sample.variance).total == pytest.approx(sample.total)


PAIRS = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=2, max_size=20)


@settings(deadline=None)
@given(PAIRS, PAIRS)
def test_moments_add_and_give_the_covariance_of_the_rows(
    some: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    """Cross-products add too, and give the sample covariance."""
    both = _moments(some) + _moments(others)
    assert both == _moments(some + others)
    assert both.covariance == pytest.approx(np.cov(np.array(some + others).T), rel=1e-6, abs=1e-4)


def test_proportions_add() -> None:
    """Counts add."""
    assert Proportion(10, 3) + Proportion(5, 0) == Proportion(15, 3)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Proportion(3, 4),
        lambda: Proportion(3, -1),
        lambda: Sample(2, 10.0, 49.0),
        lambda: Sample(0, 1.0, 1.0),
        lambda: Moments(2, (1.0, 1.0), ((1.0,),)),
        lambda: Moments(2, (1.0, 1.0), ((1.0, 0.5), (0.4, 1.0))),
        lambda: Winsorised(100.0, Sample(3, 200.0, 30_000.0)),
        lambda: Winsorised(100.0, Sample(3, 200.0, 14_000.0)) + Winsorised(90.0, Sample(3, 200.0, 14_000.0)),
        lambda: Estimate("difference", float("nan"), 0.0, 1.0, 0.5, 0.95, "a method", is_anytime=False),
    ],
)
def test_what_no_rows_could_give_is_refused(make: object) -> None:
    """Impossible counts, sums, products, limits, and estimates that are not numbers, fail where they are made."""
    assert callable(make)
    with pytest.raises(ValueError, match=r"."):
        make()


def test_equal_contributors_counts_what_carries_the_sum() -> None:
    """Ten equal amounts among a thousand customers weigh as ten; one large one among them as little more than one."""
    assert Sample(1000, 1000.0, 100_000.0).equal_contributors == pytest.approx(10)
    assert Sample(1000, 10_900.0, 100_090_000.0).equal_contributors == pytest.approx(1.19, abs=0.01)
    assert Sample(1000, 0.0, 0.0).equal_contributors == 0
