"""Several arms against one control, without finding a winner by counting tries.

Invariants: with k comparisons the chance that any stated interval misses is at most alpha (Bonferroni: each gets
alpha / k, without an assumption about how arms that share a control depend on each other; Dunnett's procedure would be
a little narrower but has no anytime-valid form); p-values are adjusted by Holm, which rejects at least as much.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from thinktwice.measurement.estimators.answers import Answer, Estimate, confidence_of


@dataclass(frozen=True, slots=True)
class ArmAnswer:
    """One arm against the control: its answer at alpha / k and its Holm-adjusted p-value (None when it cannot tell)."""

    arm: str
    answer: Answer
    adjusted_p: float | None


def adjust_p_values(p_values: Mapping[str, float]) -> dict[str, float]:
    """Return Holm's adjusted p-values by name.

    Source: Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6, 1979.
    Anytime-valid p-values may be put in: at any stopping time each is a p-value, which is all Holm needs. (Written out
    because the statsmodels function takes a fifth of a second for four numbers.)
    """
    adjusted, least = dict.fromkeys(p_values, 1.0), 0.0
    for place, name in enumerate(sorted(p_values, key=lambda name: p_values[name])):
        least = max(least, min(1.0, (len(p_values) - place) * p_values[name]))
        adjusted[name] = least
    return adjusted


def compare_arms(compare: Mapping[str, Callable[[float], Answer]], *, alpha: float = 0.05) -> tuple[ArmAnswer, ...]:
    """Answer for every arm at alpha / k; ``compare`` makes one arm's answer at the level it is given.

    An arm that cannot tell still counts in k: which arms report must not loosen the others.
    """
    confidence_of(alpha)
    answers = {arm: make(alpha / len(compare)) for arm, make in compare.items()}
    told = {arm: answer.p_value if isinstance(answer, Estimate) else 1.0 for arm, answer in answers.items()}
    adjusted = adjust_p_values(told)
    return tuple(
        ArmAnswer(arm, answer, adjusted[arm] if isinstance(answer, Estimate) else None)
        for arm, answer in answers.items()
    )
