"""Did customers fall into the arms as the release said, and did those who should see an alert see one?

Invariants: the test may be read every day and its alarm stays right; a split that does not fit blocks the headline,
because what distorted the split distorts the effect too; customers of a holdout who saw an alert are
counted, not dropped.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scipy import special, stats

from thinktwice.measurement.estimators.answers import Answer, CannotTell
from thinktwice.measurement.estimators.sufficient import Proportion

ALARM: Final = 0.001
"""A split is a mismatch below this p-value: one false alarm in a thousand experiments, over all their looks."""

PRIOR_CUSTOMERS: Final = 1000.0
"""Weight of the prior on "as declared", in customers: splits off by a few per mille are what bugs look like."""


@dataclass(frozen=True, slots=True)
class SplitCheck:
    """Customers by arm against the declared shares; ``p_value`` is valid at every look."""

    customers: Mapping[str, int]
    shares: Mapping[str, float]
    p_value: float

    @property
    def is_mismatch(self) -> bool:
        """Whether the split cannot be chance."""
        return self.p_value < ALARM


@dataclass(frozen=True, slots=True)
class ExposureCheck:
    """Who saw an alert: rates by arm, whether arms differ more than chance allows, and how many of the holdout did."""

    rates: Mapping[str, float]
    split: SplitCheck
    holdout_exposed: int

    @property
    def is_imbalanced(self) -> bool:
        """Whether arms that show alerts showed them to different shares of their customers."""
        return self.split.is_mismatch


def _normalised(weights: Mapping[str, float], arms: Mapping[str, int]) -> dict[str, float]:
    if set(weights) != set(arms) or min(weights.values(), default=0) <= 0:
        raise ValueError(f"weights for {sorted(weights)} do not fit customers in {sorted(arms)}")
    whole = sum(weights.values())
    return {arm: weights[arm] / whole for arm in arms}


def check_split(customers: Mapping[str, int], weights: Mapping[str, float]) -> SplitCheck:
    """Test at any look whether arms filled in the declared proportions.

    The mixture likelihood ratio of a Dirichlet prior around the declared shares against exactly these shares is a
    martingale from 1 when the split is right, so its reciprocal is a p-value at every look (Ville's inequality).
    Source: Lindon and Malek, "Anytime-Valid Inference for Multinomial Count Data", NeurIPS 2022.
    """
    shares = _normalised(weights, customers)
    log_ratio = special.gammaln(PRIOR_CUSTOMERS) - special.gammaln(PRIOR_CUSTOMERS + sum(customers.values()))
    for arm, count in customers.items():
        prior = PRIOR_CUSTOMERS * shares[arm]
        log_ratio += special.gammaln(prior + count) - special.gammaln(prior) - count * math.log(shares[arm])
    return SplitCheck(dict(customers), shares, min(1.0, math.exp(-max(0.0, float(log_ratio)))))


def fixed_split_p_value(customers: Mapping[str, int], weights: Mapping[str, float]) -> float:
    """Return Pearson's chi-squared p-value of the split: for one planned look, and to compare with other tools."""
    shares, whole = _normalised(weights, customers), sum(customers.values())
    return float(stats.chisquare(list(customers.values()), [whole * shares[arm] for arm in customers]).pvalue)


def check_exposure(
    exposed: Mapping[str, Proportion], weights: Mapping[str, float], *, holdout: Proportion | None = None
) -> ExposureCheck:
    """Test at any look whether alerts reached customers of every showing arm alike.

    If they did, exposed customers split by the arms' weights, so this is ``check_split`` over the exposed. A holdout is
    passed apart: nobody in it should have seen anything, and one customer who did is already worth a look.
    """
    rates = {arm: seen.rate if seen.n else 0.0 for arm, seen in exposed.items()}
    split = check_split({arm: seen.successes for arm, seen in exposed.items()}, weights)
    return ExposureCheck(rates, split, holdout.successes if holdout else 0)


def unless_mismatch(check: SplitCheck, answer: Answer) -> Answer:
    """Return the answer, or the mismatch as the reason why there is none."""
    if not check.is_mismatch:
        return answer
    whole = sum(check.customers.values())
    pairs = ", ".join(
        f"{arm} {count:,} (declared {check.shares[arm]:.2%}, found {count / whole:.2%})"
        for arm, count in check.customers.items()
    )
    reason = f"customers did not fall into the arms as declared: {pairs}; p {check.p_value:.2g}"
    return CannotTell("sample_ratio_mismatch", reason)
