"""What an alert really did in a simulated world, known because both lives of every customer can be lived.

Invariants: both lives are of the same world with the same randomness and differ by the alerts alone; nothing is
estimated here, so nothing has an interval.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
Number = Callable[[Row], float]


@dataclass(frozen=True, slots=True)
class Planted:
    """The truth about one number: its mean in the life without alerts and in the one with them."""

    customers: int
    without_alerts: float
    with_alerts: float

    @property
    def effect(self) -> float:
        """Mean effect on one customer of assigning them to the alert."""
        return self.with_alerts - self.without_alerts


def planted_effect(without_alerts: Sequence[Row], with_alerts: Sequence[Row], number: Number) -> Planted:
    """Compare the outcome rows of two lives of one world: everybody held out, and nobody.

    Raises:
        ValueError: the lives are not of the same customers, so they are no two lives of one world.
    """
    before = {row["customer_ref"]: number(row) for row in without_alerts}
    after = {row["customer_ref"]: number(row) for row in with_alerts}
    if not before or before.keys() != after.keys():
        raise ValueError(f"{len(before)} and {len(after)} customers, not the same: no two lives of one world")
    return Planted(len(before), sum(before.values()) / len(before), sum(after.values()) / len(after))
