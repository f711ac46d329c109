"""Experiments whose effect is known because it was planted: many runs at once, as sufficient statistics by day.

Every world is seeded. Arrays have one row per run and one column per day and hold counts or sums up to that day, which
is all that estimators ever see.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAYS = 60


@dataclass(frozen=True, slots=True)
class ShareWorld:
    """Yes-or-no outcomes: ``daily`` customers a day, of whom ``share`` are treated, with these rates."""

    runs: int
    daily: int
    share: float
    control_rate: float
    treatment_rate: float
    seed: int

    @property
    def difference(self) -> float:
        """The planted difference."""
        return self.treatment_rate - self.control_rate

    @property
    def lift(self) -> float:
        """The planted lift."""
        return self.treatment_rate / self.control_rate - 1

    def counts(self) -> Floats:
        """Return (runs, days, 4): treatment yes, no; control yes, no; cumulative."""
        random = np.random.default_rng(self.seed)
        treated = random.binomial(self.daily, self.share, (self.runs, DAYS))
        wins = random.binomial(treated, self.treatment_rate)
        losses = random.binomial(self.daily - treated, self.control_rate)
        daily = np.stack([wins, treated - wins, losses, self.daily - treated - losses], axis=-1)
        return np.asarray(daily.cumsum(axis=1), dtype=np.float64)


def peeked_p_values(counts: Floats) -> Floats:
    """Return the two-sided p-value of the pooled z test at every look: the test that must not be read daily."""
    from scipy import stats

    wins, losses, control_wins, control_losses = np.moveaxis(counts, -1, 0)
    n, m = wins + losses, control_wins + control_losses
    pooled = (wins + control_wins) / (n + m)
    error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return np.asarray(2 * stats.norm.sf(np.abs(wins / n - control_wins / m) / error), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class AmountWorld:
    """Amounts lost, cut at ``limit``: most customers lose nothing, the others lognormal amounts, ``daily`` per arm."""

    runs: int
    daily: int
    losers: float
    scale: float
    limit: float
    seed: int

    def sums(self) -> tuple[Ints, Floats, Floats]:
        """Return customers per arm by day, and cumulative sums and squares, both (runs, days, arm)."""
        random = np.random.default_rng(self.seed)
        totals, squares = np.empty((self.runs, DAYS, 2)), np.empty((self.runs, DAYS, 2))
        for run in range(self.runs):
            lost = random.random((DAYS, 2, self.daily)) < self.losers
            amounts = np.zeros(lost.shape)
            amounts[lost] = np.minimum(random.lognormal(7.0, self.scale, int(lost.sum())), self.limit)
            totals[run], squares[run] = amounts.sum(axis=-1), (amounts**2).sum(axis=-1)
        customers = self.daily * np.arange(1, DAYS + 1)
        return customers, totals.cumsum(axis=1), squares.cumsum(axis=1)


def monte_carlo_error(rate: float, runs: int) -> float:
    """Return the standard error of a rate that was found in this many independent runs."""
    return math.sqrt(rate * (1 - rate) / runs)
