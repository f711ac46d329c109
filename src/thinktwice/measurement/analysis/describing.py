"""What describes without comparing: the funnel of the treated, the pilot's own number, groups, weeks, interruption.

Invariants: nothing here has a lift; a cell below the minimum holds no counts, and neither does the group's size; what
browsers claim is counted for showing arms only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from scipy import stats

from thinktwice.experiments.assignment import HOLDOUT
from thinktwice.measurement.analysis.comparing import level, proportion_of, share_level
from thinktwice.measurement.analysis.records import (
    Funnel,
    FunnelStep,
    Group,
    GroupLevel,
    Habit,
    Interruption,
    Level,
    PilotNumber,
    Said,
)
from thinktwice.measurement.analysis.study import ALL, ALPHA, Study, together
from thinktwice.measurement.estimators.answers import Answer, CannotTell
from thinktwice.measurement.estimators.arms import mean_of_ratio
from thinktwice.measurement.estimators.fixed import proportion_difference
from thinktwice.measurement.estimators.sufficient import Moments, Proportion
from thinktwice.outcomes.descriptions import InterruptionSums, TriggerCount
from thinktwice.outcomes.measures import MEASURES
from thinktwice.outcomes.statistics import ArmStatistics

MINIMUM_CELL: Final = 10
"""Fewest customers of whom anything is said, zero included."""

STEPS: Final = ("is_shown", "delivered", "seen", "reviewed", "reconsidered", "not_sent", "reduced", "redirected",
                "displaced")  # fmt: skip
"""The funnel, in order."""

GROUP_MEASURES: Final = ("not_sent", "kept", "seen", "reviewed", "reconsidered")
HABIT_MEASURES: Final = ("not_sent", "kept", "seen", "reviewed")
MOST_EARLIER: Final = 3
"""Triggers after this many earlier ones are counted together."""


def funnel(study: Study) -> Funnel:
    """Return how many customers of each showing arm reached each step, of those whose window has closed."""
    found = []
    for step in STEPS:
        by_arm = study.by_arm(step)
        found += [
            FunnelStep(arm=arm, step=step, customers=int(by_arm[arm].total(step)), of=by_arm[arm].n)
            for arm in (*study.showing, ALL)
        ]
    return Funnel(steps=tuple(found))


def pilot_number(study: Study) -> PilotNumber:
    """Return the share that the first campaign counted, among customers whom an alert reached."""
    one = study.by_arm("exposed", "reviewed", "reconsidered", "reviewed_or_reconsidered")[ALL]
    exposed, either = int(one.total("exposed")), int(one.total("reviewed_or_reconsidered"))
    found = share_level(ALL, exposed, either)
    unwarned = study.by_arm("changed_course")[HOLDOUT]
    anyway = proportion_of(unwarned, "changed_course").rate if unwarned.n else None
    return PilotNumber(
        exposed=exposed,
        reviewed=int(one.total("reviewed")),
        reconsidered=int(one.total("reconsidered")),
        either=either,
        share=found.mean,
        low=found.low,
        high=found.high,
        without_alert=anyway,
        why=_why(found.mean, anyway),
    )


_WHY: Final = (
    Said("pilot_no_control", "it has no control group: it counts what warned customers did, not what the warning did"),
    Said("pilot_blend", "it blends opening an example or a check with not sending; only the second keeps money"),
    Said("pilot_exposed", "it counts exposed customers only; the headline counts everybody by assignment, seen or not"),
)


def _why(share: float | None, anyway: float | None) -> tuple[Said, ...]:
    if share is None or anyway is None:
        return _WHY
    text = f"of customers whom nobody warned, {anyway:.1%} did not send, sent less or redirected as well"
    return (Said("pilot_anyway", text, {"share": round(anyway, 6)}), *_WHY)


def groups(study: Study, dimensions: Sequence[str]) -> tuple[Group, ...]:
    """Return levels by group; arms and groups below the minimum cell are named without counts."""
    found = []
    for dimension in dimensions:
        numbers = {name: study.numbers((name,), (dimension,)) for name in GROUP_MEASURES}
        values = sorted({one.group[0] for rows in numbers.values() for one in rows}, key=lambda v: (v is None, str(v)))
        found += [_group(study, dimension, value, numbers) for value in values]
    return tuple(found)


def _group(study: Study, dimension: str, value: object, numbers: dict[str, tuple[ArmStatistics, ...]]) -> Group:
    levels = []
    customers = 0
    for name in GROUP_MEASURES:
        mine = [one for one in numbers[name] if one.group[0] == value]
        by_arm = together(mine, study.arms, (name,), study.declared.experiment)
        if name == GROUP_MEASURES[0]:
            customers = sum(by_arm[arm].n for arm in study.arms)
        levels += [GroupLevel(arm=arm, measure=name, level=_cell(by_arm[arm], name)) for arm in _told(study, name)]
    return Group(
        dimension=dimension,
        value=None if value is None else str(value),
        customers=customers if customers >= MINIMUM_CELL else None,
        levels=tuple(levels),
    )


def _told(study: Study, measure: str) -> tuple[str, ...]:
    """Return the arms of which a measure is told: what describes the treated is not told of the holdout."""
    return study.showing if MEASURES[measure].is_treated_only else study.arms


def _cell(one: ArmStatistics, measure: str) -> Level | None:
    return level(one.arm, one, measure, is_share=True) if one.n >= MINIMUM_CELL else None


def habit_by_week(study: Study) -> tuple[Habit, ...]:
    """Return rates by the week (from Monday, UTC) in which customers entered."""
    numbers = {name: study.numbers((name,), ("entered_on",)) for name in HABIT_MEASURES}
    weeks = sorted({_monday(one.group[0]) for rows in numbers.values() for one in rows})
    return tuple(_week(study, week, numbers) for week in weeks)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week(study: Study, week: date, numbers: dict[str, tuple[ArmStatistics, ...]]) -> Habit:
    by_measure = {
        name: together(
            [one for one in found if _monday(one.group[0]) == week], study.arms, (name,), study.declared.experiment
        )
        for name, found in numbers.items()
    }
    levels = tuple(
        GroupLevel(arm=arm, measure=name, level=_cell(by_arm[arm], name))
        for name, by_arm in by_measure.items()
        for arm in _told(study, name)
    )
    unsent = by_measure["not_sent"]
    difference = fixed_difference(
        study, proportion_of(unsent[HOLDOUT], "not_sent"), proportion_of(unsent[ALL], "not_sent")
    )
    return Habit(kind="week", since=week, alerts=None, levels=levels, difference=difference)


def habit_by_alerts(study: Study, counts: Sequence[TriggerCount]) -> tuple[Habit, ...]:
    """Return rates after a customer's first, second, … trigger; the difference describes, since who returns is chosen.

    Every customer has at most one first, one second and one third trigger, so customers are the unit here, too, until
    the last line, where later triggers are counted together.
    """
    return tuple(
        _after(study, nth, {one.arm: one for one in counts if one.nth == nth})
        for nth in sorted({one.nth for one in counts})
    )


def _after(study: Study, nth: int, by_arm: dict[str, TriggerCount]) -> Habit:
    levels = []
    for arm in study.arms:
        one = by_arm.get(arm, TriggerCount(arm=arm, nth=nth, triggers=0, not_sent=0, seen=0, reviewed=0))
        counts = {"not_sent": one.not_sent}
        if arm != HOLDOUT:
            counts |= {"seen": one.seen, "reviewed": one.reviewed}
        for measure, count in counts.items():
            told = share_level(arm, one.triggers, count) if one.triggers >= MINIMUM_CELL else None
            levels.append(GroupLevel(arm=arm, measure=measure, level=told))
    shown = [by_arm[arm] for arm in study.showing if arm in by_arm]
    treated = Proportion(sum(one.triggers for one in shown), sum(one.not_sent for one in shown))
    held = by_arm.get(HOLDOUT)
    control = Proportion(held.triggers, held.not_sent) if held else Proportion(0, 0)
    difference = fixed_difference(study, control, treated)
    return Habit(kind="alerts_before", since=None, alerts=nth - 1, levels=tuple(levels), difference=difference)


def fixed_difference(study: Study, control: Proportion, treatment: Proportion) -> Answer:
    """Return a difference of shares at one look, unless nothing may be compared or a cell is below the minimum."""
    if study.refusal is not None:
        return study.refusal
    if min(control.n, treatment.n) < MINIMUM_CELL:
        return CannotTell("too_few", f"fewer than {MINIMUM_CELL} in an arm")
    return proportion_difference(control, treatment)


def interruptions(
    study: Study, sums: Mapping[str | None, Sequence[InterruptionSums]], dimensions: Sequence[str]
) -> tuple[Interruption, ...]:
    """Return interruption and false alarms by group; ``sums`` are by dimension, None for everybody.

    False alarms are read in the holdout: where an alert works, a scam that it prevented leaves no label and would look
    like one. Scams that nobody reports count as false alarms, so the share is an upper bound.
    """
    found = []
    for dimension in (None, *dimensions):
        alarms = _alarms(study, dimension)
        found += [_interruption(dimension, one, alarms.get(one.value)) for one in sums.get(dimension, ())]
    return tuple(found)


def _alarms(study: Study, dimension: str | None) -> dict[str | None, ArmStatistics]:
    found = study.numbers(("false_alarm",), (dimension,) if dimension else ())
    return {(one.group[0] if dimension else None): one for one in found if one.arm == HOLDOUT}


def _interruption(dimension: str | None, one: InterruptionSums, alarms: ArmStatistics | None) -> Interruption:
    is_told = one.n >= MINIMUM_CELL
    return Interruption(
        dimension=dimension or ALL,
        value=one.value,
        customers=one.n if is_told else None,
        withdrawals=int(one.sums[1]) if is_told else None,
        interrupted=_interrupted(one) if is_told else None,
        false_alarms=_cell(alarms, "false_alarm") if alarms else None,
    )


def _interrupted(one: InterruptionSums) -> Level | None:
    """Return interrupted withdrawals over all withdrawals, with an interval by customers (delta method)."""
    arm = mean_of_ratio(moments_of_interruption(one))
    if isinstance(arm, CannotTell):
        return None
    width = float(stats.norm.isf(ALPHA / 2)) * math.sqrt(arm.squared_error)
    low, high = max(0.0, arm.mean - width), min(1.0, arm.mean + width)
    return Level(arm=ALL, n=one.n, left_out=0, total=one.sums[0], mean=arm.mean, low=low, high=high)


def moments_of_interruption(one: InterruptionSums) -> Moments:
    """Return sums and products of (interrupted, all) withdrawals a customer."""
    products = tuple(tuple(float(cell) for cell in row) for row in one.products)
    return Moments(one.n, tuple(float(total) for total in one.sums), products)
