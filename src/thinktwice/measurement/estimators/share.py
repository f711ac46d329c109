"""One share of its own, valid at every look: bets against each value that it might have.

Invariants: exact from the first customer on; the answer depends on two counts only; nothing is compared, so
``scale`` is that of a difference from nothing and the p-value says nothing.
"""

from __future__ import annotations

import math
from typing import Final

from scipy import optimize, special

from thinktwice.measurement.estimators.answers import Answer, CannotTell, Estimate, confidence_of
from thinktwice.measurement.estimators.sufficient import Proportion

PRIOR: Final = 0.5
"""Successes and failures that the mixture begins with (Jeffreys): any other number is as valid, and wider somewhere."""

_TINY: Final = 1e-12


def log_share_wealth(successes: float, failures: float, share: float) -> float:
    """Return the logarithm of the wealth won against "each customer has it with probability ``share``", from 1.

    Beta-binomial mixture of likelihood ratios; a martingale when the statement is true.
    """
    mixture = special.betaln(PRIOR + successes, PRIOR + failures) - special.betaln(PRIOR, PRIOR)
    return float(mixture - special.xlogy(successes, share) - special.xlog1py(failures, -share))


def share_sequence(counted: Proportion, *, alpha: float = 0.05) -> Answer:
    """Return a share with an exact confidence sequence: it covers the truth at all looks with probability 1 - alpha.

    The interval holds every share that the bettor has not refuted (Ville 1939; the mixture is Robbins, "Statistical
    Methods Related to the Law of the Iterated Logarithm", 1970). Customers are independent; the share does not drift.
    """
    if counted.n < 1:
        return CannotTell("too_few", "there are no customers yet")
    yes, no, limit = counted.successes, counted.n - counted.successes, math.log(1 / alpha)

    def excess(share: float) -> float:
        return log_share_wealth(yes, no, share) - limit

    rate = min(max(counted.rate, _TINY), 1 - _TINY)
    return Estimate(
        scale="difference",
        value=counted.rate,
        low=0.0 if yes == 0 or excess(_TINY) <= 0 else float(optimize.brentq(excess, _TINY, rate, xtol=_TINY)),
        high=1.0 if no == 0 or excess(1 - _TINY) <= 0 else float(optimize.brentq(excess, rate, 1 - _TINY, xtol=_TINY)),
        p_value=1.0,
        confidence=confidence_of(alpha),
        method="beta-binomial confidence sequence",
        is_anytime=True,
    )
