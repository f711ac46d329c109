"""The verdict in words: helps, no evidence yet, harms, or cannot tell because…; and what would change it.

Invariants: it rests on intervals that hold at every look, so reading it daily is safe; nothing that an alert itself
produced (clicks, reviews, reports through it) can turn it; "no evidence" is never said as "no effect"; what displaces a
payment to another new destination does not help.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from thinktwice.measurement.analysis.records import Comparison, GuardrailCheck, Loss, PlanCheck, Said, Standing, Verdict
from thinktwice.measurement.analysis.study import Study
from thinktwice.measurement.estimators.answers import Answer, CannotTell, Estimate
from thinktwice.measurement.estimators.arms import mean_of_proportion
from thinktwice.measurement.estimators.planning import Errors, growth_needed
from thinktwice.measurement.estimators.sufficient import Proportion
from thinktwice.outcomes.statistics import LossBySource

_LOWER_IS_BETTER: Final = frozenset({"is_loss", "displaced", "loss"})
_POINTS: Final = 100
_EFFECT: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a verdict is read from."""

    headline: Comparison
    secondary: tuple[Comparison, ...]
    loss: Loss
    guardrails: tuple[GuardrailCheck, ...]
    reports: tuple[LossBySource, ...]
    plan: PlanCheck

    def comparison(self, measure: str) -> Comparison:
        """Return the comparison of one measure; raises KeyError."""
        return {one.measure: one for one in (self.headline, *self.secondary, self.loss.share)}[measure]

    @property
    def primary(self) -> Comparison:
        """The comparison that the plan named."""
        return self.comparison(self.plan.used.primary)

    @property
    def reported_through_alert(self) -> int:
        """Customers who reported a scam through the alert."""
        return sum(one.customers for one in self.reports if one.kind == "alert")


def judge(study: Study, findings: Findings) -> Verdict:
    """Read the verdict."""
    stops = tuple(_stop(one) for one in findings.guardrails if one.stops and one.result.standing == "broken")
    standing = _standing(study, findings)
    return Verdict(
        standing=standing,
        headline=_headline(standing, findings),
        reasons=_reasons(findings),
        would_change=_would_change(study, standing, findings),
        must_stop=bool(stops),
        stop_reasons=stops,
    )


def _standing(study: Study, findings: Findings) -> Standing:
    answer = findings.primary.difference
    if study.refusal is not None:
        return "cannot_tell"
    if any(one.result.standing == "broken" for one in findings.guardrails):
        return "harms"
    if isinstance(answer, CannotTell):
        return "cannot_tell"
    if not answer.excludes_zero:
        return "no_evidence"
    is_better = (answer.value < 0) == (findings.primary.measure in _LOWER_IS_BETTER)
    if not is_better:
        return "harms"
    return "helps" if _is_kept(findings) else "no_evidence"


def _is_kept(findings: Findings) -> bool:
    """Whether what was not sent stayed, as far as one can see; only then is not sending worth anything."""
    kept = findings.comparison("kept").difference
    return findings.primary.measure != "not_sent" or not isinstance(kept, Estimate) or kept.value > 0


def _stop(one: GuardrailCheck) -> Said:
    return Said("stop_for_harm", f"stop: {one.meaning}: {one.result.reason}", {"guardrail": one.name})


def points(answer: Answer) -> str:
    """Return an estimate of shares in percentage points, with its interval."""
    if isinstance(answer, CannotTell):
        return answer.reason
    ends = f"{answer.low * _POINTS:+.2f} to {answer.high * _POINTS:+.2f}"
    return f"{answer.value * _POINTS:+.2f} percentage points ({answer.confidence:.0%} interval {ends})"


def _facts(comparison: Comparison) -> dict[str, str | int | float]:
    answer = comparison.difference
    facts: dict[str, str | int | float] = {"measure": comparison.measure}
    if isinstance(answer, Estimate):
        facts |= {"value": answer.value, "low": answer.low, "high": answer.high, "confidence": answer.confidence}
    else:
        facts["code"] = answer.code
    return facts


def _headline(standing: Standing, findings: Findings) -> Said:
    primary = findings.primary
    facts, effect = _facts(primary), points(primary.difference)
    if standing == "cannot_tell":
        return Said("cannot_tell", f"Cannot tell, because {effect}", facts)
    if standing == "helps":
        return Said("helps", f"Helps. {primary.meaning}: {effect}", facts)
    if standing == "no_evidence":
        return Said("no_evidence", f"No evidence yet, of help or of harm. {primary.meaning}: {effect}", facts)
    broken = [one.name for one in findings.guardrails if one.result.standing == "broken"]
    if broken:
        said = "; ".join(f"{one.meaning}: {one.result.reason}" for one in findings.guardrails if one.name in broken)
        return Said("harms_guardrail", f"Harms. {said}", {**facts, "guardrails": ", ".join(broken)})
    return Said("harms", f"Harms. {primary.meaning}: {effect}", facts)


