"""Real experiments of others, computed again: ASOS (CC BY 4.0, Liu et al. 2021) and the Cookie Cats gate test."""

from __future__ import annotations

import csv
import gzip
import json

import pytest

from tests.support.shared_data import shared_data
from thinktwice.measurement.estimators.answers import Estimate
from thinktwice.measurement.estimators.arms import ArmMean, mean_of_sample
from thinktwice.measurement.estimators.fixed import pooled_p_value, proportion_difference, proportion_lift, welch
from thinktwice.measurement.estimators.split import fixed_split_p_value
from thinktwice.measurement.estimators.sufficient import Proportion, Sample


def _last_rows() -> dict[tuple[str, ...], dict[str, str]]:
    """Return the last time point of every experiment, variant and metric."""
    last: dict[tuple[str, ...], dict[str, str]] = {}
    with gzip.open(shared_data("ab_tests/asos_experiments.csv.gz"), "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = (row["experiment_id"], row["variant_id"], row["metric_id"])
            if key not in last or float(row["time_since_start"]) > float(last[key]["time_since_start"]):
                last[key] = row
    return last


def _arm(row: dict[str, str], suffix: str) -> ArmMean:
    sample = Sample.from_summary(
        int(float(row[f"count_{suffix}"])), float(row[f"mean_{suffix}"]), float(row[f"variance_{suffix}"])
    )
    arm = mean_of_sample(sample)
    assert isinstance(arm, ArmMean)
    return arm


def test_final_welch_results_of_asos_equal_the_expected_file() -> None:
    """All 197 last time points give the expected difference, error, t, p, interval and equal-split p."""
    rows = _last_rows()
    with shared_data("ab_tests/asos_expected_final_welch.csv").open(encoding="utf-8") as file:
        expected = list(csv.DictReader(file))
    without_variance = sorted(key for key, row in rows.items() if not row["variance_c"])
    print(f"published without a variance, so nobody can test them: {without_variance}")
    assert len(expected) == len(rows) - len(without_variance) == 197
    for row in expected:
        given = rows[row["experiment_id"], row["variant_id"], row["metric_id"]]
        found = welch(_arm(given, "c"), _arm(given, "t"))
        assert isinstance(found, Estimate)
        assert found.standard_error is not None
        pairs = {
            "diff": found.value,
            "se": found.standard_error,
            "t": found.value / found.standard_error,
            "p_two_sided": found.p_value,
            "ci95_low": found.low,
            "ci95_high": found.high,
            "srm_chi2_p_equal_split": fixed_split_p_value(
                {arm: int(row[f"count_{arm}"]) for arm in "ct"}, {"c": 1, "t": 1}
            ),
        }
        for column, value in pairs.items():
            assert value == pytest.approx(float(row[column]), rel=1e-6, abs=1e-12), (row, column)


def test_cookie_cats_gives_the_published_z_p_and_split() -> None:
    """Both retention metrics of 90,189 players come out with the published p-values, and so does the split."""
    published = json.loads(shared_data("ab_tests/cookie_cats_summary.json").read_text(encoding="utf-8"))
    gate_30, gate_40 = published["groups"]
    for metric in ("retention_1", "retention_7"):
        arms = [Proportion(group["n"], group[metric]) for group in (gate_30, gate_40)]
        wanted = published["results"][metric]["p_two_sided"]
        assert pooled_p_value(*arms) == pytest.approx(wanted, rel=1e-9)
        for answer in (proportion_difference(*arms), proportion_lift(*arms)):
            assert isinstance(answer, Estimate)
            assert answer.excludes_zero == (wanted < 0.05)
    counts = {"gate_30": gate_30["n"], "gate_40": gate_40["n"]}
    assert fixed_split_p_value(counts, {"gate_30": 1, "gate_40": 1}) == pytest.approx(
        published["results"]["srm_chi2_p"], rel=1e-9
    )
