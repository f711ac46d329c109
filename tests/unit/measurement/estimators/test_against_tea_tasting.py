"""Another library, fed the same aggregates, gives the same figures where it estimates the same."""

from __future__ import annotations

import numpy as np
import pytest
import tea_tasting
from numpy.typing import NDArray
from tea_tasting.aggr import Aggregates

from thinktwice.measurement.estimators.answers import CannotTell, Estimate
from thinktwice.measurement.estimators.arms import (
    ArmMean,
    adjust_means,
    adjust_ratios,
    mean_of_ratio,
    mean_of_sample,
)
from thinktwice.measurement.estimators.fixed import pooled_p_value, welch
from thinktwice.measurement.estimators.split import fixed_split_p_value
from thinktwice.measurement.estimators.sufficient import Moments, Proportion

NAMES = ("now", "size", "before", "size_before")


def _rows(seed: int, effect: float, customers: int) -> NDArray[np.float64]:
    random = np.random.default_rng(seed)
    size_before = 1.0 + random.poisson(3.0, customers)
    size = 1.0 + random.poisson(3.0, customers)
    before = size_before * random.gamma(4.0, 0.5, customers)
    now = 0.6 * before + size * random.gamma(4.0, 0.5 + effect, customers)
    return np.stack([now, size, before, size_before])


def _moments(rows: NDArray[np.float64], places: tuple[int, ...]) -> Moments:
    chosen = rows[list(places)]
    products = chosen @ chosen.T
    products = (products + products.T) / 2
    return Moments(
        chosen.shape[1],
        tuple(float(number) for number in chosen.sum(axis=1)),
        tuple(tuple(float(number) for number in row) for row in products),
    )


def _aggregates(rows: NDArray[np.float64]) -> Aggregates:
    covariance = np.cov(rows)
    pairs = {(NAMES[i], NAMES[j]): float(covariance[i, j]) for i in range(4) for j in range(i + 1, 4)}
    return Aggregates(
        count_=rows.shape[1],
        mean_={name: float(rows[i].mean()) for i, name in enumerate(NAMES)},
        var_={name: float(covariance[i, i]) for i, name in enumerate(NAMES)},
        cov_={tuple(sorted(pair)): value for pair, value in pairs.items()},
    )


CONTROL, TREATMENT = _rows(1, 0.0, 4000), _rows(2, 0.04, 5000)


def _same(found: object, other: tea_tasting.metrics.MeanResult, *, rel: float = 1e-6) -> None:
    assert isinstance(found, Estimate), found
    assert found.value == pytest.approx(other.effect_size, rel=rel)
    assert found.low == pytest.approx(other.effect_size_ci_lower, rel=rel)
    assert found.high == pytest.approx(other.effect_size_ci_upper, rel=rel)
    assert found.p_value == pytest.approx(other.pvalue, rel=rel, abs=1e-9)


def _theirs(metric: tea_tasting.metrics.RatioOfMeans) -> tea_tasting.metrics.MeanResult:
    return metric.analyze_aggregates(_aggregates(CONTROL), _aggregates(TREATMENT))


def test_means_agree() -> None:
    """Welch's difference, interval and p are the same."""
    arms = [mean_of_sample(_moments(rows, (0,)).sample(0)) for rows in (CONTROL, TREATMENT)]
    assert isinstance(arms[0], ArmMean)
    assert isinstance(arms[1], ArmMean)
    _same(welch(arms[0], arms[1]), _theirs(tea_tasting.Mean("now")))


def test_adjusted_means_agree() -> None:
    """CUPED's difference, interval and p are the same."""
    pair = adjust_means(_moments(CONTROL, (0, 2)), _moments(TREATMENT, (0, 2)))
    assert not isinstance(pair, CannotTell)
    assert pair.slope != 0
    _same(welch(pair.control, pair.treatment), _theirs(tea_tasting.Mean("now", "before")))


def test_ratios_agree() -> None:
    """The delta method's difference, interval and p are the same."""
    arms = [mean_of_ratio(_moments(rows, (0, 1))) for rows in (CONTROL, TREATMENT)]
    assert isinstance(arms[0], ArmMean)
    assert isinstance(arms[1], ArmMean)
    _same(welch(arms[0], arms[1]), _theirs(tea_tasting.RatioOfMeans("now", "size")))


def test_adjusted_ratios_agree() -> None:
    """CUPED on a ratio gives the same within 1 %: the two libraries weigh the arms differently in the slope."""
    pair = adjust_ratios(_moments(CONTROL, (0, 1, 2, 3)), _moments(TREATMENT, (0, 1, 2, 3)))
    assert not isinstance(pair, CannotTell)
    _same(
        welch(pair.control, pair.treatment),
        _theirs(tea_tasting.RatioOfMeans("now", "size", "before", "size_before")),
        rel=0.01,
    )


@pytest.mark.parametrize(("control", "treatment"), [((2000, 310), (18_000, 3010)), ((500, 3), (500, 9))])
def test_shares_agree(control: tuple[int, int], treatment: tuple[int, int]) -> None:
    """The pooled test of two shares has the same p."""
    arms = [
        Aggregates(count_=n, mean_={"y": wins / n}, var_={"y": wins / n * (1 - wins / n) * n / (n - 1)})
        for n, wins in (control, treatment)
    ]
    metric = tea_tasting.Proportion("y", method="norm", correction=False, equal_var=True)
    theirs = metric.analyze_aggregates(*arms)
    assert pooled_p_value(Proportion(*control), Proportion(*treatment)) == pytest.approx(theirs.pvalue, rel=1e-6)


def test_sample_ratios_agree() -> None:
    """The fixed check of the split has the same p, for equal and for unequal weights."""
    for weights in ({"a": 1.0, "b": 1.0}, {"a": 1.0, "b": 9.0}):
        counts = {"a": 1050, "b": int(1000 * weights["b"])}
        metric = tea_tasting.SampleRatio(weights["b"], method="norm", correction=False)
        arms: dict[object, Aggregates] = {name: Aggregates(count_=count) for name, count in counts.items()}
        theirs = metric.analyze(arms, "a", "b")
        assert fixed_split_p_value(counts, weights) == pytest.approx(theirs.pvalue, rel=1e-6)
