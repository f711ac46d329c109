"""Effects at one planned look: Welch for means, Newcombe and score intervals for proportions.

Invariants: these answers are valid at the one look that was planned and say so (``is_anytime`` is False); whoever looks
daily must use ``betting`` or ``asymptotic``; a lift whose baseline could be zero is refused, not divided.
"""

from __future__ import annotations

import math
from typing import Literal

from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from thinktwice.measurement.estimators.answers import Answer, CannotTell, Estimate, Scale, Side, confidence_of
from thinktwice.measurement.estimators.arms import ArmMean
from thinktwice.measurement.estimators.sufficient import Proportion

ProportionMethod = Literal["newcomb", "score", "wald", "agresti-caffo"]
"""Interval for a difference of shares, under statsmodels' names ("newcomb" is Newcombe's hybrid score interval)."""

BASELINE_ERRORS = 3.0
"""A lift is refused unless the control's mean lies this many standard errors away from zero: nearer, the delta method's
straight line is no longer close to the curve, and a division by almost nothing looks like a great effect."""


def relative_difference(control: float, treatment: float) -> float:
    """Return the change over the control's size, so that growth is positive even when the control is negative."""
    return (treatment - control) / abs(control)


def variance_of(scale: Scale, control: ArmMean, treatment: ArmMean) -> float:
    """Return the squared standard error of the difference or, by the delta method, of the lift.

    The lift is (T - C) / R with R the control's plain mean, which moves together with C.
    """
    if scale == "difference":
        return control.squared_error + treatment.squared_error
    base = control.reference
    pull = (treatment.level - control.level) / abs(base)
    sign = math.copysign(1.0, base)
    of_control = control.variance + 2 * sign * pull * control.covariance + pull**2 * control.reference_variance
    return (treatment.squared_error + of_control / control.n) / base**2


def effect_of(scale: Scale, control: ArmMean, treatment: ArmMean) -> float:
    """Return the point estimate on the given scale."""
    difference = treatment.mean - control.mean
    return difference if scale == "difference" else difference / abs(control.reference)


def refusal(scale: Scale, control: ArmMean, treatment: ArmMean) -> CannotTell | None:
    """Return why normal theory cannot compare these arms on this scale, or None when it can."""
    if control.squared_error + treatment.squared_error <= 0:
        return CannotTell(
            "no_variation", "every customer of both arms had the same value, so no error can be estimated"
        )
    if scale == "lift" and abs(control.reference) <= BASELINE_ERRORS * math.sqrt(
        control.reference_variance / control.n
    ):
        return CannotTell(
            "no_baseline",
            f"the control's mean {control.reference:.6g} is too close to zero to divide by "
            f"(less than {BASELINE_ERRORS:g} standard errors away)",
        )
    return None


def welch(
    control: ArmMean, treatment: ArmMean, *, scale: Scale = "difference", side: Side = "two", alpha: float = 0.05
) -> Answer:
    """Compare two means with unequal variances by Welch's t test, on the absolute or the relative scale.

    Degrees of freedom by Welch and Satterthwaite. Source: Welch, "The Generalization of Student's Problem when Several
    Different Population Variances are Involved", Biometrika 34, 1947; for the lift, the delta method (Deng,
    Knoblich and Lu, "Applying the Delta Method in Metric Analytics", KDD 2018).
    """
    confidence_of(alpha)
    reason = refusal(scale, control, treatment)
    if reason is not None:
        return reason
    value, error = effect_of(scale, control, treatment), math.sqrt(variance_of(scale, control, treatment))
    degrees = _welch_degrees(control, treatment)
    width = error * float(stats.t.ppf(1 - alpha / (2 if side == "two" else 1), degrees))
    return Estimate(
        scale=scale,
        value=value,
        low=-math.inf if side == "less" else value - width,
        high=math.inf if side == "greater" else value + width,
        p_value=_p_value(value / error, degrees, side),
        confidence=1 - alpha,
        method="Welch's t" if scale == "difference" else "Welch's t with the delta method",
        is_anytime=False,
        standard_error=error,
    )


def _welch_degrees(control: ArmMean, treatment: ArmMean) -> float:
    parts = [(arm.squared_error, arm.n - 1) for arm in (control, treatment)]
    return sum(error for error, _ in parts) ** 2 / sum(error**2 / degrees for error, degrees in parts)


def _p_value(t: float, degrees: float, side: Side) -> float:
    if side == "two":
        return float(2 * stats.t.sf(abs(t), degrees))
    return float(stats.t.sf(t, degrees) if side == "greater" else stats.t.cdf(t, degrees))


def proportion_difference(
    control: Proportion, treatment: Proportion, *, method: ProportionMethod = "newcomb", alpha: float = 0.05
) -> Answer:
    """Compare two shares: the difference, with Newcombe's interval and the pooled score test.

    Newcombe's hybrid of two Wilson intervals stays inside [-1, 1] and keeps its coverage with few or no successes.
    Source: Newcombe, "Interval Estimation for the Difference between Independent Proportions", Statistics in Medicine
    17, 1998, method 10. The p-value is Pearson's chi-squared without continuity correction.
    """
    if min(control.n, treatment.n) < 1:
        return CannotTell("too_few", "one arm has no customers yet")
    low, high = confint_proportions_2indep(
        treatment.successes, treatment.n, control.successes, control.n, compare="diff", method=method, alpha=alpha
    )
    return Estimate(
        scale="difference",
        value=treatment.rate - control.rate,
        low=float(low),
        high=float(high),
        p_value=pooled_p_value(control, treatment),
        confidence=confidence_of(alpha),
        method="Newcombe" if method == "newcomb" else method,
        is_anytime=False,
    )


def proportion_lift(control: Proportion, treatment: Proportion, *, alpha: float = 0.05) -> Answer:
    """Compare two shares relatively: the risk ratio minus one, with the score interval.

    Source: Miettinen and Nurminen, "Comparative Analysis of Two Rates", Statistics in Medicine 4, 1985. It needs at
    least one success in each arm, else the ratio is zero or unbounded and is refused.
    """
    if min(control.n, treatment.n) < 1:
        return CannotTell("too_few", "one arm has no customers yet")
    if 0 in (control.successes, treatment.successes):
        return CannotTell("no_baseline", "one arm has no customer with the outcome, so no ratio can be formed")
    if control.rate == treatment.rate == 1:
        return CannotTell("no_variation", "every customer of both arms had the outcome")
    low, high = confint_proportions_2indep(
        treatment.successes, treatment.n, control.successes, control.n, compare="ratio", method="score", alpha=alpha
    )
    return Estimate(
        scale="lift",
        value=treatment.rate / control.rate - 1,
        low=float(low) - 1,
        high=float(high) - 1,
        p_value=pooled_p_value(control, treatment),
        confidence=confidence_of(alpha),
        method="Miettinen and Nurminen's score interval",
        is_anytime=False,
    )


def pooled_p_value(control: Proportion, treatment: Proportion) -> float:
    """Return the two-sided p-value of equal shares (pooled z, which is Pearson's chi-squared); 1 when all are alike."""
    both = control + treatment
    if both.successes in (0, both.n):
        return 1.0
    _, p_value = proportions_ztest([treatment.successes, control.successes], [treatment.n, control.n])
    return float(p_value)
