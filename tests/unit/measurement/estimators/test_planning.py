"""The plan's customers give the planned power under the analysis that will be made."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.support.planted_truth import monte_carlo_error
from thinktwice.measurement.estimators.answers import CannotTell
from thinktwice.measurement.estimators.arms import ArmMean
from thinktwice.measurement.estimators.betting import Design, log_wealth
from thinktwice.measurement.estimators.planning import (
    Errors,
    Target,
    customers_needed,
    detectable_difference,
    growth_needed,
    power_at,
)


def test_a_holdout_of_a_tenth_needs_almost_three_times_as_many_customers() -> None:
    """The small arm rules: 1 / 0.1 + 1 / 0.9 against 4."""
    target = Target.of_mean(1.0, 0.1)
    even = customers_needed(target, Errors())
    holdout = customers_needed(target, Errors(), control_weight=0.1, treatment_weights=[0.9])
    assert isinstance(even, int)
    assert isinstance(holdout, int)
    assert holdout / even == pytest.approx((1 / 0.1 + 1 / 0.9) / 4, rel=1e-3)


def test_looking_every_day_has_a_stated_price() -> None:
    """Daily looks cost two to two and a half times the customers of one look, at most."""
    target = Target.of_share(0.15, 0.02)
    once = customers_needed(target, Errors())
    assert isinstance(once, int)
    for errors in (Errors(looks="every_day_share"), Errors(looks="every_day_mean")):
        daily = customers_needed(target, errors)
        assert isinstance(daily, int)
        assert 1.8 < daily / once < 2.5


@pytest.mark.parametrize("runs", [300, pytest.param(3000, marks=pytest.mark.prove)])
def test_the_planned_customers_give_the_planned_power_with_daily_looks(runs: int) -> None:
    """With the plan's customers, betting sees the planted effect by the end in about 80 % of runs or more."""
    target, weights = Target.of_share(0.15, 0.02), (0.1, 0.9)
    customers = customers_needed(
        target, Errors(looks="every_day_share"), control_weight=weights[0], treatment_weights=[weights[1]]
    )
    assert isinstance(customers, int)
    random, days = np.random.default_rng(12), 60
    treated = random.binomial(customers // days, weights[1], (runs, days))
    wins = random.binomial(treated, 0.17)
    losses = random.binomial(customers // days - treated, 0.15)
    daily = np.stack([wins, treated - wins, losses, customers // days - treated - losses], axis=-1)
    wealth = log_wealth(daily.cumsum(axis=1), 0.0, Design(weights[1], 0.15, customers), "greater")
    seen = (wealth >= math.log(2 / 0.05)).any(axis=1)
    day = float(np.mean(np.argmax(wealth[seen] >= math.log(2 / 0.05), axis=1) + 1))
    error = monte_carlo_error(0.8, runs)
    print(f"power {seen.mean():.1%} ± {error:.1%}, seen on day {day:.0f} of {days} on average; {customers:,} customers")
    assert seen.mean() >= 0.8 - 3 * error
    assert day < 0.75 * days


def test_power_effect_and_growth_are_one_calculation() -> None:
    """The detectable difference has the wanted power, and growth of 0 is needed for it."""
    errors, control = Errors(), ArmMean.plain(2000, 5.0, 9.0)
    treatment = ArmMean.plain(3000, 5.1, 9.0)
    effect = detectable_difference(control, 3000, errors)
    assert power_at(effect, control.squared_error + treatment.squared_error, errors) == pytest.approx(0.8, abs=1e-4)
    assert growth_needed(control, treatment, 1.001 * effect, errors) == 0
    assert growth_needed(control, treatment, effect / 2, errors) == pytest.approx(3.0, rel=1e-3)


def test_impossible_plans_are_refused_with_a_reason() -> None:
    """No number of customers finds nothing; shares and error rates must be possible."""
    assert isinstance(customers_needed(Target.of_mean(1.0, 0.0), Errors()), CannotTell)
    arm = ArmMean.plain(100, 1.0, 1.0)
    assert isinstance(growth_needed(arm, arm, 1e-9, Errors()), CannotTell)
    with pytest.raises(ValueError, match="shares"):
        Target.of_share(0.9, 0.2)
    with pytest.raises(ValueError, match="power"):
        Errors(power=0.01)