def _reasons(findings: Findings) -> tuple[Said, ...]:
    said = [_loss_reason(findings.loss)]
    displaced = findings.comparison("displaced").difference
    if isinstance(displaced, Estimate) and displaced.low > 0:
        text = f"some of it left to another new destination instead: {points(displaced)}"
        said.append(Said("displaced", text, _facts(findings.comparison("displaced"))))
    if not _is_kept(findings):
        text = f"what was not sent there left elsewhere: kept {points(findings.comparison('kept').difference)}"
        said.append(Said("not_kept", text, _facts(findings.comparison("kept"))))
    said += [
        Said("guardrail_open", f"open: {one.meaning}: {one.result.reason}", {"guardrail": one.name})
        for one in findings.guardrails
        if one.result.standing == "open"
    ]
    if findings.reported_through_alert:
        text = (
            f"{findings.reported_through_alert:,} customers reported a scam through the alert; only warned customers "
            "can, so this counts for nothing here"
        )
        said.append(Said("alert_reports_apart", text, {"customers": findings.reported_through_alert}))
    if findings.plan.standing != "preregistered":
        said += [one for one in findings.plan.deviations if one.code in _PLAN_CODES]
    return tuple(said)


_PLAN_CODES: Final = frozenset({"not_preregistered", "plan_late", "plan_changed"})


def _loss_reason(loss: Loss) -> Said:
    answer = loss.share.difference
    if isinstance(answer, CannotTell):
        return Said("loss_unknown", f"scam loss: cannot tell, because {answer.reason}", {"code": answer.code})
    if not answer.excludes_zero:
        return Said(
            "loss_open", f"scam loss: no evidence yet; customers with a loss {points(answer)}", _facts(loss.share)
        )
    word, code = ("less", "loss_less") if answer.high < 0 else ("more", "loss_more")
    return Said(code, f"{word} scam loss: customers with a loss {points(answer)}", _facts(loss.share))


def _would_change(study: Study, standing: Standing, findings: Findings) -> tuple[Said, ...]:
    answer = findings.primary.difference
    said: list[Said] = []
    if isinstance(answer, CannotTell):
        said.append(Said(f"fix_{answer.code}", _FIXES.get(answer.code, "more customers whose window has closed")))
    elif standing == "no_evidence":
        said.append(_more_customers(study, findings.primary))
    elif standing == "helps":
        text = "an interval that includes zero again, a guardrail that breaks, or more scam loss"
        said.append(Said("would_unsettle", text))
    elif standing == "harms":
        text = "nothing within this experiment: a guardrail that broke at any look stays broken"
        said.append(Said("new_experiment", f"{text}; change the words or the audience and begin a new one"))
    loss = findings.loss.share.difference
    if isinstance(loss, CannotTell):
        said.append(Said(f"loss_fix_{loss.code}", f"for loss: {_FIXES.get(loss.code, 'labels of more customers')}"))
    return tuple(said)


_FIXES: Final = {
    "sample_ratio_mismatch": "find out why the arms did not fill as declared, and begin a new experiment",
    "no_control": "a holdout: without one nothing can be compared",
    "not_declared": "the release under which customers were assigned",
    "not_yet": "7 days from the first trigger",
    "not_reported": "labels from a source that was declared independent of the alert",
    "history_changed": "the journal as it was written: times that go back cannot be trusted",
    "mixed_currencies": "amounts in the reporting currency",
    "no_baseline": "customers with the outcome in both arms",
}


def _more_customers(study: Study, primary: Comparison) -> Said:
    """Return how many times the customers so far must still come until the effect that was planned would be seen."""
    effect = float(study.plan.expected_effect or _EFFECT)
    arms = [mean_of_proportion(Proportion(one.n, int(one.total))) for one in (primary.control, primary.treatment)]
    control, treatment = arms
    if isinstance(control, CannotTell) or isinstance(treatment, CannotTell):
        return Said("more_customers", "more customers whose window has closed")
    if control.squared_error + treatment.squared_error <= 0:
        return Said("more_customers", "customers with the outcome")
    growth = growth_needed(control, treatment, effect, Errors(looks="every_day_share"))
    if isinstance(growth, CannotTell):
        return Said("more_customers", growth.reason)
    more = math.ceil(growth * (primary.control.n + primary.treatment.n))
    named = "the planned effect" if study.plan.expected_effect else "an effect"
    text = f"about {more:,} more customers would show {named} of {effect * _POINTS:g} percentage points, if it is there"
    if not more:
        text = f"{named} of {effect * _POINTS:g} percentage points would probably show by now; a smaller one needs more"
    return Said("more_customers", text, {"customers": more, "effect": effect})
