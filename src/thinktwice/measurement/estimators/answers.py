"""What an estimator says: an estimate with its interval, or why it cannot tell.

Invariants: an ``Estimate`` always has an interval, and the interval always states its confidence and whether it may be
looked at every day; a refusal is a value that carries a code (for translation) and a sentence (for people).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Scale = Literal["difference", "lift"]
"""``difference`` is treatment minus control in the outcome's own unit; ``lift`` is that over the control's size."""

Side = Literal["two", "greater", "less"]
"""Which alternatives count: both, only "treatment is greater", or only "treatment is less"."""

Why = Literal[
    "too_few",
    "no_variation",
    "no_baseline",
    "burn_in",
    "different_limits",
    "sample_ratio_mismatch",
    "unreachable",
    "no_control",
    "not_declared",
    "not_yet",
    "not_reported",
    "one_arm",
    "mixed_currencies",
    "history_changed",
    "few_held",
]


@dataclass(frozen=True, slots=True)
class CannotTell:
    """No estimate can be made; ``code`` says which rule refused, ``reason`` says it with its numbers."""

    code: Why
    reason: str

    def __str__(self) -> str:
        """Return the sentence for people."""
        return self.reason


@dataclass(frozen=True, slots=True)
class Estimate:
    """An effect and what the data leave open about it.

    ``low`` and ``high`` bound the effect with ``confidence``; a one-sided bound has infinity on its open side.
    ``p_value`` belongs to "no effect"; with ``is_anytime`` both stay valid however often and whenever one looks, else
    only at the one look that was planned. ``standard_error`` is None where the method is exact and has none.
    """

    scale: Scale
    value: float
    low: float
    high: float
    p_value: float
    confidence: float
    method: str
    is_anytime: bool
    standard_error: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is not a number: a failed computation must surface, not travel on as an estimate."""
        if any(math.isnan(number) for number in (self.value, self.low, self.high, self.p_value)):
            raise ValueError(f"an estimate by {self.method} came out as not a number")

    @property
    def excludes_zero(self) -> bool:
        """Whether the data rule out "no effect" at the stated confidence."""
        return self.low > 0 or self.high < 0


Answer = Estimate | CannotTell
"""What every estimator returns."""


def confidence_of(alpha: float) -> float:
    """Return 1 - alpha, refusing an alpha that is no error probability."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}")
    return 1 - alpha
