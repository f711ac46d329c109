"""What must not get worse, watched at every look: genuine customers, complaints, contacts, delay, loss, holds ended.

Invariants: each guardrail gets the error of the primary outcome divided by their number, so that all of them
together raise a false alarm of harm in at most that share of experiments; one for which nothing was ever reported is
open, never held; loss has no margin: any certain increase is harm. Nobody is left unheld by chance (DESIGN section 3,
rule 6), so holds that were ended early are a share of the customers held and no difference between arms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from thinktwice.measurement.analysis.comparing import compare, scaled, share_level
from thinktwice.measurement.analysis.describing import MINIMUM_CELL
from thinktwice.measurement.analysis.plan import DEFAULT_MARGINS
from thinktwice.measurement.analysis.records import Comparison, GroupLevel, GuardrailCheck
from thinktwice.measurement.analysis.study import ALL, ALPHA, Study
from thinktwice.measurement.estimators.answers import Answer, CannotTell, Estimate
from thinktwice.measurement.estimators.arms import mean_of_ratio
from thinktwice.measurement.estimators.asymptotic import BURN_IN, half_width, tuned_for
from thinktwice.measurement.estimators.guardrails import Guardrail, GuardrailResult, judge_guardrail, percent
from thinktwice.measurement.estimators.share import share_sequence
from thinktwice.measurement.estimators.sufficient import Moments, Proportion
from thinktwice.outcomes.held import HeldCount
from thinktwice.outcomes.measures import MEASURES
from thinktwice.records.preregistration import GUARDRAILS

RELEASED: Final = "released_early"
OUTSIDE: Final = "outside"
"""Customers whose first trigger was outside the holdout: in no arm."""

COMPARED: Final = tuple(name for name in GUARDRAILS if name not in {"interrupted", RELEASED})
"""Guardrails that are differences between arms; the others are one number of everybody."""

EACH: Final = ALPHA / len(COMPARED)

INTERRUPTED: Final = "Share of withdrawals of all customers that this campaign interrupted"
ENDED_EARLY: Final = "Share of the customers held or referred whose hold two of the staff ended early"


@dataclass(frozen=True, slots=True)
class Asked:
    """A guardrail as the plan has it."""

    name: str
    margin: float
    is_declared: bool
    stops: bool


def asked(study: Study, name: str) -> Asked:
    """Return a guardrail's margin, from the plan or by default, and whether it stops the experiment."""
    declared = study.plan.margins.get(name)
    margin = float(declared if declared is not None else DEFAULT_MARGINS.get(name, 0))
    return Asked(name, margin, declared is not None or name == "is_loss", name in study.plan.stop_for_harm)


def check_guardrails(study: Study, interrupted: Moments, held: Sequence[HeldCount] = ()) -> tuple[GuardrailCheck, ...]:
    """Return every guardrail; ``interrupted`` holds (interrupted, all) withdrawals a customer.

    Where nobody was ever held there is nothing to end early, and that guardrail is left out.
    """
    found = []
    for name in GUARDRAILS:
        wanted = asked(study, name)
        if name == RELEASED:
            found += [_check_released(study, wanted, held)] if held else []
            continue
        if name == "interrupted":
            result = judge_guardrail(Guardrail(name, wanted.margin), interruption_answer(interrupted))
            found.append(_check(wanted, INTERRUPTED, result, None))
            continue
        comparison = compare(study, name, ALL, EACH)
        read = _judge_loss if name == "is_loss" else _judge
        found.append(_check(wanted, MEASURES[name].meaning, read(wanted, comparison.difference), comparison))
    return tuple(found)


def _check_released(study: Study, wanted: Asked, held: Sequence[HeldCount]) -> GuardrailCheck:
    """Judge the share of early ends at half the error of a compared guardrail: what breaks it is one end alone."""
    counted = Proportion(sum(one.customers for one in held), sum(one.released for one in held))
    answer = share_sequence(counted, alpha=EACH / 2)
    if study.refusal is not None and study.refusal.code == "history_changed":
        answer = study.refusal
    elif counted.n < MINIMUM_CELL:
        answer = CannotTell("few_held", f"fewer than {MINIMUM_CELL} customers were held and have a closed window")
    return _check(wanted, ENDED_EARLY, judge_guardrail(Guardrail(wanted.name, wanted.margin), answer), None)


def releases(held: Sequence[HeldCount]) -> tuple[GroupLevel, ...]:
    """Return early ends by arm, and all together; below the minimum cell only the arm is named."""
    everybody = HeldCount(
        arm=ALL, customers=sum(one.customers for one in held), released=sum(one.released for one in held)
    )
    return tuple(
        GroupLevel(
            arm=one.arm or OUTSIDE,
            measure=RELEASED,
            level=share_level(one.arm or OUTSIDE, one.customers, one.released)
            if one.customers >= MINIMUM_CELL
            else None,
        )
        for one in ((*held, everybody) if held else ())
    )


def _check(wanted: Asked, meaning: str, result: GuardrailResult, comparison: Comparison | None) -> GuardrailCheck:
    return GuardrailCheck(
        name=wanted.name,
        meaning=meaning,
        margin=wanted.margin,
        is_declared=wanted.is_declared,
        stops=wanted.stops,
        result=result,
        comparison=comparison,
    )


def _judge(wanted: Asked, answer: Answer) -> GuardrailResult:
    return judge_guardrail(Guardrail(wanted.name, wanted.margin), answer)


def _judge_loss(wanted: Asked, answer: Answer) -> GuardrailResult:
    """Read loss without a margin: more is broken, less holds, and what includes zero is open."""
    guardrail = Guardrail(wanted.name, math.ulp(0.0))
    if isinstance(answer, CannotTell):
        return GuardrailResult(guardrail, "open", answer, answer.reason)
    said = f"between {percent(answer.low)} and {percent(answer.high)} ({100 * answer.confidence:g}% confidence)"
    if answer.low > 0:
        return GuardrailResult(guardrail, "broken", answer, f"more scam loss: {said}")
    standing = GuardrailResult(guardrail, "holds", answer, f"no more scam loss: {said}")
    return standing if answer.high <= 0 else GuardrailResult(guardrail, "open", answer, f"not certain: {said}")


def interruption_answer(counts: Moments) -> Answer:
    """Return the share of withdrawals interrupted, with a sequence over customers as clusters (delta method).

    Not an effect: ``scale`` is that of a difference from nothing interrupted.
    """
    arm = mean_of_ratio(counts)
    if isinstance(arm, CannotTell):
        return arm
    if arm.n < BURN_IN.customers:
        return CannotTell("burn_in", f"{arm.n} customers withdrew; this interval starts at {BURN_IN.customers}")
    width = math.sqrt(arm.variance) * half_width(arm.n, tuned_for(arm.n, ALPHA), ALPHA)
    return Estimate(
        scale="difference",
        value=arm.mean,
        low=max(0.0, arm.mean - width),
        high=min(1.0, arm.mean + width),
        p_value=1.0,
        confidence=1 - ALPHA,
        method="delta method, customers as clusters",
        is_anytime=False,
        standard_error=math.sqrt(arm.squared_error),
    )


def protected(difference: Answer, treated: int) -> Answer:
    """Return the amount that was not lost because of the alert: the reduction a customer times the treated customers.

    The interval is scaled alike. It is a reduction of independently labelled loss against the holdout; amounts of
    cancelled withdrawals are never added up, because most of them were no scam or left another way.
    """
    return scaled(difference, -float(treated))
