"""What must not get worse: non-inferiority with a margin that was declared, for one look or for all of them.

Invariants: "no significant difference" is never read as "no harm"; a guardrail holds only when its whole interval lies
on the safe side of the margin; an estimate that could not be made leaves the guardrail open, with the reason.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from thinktwice.measurement.estimators.answers import Answer, CannotTell, Scale

Standing = Literal["holds", "broken", "open"]


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A declared limit: the treatment may be worse than the control by at most ``margin`` on ``scale``.

    ``margin`` is positive; ``worse`` says which direction hurts (``higher`` for complaints, ``lower`` for genuine
    withdrawals completed).
    """

    name: str
    margin: float
    scale: Scale = "difference"
    worse: Literal["higher", "lower"] = "higher"

    def __post_init__(self) -> None:
        """Refuse a margin that no treatment could keep."""
        if self.margin <= 0:
            raise ValueError(f"the margin of {self.name} must be positive, not {self.margin}")


@dataclass(frozen=True, slots=True)
class GuardrailResult:
    """Where a guardrail stands, with the answer it was read from and a sentence that says why."""

    guardrail: Guardrail
    standing: Standing
    answer: Answer
    reason: str


def judge_guardrail(guardrail: Guardrail, answer: Answer) -> GuardrailResult:
    """Read a guardrail off an interval.

    With a (1 - a) two-sided interval the wrong word "holds" has probability at most a / 2, and so has "broken"; with an
    anytime interval that is so at all looks together, so harm may be watched continuously. Source of the reading: ICH
    E9 "Statistical Principles for Clinical Trials", 1998, section 3.3.2 (confidence interval against a margin).
    """
    if isinstance(answer, CannotTell):
        return GuardrailResult(guardrail, "open", answer, answer.reason)
    if answer.scale != guardrail.scale:
        raise ValueError(f"{guardrail.name} is declared on the {guardrail.scale} scale, the answer is a {answer.scale}")
    least, most = (answer.low, answer.high) if guardrail.worse == "higher" else (-answer.high, -answer.low)
    margin, confidence = guardrail.margin, f"{100 * answer.confidence:g}% confidence"
    if most < margin:
        reason = f"at worst {percent(most)}, below the margin of {percent(margin)} ({confidence})"
        return GuardrailResult(guardrail, "holds", answer, reason)
    if least > margin:
        reason = f"at least {percent(least)}, above the margin of {percent(margin)} ({confidence})"
        return GuardrailResult(guardrail, "broken", answer, reason)
    reason = f"between {percent(least)} and {percent(most)}; the margin of {percent(margin)} lies inside ({confidence})"
    return GuardrailResult(guardrail, "open", answer, reason)


def percent(share: float) -> str:
    """Return a share, or a difference of two shares, as people read it; an open end as words."""
    if math.isinf(share):
        return "anything" if share > 0 else "nothing"
    return f"{round(100 * share, 2) + 0.0:g}%"
