"""Exact effects on a yes-or-no outcome, valid at every look: bets against each value that the effect might have.

Invariants: nothing here is an approximation, so coverage holds from the first customer on; what a bet may depend on
(shares of the split, baseline, grids) was declared before the first outcome; the answer depends only on four counts, so
the order in which customers of one look entered does not matter; checking daily, or after every customer, is free.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

from thinktwice.measurement.estimators.answers import Answer, CannotTell, Estimate, confidence_of
from thinktwice.measurement.estimators.sufficient import Proportion

Floats = NDArray[np.float64]
Direction = Literal["greater", "less"]

STAKES: Final = 13
"""How many sizes of bet are mixed; each is half of the one before, so that small and large effects are both met."""

BASELINES: Final = (0.01, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95)
"""Baselines mixed when none was declared. Centring at a wrong baseline costs precision, never validity."""

PRIOR_SUCCESSES: Final = 20.0
"""Weight of the bet on lifts near zero, in successes: the prior is Beta around the declared split."""

_PRECISION: Final = 1e-12
"""Of an interval's end; far finer than what is printed."""

_DIRECTIONS: Final[tuple[Direction, ...]] = ("greater", "less")


@dataclass(frozen=True, slots=True)
class Design:
    """What was declared before the first outcome.

    ``treatment_share`` is the probability that a customer of these two arms is in the treatment (weights of the release
    and holdout, exactly as assigned); ``baseline`` the share with the outcome expected without an alert, or None;
    ``tuned_to`` the customers of both arms at which the interval should be tightest, from the plan, or None. The last
    two only make it narrower: a wrong guess costs precision, never validity.
    """

    treatment_share: float
    baseline: float | None = None
    tuned_to: int | None = None

    def __post_init__(self) -> None:
        """Refuse a split or a baseline outside the open unit interval."""
        for number in (self.treatment_share, 0.5 if self.baseline is None else self.baseline):
            if not 0 < number < 1:
                raise ValueError(f"shares and baselines lie between 0 and 1, not {number}")
        if self.tuned_to is not None and self.tuned_to < 1:
            raise ValueError(f"a sequence is tuned to at least one customer, not {self.tuned_to}")


def counts_of(control: Proportion, treatment: Proportion) -> Floats:
    """Return the four counts in the order of ``log_wealth``: treatment yes, no; control yes, no."""
    arms = (treatment, control)
    return np.array([count for arm in arms for count in (arm.successes, arm.n - arm.successes)], dtype=np.float64)


def _scores(design: Design) -> Floats:
    """Return, per baseline and cell, what one customer says about the difference; its expectation is the difference."""
    share = design.treatment_share
    centre = np.array([design.baseline] if design.baseline is not None else BASELINES)
    return np.stack([(1 - centre) / share, -centre / share, -(1 - centre) / (1 - share), centre / (1 - share)], axis=1)


def log_wealth(counts: ArrayLike, difference: float, design: Design, bet_on: Direction) -> Floats:
    """Return the logarithm of the wealth won by betting that the true difference is greater (or less) than this one.

    ``counts`` has four numbers in its last axis (``counts_of``); other axes are runs or looks.

    Each customer gives the score Z = (Y - m) A / q - (Y - m) (1 - A) / (1 - q), with outcome Y, arm A (treatment is 1),
    treatment share q and centre m. Under randomised assignment E[Z] is the difference of the two Bernoulli means
    whatever m and whatever the control's rate. For a stake s of fixed sign with 1 + s (Z - d) >= 0, the product of
    1 + s (Z - d) over customers is a non-negative martingale from 1 when the difference is d; so is every mixture over
    stakes and centres that was fixed in advance. Ville's inequality bounds the chance that it ever reaches 1/a by a.
    These scores are all there is: every per-customer bet that is fair for each control rate has this form.

    Sources: Ville, "Etude critique de la notion de collectif", 1939; Waudby-Smith and Ramdas, "Estimating Means of
    Bounded Random Variables by Betting", JRSS B 86, 2024 (capital process, mixed and hedged); Waudby-Smith, Wu,
    Ramdas, Karampatziakis and Mineiro, "Anytime-valid Off-policy Inference for Contextual Bandits", 2022 (the same
    score with known assignment probabilities).
    """
    scores = _scores(design)
    reach = 1 - scores.min(axis=1) if bet_on == "greater" else 1 + scores.max(axis=1)
    sizes = 0.99 / reach[:, None] * 0.5 ** np.arange(STAKES)[None, :]
    stakes = sizes if bet_on == "greater" else -sizes
    factors = np.log1p(stakes[:, :, None] * (scores[:, None, :] - difference))
    bets = np.tensordot(np.asarray(counts, dtype=np.float64), factors, axes=([-1], [-1]))
    return np.asarray(special.logsumexp(bets + _log_weights(sizes, design), axis=(-2, -1)), dtype=np.float64)


