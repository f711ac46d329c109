"""The intervals keep their promises in worlds whose truth is known; Monte-Carlo errors are printed beside each rate."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.support.planted_truth import AmountWorld, Floats, ShareWorld, monte_carlo_error, peeked_p_values
from thinktwice.measurement.estimators.answers import Answer, CannotTell, Estimate
from thinktwice.measurement.estimators.arms import ArmMean, adjust_means, mean_of_ratio, mean_of_sample
from thinktwice.measurement.estimators.asymptotic import BurnIn, amount_sequence
from thinktwice.measurement.estimators.betting import Design, difference_sequence, log_lift_wealth, log_wealth
from thinktwice.measurement.estimators.fixed import proportion_difference, proportion_lift, welch
from thinktwice.measurement.estimators.split import check_split
from thinktwice.measurement.estimators.sufficient import Moments, Proportion, Sample, Winsorised

NULL = {"share": 0.5, "control_rate": 0.2, "treatment_rate": 0.2}
HOLDOUT = {"share": 0.9, "control_rate": 0.12, "treatment_rate": 0.17}
RARE = {"share": 0.9, "control_rate": 0.004, "treatment_rate": 0.002}

RUNS = pytest.mark.parametrize("runs", [400, pytest.param(4000, marks=pytest.mark.prove)])
WORLDS = pytest.mark.parametrize("world", [NULL, HOLDOUT, RARE], ids=["no effect", "holdout 10 %", "rare losses"])


def _covers(answer: Answer, truth: float) -> bool:
    assert isinstance(answer, Estimate), answer
    return answer.low <= truth <= answer.high


def _shares(cell: Floats) -> tuple[Proportion, Proportion]:
    wins, losses, control_wins, control_losses = (int(count) for count in cell)
    return Proportion(control_wins + control_losses, control_wins), Proportion(wins + losses, wins)


def _say(what: str, rate: float, runs: int) -> float:
    error = monte_carlo_error(rate, runs)
    print(f"{what}: {rate:.2%} of {runs} runs, Monte-Carlo error {error:.2%}")
    return error


def _at_least(promise: float, rate: float, runs: int) -> bool:
    """Whether a rate could still be the promised one: not below it by three standard errors of that many runs."""
    return rate >= promise - 3 * monte_carlo_error(promise, runs)


@RUNS
@WORLDS
def test_fixed_horizon_intervals_cover_the_planted_difference_and_lift(runs: int, world: dict[str, float]) -> None:
    """At one planned look Newcombe, the score ratio and Welch cover the truth in 95 % of runs."""
    planted = ShareWorld(runs=runs, daily=300, seed=1, **world)
    last = [_shares(cell) for cell in planted.counts()[:, -1]]
    differences = sum(_covers(proportion_difference(*arms), planted.difference) for arms in last) / runs
    _say("Newcombe covers the difference", differences, runs)
    assert _at_least(0.95, differences, runs)
    assert differences <= 0.95 + 3 * monte_carlo_error(0.95, runs) + 0.02  # not by being idle: at most a little wide
    told = [answer for arms in last if isinstance(answer := proportion_lift(*arms), Estimate)]
    lifts = sum(_covers(answer, planted.lift) for answer in told) / len(told)
    _say("Miettinen and Nurminen cover the lift", lifts, len(told))
    assert _at_least(0.95, lifts, len(told))


@RUNS
@WORLDS
def test_betting_covers_the_planted_difference_at_all_sixty_looks(runs: int, world: dict[str, float]) -> None:
    """The exact sequence misses the truth at any of 60 daily looks in at most 5 % of runs, declared baseline or not."""
    planted = ShareWorld(runs=runs, daily=200, seed=2, **world)
    counts = planted.counts()
    designs = Design(planted.share, planted.control_rate), Design(planted.share), Design(planted.share, 0.3, 6000)
    for design in designs:
        best = np.maximum(
            log_wealth(counts, planted.difference, design, "greater"),
            log_wealth(counts, planted.difference, design, "less"),
        )
        missed = float((best >= math.log(2 / 0.05)).any(axis=1).mean())
        _say(f"{design} covers at every look", 1 - missed, runs)
        assert missed <= 0.05 + 3 * monte_carlo_error(0.05, runs)


@RUNS
@WORLDS
def test_the_lift_sequence_covers_the_planted_lift_at_all_sixty_looks(runs: int, world: dict[str, float]) -> None:
    """The beta-binomial sequence misses the planted lift at any of 60 daily looks in at most 5 % of runs."""
    planted = ShareWorld(runs=runs, daily=200, seed=3, **world)
    counts, design = planted.counts(), Design(planted.share)
    odds = planted.share * planted.treatment_rate
    truth = odds / (odds + (1 - planted.share) * planted.control_rate)
    wealth = log_lift_wealth(counts[..., 0], counts[..., 0] + counts[..., 2], truth, design)
    missed = float((wealth >= math.log(1 / 0.05)).any(axis=1).mean())
    _say("the lift sequence covers at every look", 1 - missed, runs)
    assert missed <= 0.05 + 3 * monte_carlo_error(0.05, runs)


@RUNS
def test_peeking_breaks_a_fixed_test_and_not_the_sequence(runs: int) -> None:
    """Without an effect, a fixed test read on 60 days cries wolf in more than 15 % of runs; betting in at most 5 %."""
    counts = ShareWorld(runs=runs, daily=200, seed=4, **NULL).counts()
    peeked = float((peeked_p_values(counts) < 0.05).any(axis=1).mean())
    once = float((peeked_p_values(counts)[:, -1] < 0.05).mean())
    design = Design(0.5, 0.2, tuned_to=6000)
    best = np.maximum(log_wealth(counts, 0.0, design, "greater"), log_wealth(counts, 0.0, design, "less"))
    sequence = float((best >= math.log(2 / 0.05)).any(axis=1).mean())
    _say("false positives of a fixed test looked at once", once, runs)
    _say("false positives of the same test peeked at on 60 days", peeked, runs)
    _say("false positives of the betting sequence on the same 60 days", sequence, runs)
    assert peeked > 0.15
    assert once <= 0.05 + 3 * monte_carlo_error(0.05, runs)
    assert sequence <= 0.05 + 3 * monte_carlo_error(0.05, runs)


def test_the_interval_is_the_set_of_differences_that_wealth_has_not_refuted() -> None:
    """What is simulated (wealth at the truth) and what is shown (the interval) are the same rule."""
    cells = ShareWorld(runs=12, daily=40, seed=5, **HOLDOUT).counts()[:, 19]
    design = Design(0.9, 0.12)
    for cell in cells:
        control, treatment = _shares(cell)
        answer = difference_sequence(control, treatment, design)
        assert isinstance(answer, Estimate)
        for difference in np.linspace(-0.9, 0.9, 37):
            best = max(
                float(log_wealth(cell, difference, design, "greater")),
                float(log_wealth(cell, difference, design, "less")),
            )
            assert (answer.low <= difference <= answer.high) == (best < math.log(2 / 0.05))


@pytest.mark.parametrize("runs", [200, pytest.param(2000, marks=pytest.mark.prove)])
def test_the_amount_sequence_covers_at_every_look_after_the_burn_in(runs: int) -> None:
    """With 2 % losers and lognormal losses cut at the limit, 60 looks miss a difference of 0 in at most 5 % of runs."""
    world = AmountWorld(runs=runs, daily=120, losers=0.02, scale=1.0, limit=10_000.0, seed=6)
    customers, totals, squares = world.sums()
    missed, told, silent = 0, 0, 0
    for run in range(runs):
        looks = []
        for day in range(0, 60, 1 if runs < 1000 else 2):
            arms = [
                Winsorised(world.limit, Sample(int(customers[day]), totals[run, day, arm], squares[run, day, arm]))
                for arm in (0, 1)
            ]
            looks.append(amount_sequence(arms[0], arms[1], tuned_to=10_000))
        estimates = [look for look in looks if isinstance(look, Estimate)]
        silent, told = silent + len(looks) - len(estimates), told + len(estimates)
        missed += any(not look.low <= 0 <= look.high for look in estimates)
    _say(f"the amount sequence covers ({told} looks told, {silent} before the burn-in)", 1 - missed / runs, runs)
    assert told > 0
    assert silent > 0
    assert missed / runs <= 0.05 + 3 * monte_carlo_error(0.05, runs)


def test_amounts_say_nothing_before_the_burn_in() -> None:
    """Too few customers, or enough customers with hardly any amounts, give a reason instead of an interval."""
    few = Winsorised(1000.0, Sample(900, 90_000.0, 20_000_000.0))
    rare = Winsorised(1000.0, Sample(50_000, 9_000.0, 9_000_000.0))
    for arm, words in ((few, "900 customers"), (rare, "weigh as much as 9.0")):
        answer = amount_sequence(arm, arm, tuned_to=10_000)
        assert isinstance(answer, CannotTell)
        assert answer.code == "burn_in"
        assert words in answer.reason
    assert isinstance(amount_sequence(few, few, tuned_to=10_000, burn_in=BurnIn(500)), Estimate)


def _paired(random: np.random.Generator, n: int, correlation: float, effect: float) -> Moments:
    before = random.normal(5.0, 2.0, n)
    noise = random.normal(0.0, 2.0, n)
    now = effect + correlation * before + math.sqrt(1 - correlation**2) * noise
    values = np.stack([now, before])
    products = values @ values.T
    off = float(products[0, 1])
    table = ((float(products[0, 0]), off), (off, float(products[1, 1])))
    return Moments(n, (float(now.sum()), float(before.sum())), table)


@pytest.mark.parametrize("runs", [300, pytest.param(3000, marks=pytest.mark.prove)])
@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.8])
def test_adjustment_gains_what_theory_says_and_keeps_the_effect(runs: int, correlation: float) -> None:
    """CUPED shrinks the variance of the difference by 1 - correlation squared, without bias and with 95 % coverage."""
    random, effect = np.random.default_rng(7), 0.3
    plain, adjusted, covered = [], [], 0
    for _ in range(runs):
        control, treatment = _paired(random, 400, correlation, 0.0), _paired(random, 400, correlation, effect)
        raw = [mean_of_sample(arm.sample(0)) for arm in (control, treatment)]
        pair = adjust_means(control, treatment)
        assert isinstance(raw[0], ArmMean)
        assert isinstance(raw[1], ArmMean)
        assert not isinstance(pair, CannotTell)
        answers = welch(raw[0], raw[1]), welch(pair.control, pair.treatment)
        assert isinstance(answers[0], Estimate)
        assert isinstance(answers[1], Estimate)
        plain.append(answers[0].value)
        adjusted.append(answers[1].value)
        covered += _covers(answers[1], effect)
    gain = float(np.var(adjusted) / np.var(plain))
    print(f"correlation {correlation}: variance left {gain:.3f}, theory {1 - correlation**2:.3f}")
    assert gain == pytest.approx(1 - correlation**2, abs=6 * math.sqrt(1 / runs) * (1 - correlation**2) + 0.01)
    assert np.mean(adjusted) == pytest.approx(effect, abs=4 * float(np.std(adjusted)) / math.sqrt(runs))
    assert _at_least(0.95, covered / runs, runs)


def _clustered(random: np.random.Generator, customers: int, rate: float) -> Moments:
    """Return withdrawals not sent and withdrawals, per customer: some customers do everything more often."""
    withdrawals = 1 + random.poisson(3.0, customers)
    own_rate = np.clip(random.beta(8 * rate, 8 * (1 - rate), customers), 0.0, 1.0)
    stopped = random.binomial(withdrawals, own_rate)
    values = np.stack([stopped, withdrawals]).astype(float)
    products = values @ values.T
    off = float(products[0, 1])
    table = ((float(products[0, 0]), off), (off, float(products[1, 1])))
    return Moments(customers, (float(stopped.sum()), float(withdrawals.sum())), table)


@pytest.mark.parametrize("runs", [400, pytest.param(4000, marks=pytest.mark.prove)])
def test_ratios_cover_only_when_the_customer_is_the_cluster(runs: int) -> None:
    """The delta method with customer clusters covers in 95 % of runs; counting withdrawals as units does not."""
    random = np.random.default_rng(8)
    clustered = naive = 0
    for _ in range(runs):
        control, treatment = _clustered(random, 500, 0.3), _clustered(random, 500, 0.3)
        arms = mean_of_ratio(control), mean_of_ratio(treatment)
        assert isinstance(arms[0], ArmMean)
        assert isinstance(arms[1], ArmMean)
        clustered += _covers(welch(arms[0], arms[1]), 0.0)
        shares = [Proportion(int(arm.sums[1]), int(arm.sums[0])) for arm in (control, treatment)]
        naive += _covers(proportion_difference(*shares), 0.0)
    _say("ratio with customer clusters covers", clustered / runs, runs)
    _say("ratio with withdrawals as units covers", naive / runs, runs)
    assert _at_least(0.95, clustered / runs, runs)
    assert naive / runs < 0.92


@pytest.mark.parametrize("runs", [500, pytest.param(5000, marks=pytest.mark.prove)])
def test_the_split_check_stays_quiet_for_a_right_split_and_catches_a_wrong_one(runs: int) -> None:
    """60 looks raise a false alarm in at most 0.1 % of runs; 50.5 : 49.5 among a million customers has p < 0.001."""
    random = np.random.default_rng(9)
    treated = random.binomial(500, 0.5, (runs, 60)).cumsum(axis=1)
    whole = 500 * np.arange(1, 61)
    alarms = sum(
        any(
            check_split({"a": int(a), "b": int(n - a)}, {"a": 1, "b": 1}).is_mismatch
            for a, n in zip(run, whole, strict=True)
        )
        for run in treated
    )
    _say("false alarms of the split check", alarms / runs, runs)
    assert alarms / runs <= 0.001 + 3 * monte_carlo_error(0.001, runs)
    caught = check_split({"a": 505_000, "b": 495_000}, {"a": 1, "b": 1})
    print(f"50.5 : 49.5 of a million: p {caught.p_value:.2g}")
    assert caught.p_value < 0.001
    assert caught.is_mismatch
