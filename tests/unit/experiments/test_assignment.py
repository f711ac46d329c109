"""Assignment is uniform, sticky and independent between experiments."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thinktwice.errors import InputError
from thinktwice.experiments.assignment import BUCKETS, HOLDOUT, arm_of, bucket_of

KEY = b"k" * 32
PINNED = [2444, 8706]
ARMS = {"a": 1, "b": 1}


def test_buckets_are_uniform() -> None:
    """A chi-square test over 100 cells and 100,000 customers does not reject uniformity at one in 10,000."""
    people = 100_000
    seen = Counter(bucket_of(KEY, "pilot", f"{person:032x}") // 100 for person in range(people))
    expected = people / 100
    chi_square = sum((seen[cell] - expected) ** 2 / expected for cell in range(100))
    assert chi_square < 160.1  # the 0.9999 quantile with 99 degrees of freedom


def test_experiments_are_independent() -> None:
    """Being held out in one experiment says nothing about another."""
    both = sum(
        bucket_of(KEY, "one", str(person)) < 1000 and bucket_of(KEY, "two", str(person)) < 1000
        for person in range(50_000)
    )
    assert 410 < both < 590  # 500 expected, four standard deviations


def test_a_bucket_is_pinned() -> None:
    """An upgrade of ThinkTwice moves nobody: these values never change."""
    assert [bucket_of(KEY, "hk-pilot-2026", ref) for ref in ("0" * 32, "1" * 32)] == PINNED


def test_an_arm_is_pinned() -> None:
    """Nor does it move anybody to another arm: neighbouring buckets and buckets far apart keep theirs."""
    near = "".join(arm_of(bucket, Decimal("0.10"), ARMS) for bucket in range(1_000, 1_020))
    far = "".join(arm_of(bucket, Decimal("0.10"), {"a": 1, "b": 2, "c": 7}) for bucket in range(1_000, 10_000, 750))
    assert (near, far) == ("ababbabaababbababbab", "bcbccccbcbcc")


def test_another_key_is_another_assignment() -> None:
    """Nobody can compute assignments without the key."""
    assert [bucket_of(KEY, "x", str(n)) for n in range(20)] != [bucket_of(b"other", "x", str(n)) for n in range(20)]


def test_experiment_and_customer_never_run_together() -> None:
    """Moving a character from the experiment to the customer gives an unrelated bucket."""
    assert bucket_of(KEY, "ab", "c") != bucket_of(KEY, "a", "bc")


@pytest.mark.parametrize("share", ["0", "0.0001", "0.05", "0.10", "0.333", "1"])
def test_the_holdout_takes_exactly_its_share(share: str) -> None:
    """Of the 10,000 buckets the holdout takes its share, lowest first."""
    held = [bucket for bucket in range(BUCKETS) if arm_of(bucket, Decimal(share), ARMS) == HOLDOUT]
    assert held == list(range(int(Decimal(share) * BUCKETS)))


@pytest.mark.parametrize("weights", [{"a": 1, "b": 1}, {"a": 1, "b": 2, "c": 7}, {"a": 4999, "b": 5001}, {"a": 3}])
@pytest.mark.parametrize("share", ["0", "0.1", "0.5"])
def test_arms_share_what_is_left_by_weight(weights: dict[str, int], share: str) -> None:
    """Whatever the holdout, each arm gets its share of the rest to within 8 of 10,000 buckets."""
    seen = Counter(arm_of(bucket, Decimal(share), weights) for bucket in range(BUCKETS))
    rest = BUCKETS - seen[HOLDOUT]
    for arm, weight in weights.items():
        assert abs(seen[arm] - rest * weight / sum(weights.values())) <= 8


@given(
    bucket=st.integers(0, BUCKETS - 1),
    before=st.decimals(0, 1, places=4),
    after=st.decimals(0, 1, places=4),
    weights=st.dictionaries(st.sampled_from("abc"), st.integers(1, 20), min_size=1),
)
def test_changing_the_holdout_moves_nobody_between_arms(
    bucket: int, before: Decimal, after: Decimal, weights: dict[str, int]
) -> None:
    """A customer who is in an arm before and after a change of the holdout is in the same arm."""
    arms = {arm_of(bucket, before, weights), arm_of(bucket, after, weights)} - {HOLDOUT}
    assert len(arms) <= 1


def test_an_arm_without_weight_gets_nobody() -> None:
    """Weight 0 pauses an arm without removing it."""
    assert {arm_of(bucket, Decimal(0), {"a": 0, "b": 1, "c": 0}) for bucket in range(BUCKETS)} == {"b"}


@pytest.mark.parametrize(
    ("share", "arms", "field"),
    [
        ("1.1", ARMS, "holdout"),
        ("-0.1", ARMS, "holdout"),
        ("NaN", ARMS, "holdout"),
        ("0.1", {}, "weights"),
        ("0.1", {"a": 0}, "weights"),
        ("0.1", {"a": 2, "b": -1}, "weights"),
        ("0.1", {"holdout": 1}, "arms"),
    ],
)
def test_what_cannot_be_assigned_is_refused(share: str, arms: dict[str, int], field: str) -> None:
    """An unusable share or set of arms is refused and the field named."""
    with pytest.raises(InputError) as caught:
        arm_of(9_999, Decimal(share), arms)
    assert caught.value.faults[0].field == field
