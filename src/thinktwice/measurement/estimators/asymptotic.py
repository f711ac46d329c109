"""Effects on means, valid at every look once enough customers are in: asymptotic confidence sequences.

Invariants: before the burn-in there is no interval but a reason; amounts are cut at the limit that was declared, the
same in both arms; what is asymptotic is called so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from thinktwice.measurement.estimators.answers import Answer, CannotTell, Estimate, Scale, Side, confidence_of
from thinktwice.measurement.estimators.arms import ArmMean, mean_of_sample
from thinktwice.measurement.estimators.fixed import effect_of, refusal, variance_of
from thinktwice.measurement.estimators.sufficient import Winsorised


@dataclass(frozen=True, slots=True)
class BurnIn:
    """What each arm must hold before a normal approximation is trusted.

    ``customers`` counts everybody; ``contributors`` is Kish's effective number of amounts, because with rare losses a
    thousand customers may hold three amounts.
    """

    customers: int = 1000
    contributors: float = 50.0


BURN_IN: Final = BurnIn()


def tuned_for(customers: float, alpha: float) -> float:
    """Return the mixture's precision that makes the sequence tightest when this many customers are in.

    The rule is that of Waudby-Smith et al. (see ``mean_sequence``); any other value is as valid, only wider there.
    """
    return math.sqrt((-2 * math.log(alpha) + math.log(1 - 2 * math.log(alpha))) / customers)


def half_width(customers: float, precision: float, alpha: float, side: Side = "two") -> float:
    """Return the sequence's half width for numbers of variance 1 after ``customers`` of them."""
    grown = customers * precision**2 + 1
    root = math.sqrt(grown)
    log_odds = math.log(root / alpha) if side == "two" else math.log1p(root / (2 * alpha))
    return math.sqrt(2 * grown / (customers * precision) ** 2 * log_odds)


def _p_value(distance: float, customers: float, precision: float, side: Side) -> float:
    """Return the smallest alpha whose sequence excludes zero; ``distance`` is the effect in standard deviations."""
    grown = customers * precision**2 + 1
    exponent = min(distance**2 * (customers * precision) ** 2 / (2 * grown), 700.0)
    if side == "two":
        return min(1.0, math.sqrt(grown) * math.exp(-exponent))
    away = distance > 0 if side == "greater" else distance < 0
    return min(1.0, math.sqrt(grown) / (2 * math.expm1(exponent))) if away and exponent > 0 else 1.0


def mean_sequence(
    control: ArmMean,
    treatment: ArmMean,
    *,
    tuned_to: int,
    scale: Scale = "difference",
    side: Side = "two",
    alpha: float = 0.05,
    burn_in: BurnIn = BURN_IN,
) -> Answer:
    """Compare two means with an asymptotic confidence sequence (Robbins' normal mixture with an estimated variance).

    ``tuned_to`` is the number of customers of both arms at which it should be tightest, from the plan. Valid at all
    looks together in the limit of large first looks, hence the burn-in. Source: Waudby-Smith, Arbour, Sinha, Kennedy
    and Ramdas, "Time-uniform Central Limit Theory and Asymptotic Confidence Sequences", Annals of Statistics 52, 2024
    (Gaussian-mixture boundary, two-sided and one-sided); Robbins, "Statistical Methods Related to the Law of the
    Iterated Logarithm", 1970.
    """
    confidence_of(alpha)
    least = min(control.n, treatment.n)
    if least < burn_in.customers:
        reason = f"the smaller arm has {least} customers; intervals on means start at {burn_in.customers}"
        return CannotTell("burn_in", reason)
    reason_against = refusal(scale, control, treatment)
    if reason_against is not None:
        return reason_against
    customers = control.n + treatment.n
    squared_error = variance_of(scale, control, treatment)
    spread = math.sqrt(squared_error * customers)
    precision = tuned_for(tuned_to, alpha if side == "two" else 2 * alpha)
    value, width = effect_of(scale, control, treatment), spread * half_width(customers, precision, alpha, side)
    return Estimate(
        scale=scale,
        value=value,
        low=-math.inf if side == "less" else value - width,
        high=math.inf if side == "greater" else value + width,
        p_value=_p_value(value / spread, customers, precision, side),
        confidence=1 - alpha,
        method="asymptotic confidence sequence",
        is_anytime=True,
        standard_error=math.sqrt(squared_error),
    )


def amount_sequence(
    control: Winsorised,
    treatment: Winsorised,
    *,
    tuned_to: int,
    scale: Scale = "difference",
    alpha: float = 0.05,
    burn_in: BurnIn = BURN_IN,
) -> Answer:
    """Compare mean amounts a customer, cut at the declared limit, at every look after the burn-in.

    The limit makes the estimand "mean amount up to the limit", which has moments and can be tested; it must be declared
    before the start because choosing it afterwards chooses the answer.
    """
    if control.limit != treatment.limit:
        reason = f"the arms were cut at different limits, {control.limit:g} and {treatment.limit:g}"
        return CannotTell("different_limits", reason)
    fewest = min(control.amounts.equal_contributors, treatment.amounts.equal_contributors)
    if fewest < burn_in.contributors:
        return CannotTell(
            "burn_in",
            f"the smaller arm's amounts weigh as much as {fewest:.1f} equal ones; "
            f"intervals on amounts start at {burn_in.contributors:g}",
        )
    arms = mean_of_sample(control.amounts), mean_of_sample(treatment.amounts)
    if isinstance(arms[0], CannotTell):
        return arms[0]
    if isinstance(arms[1], CannotTell):
        return arms[1]
    return mean_sequence(arms[0], arms[1], tuned_to=tuned_to, scale=scale, alpha=alpha, burn_in=burn_in)
