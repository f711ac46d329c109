"""One experiment being analysed: where its numbers come from, what was declared, and what may not be compared at all.

Invariants: numbers leave this module as sufficient statistics by arm; ``refusal`` is decided before any comparison is
made and holds for all of them; an arm without customers has a record of nothing, so that it is shown and not forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from thinktwice.experiments.assignment import HOLDOUT
from thinktwice.measurement.analysis.records import Declared
from thinktwice.measurement.estimators.answers import CannotTell
from thinktwice.outcomes.measures import MEASURES, MONEY
from thinktwice.outcomes.rules import OutcomeRules
from thinktwice.outcomes.statistics import ArmStatistics
from thinktwice.records.preregistration import Preregistration

ALPHA = 0.05
"""Chance that a statement about the primary outcome is wrong, over all looks together."""

TUNED_TO = 20_000
"""Where intervals on means are tightest when no size was planned; any other value is as valid, only wider there."""

ALL = "all"
"""Every showing arm together."""

Numbers = Callable[[Sequence[str], Sequence[str]], tuple[ArmStatistics, ...]]
"""Sufficient statistics of measures, by groups, of this experiment; ``outcomes.statistics`` behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What every part of an analysis needs.

    ``arms`` are the declared ones and any that customers were found in, the holdout first.
    ``refusal`` blocks every comparison, ``amounts_refusal`` those of money, ``unreported`` those measures for which
    the operator has never reported anything.
    """

    declared: Declared
    arms: tuple[str, ...]
    plan: Preregistration
    rules: OutcomeRules
    numbers: Numbers
    refusal: CannotTell | None = None
    amounts_refusal: CannotTell | None = None
    unreported: Mapping[str, CannotTell] = field(default_factory=dict)

    @property
    def showing(self) -> tuple[str, ...]:
        """The arms that show something."""
        return tuple(arm for arm in self.arms if arm != HOLDOUT)

    def share(self, arm: str) -> float:
        """Return the chance that a customer of the holdout and ``arm`` (or all showing arms) is not in the holdout."""
        shares = self.declared.shares
        shown = sum(shares.get(one, 0.0) for one in self.showing) if arm == ALL else shares[arm]
        return shown / (shown + shares.get(HOLDOUT, 0.0))

    def refuses(self, measure: str) -> CannotTell | None:
        """Return why nothing may be compared on this measure, or None."""
        is_money = MEASURES[measure].unit == MONEY
        return self.refusal or self.unreported.get(measure) or (self.amounts_refusal if is_money else None)

    def by_arm(self, *measures: str) -> dict[str, ArmStatistics]:
        """Return the statistics of every arm, and of all showing arms together as ``all``."""
        return together(self.numbers(measures, ()), self.arms, measures, self.declared.experiment)


def together(
    found: Sequence[ArmStatistics], arms: Sequence[str], measures: Sequence[str], experiment: str
) -> dict[str, ArmStatistics]:
    """Return records by arm, adding up those of one arm; ``all`` is the sum of every arm but the holdout."""
    by_arm = {arm: nothing(experiment, arm, measures) for arm in arms}
    whole = nothing(experiment, ALL, measures)
    for one in found:
        if one.arm in by_arm:
            by_arm[one.arm] += one
            if one.arm != HOLDOUT:
                whole += renamed(one)
    return {**by_arm, ALL: whole}


def renamed(one: ArmStatistics) -> ArmStatistics:
    """Return the same statistics as part of all showing arms."""
    return ArmStatistics(
        experiment=one.experiment, arm=ALL, group=(), measures=one.measures, n=one.n, left_out=one.left_out,
        sums=one.sums, products=one.products,
    )  # fmt: skip


def nothing(experiment: str, arm: str, measures: Sequence[str]) -> ArmStatistics:
    """Return the statistics of nobody."""
    zeros = (Decimal(0),) * len(measures)
    return ArmStatistics(
        experiment=experiment, arm=arm, group=(), measures=tuple(measures), n=0, left_out=0,
        sums=zeros, products=(zeros,) * len(measures),
    )  # fmt: skip
