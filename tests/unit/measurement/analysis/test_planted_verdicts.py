"""Verdicts read at every weekly look, over many worlds: false words are rare, true effects are found.

Monte-Carlo errors are printed beside each rate. Many worlds are judged at once by the rule that ``judge`` applies (has
a bet against "no effect", or against a margin, paid enough); some of them by ``judge`` itself, and both must agree.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.campaign_world import PLAN, CampaignWorld
from tests.support.planted_truth import monte_carlo_error
from thinktwice.measurement.analysis.campaign import loss_of
from thinktwice.measurement.analysis.comparing import baseline_of, compare
from thinktwice.measurement.analysis.guarding import COMPARED, EACH, check_guardrails
from thinktwice.measurement.analysis.judging import Findings, judge
from thinktwice.measurement.analysis.plan import check_plan, rules_of
from thinktwice.measurement.analysis.study import ALPHA, Study
from thinktwice.measurement.estimators.betting import Design, Direction, log_wealth
from thinktwice.measurement.estimators.sufficient import Moments
from thinktwice.outcomes.statistics import ArmStatistics

LOOKS = 8
WEEKLY = 800
DECLARED = CampaignWorld(holdout=Decimal("0.2"), weights={"a": 1}).declared()
NOBODY = Moments(0, (0.0, 0.0), ((0.0, 0.0), (0.0, 0.0)))

Rates = Mapping[str, tuple[float, float]]
NULL: Rates = {
    "not_sent": (0.05, 0.05), "kept": (0.04, 0.04), "displaced": (0.01, 0.01), "is_loss": (0.02, 0.02),
    "genuine_not_sent": (0.01, 0.01), "complained": (0.004, 0.004), "contacted": (0.01, 0.01), "slow": (0.02, 0.02),
}  # fmt: skip
HELP: Rates = {**NULL, "not_sent": (0.05, 0.10), "kept": (0.04, 0.09), "is_loss": (0.02, 0.01)}
WRONG_LABEL: Rates = {**NULL, "is_loss": (0.02, 0.05)}
"""No effect, but the label counted is one that the alert multiplies: what declaring such a source would do."""

HARM: Rates = {**NULL, "genuine_not_sent": (0.01, 0.13), "not_sent": (0.05, 0.16), "kept": (0.04, 0.15)}


class Worlds:
    """Many worlds looked at week after week: yes-or-no measures only, drawn independently of each other."""

    def __init__(self, rates: Rates, runs: int, seed: int) -> None:
        random = np.random.default_rng(seed)
        self.rates, shape = rates, (runs, LOOKS)
        treated = random.binomial(WEEKLY, DECLARED.shares["a"], shape)
        arms = {"holdout": WEEKLY - treated, "a": treated}
        self.people = {arm: weekly.cumsum(axis=1) for arm, weekly in arms.items()}
        self.counts = {
            name: {arm: random.binomial(arms[arm], pair[arm == "a"]).cumsum(axis=1) for arm in arms}
            for name, pair in rates.items()
        }

    def words(self) -> dict[str, NDArray[np.bool_]]:
        """Return, by run, whether each verdict is said at any look."""
        study = self.study(0, 0)
        is_up = self._refuted(study, "not_sent", 0.0, "greater", ALPHA)
        is_down = self._refuted(study, "not_sent", 0.0, "less", ALPHA)
        is_broken = np.zeros_like(is_up)
        for name in COMPARED:
            margin = 0.0 if name == "is_loss" else float(PLAN.margins[name])
            is_broken |= self._refuted(study, name, margin, "greater", EACH)
        kept = {arm: self.counts["kept"][arm] / self.people[arm] for arm in self.people}
        is_help = is_up & ~is_broken & (kept["a"] > kept["holdout"])
        return {"helps": is_help.any(axis=1), "harms": (is_broken | is_down).any(axis=1)}

    def _refuted(
        self, study: Study, measure: str, difference: float, side: Direction, alpha: float
    ) -> NDArray[np.bool_]:
        yes = {arm: self.counts[measure][arm] for arm in self.people}
        cells = [count for arm in ("a", "holdout") for count in (yes[arm], self.people[arm] - yes[arm])]
        design = Design(study.share("a"), baseline_of(study, measure))
        return log_wealth(np.stack(cells, axis=-1), difference, design, side) >= math.log(2 / alpha)

    def study(self, run: int, look: int) -> Study:
        """Return what an analysis would see of one world at one look."""

        def record(measures: Sequence[str], arm: str) -> ArmStatistics:
            found = [int(self.counts[name][arm][run, look]) if name in self.counts else 0 for name in measures]
            totals = tuple(map(Decimal, found))
            products = tuple(tuple(min(one, two) for two in totals) for one in totals)
            return ArmStatistics(
                experiment="e", arm=arm, group=(), measures=tuple(measures), n=int(self.people[arm][run, look]),
                left_out=0, sums=totals, products=products,
            )  # fmt: skip

        def numbers(measures: Sequence[str], _: Sequence[str]) -> tuple[ArmStatistics, ...]:
            return tuple(record(measures, arm) for arm in self.people)

        rules = rules_of(PLAN, "USD")
        return Study(declared=DECLARED, arms=tuple(DECLARED.shares), plan=PLAN, rules=rules, numbers=numbers)


def judged(study: Study) -> str:
    """Return the verdict as an analysis makes it."""
    findings = Findings(
        headline=compare(study, "not_sent"),
        secondary=(compare(study, "kept"), compare(study, "displaced")),
        loss=loss_of(study),
        guardrails=check_guardrails(study, NOBODY),
        reports=(),
        plan=check_plan(DECLARED, (), CampaignWorld().until),
    )
    return judge(study, findings).standing


def _share(said: NDArray[np.bool_], what: str) -> float:
    share, runs = float(said.mean()), len(said)
    print(f"{what}: {share:.2%} of {runs} runs, Monte-Carlo error {monte_carlo_error(share, runs):.2%}")
    return share


RUNS = pytest.mark.parametrize("runs", [400, pytest.param(4000, marks=pytest.mark.prove)])


@RUNS
def test_without_an_effect_a_verdict_is_rare_at_any_look(runs: int) -> None:
    """With nothing planted, "helps" is said at any of eight looks in at most 2.5 % of runs, "harms" in at most 5 %."""
    words = Worlds(NULL, runs, seed=11).words()
    assert _share(words["helps"], "help said where there is none") <= 0.025 + 3 * monte_carlo_error(0.025, runs)
    assert _share(words["harms"], "harm said where there is none") <= 0.05 + 3 * monte_carlo_error(0.05, runs)


@RUNS
def test_planted_help_and_harm_are_found(runs: int) -> None:
    """A planted effect of five points is found by the last look in 80 % of runs, harm to genuine customers, too."""
    help_, harm = Worlds(HELP, runs, seed=12).words(), Worlds(HARM, runs, seed=13).words()
    assert _share(help_["helps"], "help found") > 0.8
    assert _share(harm["harms"], "harm found") > 0.8
    assert _share(help_["harms"], "harm said where there is help") <= 0.05 + 3 * monte_carlo_error(0.05, runs)


@RUNS
def test_a_label_that_the_alert_makes_would_show_harm_and_an_independent_one_shows_none(runs: int) -> None:
    """Without an effect, reports that the alert multiplies read as more loss; independent labels do not."""
    wrong, right = (Worlds(rates, runs, seed=14).words()["harms"] for rates in (WRONG_LABEL, NULL))
    assert _share(wrong, "harm read off a label that the alert makes") > 0.5
    assert _share(right, "harm read off the independent label") <= 0.05 + 3 * monte_carlo_error(0.05, runs)


@pytest.mark.parametrize("rates", [NULL, HELP, HARM], ids=["nothing", "help", "harm"])
def test_many_worlds_are_judged_by_the_rule_of_the_verdict(rates: Rates) -> None:
    """What the many worlds are counted by and what an analysis says agree at every look."""
    for run in range(2):
        worlds = Worlds(rates, 1, seed=20 + run)
        said = {judged(worlds.study(0, look)) for look in range(LOOKS)}
        for word, was_said in worlds.words().items():
            assert bool(was_said[0]) == (word in said)
