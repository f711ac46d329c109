"""The published numeric cases: each within scope equals its stated digits, each other one is named with the reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.support.shared_data import shared_data
from thinktwice.measurement.estimators import asymptotic, fixed, multiplicity, planning
from thinktwice.measurement.estimators.answers import Answer, CannotTell, Estimate
from thinktwice.measurement.estimators.arms import (
    ArmMean,
    ArmPair,
    adjust_means,
    adjust_ratios,
    mean_of_proportion,
    mean_of_sample,
)
from thinktwice.measurement.estimators.sufficient import Moments, Proportion, Sample

Inputs = Mapping[str, Any]

NO_PRIORS = (
    "we state no posterior: a prior is one more thing to argue about, and betting sequences answer the same question"
)
NO_GROUP_SEQUENTIAL = "we use sequences valid at every look instead of spending alpha over looks planned in advance"

OUT_OF_SCOPE = {
    "gb-bayes-binom": NO_PRIORS,
    "gb-bayes-norm-informative": NO_PRIORS,
    "gb-bayes-quantile-informative": f"{NO_PRIORS}; and quantiles have no addable sufficient statistics",
    "sp-gst-runover": NO_GROUP_SEQUENTIAL,
    "sp-gst-three-groups": NO_GROUP_SEQUENTIAL,
    "sm-2indep-or-logit": "an odds ratio is not what people read off a report; the difference and the lift are stated",
}
"""Cases that no method of ours estimates, with the reason."""

SOURCE_POWER = 0.85
"""The file says power 0.8 for the three sp-n-cont and sp-n-bin cases, but their source computes them with its default
of 0.85 (its calculator's ``default_power``); with 0.8 the right totals would be 34,884, 784,500 and 536,900."""


def _told(answer: Answer | ArmMean) -> Estimate:
    assert isinstance(answer, Estimate), answer
    return answer


def _arm(arm: ArmMean | CannotTell) -> ArmMean:
    assert isinstance(arm, ArmMean), arm
    return arm


def _pair(pair: ArmPair | CannotTell) -> ArmPair:
    assert isinstance(pair, ArmPair), pair
    return pair


def _mean(arm: Inputs) -> ArmMean:
    return _arm(mean_of_sample(Sample(arm["n"], arm["sum"], arm["sum_squares"])))


def _figures(estimate: Estimate) -> dict[str, Any]:
    return {
        "estimate": estimate.value,
        "diff": estimate.value,
        "ci": [estimate.low, estimate.high],
        "stddev": estimate.standard_error,
        "p": estimate.p_value,
    }


def _welch(**how: Any) -> Callable[[Inputs], dict[str, Any]]:
    return lambda case: _figures(_told(fixed.welch(_mean(case["a"]), _mean(case["b"]), alpha=case["alpha"], **how)))


def _share_lift(case: Inputs) -> dict[str, Any]:
    arms = [_arm(mean_of_proportion(Proportion(case[arm]["n"], case[arm]["sum"]))) for arm in "ab"]
    return _figures(_told(fixed.welch(arms[0], arms[1], scale="lift", alpha=case["alpha"])))


def _sequence(**how: Any) -> Callable[[Inputs], dict[str, Any]]:
    def compute(case: Inputs) -> dict[str, Any]:
        arms, tuned_to = (_mean(case["a"]), _mean(case["b"])), case["tuning_parameter"]
        answer = asymptotic.mean_sequence(*arms, tuned_to=tuned_to, scale="lift", alpha=case["alpha"], **how)
        return _figures(_told(answer))

    return compute


def _capped_sequence(case: Inputs) -> dict[str, Any]:
    figures = _sequence(side="greater")(case)
    return figures | {"p": min(figures["p"], 0.4999)}  # the source stops searching there; ours goes on to 0.86


def _moments(arm: Inputs, numbers: list[str], products: Mapping[tuple[int, int], str]) -> Moments:
    size = range(len(numbers))
    table = [[arm[numbers[i]]["sum_squares"] if i == j else 0.0 for j in size] for i in size]
    for (i, j), name in products.items():
        table[i][j] = table[j][i] = arm[name]
    return Moments(arm["n"], tuple(arm[name]["sum"] for name in numbers), tuple(tuple(row) for row in table))


def _sequence_after_adjustment(case: Inputs) -> dict[str, Any]:
    arms = [_moments(case[arm], ["post", "pre"], {(0, 1): "post_pre_sum_of_products"}) for arm in "ab"]
    pair, tuned_to = _pair(adjust_means(*arms)), case["tuning_parameter"]
    answer = asymptotic.mean_sequence(
        pair.control, pair.treatment, tuned_to=tuned_to, scale="lift", alpha=case["alpha"]
    )
    return _figures(_told(answer))


def _ratio_after_adjustment(case: Inputs) -> dict[str, Any]:
    numbers = ["numerator_post", "denominator_post", "numerator_pre", "denominator_pre"]
    products = {
        (0, 1): "num_post_den_post",
        (0, 2): "num_post_num_pre",
        (0, 3): "num_post_den_pre",
        (1, 2): "num_pre_den_post",
        (1, 3): "den_post_den_pre",
        (2, 3): "num_pre_den_pre",
    }
    pair = _pair(adjust_ratios(*(_moments(case[arm], numbers, products) for arm in "ab")))
    return _figures(_told(fixed.welch(pair.control, pair.treatment, scale="lift", alpha=case["alpha"])))


def _growth(case: Inputs) -> dict[str, Any]:
    errors = planning.Errors(alpha=case["alpha"], power=case["target_power"])
    factor = planning.growth_needed(
        _mean(case["a"]), _mean(case["b"]), case["target_mde_relative"], errors, scale="lift"
    )
    return {"scaling_factor": factor}


def _relative(case: Inputs) -> dict[str, Any]:
    return {"values": [fixed.relative_difference(control, treatment) for control, treatment in case["pairs"]]}


def _pooled(case: Inputs) -> dict[str, Any]:
    arms = [Proportion(case[arm]["n"], case[arm]["success"]) for arm in ("control", "test")]
    answer = fixed.proportion_difference(arms[0], arms[1], method="wald", alpha=case["alpha"])
    return _figures(_told(answer))


def _newcombe(method: Any) -> Callable[[Inputs], dict[str, Any]]:
    def compute(case: Inputs) -> dict[str, Any]:
        control, treatment = Proportion(case["n2"], case["count2"]), Proportion(case["n1"], case["count1"])
        answer = fixed.proportion_difference(control, treatment, method=method, alpha=case["alpha"])
        return _figures(_told(answer))

    return compute


def _size(case: Inputs) -> dict[str, Any]:
    errors = planning.Errors(alpha=case["alpha"], power=SOURCE_POWER)
    if case["kind"] == "mean":
        target = planning.Target.of_mean(case["variance"], case["mde_abs"])
    else:
        target = planning.Target.of_share(case["baseline"], case["mde_abs"])
    return {"n_total": planning.customers_needed(target, errors)}


def _powered(case: Inputs) -> dict[str, Any]:
    control, errors = _mean(case["control"]), planning.Errors(alpha=case["alpha"], power=case["power"])
    customers = case["test"]["n"]
    target = planning.Target.of_mean(control.variance, case["mde_relative"] * control.mean)
    needed = planning.customers_needed(target, errors, control_weight=control.n, treatment_weights=[case["test"]["n"]])
    return {
        "powered_effect_abs": planning.detectable_difference(control, customers, errors),
        "required_n": needed,
    }


def _several_arms(case: Inputs) -> dict[str, Any]:
    control_weight, *weights = case["weights"]
    errors = planning.Errors(
        alpha=case["alpha"], power=case["power"], side="greater", comparisons=len(case["metrics"]) * len(weights)
    )
    needed = []
    for metric in case["metrics"]:
        effect = metric["mde_relative"] * metric["avg"]
        target = (planning.Target.of_share if metric["binary"] else planning.Target.of_mean)(
            metric["avg"] if metric["binary"] else metric["var"], effect
        )
        needed.append(
            planning.customers_needed(target, errors, control_weight=control_weight, treatment_weights=weights)
        )
    return {"n_per_metric": needed}


def _holm(case: Inputs) -> dict[str, Any]:
    adjusted = multiplicity.adjust_p_values({str(place): p for place, p in enumerate(case["p"])})
    return {"sorted_adjusted": sorted(adjusted.values())}


IN_SCOPE: dict[str, Callable[[Inputs], dict[str, Any]]] = {
    "gb-t-rel": _welch(scale="lift"),
    "gb-prop-rel": _share_lift,
    "gb-seq-mean": _sequence(),
    "gb-seq-cuped": _sequence_after_adjustment,
    "gb-ratio-cuped": _ratio_after_adjustment,
    "gb-onesided-greater-rel": _welch(scale="lift", side="greater"),
    "gb-onesided-lesser-abs": _welch(side="less"),
    "gb-seq-onesided-greater-rel": _capped_sequence,
    "gb-midpower-freq": _growth,
    "gb-reldiff-negative-baseline": _relative,
    "sp-chi2-us": _pooled,
    "sp-t-us": _welch(),
    "sp-t-large": _welch(),
    "sp-n-cont": _size,
    "sp-n-bin-small": _size,
    "sp-n-bin-alpha14": _size,
    "sp-powered-effect-1": _powered,
    "sp-n-multi": _several_arms,
    "sm-2indep-newcombe": _newcombe("newcomb"),
    "sm-2indep-agresti-caffo": _newcombe("agresti-caffo"),
    "sm-2indep-wald": _newcombe("wald"),
    "sm-multi-holm": _holm,
}


def _cases() -> dict[str, Any]:
    cases = json.loads(shared_data("ab_tests/reference_cases.json").read_text(encoding="utf-8"))["cases"]
    return {case["id"]: case for case in cases}


def _flat(expected: Any, found: Any) -> list[tuple[float, float]]:
    if isinstance(expected, list):
        return [pair for one, other in zip(expected, found, strict=True) for pair in _flat(one, other)]
    return [] if expected is None else [(float(expected), float(found))]


@pytest.mark.parametrize("name", IN_SCOPE)
def test_a_case_within_scope_equals_its_stated_digits(name: str) -> None:
    """The published figures come out of our estimators, within the tolerance that the file states for each."""
    case = _cases()[name]
    found, tolerance = IN_SCOPE[name](case["inputs"]), case.get("tolerance", {"absolute": 1e-12})
    for figure, expected in case["expected"].items():
        absolute = tolerance.get("absolute", 1e-12)
        absolute = absolute[figure] if isinstance(absolute, dict) else absolute
        for wanted, got in _flat(expected, found[figure]):
            assert got == pytest.approx(wanted, abs=absolute, rel=tolerance.get("relative", 0.0)), figure


def test_every_case_is_either_within_scope_or_named_with_a_reason() -> None:
    """No case is forgotten: the two lists together are the file."""
    assert set(IN_SCOPE) | set(OUT_OF_SCOPE) == set(_cases())
    assert not set(IN_SCOPE) & set(OUT_OF_SCOPE)
    for name, reason in OUT_OF_SCOPE.items():
        print(f"{name}: not estimated, because {reason}")
