"""One campaign analysed: from a history to every record of ``records``, in the order in which they may be trusted.

Invariants: the split is checked before anything is compared; the same history, plan and moment give the same analysis;
nothing here sees a row of a customer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import duckdb

from thinktwice.measurement.analysis import describing
from thinktwice.measurement.analysis.admitting import admit, exposure_of, population_of
from thinktwice.measurement.analysis.comparing import adjusted_difference, compare
from thinktwice.measurement.analysis.guarding import check_guardrails, protected, releases
from thinktwice.measurement.analysis.judging import Findings, judge
from thinktwice.measurement.analysis.plan import rules_of
from thinktwice.measurement.analysis.records import CampaignAnalysis, Comparison, Declared, Habit, Loss
from thinktwice.measurement.analysis.study import ALL, ALPHA, Study
from thinktwice.measurement.estimators.sufficient import Moments
from thinktwice.outcomes import descriptions
from thinktwice.outcomes.held import held as held_by
from thinktwice.outcomes.rows import Outcomes, find_outcomes
from thinktwice.outcomes.statistics import loss_by_source

SECONDARY: Final = ("not_sent_late", "kept", "reduced", "redirected", "displaced", "completed")
DIMENSIONS: Final = ("language", "age_band", "jurisdiction", "customer_kind", "channel")
"""Groups of customers that are looked at unless others are declared."""

_NOBODY: Final = Moments(0, (0.0, 0.0), ((0.0, 0.0), (0.0, 0.0)))


def analyse(
    history: duckdb.DuckDBPyConnection,
    declared: Declared,
    until: datetime,
    *,
    currency: str = "USD",
    dimensions: Sequence[str] = DIMENSIONS,
) -> CampaignAnalysis:
    """Analyse one campaign as of ``until`` (aware) over a history with ``decisions``, ``events``, ``alert_events``.

    ``currency`` is the reporting currency. It makes the outcomes in the connection anew, by the rules of the plan.

    Raises:
        InputError: no such dimension.
        StateError: amounts are too large to add up exactly.
    """
    outcomes = find_outcomes(history, rules_of(declared.plan, currency), until)
    return analyse_outcomes(outcomes, declared, dimensions=dimensions)


def analyse_outcomes(
    outcomes: Outcomes, declared: Declared, *, dimensions: Sequence[str] = DIMENSIONS
) -> CampaignAnalysis:
    """Analyse one campaign over outcomes that were made by the rules of its plan."""
    admitted = admit(outcomes, declared)
    study, experiment = admitted.study, declared.experiment
    sums = {one: descriptions.interruption(outcomes, experiment, one) for one in (None, *dimensions)}
    everybody = describing.moments_of_interruption(sums[None][0]) if sums[None] else _NOBODY
    held = held_by(outcomes, experiment)
    findings = Findings(
        headline=compare(study, "not_sent"),
        secondary=tuple(compare(study, name) for name in SECONDARY),
        loss=loss_of(study),
        guardrails=check_guardrails(study, everybody, held),
        reports=tuple(one for one in loss_by_source(outcomes) if one.experiment == experiment),
        plan=admitted.plan,
    )
    return CampaignAnalysis(
        campaign=declared.campaign,
        experiment=experiment,
        declared=declared,
        until=outcomes.until,
        rules=outcomes.rules,
        versions=admitted.versions,
        plan=admitted.plan,
        population=population_of(admitted, outcomes),
        split=admitted.split,
        exposure=exposure_of(study),
        headline=findings.headline,
        arms=_each_arm(study),
        secondary=findings.secondary,
        loss=findings.loss,
        funnel=describing.funnel(study),
        pilot=describing.pilot_number(study),
        guardrails=findings.guardrails,
        releases=releases(held),
        habituation=_habits(study, outcomes),
        groups=describing.groups(study, dimensions),
        interruption=describing.interruptions(study, sums, dimensions),
        reports=findings.reports,
        health=admitted.health,
        verdict=judge(study, findings),
    )


def _each_arm(study: Study) -> tuple[Comparison, ...]:
    """Return the headline arm by arm, each at alpha over their number (Bonferroni), so that all hold together."""
    return tuple(compare(study, "not_sent", arm, ALPHA / len(study.showing)) for arm in study.showing)


def _habits(study: Study, outcomes: Outcomes) -> tuple[Habit, ...]:
    again = descriptions.triggers_again(outcomes, study.declared.experiment, describing.MOST_EARLIER + 1)
    return (*describing.habit_by_week(study), *describing.habit_by_alerts(study, again))


def loss_of(study: Study) -> Loss:
    """Return scam loss by labels that do not depend on the alert."""
    amount = compare(study, "loss")
    treated = study.by_arm("loss")[ALL].n
    return Loss(
        limit=study.rules.winsorised_at,
        currency=study.rules.currency,
        sources=tuple(sorted(study.rules.independent_sources)),
        share=compare(study, "is_loss"),
        amount=amount,
        adjusted=adjusted_difference(study, "loss", "completed_before"),
        protected=protected(amount.difference, treated),
        treated_customers=treated,
    )
