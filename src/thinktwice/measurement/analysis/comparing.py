"""From sufficient statistics to comparisons: which estimator answers for which kind of measure.

Invariants: a measure that describes the treated is never compared; a comparison that may not be made holds the same
reason on every scale; yes-or-no measures get exact sequences, amounts winsorised asymptotic ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Final

from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from thinktwice.experiments.assignment import HOLDOUT
from thinktwice.measurement.analysis.records import Comparison, Level
from thinktwice.measurement.analysis.study import ALL, ALPHA, TUNED_TO, Study
from thinktwice.measurement.estimators.answers import Answer, CannotTell
from thinktwice.measurement.estimators.arms import adjust_means, mean_of_sample
from thinktwice.measurement.estimators.asymptotic import amount_sequence, mean_sequence
from thinktwice.measurement.estimators.betting import Design, difference_sequence, lift_sequence
from thinktwice.measurement.estimators.fixed import proportion_difference, proportion_lift, welch
from thinktwice.measurement.estimators.sufficient import Moments, Proportion, Sample, Winsorised
from thinktwice.outcomes.measures import MEASURES, MONEY, Measure
from thinktwice.outcomes.statistics import ArmStatistics

SCALES: Final = ("difference", "lift", "fixed_difference", "fixed_lift")
RARELY: Final = frozenset({"is_loss", "genuine_not_sent", "complained", "contacted"})
RARE: Final = 0.01
"""Where exact sequences are centred for what few customers have; another centre is as valid, only wider."""

_TWO: Final = 2
_NOT_YET: Final = CannotTell("not_yet", "no customer's window has closed yet")


def proportion_of(one: ArmStatistics, measure: str) -> Proportion:
    """Return customers and how many of them had the outcome."""
    return Proportion(one.n, int(one.total(measure)))


def sample_of(one: ArmStatistics, measure: str) -> Sample:
    """Return customers, sum and sum of squares of one number."""
    place = one.measures.index(measure)
    return Sample(one.n, float(one.sums[place]), float(one.products[place][place]))


def moments_of(one: ArmStatistics) -> Moments:
    """Return customers, sums and cross-products of all numbers of one record."""
    products = tuple(tuple(float(cell) for cell in row) for row in one.products)
    return Moments(one.n, tuple(float(total) for total in one.sums), products)


def level_of(one: ArmStatistics, measure: str) -> Level:
    """Return one arm's level with its own interval at one look: Wilson for shares, Student's t for means."""
    return level(one.arm, one, measure, is_share=MEASURES[measure].is_share)


def level(arm: str, one: ArmStatistics, measure: str, *, is_share: bool) -> Level:
    """Return a level under the name of an arm."""
    total = one.total(measure)
    bare = Level(arm=arm, n=one.n, left_out=one.left_out, total=total, mean=None, low=None, high=None)
    if not one.n:
        return bare
    mean = float(total) / one.n
    if is_share:
        return share_level(arm, one.n, int(total), left_out=one.left_out)
    if one.n < _TWO:
        return replace(bare, mean=mean)
    width = float(stats.t.ppf(1 - ALPHA / 2, one.n - 1)) * math.sqrt(sample_of(one, measure).variance / one.n)
    return replace(bare, mean=mean, low=mean - width, high=mean + width)


def share_level(arm: str, n: int, count: int, *, left_out: int = 0) -> Level:
    """Return a share with Wilson's interval; of nobody it has none."""
    low, high = proportion_confint(count, n, alpha=ALPHA, method="wilson") if n else (None, None)
    ends = {"low": None if low is None else float(low), "high": None if high is None else float(high)}
    return Level(arm=arm, n=n, left_out=left_out, total=Decimal(count), mean=count / n if n else None, **ends)


def compare(study: Study, measure: str, arm: str = ALL, alpha: float = ALPHA) -> Comparison:
    """Compare one measure between ``arm`` and the holdout; asks for its numbers."""
    return compare_arms_of(study, study.by_arm(measure), measure, arm, alpha)


