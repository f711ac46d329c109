"""How many customers an experiment needs, before it starts, and what a running one can still find.

Invariants: the plan uses the errors of the analysis that will be made (looking every day costs customers, and the plan
says how many); with several arms the customers are those that the worst-served comparison needs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy import optimize, stats

from thinktwice.measurement.estimators.answers import CannotTell, Scale, Side, confidence_of
from thinktwice.measurement.estimators.arms import ArmMean
from thinktwice.measurement.estimators.asymptotic import half_width, tuned_for
from thinktwice.measurement.estimators.fixed import variance_of

Looks = Literal["once", "every_day_share", "every_day_mean"]
"""One planned look, or a confidence sequence: on a share by betting, on a mean asymptotically."""

_MOST_GROWTH: Final = 1e9
_MOST_CUSTOMERS: Final = 1e15
_HAIR: Final = 1e-4
_TUNED_COINS: Final = 3.0
"""A third of the first coin lies on the best size of bet when the betting sequence is tuned to the plan."""


@dataclass(frozen=True, slots=True)
class Errors:
    """What may go wrong: ``alpha`` false alarms, 1 - ``power`` misses, over ``comparisons`` (Bonferroni)."""

    alpha: float = 0.05
    power: float = 0.8
    side: Side = "two"
    comparisons: int = 1
    looks: Looks = "once"

    def __post_init__(self) -> None:
        """Refuse error rates that no analysis can have."""
        confidence_of(self.alpha)
        if not self.alpha < self.power < 1 or self.comparisons < 1:
            raise ValueError(f"power must lie between alpha and 1, not {self.power}; comparisons start at 1")

    @property
    def level(self) -> float:
        """Error probability of one comparison."""
        return self.alpha / self.comparisons

    @property
    def critical(self) -> float:
        """How many standard errors an effect must measure to be seen."""
        if self.looks == "every_day_share":
            return math.sqrt(2 * math.log(2 * _TUNED_COINS / self.level))
        if self.looks == "every_day_mean":
            return half_width(1.0, tuned_for(1.0, self.level), self.level)
        return float(stats.norm.isf(self.level / (2 if self.side == "two" else 1)))

    @property
    def reach(self) -> float:
        """How many standard errors the true effect must measure to be seen with the wanted power."""
        return self.critical + float(stats.norm.ppf(self.power))


@dataclass(frozen=True, slots=True)
class Target:
    """The smallest effect worth finding, a difference, and the variance of one customer in both arms."""

    effect: float
    control_variance: float
    treatment_variance: float

    @classmethod
    def of_share(cls, baseline: float, effect: float) -> Target:
        """Build the target for a share that is ``baseline`` without an alert; raises ValueError outside (0, 1)."""
        share = baseline + effect
        if not (0 < baseline < 1 and 0 < share < 1):
            raise ValueError(f"shares lie between 0 and 1, not {baseline} and {share}")
        return cls(effect, baseline * (1 - baseline), share * (1 - share))

    @classmethod
    def of_mean(cls, variance: float, effect: float) -> Target:
        """Build the target for a mean whose variance the treatment leaves as it is."""
        return cls(effect, variance, variance)


def customers_needed(
    target: Target, errors: Errors, *, control_weight: float = 1.0, treatment_weights: Sequence[float] = (1.0,)
) -> int | CannotTell:
    """Return the customers of all arms together, split by these weights, that find the target with the wanted power.

    Normal approximation with unpooled variances (Chow, Shao and Wang, "Sample Size Calculations in Clinical Research",
    2008, chapters 3 and 4). For daily looks the critical value is that of the confidence sequence where it is tightest,
    so the figure is when power is reached, and most experiments with a true effect end earlier.
    """
    if target.effect == 0:
        return CannotTell("unreachable", "no number of customers finds an effect of zero")
    whole = control_weight + sum(treatment_weights)
    worst = min(treatment_weights)
    spread = target.control_variance * whole / control_weight + target.treatment_variance * whole / worst
    return math.ceil(errors.reach**2 * spread / target.effect**2)


def customers_for_share(baseline: float, effect: float, errors: Errors, *, control_share: float) -> int | CannotTell:
    """Return the customers of both arms together that find a difference of shares with the wanted power.

    One look is judged by the pooled test, whose error under "no effect" is that of the pooled share; with a small
    holdout that is larger than the unpooled one, so ``customers_needed`` would promise too much. Source: Fleiss, Levin
    and Paik, "Statistical Methods for Rates and Proportions", 3rd edition, 2003, section 4.2 (unequal sizes, without
    continuity correction). Daily looks are judged by bets, so there the growth of their wealth is what is reckoned.

    Raises:
        ValueError: the shares lie outside (0, 1).
    """
    target, treated = Target.of_share(baseline, effect), 1 - control_share
    if effect == 0:
        return CannotTell("unreachable", "no number of customers finds an effect of zero")
    if errors.looks == "every_day_share":
        return _customers_for_bets(baseline, effect, errors, control_share)
    pooled = baseline + effect * treated
    under_null = pooled * (1 - pooled) * (1 / control_share + 1 / treated)
    if_true = target.control_variance / control_share + target.treatment_variance / treated
    reach = errors.critical * math.sqrt(under_null) + (errors.reach - errors.critical) * math.sqrt(if_true)
    return math.ceil((reach / effect) ** 2)


def _customers_for_bets(baseline: float, effect: float, errors: Errors, control_share: float) -> int | CannotTell:
    """Return the customers after which the best bet against "no effect" has won enough, with the wanted power.

    A bet of size s on the score Z of ``betting`` multiplies wealth by 1 + s Z; its logarithm grows by g a customer with
    variance v, so after n customers it exceeds L = log(2 coins / level) with probability ``power`` when
    n g - z sqrt(n v) = L. The skew of Z, which is large where the holdout is small, is in g and v.
    """
    treated, share = 1 - control_share, baseline + effect
    chances = [treated * share, treated * (1 - share), control_share * baseline, control_share * (1 - baseline)]
    scores = [(1 - baseline) / treated, -baseline / treated, -(1 - baseline) / control_share, baseline / control_share]
    chance, score = np.array(chances), np.array(scores)
    most = 1 / -score.min() if effect > 0 else 1 / score.max()
    limit, z = math.log(2 * _TUNED_COINS / errors.level), errors.reach - errors.critical

    def customers(size: float) -> float:
        logs = np.log1p(math.copysign(size * most, effect) * score)
        growth = float(chance @ logs)
        if growth <= 0:
            return math.inf
        spread = z * math.sqrt(float(chance @ (logs - growth) ** 2))
        return ((spread + math.sqrt(spread**2 + 4 * growth * limit)) / (2 * growth)) ** 2

    fewest = min(customers(float(size)) for size in np.geomspace(1e-6, 0.99, 300))
    if math.isinf(fewest):
        return CannotTell("unreachable", f"an effect of {effect:g} is too small for any number of customers")
    return math.ceil(fewest)


def detectable_share(baseline: float, customers: float, errors: Errors, *, control_share: float) -> float | CannotTell:
    """Return the smallest rise of a share that so many customers of both arms find with the wanted power."""

    def shortfall(effect: float) -> float:
        needed = customers_for_share(baseline, effect, errors, control_share=control_share)
        return (_MOST_CUSTOMERS if isinstance(needed, CannotTell) else needed) - customers

    most = (1 - baseline) * (1 - _HAIR)
    if shortfall(most) > 0:
        return CannotTell("unreachable", f"{customers:,.0f} customers find no rise of a share of {baseline:.2%}")
    return float(optimize.brentq(shortfall, most * _HAIR, most))


def detectable_difference(control: ArmMean, treatment_customers: int, errors: Errors) -> float:
    """Return the difference found with the wanted power, if the treatment keeps the control's variance."""
    return errors.reach * math.sqrt(control.variance * (1 / control.n + 1 / treatment_customers))


def power_at(effect: float, squared_error: float, errors: Errors) -> float:
    """Return the probability to see an effect of this size, on either side, when its squared standard error is this."""
    distance = abs(effect) / math.sqrt(squared_error)
    wrong_side = float(stats.norm.sf(errors.critical + distance)) if errors.side == "two" else 0.0
    return float(stats.norm.sf(errors.critical - distance)) + wrong_side


def growth_needed(
    control: ArmMean, treatment: ArmMean, effect: float, errors: Errors, *, scale: Scale = "difference"
) -> float | CannotTell:
    """Return how many times the customers so far must still come until the effect is found with the wanted power."""
    squared_error = variance_of(scale, control, treatment)

    def shortfall(growth: float) -> float:
        return power_at(effect, squared_error / (1 + growth), errors) - errors.power

    if shortfall(0.0) >= 0:
        return 0.0
    if shortfall(_MOST_GROWTH) < 0:
        return CannotTell("unreachable", f"an effect of {effect:g} is too small for any number of customers")
    return float(optimize.brentq(shortfall, 0.0, _MOST_GROWTH))
