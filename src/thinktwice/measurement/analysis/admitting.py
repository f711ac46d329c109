"""Whether anything may be compared at all, and among whom: health of the history, split, exposure, population.

Invariants: everybody who was assigned is checked, those still waiting included; an arm that nobody declared, shares
that are not known, a missing holdout and a history that was changed each block every comparison, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from thinktwice.experiments.assignment import HOLDOUT
from thinktwice.measurement.analysis.plan import DEFAULTS, check_plan
from thinktwice.measurement.analysis.records import ArmCount, Declared, PlanCheck, Population, VersionSeen
from thinktwice.measurement.analysis.study import Study
from thinktwice.measurement.estimators.answers import CannotTell
from thinktwice.measurement.estimators.split import (
    ExposureCheck,
    SplitCheck,
    check_exposure,
    check_split,
    unless_mismatch,
)
from thinktwice.measurement.estimators.sufficient import Proportion
from thinktwice.outcomes import descriptions
from thinktwice.outcomes.health import Finding, check_health
from thinktwice.outcomes.rows import Assigned, Outcomes, assigned
from thinktwice.outcomes.statistics import ArmStatistics, statistics


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """One experiment with everything that was checked before comparing."""

    study: Study
    split: SplitCheck | CannotTell
    health: tuple[Finding, ...]
    people: tuple[Assigned, ...]
    versions: tuple[VersionSeen, ...]
    plan: PlanCheck


def admit(outcomes: Outcomes, declared: Declared) -> Admitted:
    """Check history, split and plan of one experiment."""
    health = check_health(outcomes)
    people = tuple(one for one in assigned(outcomes) if one.experiment == declared.experiment)
    versions = tuple(
        VersionSeen(
            campaign=one.campaign,
            version=one.version,
            release=one.release,
            first_at=one.first_at,
            last_at=one.last_at,
            triggers=one.triggers,
        )
        for one in descriptions.versions(outcomes, declared.experiment)
    )
    split = split_of(declared, people)
    return Admitted(
        study=_study(outcomes, declared, split, health, people),
        split=split,
        health=health,
        people=people,
        versions=versions,
        plan=check_plan(declared, versions, outcomes.until),
    )


def split_of(declared: Declared, people: Sequence[Assigned]) -> SplitCheck | CannotTell:
    """Check the split of everybody who was assigned against the declared shares, at any look."""
    found = {one.arm: one.customers for one in people}
    strange = sorted(set(found) - {arm for arm, share in declared.shares.items() if share > 0})
    if not declared.shares:
        return CannotTell("not_declared", "the shares of the arms are not known: no release of this campaign was found")
    if strange:
        return CannotTell("not_declared", f"customers are in arms to which no share was declared: {', '.join(strange)}")
    if not declared.shares.get(HOLDOUT):
        return CannotTell("no_control", "the release has no holdout, so nobody can be compared with")
    if not found:
        return CannotTell("not_yet", "no customer has triggered yet")
    shares = {arm: share for arm, share in declared.shares.items() if share > 0}
    return check_split({arm: found.get(arm, 0) for arm in shares}, shares)


def _study(
    outcomes: Outcomes,
    declared: Declared,
    split: SplitCheck | CannotTell,
    health: Iterable[Finding],
    people: Iterable[Assigned],
) -> Study:
    blocked = {finding.blocks: finding for finding in health if finding.blocks}
    refusal = split if isinstance(split, CannotTell) else _mismatch(split)
    if "everything" in blocked:
        refusal = CannotTell("history_changed", f"{blocked['everything'].meaning} ({blocked['everything'].count})")
    amounts = blocked.get("amounts")

    def numbers(measures: Sequence[str], by: Sequence[str]) -> tuple[ArmStatistics, ...]:
        return tuple(one for one in statistics(outcomes, measures, by) if one.experiment == declared.experiment)

    return Study(
        declared=declared,
        arms=tuple(dict.fromkeys((HOLDOUT, *declared.shares, *(one.arm for one in people)))),
        plan=declared.plan or DEFAULTS,
        rules=outcomes.rules,
        numbers=numbers,
        refusal=refusal,
        amounts_refusal=CannotTell("mixed_currencies", f"{amounts.count} customers: {amounts.meaning}")
        if amounts
        else None,
        unreported=_unreported(outcomes),
    )


def _mismatch(split: SplitCheck) -> CannotTell | None:
    answer = unless_mismatch(split, CannotTell("not_yet", ""))
    return answer if isinstance(answer, CannotTell) and answer.code == "sample_ratio_mismatch" else None


def _unreported(outcomes: Outcomes) -> dict[str, CannotTell]:
    """Return the measures that rest on labels of which the operator has never sent one: unknown is not zero."""
    rules, seen = outcomes.rules, descriptions.labels_seen(outcomes)
    independent = {label for label, source in seen if source in rules.independent_sources}
    any_source = {label for label, _ in seen}
    sources = ", ".join(sorted(rules.independent_sources))
    missing: dict[str, CannotTell] = {}
    if not independent & rules.scam_labels:
        reason = CannotTell("not_reported", f"no scam was ever reported by {sources}")
        missing |= dict.fromkeys(("loss", "is_loss", "false_alarm"), reason)
    if not independent & rules.genuine_labels:
        missing["genuine_not_sent"] = CannotTell("not_reported", f"nothing was ever called genuine by {sources}")
    for measure, labels in (("complained", rules.complaint_labels), ("contacted", rules.contact_labels)):
        if not any_source & labels:
            words = ", ".join(sorted(labels))
            missing[measure] = CannotTell("not_reported", f"no event with the label {words} was ever reported")
    return missing


def exposure_of(study: Study) -> ExposureCheck | CannotTell:
    """Check that alerts reached customers of every showing arm alike, and count the holdout's exposed."""
    if study.refusal is not None:
        return study.refusal
    if len(study.showing) < len(("a", "b")):
        return CannotTell("one_arm", "only one arm shows anything, so there is nothing to be unlike")
    by_arm, shown = study.by_arm("seen"), study.by_arm("is_shown")
    weights = {arm: study.declared.shares[arm] for arm in study.showing}
    exposed = {arm: Proportion(by_arm[arm].n, int(by_arm[arm].total("seen"))) for arm in weights}
    held = Proportion(shown[HOLDOUT].n, int(shown[HOLDOUT].total("is_shown")))
    return check_exposure(exposed, weights, holdout=held)


def population_of(admitted: Admitted, outcomes: Outcomes) -> Population:
    """Count customers by arm, those still waiting and those whose later windows have closed included."""
    study = admitted.study
    people = {one.arm: one for one in admitted.people}
    ready = {name: study.by_arm(name) for name in ("is_shown", "not_sent_late", "is_loss")}
    arms = tuple(
        ArmCount(
            arm=arm,
            declared_share=study.declared.shares.get(arm),
            customers=people[arm].customers if arm in people else 0,
            entered=people[arm].entered if arm in people else 0,
            waiting=people[arm].customers - people[arm].entered if arm in people else 0,
            late=ready["not_sent_late"][arm].n,
            labelled=ready["is_loss"][arm].n,
            shown=int(ready["is_shown"][arm].total("is_shown")),
        )
        for arm in study.arms
    )
    outside = descriptions.outside(outcomes, study.declared.experiment)
    return Population(
        arms=arms,
        not_eligible=outside.not_eligible,
        held_out_of_all=outside.held_out_of_all,
        first_trigger_at=min((one.first_at for one in admitted.versions), default=None),
        last_trigger_at=max((one.last_at for one in admitted.versions), default=None),
    )
