"""Exact binomial limits for rates measured on real data."""

from __future__ import annotations

import math


def upper_limit(events: int, trials: int, confidence: float = 0.95) -> float:
    """Return the one-sided Clopper-Pearson upper limit: the rate at which so few events become too unlikely."""
    low, high = events / trials, 1.0
    for _ in range(100):
        rate = (low + high) / 2
        if _at_most(events, trials, rate) > 1 - confidence:
            low = rate
        else:
            high = rate
    return high


def _at_most(events: int, trials: int, rate: float) -> float:
    """Return the probability of at most so many events, summed in logarithms so that millions of trials fit."""
    if rate >= 1:
        return 1.0 if events >= trials else 0.0
    yes, no = math.log(rate), math.log1p(-rate)
    ways = math.lgamma(trials + 1)
    return sum(
        math.exp(ways - math.lgamma(k + 1) - math.lgamma(trials - k + 1) + k * yes + (trials - k) * no)
        for k in range(events + 1)
    )
