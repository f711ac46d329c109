"""One share with an interval that may be looked at every day."""

from __future__ import annotations

import numpy as np
import pytest

from thinktwice.measurement.estimators.answers import CannotTell, Estimate
from thinktwice.measurement.estimators.share import log_share_wealth, share_sequence
from thinktwice.measurement.estimators.sufficient import Proportion


def _of(n: int, successes: int, alpha: float = 0.05) -> Estimate:
    found = share_sequence(Proportion(n, successes), alpha=alpha)
    assert isinstance(found, Estimate)
    return found


@pytest.mark.parametrize("truth", [0.02, 0.2, 0.6])
def test_it_covers_the_truth_at_every_look(truth: float) -> None:
    """Of 600 runs looked at after each of 300 customers, at most 5 % ever exclude the truth (two standard errors)."""
    drawn = np.random.default_rng(20_261_123).random((600, 300)) < truth
    yes = drawn.cumsum(axis=1)
    no = np.arange(1, 301) - yes
    wealth = np.vectorize(log_share_wealth)(yes, no, truth)
    missed = float((wealth.max(axis=1) > np.log(20)).mean())
    assert missed <= 0.05 + 2 * (0.05 * 0.95 / 600) ** 0.5
    assert missed > 0


def test_the_interval_is_where_the_bet_pays() -> None:
    """Each end is the share against which exactly 1 / alpha was won, and the share found lies between."""
    found = _of(200, 30)
    for end in (found.low, found.high):
        assert log_share_wealth(30, 170, end) == pytest.approx(np.log(20), abs=1e-6)
    assert found.low < 0.15 < found.high
    assert _of(2_000, 300).high - _of(2_000, 300).low < found.high - found.low
    assert _of(200, 30, 0.005).low < found.low


def test_nobody_and_everybody() -> None:
    """Without a success the low end is 0, without a failure the high one is 1; of no customers nothing can be told."""
    assert _of(50, 0).low == 0.0
    assert _of(50, 0).high < 0.2
    assert _of(50, 50).high == 1.0
    assert isinstance(share_sequence(Proportion(0, 0)), CannotTell)
