"""gbstats, in a virtual environment of its own because it needs older numpy and pandas, gives the same figures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from thinktwice.measurement.estimators.answers import Answer, CannotTell, Estimate, Scale
from thinktwice.measurement.estimators.arms import ArmMean, adjust_means, mean_of_ratio, mean_of_sample
from thinktwice.measurement.estimators.asymptotic import mean_sequence
from thinktwice.measurement.estimators.fixed import welch
from thinktwice.measurement.estimators.split import fixed_split_p_value
from thinktwice.measurement.estimators.sufficient import Moments

TUNED_TO = 5000

THEIRS = """
import json, sys, warnings
warnings.simplefilter("ignore")
from gbstats.frequentist.tests import FrequentistConfig, SequentialConfig, SequentialTwoSidedTTest, TwoSidedTTest
from gbstats.models.statistics import RatioStatistic, RegressionAdjustedStatistic, SampleMeanStatistic
from gbstats.utils import check_srm

arms, slope = json.load(sys.stdin)
def sample(arm, place):
    return SampleMeanStatistic(n=arm["n"], sum=arm["sums"][place], sum_squares=arm["products"][place][place])
def adjusted(arm):
    return RegressionAdjustedStatistic(arm["n"], sample(arm, 0), sample(arm, 1), arm["products"][0][1], slope)
def ratio(arm):
    return RatioStatistic(arm["n"], sample(arm, 0), sample(arm, 1), arm["products"][0][1])
def told(test, config, make):
    result = test(make(arms[0]), make(arms[1]), config).compute_result()
    return [float(result.expected), *map(float, result.ci), float(result.p_value)]
kinds = {"mean": lambda arm: sample(arm, 0), "adjusted": adjusted, "ratio": ratio}
out = {"srm": check_srm([arm["n"] for arm in arms], [0.4, 0.6])}
for name, make in kinds.items():
    for scale, theirs in (("difference", "absolute"), ("lift", "relative")):
        out[f"{name} {scale}"] = told(TwoSidedTTest, FrequentistConfig(difference_type=theirs), make)
        config = SequentialConfig(difference_type=theirs, sequential_tuning_parameter=5000)
        out[f"{name} {scale} sequence"] = told(SequentialTwoSidedTTest, config, make)
json.dump(out, sys.stdout)
"""


def _moments(seed: int, customers: int, effect: float) -> Moments:
    random = np.random.default_rng(seed)
    before = 1.0 + random.gamma(3.0, 1.0, customers)
    now = 0.4 * before + random.gamma(2.0, 1.0 + effect, customers)
    off = float(now @ before)
    return Moments(
        customers,
        (float(now.sum()), float(before.sum())),
        ((float(now @ now), off), (off, float(before @ before))),
    )


def _ask(folder: Path, question: object) -> dict[str, list[float]]:
    environment = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    python = str(environment / "bin" / "python")
    install = subprocess.run(
        [python, "-m", "pip", "install", "-q", "gbstats==0.8.0"], capture_output=True, text=True, check=False
    )
    if install.returncode != 0:
        pytest.skip(f"gbstats cannot be installed here: {install.stderr.strip()[-200:]}")
    run = subprocess.run([python, "-c", THEIRS], input=json.dumps(question), capture_output=True, text=True, check=True)
    answer: dict[str, list[float]] = json.loads(run.stdout)
    return answer


def _same(found: Answer, theirs: list[float], *, rel: float) -> None:
    assert isinstance(found, Estimate), found
    for ours, other in zip((found.value, found.low, found.high, found.p_value), theirs, strict=True):
        assert ours == pytest.approx(other, rel=rel, abs=1e-9)


@pytest.mark.prove
def test_gbstats_agrees_where_it_estimates_the_same(tmp_path: Path) -> None:
    """Means, adjusted means and ratios, as difference and lift, once and at every look, and the split check agree."""
    arms = _moments(1, 4000, 0.0), _moments(2, 6100, 0.05)
    pair = adjust_means(*arms)
    assert not isinstance(pair, CannotTell)
    kinds: dict[str, list[ArmMean | CannotTell]] = {
        "mean": [mean_of_sample(arm.sample(0)) for arm in arms],
        "adjusted": [pair.control, pair.treatment],
        "ratio": [mean_of_ratio(arm) for arm in arms],
    }
    scales: tuple[Scale, ...] = ("difference", "lift")
    question = [[{"n": arm.n, "sums": arm.sums, "products": arm.products} for arm in arms], pair.slope]
    theirs = _ask(tmp_path, question)
    assert fixed_split_p_value({"a": 4000, "b": 6100}, {"a": 0.4, "b": 0.6}) == pytest.approx(theirs["srm"], rel=1e-9)
    for name, (control, treatment) in kinds.items():
        assert isinstance(control, ArmMean)
        assert isinstance(treatment, ArmMean)
        for scale in scales:
            # Version 0.8.0 leaves out how an adjusted control moves with the plain mean it is divided by.
            rel = 0.02 if (name, scale) == ("adjusted", "lift") else 1e-6
            _same(welch(control, treatment, scale=scale), theirs[f"{name} {scale}"], rel=rel)
            sequence = mean_sequence(control, treatment, tuned_to=TUNED_TO, scale=scale)
            _same(sequence, theirs[f"{name} {scale} sequence"], rel=rel)