def _log_weights(sizes: Floats, design: Design) -> Floats:
    """Return how much of the first coin is put on each size of bet: all alike, or halving away from the best size.

    The best size for n customers is about the largest refutable effect over the variance of the score,
    sqrt(2 log(2 / a) / (n v)), with a of 5 % and v at the centre.
    """
    if design.tuned_to is None:
        return np.full(sizes.shape, -math.log(sizes.size))
    centre = np.array([design.baseline] if design.baseline is not None else BASELINES)
    variance = centre * (1 - centre) / (design.treatment_share * (1 - design.treatment_share))
    best = np.sqrt(2 * math.log(2 / 0.05) / (design.tuned_to * variance))
    weights = -np.abs(np.log(sizes / best[:, None]))
    weights = weights - special.logsumexp(weights, axis=1, keepdims=True)
    return np.asarray(weights - math.log(len(centre)), dtype=np.float64)


def difference_sequence(control: Proportion, treatment: Proportion, design: Design, *, alpha: float = 0.05) -> Answer:
    """Return the difference of two shares with an exact confidence sequence.

    The interval holds every difference that neither one-sided bettor has refuted at level alpha / 2 (``log_wealth``);
    with probability at least 1 - alpha it covers the truth at all looks together. Each end alone is a one-sided bound
    at alpha / 2. Customers' outcomes must be independent of each other and identically distributed within each arm, or
    at least have the same difference throughout; nothing is assumed about the rates. When the arms filled so far from
    the declared share that what was seen lies outside, the answer is a mismatch: the design does not describe the data.
    """
    if min(control.n, treatment.n) < 1:
        return CannotTell("too_few", "one arm has no customers yet")
    counts, limit = counts_of(control, treatment), math.log(2 / alpha)

    def excess(difference: float, bet_on: Direction) -> float:
        return float(log_wealth(counts, difference, design, bet_on)) - limit

    low, high = _edge(lambda d: excess(d, "greater"), -1.0, 1.0), _edge(lambda d: excess(d, "less"), 1.0, -1.0)
    value = treatment.rate - control.rate
    if not low <= value <= high:
        reason = f"{treatment.n} and {control.n} customers do not fit the declared share {design.treatment_share:g}"
        return CannotTell("sample_ratio_mismatch", reason)
    best = max(float(log_wealth(counts, 0.0, design, side)) for side in _DIRECTIONS)
    return Estimate(
        scale="difference",
        value=value,
        low=low,
        high=high,
        p_value=min(1.0, 2 * math.exp(-best)),
        confidence=confidence_of(alpha),
        method="betting confidence sequence",
        is_anytime=True,
    )


def _edge(excess: Callable[[float], float], start: float, stop: float) -> float:
    """Return where refutation ends, from ``start`` on: ``excess`` is wealth over the limit and falls on the way."""
    if excess(start) < 0:
        return start
    if excess(stop) >= 0:
        return stop
    return float(optimize.brentq(excess, start, stop, xtol=_PRECISION))


def log_lift_wealth(treated: ArrayLike, successes: ArrayLike, odds_share: ArrayLike, design: Design) -> Floats:
    """Return the log wealth won against "a success is in the treatment with probability ``odds_share``".

    Beta-binomial mixture likelihood ratio, from 1, over ``successes`` successes of which ``treated`` in the treatment.
    """
    treated, rest = np.asarray(treated, dtype=np.float64), np.asarray(successes, dtype=np.float64) - treated
    share = np.asarray(odds_share, dtype=np.float64)
    prior, against = PRIOR_SUCCESSES * design.treatment_share, PRIOR_SUCCESSES * (1 - design.treatment_share)
    mixture = special.betaln(prior + treated, against + rest) - special.betaln(prior, against)
    return np.asarray(mixture - special.xlogy(treated, share) - special.xlog1py(rest, -share), dtype=np.float64)


def lift_sequence(control: Proportion, treatment: Proportion, design: Design, *, alpha: float = 0.05) -> Answer:
    """Return the lift of one share over another with an exact confidence sequence.

    Among customers with the outcome, each belongs to the treatment with probability q (1 + r) / (1 - q + q (1 + r)),
    where r is the lift and q the treatment's share: the control's rate cancels. So the lift needs only how the
    successes split; a Beta mixture of likelihood ratios is a martingale and Ville's inequality gives the sequence.
    Sources: Robbins, "Statistical Methods Related to the Law of the Iterated Logarithm", 1970; Lindon and Malek,
    "Anytime-Valid Inference for Multinomial Count Data", NeurIPS 2022 (rates may drift as long as the lift does not).
    Refused while no customer of the control has the outcome: the lift is then unbounded.
    """
    if min(control.successes, treatment.successes) < 1:
        return CannotTell("no_baseline", "one arm has no customer with the outcome yet, so no ratio can be formed")
    successes, odds = treatment.successes + control.successes, design.treatment_share / (1 - design.treatment_share)
    split, limit = treatment.successes / successes, math.log(1 / alpha)

    def excess(share: float) -> float:
        return float(log_lift_wealth(treatment.successes, successes, share, design)) - limit

    def lift_at(share: float) -> float:
        return share / (1 - share) / odds - 1

    tiny = 1e-12
    wealth = float(log_lift_wealth(treatment.successes, successes, design.treatment_share, design))
    return Estimate(
        scale="lift",
        value=treatment.rate / control.rate - 1,
        low=lift_at(_edge(excess, tiny, split)),
        high=lift_at(_edge(excess, 1 - tiny, split)),
        p_value=min(1.0, math.exp(-wealth)),
        confidence=confidence_of(alpha),
        method="beta-binomial confidence sequence",
        is_anytime=True,
    )
