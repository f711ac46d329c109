"""One arm's mean and how uncertain one customer makes it, whatever kind of metric it came from.

Invariants: ``ArmMean`` is all that the normal-theory methods see, so proportions, means, ratios and adjusted means
share one Welch and one confidence sequence; ratios are clustered by customer because customers, not withdrawals, were
randomised; adjustment uses only numbers from before the customer's first trigger, the same slope in both arms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from thinktwice.measurement.estimators.answers import CannotTell
from thinktwice.measurement.estimators.sufficient import Moments, Proportion, Sample

Floats = NDArray[np.float64]

_TWO = 2


@dataclass(frozen=True, slots=True)
class ArmMean:
    """An arm of ``n`` customers: ``mean`` with variance ``variance / n``, and ``reference``, its unadjusted mean.

    Lift divides by the control's ``reference``, because people read it against the plain rate; ``reference_variance``
    and ``covariance`` (of mean and reference) are of one customer too. ``level`` is where the derivative of the lift is
    taken: the plain mean where a mean was adjusted (what was before has one expectation, whatever the arm), the
    adjusted one for ratios. Unadjusted arms have all of them alike.
    """

    n: int
    mean: float
    variance: float
    reference: float
    reference_variance: float
    covariance: float
    level: float

    @classmethod
    def plain(cls, n: int, mean: float, variance: float) -> ArmMean:
        """Build an arm that nothing adjusted."""
        return cls(n, mean, variance, mean, variance, variance, mean)

    @property
    def squared_error(self) -> float:
        """Squared standard error of the mean."""
        return self.variance / self.n


@dataclass(frozen=True, slots=True)
class ArmPair:
    """Control and treatment, ready to compare, and the ``slope`` that adjusted them (0 when nothing did)."""

    control: ArmMean
    treatment: ArmMean
    slope: float = 0.0


def _too_few(n: int) -> CannotTell:
    return CannotTell("too_few", f"an arm of {n} customers has no variance; at least two are needed")


def mean_of_proportion(arm: Proportion) -> ArmMean | CannotTell:
    """Return the share as a mean; its variance is p(1 - p), the maximum-likelihood one."""
    if arm.n < _TWO:
        return _too_few(arm.n)
    return ArmMean.plain(arm.n, arm.rate, arm.rate * (1 - arm.rate))


def mean_of_sample(arm: Sample) -> ArmMean | CannotTell:
    """Return the mean of one number a customer."""
    if arm.n < _TWO:
        return _too_few(arm.n)
    return ArmMean.plain(arm.n, arm.mean, arm.variance)


def _ratio_gradient(means: Floats) -> Floats:
    """Return the derivative of numerator over denominator with respect to both means."""
    return np.array([1 / means[1], -means[0] / means[1] ** 2])


def mean_of_ratio(arm: Moments) -> ArmMean | CannotTell:
    """Return total numerator over total denominator, such as amount sent per withdrawal, by the delta method.

    The customer is the cluster: both numbers are sums over one customer, and their covariance across customers enters
    the variance. Source: Deng, Knoblich and Lu, "Applying the Delta Method in Metric Analytics", KDD 2018.
    """
    if arm.n < _TWO:
        return _too_few(arm.n)
    if arm.sums[1] <= 0:
        return CannotTell("no_baseline", "the denominator of the ratio is zero in one arm")
    gradient = _ratio_gradient(arm.means)
    return ArmMean.plain(arm.n, float(arm.sums[0] / arm.sums[1]), float(gradient @ arm.covariance @ gradient))


def adjust_means(control: Moments, treatment: Moments) -> ArmPair | CannotTell:
    """Remove what the time before the experiment already explained (CUPED).

    Each arm's mean becomes mean(outcome) - slope x mean(before); randomisation makes both arms' mean(before) equal in
    expectation, so the difference keeps its meaning and its variance shrinks by the factor 1 - correlation squared.
    The slope is the pooled regression slope of both arms. Source: Deng, Xu, Kohavi and Walker, "Improving the
    Sensitivity of Online Controlled Experiments by Utilizing Pre-Experiment Data", WSDM 2013.
    """
    if min(control.n, treatment.n) < _TWO:
        return _too_few(min(control.n, treatment.n))
    pooled = (control + treatment).covariance
    slope = float(pooled[0, 1] / pooled[1, 1]) if pooled[1, 1] > 0 else 0.0
    return ArmPair(_adjusted(control, slope), _adjusted(treatment, slope), slope)


def _adjusted(arm: Moments, slope: float) -> ArmMean:
    adjusted, plain = np.array([1.0, -slope]), np.array([1.0, 0.0])
    outcome = float(arm.means[0])
    return _linear(arm, (float(adjusted @ arm.means), adjusted), (outcome, plain), level=outcome)


def _linear(arm: Moments, mean: tuple[float, Floats], reference: tuple[float, Floats], level: float) -> ArmMean:
    """Return an arm from mean and reference, each with its gradient with respect to the arm's means."""
    spread = arm.covariance
    return ArmMean(
        n=arm.n,
        mean=mean[0],
        variance=float(mean[1] @ spread @ mean[1]),
        reference=reference[0],
        reference_variance=float(reference[1] @ spread @ reference[1]),
        covariance=float(mean[1] @ spread @ reference[1]),
        level=level,
    )


def adjust_ratios(control: Moments, treatment: Moments) -> ArmPair | CannotTell:
    """Remove from a ratio what the same ratio before the experiment explained: CUPED by the delta method.

    Both ratios are linearised around their means; the slope minimises the variance of the difference. Source: Deng,
    Xu, Kohavi and Walker 2013, appendix B, with the gradients of ``mean_of_ratio``.
    """
    arms = (control, treatment)
    if min(arm.n for arm in arms) < _TWO:
        return _too_few(min(arm.n for arm in arms))
    if any(arm.sums[1] <= 0 or arm.sums[3] <= 0 for arm in arms):
        return CannotTell("no_baseline", "the denominator of the ratio is zero in one arm")
    shared = sum(_ratio_blocks(arm)[0] for arm in arms)
    before = sum(_ratio_blocks(arm)[1] for arm in arms)
    slope = shared / before if before > 0 else 0.0
    return ArmPair(_adjusted_ratio(control, slope), _adjusted_ratio(treatment, slope), slope)


def _ratio_blocks(arm: Moments) -> tuple[float, float]:
    """Return the covariance of the ratio with the ratio before, and the variance of the latter."""
    now, before = _ratio_gradient(arm.means[:2]), _ratio_gradient(arm.means[2:])
    return float(now @ arm.covariance[:2, 2:] @ before), float(before @ arm.covariance[2:, 2:] @ before)


def _adjusted_ratio(arm: Moments, slope: float) -> ArmMean:
    means = arm.means
    now, before = _ratio_gradient(means[:2]), _ratio_gradient(means[2:])
    value = float(means[0] / means[1])
    adjusted = value - slope * float(means[2] / means[3])
    weights, plain = np.concatenate([now, -slope * before]), np.concatenate([now, np.zeros(2)])
    return _linear(arm, (adjusted, weights), (value, plain), level=adjusted)