def compare_arms_of(
    study: Study, by_arm: Mapping[str, ArmStatistics], measure: str, arm: str = ALL, alpha: float = ALPHA
) -> Comparison:
    """Compare one measure between ``arm`` and the holdout, from statistics by arm.

    Raises:
        ValueError: the measure describes the treated, so there is nothing to compare it with.
    """
    declared = MEASURES[measure]
    if declared.is_treated_only:
        raise ValueError(f"{measure} describes the treated; a comparison of it would be no effect of anything")
    control, treatment = by_arm[HOLDOUT], by_arm[arm]
    answers = _answers(study, declared, (control, treatment), arm, alpha)
    return Comparison(
        measure=measure,
        meaning=declared.meaning,
        unit=declared.unit,
        is_share=declared.is_share,
        arm=arm,
        control=level_of(control, measure),
        treatment=level_of(treatment, measure),
        difference=answers["difference"],
        lift=answers["lift"],
        fixed_difference=answers["fixed_difference"],
        fixed_lift=answers["fixed_lift"],
    )


def _answers(
    study: Study, measure: Measure, arms: tuple[ArmStatistics, ArmStatistics], arm: str, alpha: float
) -> dict[str, Answer]:
    refusal = study.refuses(measure.name)
    if refusal is None and not (arms[0].n or arms[1].n):
        refusal = _NOT_YET
    if refusal is not None:
        return dict.fromkeys(SCALES, refusal)
    if measure.is_share:
        return _share_answers(study, measure.name, arms, arm, alpha)
    return _mean_answers(study, measure, arms, alpha)


def _share_answers(
    study: Study, measure: str, arms: tuple[ArmStatistics, ArmStatistics], arm: str, alpha: float
) -> dict[str, Answer]:
    control, treatment = (proportion_of(one, measure) for one in arms)
    design = Design(study.share(arm), baseline_of(study, measure), tuned_to=study.plan.customers)
    return {
        "difference": difference_sequence(control, treatment, design, alpha=alpha),
        "lift": lift_sequence(control, treatment, design, alpha=alpha),
        "fixed_difference": proportion_difference(control, treatment, alpha=alpha),
        "fixed_lift": proportion_lift(control, treatment, alpha=alpha),
    }


def baseline_of(study: Study, measure: str) -> float | None:
    """Return the share expected without an alert, where it was known before: declared, or rare by its nature."""
    if measure == study.plan.primary and study.plan.baseline is not None:
        return float(study.plan.baseline)
    return RARE if measure in RARELY else None


def _mean_answers(
    study: Study, measure: Measure, arms: tuple[ArmStatistics, ArmStatistics], alpha: float
) -> dict[str, Answer]:
    control, treatment = (sample_of(one, measure.name) for one in arms)
    plain = mean_of_sample(control), mean_of_sample(treatment)
    if isinstance(plain[0], CannotTell):
        return dict.fromkeys(SCALES, plain[0])
    if isinstance(plain[1], CannotTell):
        return dict.fromkeys(SCALES, plain[1])
    sequence = partial(mean_sequence, plain[0], plain[1], tuned_to=study.plan.customers or TUNED_TO, alpha=alpha)
    if measure.unit == MONEY:
        limit, tuned_to = float(study.rules.winsorised_at), study.plan.customers or TUNED_TO
        cut = Winsorised(limit, control), Winsorised(limit, treatment)
        sequence = partial(amount_sequence, cut[0], cut[1], tuned_to=tuned_to, alpha=alpha)
    return {
        "difference": sequence(scale="difference"),
        "lift": sequence(scale="lift"),
        "fixed_difference": welch(plain[0], plain[1], alpha=alpha),
        "fixed_lift": welch(plain[0], plain[1], scale="lift", alpha=alpha),
    }


def adjusted_difference(study: Study, measure: str, before: str, alpha: float = ALPHA) -> Answer:
    """Compare means of ``measure`` with what ``before`` already explained taken out (CUPED), valid at every look.

    ``before`` is from before the customer's first trigger, so the alert cannot have changed it.
    """
    refusal = study.refuses(measure) or study.refuses(before)
    if refusal is not None:
        return refusal
    by_arm = study.by_arm(measure, before)
    pair = adjust_means(moments_of(by_arm[HOLDOUT]), moments_of(by_arm[ALL]))
    if isinstance(pair, CannotTell):
        return pair
    return mean_sequence(pair.control, pair.treatment, tuned_to=study.plan.customers or TUNED_TO, alpha=alpha)


def scaled(answer: Answer, factor: float) -> Answer:
    """Return the answer for ``factor`` times the effect (a negative one swaps the ends)."""
    if isinstance(answer, CannotTell):
        return answer
    low, high = sorted((answer.low * factor, answer.high * factor))
    error = None if answer.standard_error is None else answer.standard_error * abs(factor)
    return replace(answer, value=answer.value * factor, low=low, high=high, standard_error=error)
