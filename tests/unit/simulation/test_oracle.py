"""The truth of a simulated world is a comparison of two lives."""

from __future__ import annotations

import pytest

from thinktwice.simulation.oracle import planted_effect


def test_the_effect_is_the_mean_difference_of_two_lives() -> None:
    """Each customer's number with alerts minus that without, on average."""
    without = [{"customer_ref": "a", "x": 1}, {"customer_ref": "b", "x": 3}]
    planted = planted_effect(without, [{"customer_ref": "b", "x": 1}, {"customer_ref": "a", "x": 1}], lambda r: r["x"])
    assert (planted.customers, planted.effect) == (2, -1.0)


def test_other_customers_are_no_second_life() -> None:
    """Lives of different customers are refused."""
    with pytest.raises(ValueError, match="no two lives"):
        planted_effect([{"customer_ref": "a"}], [{"customer_ref": "b"}], lambda _row: 0.0)
